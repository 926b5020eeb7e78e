"""A card as a picture that posts, link previews and packages can use."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from moderation.ports.seal import compute_seal

from . import drawing, store
from .content import CardContent, get_content
from .drawing import LINK, SQUARE, Shape

__all__ = ["LINK", "SQUARE", "CardImage", "get_card_image", "get_preview_url"]


@dataclass(frozen=True)
class CardImage:
    """One card of one version of a page; nothing is drawn and no seal computed before it is asked for."""

    page: object
    shape: Shape = LINK
    mime: str = drawing.MIME

    @property
    def width(self) -> int:
        return self.shape.width

    @property
    def height(self) -> int:
        return self.shape.height

    @cached_property
    def content(self) -> CardContent:
        return get_content(self.page)

    @property
    def alt(self) -> str:
        """Say in words what the card shows."""
        return self.content.alt

    @cached_property
    def seal(self) -> str:
        """The seal that the page brought along where it is live, else that of what stands in memory."""
        return getattr(self.page, "proof_seal", None) or compute_seal(self.page)

    @property
    def url(self) -> str:
        """The full public address, which answers while this very version is live."""
        return f"{settings.SITE_URL}{get_public_path(self.seal, self.shape)}"

    @property
    def preview_url(self) -> str:
        """Where staff see it before it is live."""
        return get_preview_url(self.content, self.shape)

    def read(self) -> bytes:
        """Return the file."""
        return store.get_card(self.seal, self.shape, self.content.link, lambda: self.content).read_bytes()


def get_card_image(page, shape: Shape = LINK) -> CardImage:
    """Return a card of the page as it stands in memory: 1200 × 630, or ``SQUARE``."""
    return CardImage(page, shape)


def get_public_path(seal: str, shape: Shape) -> str:
    return reverse("news:card", args=[seal[: store.SHORT], shape.name])


def get_preview_url(content: CardContent, shape: Shape) -> str:
    """Return the address at which staff see a card with this content."""
    return reverse("news_card_preview", args=[shape.name]) + f"?isi={content.sign()}"
