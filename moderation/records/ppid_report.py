"""Build the report on public information for PPID Utama, of one month or one year.

Derived from the log and the publication orders alone, so that reports of past periods never change.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone

from moderation import sop
from moderation.chain import deadlines
from moderation.models import AuditEntry, Disposition, OfficeProcedure, PublicationPermit

from . import durations, public_information

#: Figures counted from the log: (label, action codes).
_LOGGED = {
    "issued": ("Disposisi diterbitkan", ("issue",)),
    "returned": ("Materi dikembalikan", tuple(action.code for action in sop.ACTIONS if action.is_return)),
    "taken_down": ("Berita diturunkan", ("take_down",)),
    "cancelled": ("Disposisi dibatalkan", ("cancel", "recall")),
    "exempted": ("Materi ditetapkan dikecualikan (tidak ditayangkan)", ("confirm_exempt",)),
}
#: Shown in place of the title of an item that is no longer public.
NOT_SHOWN = "Tidak lagi tayang"
LANES = ("Biasa", sop.FAST_LANE)


@dataclass(frozen=True)
class Published:
    """One item that went live for the first time in the period."""

    register_number: str
    title: str
    classification: str
    origin: str
    at: datetime
    link: str


@dataclass(frozen=True)
class ListChange:
    """One row of the DIP that was added, changed or taken out in the period."""

    at: datetime
    what: str
    information: str


@dataclass(frozen=True)
class Wait:
    """How long items waited at one step on one lane."""

    step: str
    lane: str
    count: int
    median: int
    median_words: str


@dataclass(frozen=True)
class Report:
    """The content of the report of one period."""

    year: int
    month: int | None
    is_running: bool
    procedure: OfficeProcedure
    counts: dict[str, int]
    #: (classification, how many).
    classes: list[tuple[str, int]]
    #: (origin, dispositions issued, items that went live).
    origins: list[tuple[str, int, int]]
    published: list[Published]
    list_changes: list[ListChange]
    waits: list[Wait]

    @property
    def period(self) -> str:
        return durations.describe_period(self.year, self.month)

    @property
    def is_empty(self) -> bool:
        return not (any(self.counts.values()) or self.list_changes or self.waits)


def build(year: int, month: int | None) -> Report:
    """Return the report of a month, or of a year, in a constant number of queries."""
    start, end = durations.get_period(year, month)
    log = AuditEntry.objects.filter(at__gte=start, at__lt=end)
    actions = Counter(
        dict(log.filter(disposition_id__isnull=False).order_by().values_list("action").annotate(Count("pk")))
    )
    logged = {label: sum(actions[code] for code in codes) for label, codes in _LOGGED.values()}
    executed = PublicationPermit.objects.filter(executed_at__gte=start, executed_at__lt=end)
    published = _find_published(executed.filter(is_correction=False))
    by_class = Counter(found.classification for found in published)
    exempt, urgent = (dict(sop.CLASSIFICATIONS)[code] for code in (sop.EXEMPT, sop.URGENT))
    by_class[exempt] = logged[_LOGGED["exempted"][0]]
    issued = _count_origins(log.filter(action="issue"))
    shown = Counter(found.origin for found in published)
    return Report(
        year=year,
        month=month,
        is_running=end > timezone.now(),
        procedure=OfficeProcedure.load(),
        counts={
            "Materi ditayangkan": len(published),
            "Di antaranya informasi serta merta": by_class[urgent],
            "Ralat ditayangkan": executed.filter(is_correction=True).count(),
            **logged,
        },
        classes=[(label, by_class[label]) for _code, label in sop.CLASSIFICATIONS],
        origins=[(label, issued[code], shown[code]) for code, label in Disposition.Origin.choices],
        published=published,
        list_changes=_find_list_changes(log),
        waits=_find_waits(start, end),
    )


def _find_published(permits) -> list[Published]:
    permits = permits.select_related("disposition", "page").order_by("pk")
    verified = _find_classes(permits)
    found = []
    for permit in permits:
        item, is_public = permit.disposition, permit.page.live and permit.disposition.classification != sop.EXEMPT
        found.append(
            Published(
                register_number=item.register_number,
                title=permit.page.title if is_public else NOT_SHOWN,
                classification=verified[item.pk, permit.seal],
                origin=item.origin,
                at=permit.executed_at,
                link=(permit.page.full_url or "") if is_public else "",
            )
        )
    return found


def _find_classes(permits) -> dict[tuple[int | None, str], str]:
    """Return the class Bidang gave each version that went live; a ralat may change it."""
    lines = AuditEntry.objects.filter(action="verify", disposition_id__in=permits.order_by().values("disposition_id"))
    given = lines.order_by("sequence").values_list("disposition_id", "seal", "data")
    return {(pk, seal): data["classification"] for pk, seal, data in given}


def _count_origins(issues) -> Counter:
    items = Disposition.objects.filter(pk__in=issues.order_by().values("disposition_id"))
    return Counter(dict(items.order_by().values_list("origin").annotate(Count("pk"))))


def _find_list_changes(log) -> list[ListChange]:
    lines = (
        log.filter(action__in=public_information.AUDIT_LABELS)
        .order_by("sequence")
        .values_list("at", "action", "output")
    )
    return [ListChange(at, public_information.AUDIT_LABELS[action], output) for at, action, output in lines]


def _find_waits(start, end) -> list[Wait]:
    stays = durations.find_stays(start, end, deadlines.load_office())
    return [
        Wait(found.label, lane, found.count, found.median, found.median_words)
        for is_urgent, lane in enumerate(LANES)
        for found in durations.summarise(stay for stay in stays if stay.is_urgent == bool(is_urgent))
    ]


def get_day(moment: datetime) -> date:
    """Return the date of a moment in the office's time zone."""
    return timezone.localdate(moment)


COLUMNS = {
    "section": "Bagian",
    "subject": "Uraian",
    "count": "Jumlah",
    "median": "Median (menit)",
    "register_number": "Nomor register",
    "classification": "Klasifikasi",
    "day": "Tanggal",
    "link": "Tautan",
}


def get_rows(report: Report) -> list[dict]:
    """Return the same figures as rows of an export."""
    rows: list[tuple[str, dict[str, Any]]] = [("Masa laporan", {"subject": report.period})]
    rows += [("Jumlah", {"subject": label, "count": count}) for label, count in report.counts.items()]
    rows += [("Menurut klasifikasi", {"subject": label, "count": count}) for label, count in report.classes]
    for label, issued, shown in report.origins:
        rows.append(("Disposisi menurut asal", {"subject": label, "count": issued}))
        rows.append(("Tayang menurut asal", {"subject": label, "count": shown}))
    rows += [
        (
            "Informasi yang tayang",
            {
                "subject": found.title,
                "register_number": found.register_number,
                "classification": found.classification,
                "day": get_day(found.at).isoformat(),
                "link": found.link,
            },
        )
        for found in report.published
    ]
    rows += [
        (found.what, {"subject": found.information, "day": get_day(found.at).isoformat()})
        for found in report.list_changes
    ]
    rows += [
        (
            f"Median waktu tunggu, jalur {found.lane}",
            {"subject": found.step, "count": found.count, "median": found.median},
        )
        for found in report.waits
    ]
    return [{"cells": dict.fromkeys(COLUMNS, "") | cells | {"section": section}} for section, cells in rows]
