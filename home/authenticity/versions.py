"""What the office really said: every version of an item that was live, with its posts, as plain words."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from home.search.indexing import list_texts
from moderation.models import AuditEntry, PublicationPermit
from moderation.ports import channels
from moderation.ports.seal import shorten
from news.templatetags.news_tags import event_time, long_date, long_moment

from .passages import Passage

ARTICLE, TITLE, SURROUNDINGS = "berita di situs", "judul berita", "keterangan berita"
#: What the site writes around an item and is copied along with it.
_LABELS = (
    "Waktu",
    "Tayang",
    "Berlaku sampai",
    "Tanggal kegiatan",
    "Tempat kegiatan",
    "Tempat",
    "Desa",
    "Topik",
    "Kredit foto:",
    "Ralat",
    "Bagikan",
    "Salin tautan",
    "Cetak",
    "Simpan ke kalender (.ics)",
    "Kalender",
    "Diverifikasi PPID Pembantu",
    "Tanggal verifikasi",
    "Nomor register",
    "Isi berita ini sama dengan naskah yang diverifikasi sebelum tayang.",
    "Sidik isi",
    "Facebook",
    "X",
    "WhatsApp",
    "Telegram",
)


@dataclass(frozen=True)
class Version:
    """One text under one permit: the item on the site as it was ordered then."""

    permit: PublicationPermit
    page: object
    passages: tuple[Passage, ...]

    def find_all(self, lines: list[str]) -> tuple[str, ...]:
        """Return the places where these lines stand without a word added, left out or changed; () where not."""
        first, places, is_statement = 0, [], False
        while first < len(lines):
            ends = [(passage.follow(lines, first), passage) for passage in self.passages]
            end, passage = max(ends, key=lambda found: found[0])
            if end == first:
                return ()
            places.append(passage.place)
            is_statement = is_statement or passage.is_statement
            first = end
        return tuple(dict.fromkeys(places)) if is_statement else ()

    @property
    def title(self) -> str:
        """The words of the title, as they are compared."""
        return next((passage.plain for passage in self.passages if passage.place == TITLE), "")

    @property
    def statements(self) -> list[Passage]:
        return [passage for passage in self.passages if passage.is_statement]

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset().union(*(passage.addresses for passage in self.passages))


def list_versions(page_ids) -> dict[int, list[Version]]:
    """Return the versions of these pages that were ever live, the newest first, in a few queries."""
    permits = PublicationPermit.objects.filter(page_id__in=list(page_ids)).exclude(executed_at=None)
    permits = list(permits.select_related("revision", "disposition").order_by("-executed_at", "-pk"))
    verified = AuditEntry.objects.filter(page_id__in={permit.page_id for permit in permits}, action="verify")
    verified = dict(verified.order_by("sequence").values_list("seal", "at"))
    outcomes = channels.get_outcomes({permit.disposition_id for permit in permits})
    versions: dict[int, list[Version]] = {}
    for permit in permits:
        page = permit.revision.as_object()
        posts = [
            Passage(f"unggahan di {outcome.label}", text)
            for outcome in outcomes.get(permit.disposition_id, [])
            for text in _list_posts(outcome, permit, is_current=permit.page_id not in versions)
        ]
        article = Passage(ARTICLE, "\n".join([page.title, page.lead, *list_texts(page)]))
        note = Passage("catatan ralat", page.correction_note)
        passages = (
            Passage(TITLE, page.title),
            article,
            note,
            *posts,
            *_list_surroundings(page, permit, verified.get(permit.seal)),
        )
        versions.setdefault(permit.page_id, []).append(
            Version(permit, page, tuple(each for each in passages if each.plain))
        )
    return versions


def _list_posts(outcome, permit, *, is_current: bool) -> list[str]:
    """Return the texts of a post that belong to a version: what was posted under its order, and what followed last."""
    texts = [outcome.text] if outcome.permit_id in (None, permit.pk) else []
    return [text for text in [*texts, outcome.later_text if is_current else ""] if text]


def _list_surroundings(page, permit, verified_at):
    """What stands around the text on the site and is copied along with it."""
    category = page.category.name if page.category else ""
    parts = [category, page.get_kind_display(), page.activity_place, event_time(page)]
    parts += [page.village.name if page.village else "", *(tag.name for tag in page.tags.all())]
    parts += [f"Foto: {page.main_image_credit}" if page.main_image_credit else "", page.main_image_credit]
    parts += [page.main_image_caption, f"{page.main_image_caption} Foto: {page.main_image_credit}"]
    parts += [long_date(day) for day in (page.activity_date, page.valid_until) if day]
    for moment in (page.first_published_at, permit.executed_at, verified_at):
        if moment:
            parts += [long_date(timezone.localtime(moment)), long_moment(moment), date_format(moment, "j F Y")]
    parts += [permit.disposition.register_number, shorten(permit.seal), *_LABELS]
    return [Passage(SURROUNDINGS, part, is_statement=False) for part in parts if part]
