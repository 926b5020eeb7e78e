"""Build the package for sharing one item by hand, and list its shares."""

from dataclasses import dataclass, replace
from typing import Any

from moderation.models import PublicationPermit
from moderation.records.item_history import get_shown_page
from news.cards.images import LINK, SQUARE, get_card_image, get_public_path
from news.cards.link_preview import get_page_link
from news.social.models.share import Share

from .provider import needs_removal
from .records import Ending, get_endings
from .texts import get_chat_address, write_text


@dataclass(frozen=True)
class CardFile:
    """One card as a file to download."""

    label: str
    width: int
    height: int
    alt: str
    address: str
    file_name: str
    #: Whether it is passed on with the text at once.
    goes_along: bool = False


@dataclass(frozen=True)
class Package:
    """Everything for sharing an item by hand; ``is_live`` says whether that is allowed."""

    title: str
    is_live: bool
    seal: str
    link: str
    text: str
    chat_address: str
    cards: list[CardFile]
    page: Any


@dataclass(frozen=True)
class ShareLine:
    """One share as shown on screen."""

    share: Share
    is_overtaken: bool
    needs_removal: bool
    endings: list[Ending]


def build(item) -> Package | None:
    """Return the package of the live version, else a preview of the draft; None without a text."""
    live = PublicationPermit.objects.executed().filter(disposition=item, page__live=True)
    permit = live.select_related("revision").first()
    page = permit.revision.as_object() if permit else get_shown_page(item)
    if page is None:
        return None
    cards = list_cards(page, permit)
    link = get_page_link(page)
    text = write_text(page, link)
    return Package(
        page.title,
        permit is not None,
        permit.seal if permit else "",
        link,
        text,
        get_chat_address(text),
        [replace(card, goes_along=number == 0) for number, card in enumerate(cards)],
        page,
    )


def list_cards(page, permit) -> list[CardFile]:
    """Return the drawn cards of a version as files; of a draft, without a permit, those of its preview."""
    return [_offer(get_card_image(page, shape), page, permit) for shape in (SQUARE, LINK)]


def _offer(card, page, permit) -> CardFile:
    address = get_public_path(permit.seal, card.shape) if permit else card.preview_url
    return CardFile(
        card.shape.label, card.width, card.height, card.alt, address, f"{page.slug[:80]}-{card.shape.name}.jpg"
    )


def list_shares(item, user) -> list[ShareLine]:
    """Return the shares of the item, latest first, in one query."""
    shares = Share.objects.filter(disposition=item, kind=Share.Kind.SHARED)
    found = shares.select_related("by", "page", "permit", "ended_by__by").order_by("-pk")
    return [ShareLine(share, _is_overtaken(share), needs_removal(share), get_endings(share, user)) for share in found]


def _is_overtaken(share: Share) -> bool:
    """Say whether the live version differs from the shared one."""
    return share.permit.revoked_at is not None and share.page.live


def list_to_remove() -> list[Share]:
    """Return the shares whose messages are to be deleted, oldest first."""
    return list(Share.objects.to_remove().select_related("disposition").order_by("pk")[:25])
