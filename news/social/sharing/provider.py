"""Provider of shares by hand for ``moderation.ports.channels``."""

from django.urls import reverse
from django.utils.formats import date_format

from moderation.ports.channels import Outcome, PostText
from news.social.models.share import Share

from . import texts


class ShareProvider:
    """WhatsApp: has a text of its own, but no order can name it, because a person sends it."""

    def choices(self):
        return []

    def choices_again(self, item):
        return []

    def kinds(self) -> list[tuple[str, str, str]]:
        return [(texts.KIND, texts.LABEL, texts.LIMIT)]

    def previews(self, page, keys=None):
        return []

    def text_problem(self, kind: str, text: str) -> str | None:
        return texts.find_problem(text) if kind == texts.KIND else None

    def outcomes(self, disposition_ids) -> dict[int, list[Outcome]]:
        """Return where items were shared by hand, in one query, without withdrawn lines."""
        shares = Share.objects.filter(disposition_id__in=list(disposition_ids), kind=Share.Kind.SHARED)
        found: dict[int, list[Outcome]] = {}
        for share in shares.select_related("ended_by", "permit", "page").order_by("pk"):
            if share.end is not None and share.end.kind == Share.Kind.WITHDRAWN:
                continue
            outcome = Outcome(
                f"share-{share.pk}",
                str(share),
                describe(share),
                "",
                text=share.text,
                address=reverse("social:package", args=[share.disposition_id]),
                waits_for_person=needs_removal(share),
            )
            found.setdefault(share.disposition_id, []).append(outcome)
        return found

    def post_texts(self, disposition_ids) -> dict[int, list[PostText]]:
        """Return the words of the shares, in one query, without withdrawn lines."""
        shares = Share.objects.filter(disposition_id__in=list(disposition_ids), kind=Share.Kind.SHARED)
        shares = shares.exclude(ended_by__kind=Share.Kind.WITHDRAWN).order_by("pk")
        found: dict[int, list[PostText]] = {}
        for share in shares.only("disposition_id", "target", "text"):
            found.setdefault(share.disposition_id, []).append(PostText(str(share), share.text))
        return found

    def find_posts(self, addresses) -> dict[str, int]:
        """Return nothing: messages shared by hand have no URL."""
        return {}

    def is_waited_for(self, disposition_id: int) -> bool:
        """Return False: closing an item does not depend on shares."""
        return False

    def follow_ups(self, item, occasion: str, page) -> list[str]:
        """Return a manual task for each share."""
        words = {
            "correction": "menjadi tugas petugas: bagikan versi yang diralat.",
            "take_down": "menjadi tugas petugas: hapus pesan dari percakapan.",
        }[occasion]
        standing = Share.objects.standing().filter(disposition=item.pk)
        return [f"{share}: {words}" for share in standing]

    def screens(self, item) -> list[tuple[str, str]]:
        """Return (label, URL) of the package."""
        return [("Paket WhatsApp dan cetak", reverse("social:package", args=[item.pk]))]


def describe(share: Share) -> str:
    """Return the state of a share in words, for the register."""
    day = date_format(share.shared_on, "DATE_FORMAT")
    if share.end is not None:
        ended_on = date_format(share.end.shared_on, "DATE_FORMAT")
        return f"dibagikan {day}; {share.end.get_kind_display().lower()} {ended_on}"
    if needs_removal(share):
        return f"dibagikan {day}; pesan perlu dihapus"
    return f"dibagikan {day}; versi ini telah diralat" if share.permit.revoked_at else f"dibagikan {day}"


def needs_removal(share: Share) -> bool:
    """Say whether the message is to be deleted because its news was taken down."""
    return share.end is None and share.permit.revoked_at is not None and not share.page.live
