"""A place where a person posts: WhatsApp, TikTok, a notice board, the radio. Nothing is sent; the post is a task."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from .base import Capabilities, Channel, Comparison, Composed, Draft, Field, Health, Rejected, Sent, State, Verdict
from .fitting import normalise

#: Places whose texts are those written for WhatsApp.
WHATSAPP = "whatsapp"
#: Places where topics lead to readers.
_WITH_TAGS = ("tiktok", "youtube")
_NOTHING_SENT = "Tempat ini diisi petugas; sistem tidak mengirim apa pun ke sana."


class ByHandChannel(Channel):
    """One place that the office names: its kind, the length of its texts, whether it takes pictures."""

    kind = "by_hand"
    label = "Tempat lain (dibagikan petugas)"
    link_reserve = 100 + len("\n\n")
    hidden_on_card = None
    server_fields = ()
    settings_fields = (
        Field(
            "medium",
            "Jenis tempat",
            type="choice",
            default=WHATSAPP,
            choices=(
                (WHATSAPP, "WhatsApp (Saluran atau grup)"),
                ("tiktok", "TikTok"),
                ("youtube", "YouTube"),
                ("board", "Papan pengumuman"),
                ("radio", "Radio"),
                ("village", "Grup warga desa"),
                ("other", "Tempat lain"),
            ),
            help="WhatsApp memakai teks kanal WhatsApp; yang lain memakai teks untuk “Tempat lain”.",
        ),
        Field(
            "max_length",
            "Panjang paling banyak (karakter)",
            type="length",
            required=False,
            help="Judul, teks, dan tautan bersama-sama. Kosongkan bila tempat ini tidak membatasi.",
        ),
        Field("image", "Dengan foto", type="yesno", default=True, required=False),
    )

    def __init__(self, *, base_url: str = "", medium: str = WHATSAPP, max_length: str = "", image: bool = True):
        self.base_url, self.medium = base_url, medium
        self.capabilities = Capabilities(
            max_length=int(max_length) if max_length else None,
            readable=False,
            image="upload" if image else "none",
        )

    @property
    def text_kind(self) -> str:
        """The kind whose texts it takes: WhatsApp's own, else those for other places."""
        return WHATSAPP if self.medium == WHATSAPP else self.kind

    def count(self, text: str) -> int:
        """Return the number of characters."""
        return len(text)

    def compose(self, draft: Draft) -> Composed:
        """Return title, text and link: whoever reads it in a group or hears it has no other heading."""
        title, text = " ".join(draft.title.split()), normalise(draft.text)
        if title and text != title:
            text = f"{self._embolden(title)}\n\n{text}"
        return super().compose(replace(draft, text=text))

    def write(self, draft: Draft, tags: Iterable[str], link: str) -> Composed:
        """Return the post, with topics only where they lead to readers."""
        return super().write(draft, tags if self.medium in _WITH_TAGS else (), link)

    def _embolden(self, title: str) -> str:
        return f"*{title}*" if self.medium == WHATSAPP and "*" not in title else title

    def deliver(self, composed: Composed, key: str, state: State) -> Sent:
        """Refuse: only a person posts here."""
        raise Rejected(_NOTHING_SENT)

    def find(self, composed: Composed, key: str, since: datetime, state: State) -> Sent | None:
        """Refuse: nobody can look here but a person."""
        raise Rejected(_NOTHING_SENT)

    def verify(self, sent: Sent, composed: Composed) -> Verdict:
        """Leave it to a person."""
        return Verdict(Comparison.UNREADABLE)

    def owns_address(self, url: str) -> bool:
        """Accept any URL: a place may show its posts anywhere."""
        return True

    def check(self) -> Health:
        """There is nothing to test."""
        return Health()
