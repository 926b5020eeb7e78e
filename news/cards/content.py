"""Collect the content of a card: the texts of one version of an item, and the URL of its QR code."""

import datetime
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.images import get_image_model

from . import lettering
from .brand import Brand

#: Signs the content of a preview, so that nobody can have the office's card drawn with other words.
_SIGNER = signing.Signer(salt="news.cards")


@dataclass(frozen=True)
class CardContent:
    """The texts of a card; ``photo`` is the key of the picture behind them, None without one."""

    title: str
    label: str = ""
    date: str = ""
    link: str = ""
    photo: int | None = None

    @property
    def alt(self) -> str:
        """Return the card's alternative text."""
        return ". ".join(filter(None, [f"Kartu: {self.title}", self.label, self.date]))

    def load_photo(self):
        """Return the picture, None when it was deleted."""
        return get_image_model().objects.filter(pk=self.photo).first() if self.photo else None

    def sign(self) -> str:
        """Return the content as a signed URL part."""
        return _SIGNER.sign_object(asdict(self), compress=True)

    @classmethod
    def unsign(cls, text: str) -> "CardContent":
        """Return the signed content; raises BadSignature."""
        return cls(**_SIGNER.unsign_object(text))


def get_office_content(brand: Brand) -> CardContent:
    """Return the content of the card that pages share which are no items."""
    return CardContent(
        title=f"Situs resmi {brand.name}".strip(), label="Berita · Layanan · Informasi publik", link=settings.SITE_URL
    )


def get_content(page) -> CardContent:
    """Return the card's content for the page in memory."""
    return CardContent(
        title=lettering.clean(page.title) or page.get_kind_display(),
        label=" · ".join(filter(None, [page.get_kind_display(), page.shown_category])),
        date=_write_date(page),
        link=get_link(page),
        photo=page.main_image_id,
    )


def _write_date(page) -> str:
    """Write the item's date, with the hour for an event: "Senin, 3 Agustus 2026"."""
    if page.starts_at:
        return date_format(timezone.localtime(page.starts_at), r"l, j F Y \p\u\k\u\l H.i T")
    if page.valid_until:
        return f"Berlaku sampai {date_format(_as_date(page.valid_until), 'l, j F Y')}"
    return date_format(_as_date(page.activity_date), "l, j F Y") if page.activity_date else ""


def _as_date(value) -> datetime.date:
    """Return a date also from a string, as an unsaved page may hold it."""
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def get_link(page) -> str:
    """Return the page's short address, which stays the same whatever its slug becomes.

    It is written in capitals: a QR code then has fewer and larger modules, and stays readable where a messenger has
    shrunk the card.
    """
    parts = page.get_url_parts()
    return f"{parts[1]}{reverse('news:short_link', args=[page.pk])}".upper() if parts else ""
