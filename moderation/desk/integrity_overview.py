"""What the screen Keutuhan says first: of site, channels, log, witness and roles, whether each is whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from moderation.management.jobs import integrity, witness
from moderation.models import Discrepancy, Watch
from moderation.people import role_audit
from moderation.ports.outcome import Outcome

#: Older looks say nothing of today: what looks has stopped.
FRESH = {Watch.Part.SITE: timedelta(hours=1), Watch.Part.CHANNELS: timedelta(hours=36)}
FRESH_PROOF = FRESH_ROUND = timedelta(hours=36)


@dataclass(frozen=True)
class Sight:
    """One line of the overview; ``is_whole`` is None where nobody has looked."""

    label: str
    what: str
    is_whole: bool | None
    looked_at: datetime | None = None
    #: The first difference, or why nobody looks.
    sentence: str = ""
    #: Open differences that have a list of their own.
    count: int = 0

    @property
    def verdict(self) -> str:
        """Return the verdict in one word or two."""
        return {True: "Utuh", False: "Tidak utuh", None: "Belum diketahui"}[self.is_whole]


def list_sights() -> list[Sight]:
    """Return the lines of the overview; a constant number of queries."""
    watches = _read_watches()
    return [
        _see_watch(Watch.Part.SITE, "Situs", "yang diterima warga, berkas yang disajikan, berkas program", watches),
        _see_watch(Watch.Part.CHANNELS, "Kanal", "unggahan di akun kantor", watches),
        _see_outcome("Jejak audit dan berita", "basis data, jejak audit, sidik isi", integrity.get_outcome()),
        _see_outcome("Saksi", "ujung jejak audit yang tercatat di luar basis data", witness.get_outcome()),
        _see_roles(),
    ]


def _read_watches() -> dict[str, tuple[Watch, Discrepancy | None]]:
    is_open = Q(discrepancies__mended_at=None)
    watches = list(
        Watch.objects.annotate(
            first=Min("discrepancies__pk", filter=is_open), count=Count("discrepancies", filter=is_open)
        )
    )
    firsts = Discrepancy.objects.in_bulk([watch.first for watch in watches if watch.first])
    return {watch.part: (watch, firsts.get(watch.first)) for watch in watches}


def _see_watch(part, label, what, watches) -> Sight:
    watch, first = watches.get(part, (None, None))
    if watch is None or watch.looked_at is None:
        return Sight(label, what, None, sentence="Belum pernah dilihat: pekerja belum menjaganya.")
    if first is not None:
        seen_as = f", dilihat {first.seen_as}" if first.seen_as else ""
        sentence = f"{first.place}: {first.aspect}{seen_as}."
        return Sight(label, what, False, watch.looked_at, sentence, watch.count)
    now, began = timezone.now(), watch.round_ended_at or watch.round_began_at
    if now - watch.looked_at > FRESH[part]:
        return Sight(label, what, None, watch.looked_at, "Penjagaan berhenti. Periksa pekerja (manage.py worker).")
    if began is not None and now - began > FRESH_ROUND:
        sentence = f"Belum semuanya terlihat dalam sehari. {_describe_round(watch)}"
        return Sight(label, what, None, watch.looked_at, sentence)
    return Sight(label, what, True, watch.looked_at, _describe_round(watch))


def _describe_round(watch: Watch) -> str:
    if watch.round_ended_at is None:
        seen = f"Putaran pertama sedang berjalan: {watch.seen} sudah dilihat."
    else:
        ended = timezone.localtime(watch.round_ended_at)
        seen = f"Semuanya ({watch.round_size}) terakhir dilihat {ended:%d-%m-%Y} pukul {ended:%H.%M}."
    return f"{seen} {watch.blind}".strip()


def _see_outcome(label: str, what: str, outcome: Outcome | None) -> Sight:
    if outcome is None:
        return Sight(label, what, None, sentence="Belum pernah diperiksa.")
    if not outcome.is_whole:
        return Sight(label, what, False, outcome.at, outcome.difference)
    if timezone.now() - outcome.at > FRESH_PROOF:
        return Sight(label, what, None, outcome.at, "Pemeriksaan malam berhenti. Periksa pekerja (manage.py worker).")
    return Sight(label, what, True, outcome.at)


def _see_roles() -> Sight:
    problems = role_audit.find_unlogged()
    return Sight("Peran", "siapa memegang peran apa", not problems, timezone.now(), next(iter(problems), ""))
