"""Offer a card as an image for posts, link previews and packages."""

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
    """One card of one version of a page, drawn and sealed lazily."""

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
        """Return the card's alternative text."""
        return self.content.alt

    @cached_property
    def seal(self) -> str:
        """The prefetched seal of a live page, else the seal of the page in memory."""
        return getattr(self.page, "proof_seal", None) or compute_seal(self.page)

    @property
    def url(self) -> str:
        """The absolute public URL, served while this version is live."""
        return f"{settings.SITE_URL}{get_public_path(self.seal, self.shape)}"

    @property
    def preview_url(self) -> str:
        """The URL for staff before the version is live."""
        return get_preview_url(self.content, self.shape)

    def read(self) -> bytes:
        """Return the file."""
        return store.get_card(self.seal, self.shape, self.content.link, lambda: self.content).read_bytes()


def get_card_image(page, shape: Shape = LINK) -> CardImage:
    """Return a card of the page in memory: 1200 × 630 pixels, or ``SQUARE``."""
    return CardImage(page, shape)


def get_public_path(seal: str, shape: Shape) -> str:
    return reverse("news:card", args=[seal[: store.SHORT], shape.name])


def get_preview_url(content: CardContent, shape: Shape) -> str:
    """Return the URL at which staff see a card with this content."""
    return reverse("news_card_preview", args=[shape.name]) + f"?isi={content.sign()}"
