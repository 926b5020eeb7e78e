"""Derive the register, "Daftar informasi yang akan dipublikasikan", from items, log and orders (I7).

One row for each item, from row 1 of the SOP on; columns: docs/sop.md#the-two-lists.
"""

import functools
import operator
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format

from moderation import sop
from moderation.chain import publication_orders
from moderation.evidence.audit_labels import sign
from moderation.models import AuditEntry, Disposition, ListedItem, OfficeProcedure, PublicationPermit, SourceMaterial
from moderation.models.roles import display_name
from moderation.ports import channels
from moderation.review import exemptions

#: Columns that are each read from one line of the log.
_LOGGED = (
    "verify",
    "return_to_sekretaris",
    "return_to_correction",
    "mark_exempt",
    "confirm_exempt",
    "cancel",
    "recall",
    "take_down",
)
EXPORT_BATCH = 500

COLUMNS = {
    "number": "No.",
    "register_number": "Nomor register",
    "disposition": "Tanggal disposisi",
    "origin": "Asal",
    "summary": "Ringkasan isi informasi",
    "activity": "Tanggal dan tempat kegiatan",
    "custodian": "Pejabat/unit yang menguasai",
    "responsible": "Penanggung jawab",
    "composer": "Penyusun",
    "classification": "Klasifikasi",
    "form": "Bentuk",
    "channels": "Kanal rencana",
    "planned": "Rencana tayang",
    "state": "Status",
    "verified": "Verifikator dan tanggal verifikasi",
    "order": "Perintah tayang",
    "published": "Tanggal tayang",
    "web_link": "Tautan web",
    "channel_links": "Tautan per kanal",
    "retention": "Jangka waktu simpan",
    "listed": "Masuk DIP",
    "remark": "Keterangan",
}

#: Public columns: none about how the office worked on an item.
PUBLIC_COLUMNS = {
    name: COLUMNS[name]
    for name in (
        "register_number",
        "summary",
        "activity",
        "custodian",
        "responsible",
        "classification",
        "published",
        "web_link",
    )
}


@dataclass(frozen=True)
class Sources:
    """The data from which the rows of some items are derived, fetched together; public columns need the first two."""

    procedure: OfficeProcedure
    permits: dict
    entries: dict = field(default_factory=dict)
    outcomes: dict = field(default_factory=dict)
    listed: dict = field(default_factory=dict)


def get_items(filters: dict):
    """Return the items of the register that match the filters, in the order of their numbers."""
    materials = SourceMaterial.objects.filter(disposition=OuterRef("pk"))
    items = Disposition.objects.select_related("assigned_to", "issued_by", "page").annotate(
        has_softcopy=Exists(materials)
    )
    for name, column in (
        ("year", "register_year"),
        ("state", "state"),
        ("origin", "origin"),
        ("classification", "classification"),
    ):
        if filters.get(name):
            items = items.filter(**{column: filters[name]})
    words = filters.get("q", "")
    if words:
        columns = ("subject", "register_number", "letter_number", "letter_sender", "activity_name", "page__title")
        matches = Q()
        for column in columns:
            matches |= Q(**{f"{column}__icontains": words})
        items = items.filter(matches)
    return items.order_by("-register_year", "-register_sequence")


def get_public_items(filters: dict):
    """Return the items of the public register: live ones only, so none exempt, cancelled or
    unpublished. Search in the shown columns only."""
    items = get_items({name: value for name, value in filters.items() if name in {"year", "classification"}})
    words = filters.get("q", "")
    if words:
        shown = ("page__title", "register_number", "activity_place")
        items = items.filter(functools.reduce(operator.or_, (Q(**{f"{name}__icontains": words}) for name in shown)))
    return items.filter(page__live=True).exclude(classification=sop.EXEMPT)


def get_rows(items, columns: Collection[str] = COLUMNS) -> list[dict]:
    """Return these columns of the register's rows of these items, in a constant number of queries."""
    items = list(items)
    sources = _fetch([item.pk for item in items], columns)
    rows = [_Row(item, sources) for item in items]
    return [{"item": row.item, "cells": {name: _CELLS[name](row) for name in columns}} for row in rows]


def get_all_rows(items, columns: Collection[str] = COLUMNS):
    """Yield every row for an export, some hundred items at a time."""
    rest = items.iterator(chunk_size=EXPORT_BATCH)
    while batch := list(islice(rest, EXPORT_BATCH)):
        yield from get_rows(batch, columns)


def _fetch(pks, columns) -> Sources:
    permits: dict[int, list[PublicationPermit]] = {}
    for permit in PublicationPermit.objects.filter(disposition__in=pks).order_by("pk"):
        permits.setdefault(permit.disposition_id, []).append(permit)
    procedure = OfficeProcedure.load()
    if set(columns) <= set(PUBLIC_COLUMNS):
        return Sources(procedure, permits)
    entries: dict[int, list[AuditEntry]] = {}
    for entry in AuditEntry.objects.filter(disposition_id__in=pks, action__in=_LOGGED).order_by("sequence"):
        entries.setdefault(entry.disposition_id, []).append(entry)
    listed = dict(ListedItem.objects.filter(disposition__in=pks).values_list("disposition", "information__number"))
    return Sources(procedure, permits, entries, channels.get_outcomes(pks), listed)


class _Row:
    """An item with what its cells are derived from."""

    def __init__(self, item, sources: Sources):
        self.item, self.sources = item, sources
        self.permits = sources.permits.get(item.pk, [])
        self.executed = [found for found in self.permits if found.executed_at is not None]

    @cached_property
    def entries(self) -> list[AuditEntry]:
        return self.sources.entries.get(self.item.pk, [])

    @cached_property
    def permit(self) -> PublicationPermit | None:
        return _get_counting(self.permits)

    @property
    def corrections(self) -> list[PublicationPermit]:
        """Return the orders of published corrections."""
        return [found for found in self.executed if found.is_correction]


#: How each cell is derived.
_CELLS: dict[str, Callable[[_Row], Any]] = {
    "number": lambda row: row.item.register_sequence,
    "register_number": lambda row: row.item.register_number,
    "disposition": lambda row: _write_time(row.item.issued_at),
    "origin": lambda row: _write_origin(row.item),
    "summary": lambda row: _get_title(row.item),
    "activity": lambda row: _join(", ", _write_date(row.item.activity_date), row.item.activity_place),
    "custodian": lambda row: row.sources.procedure.custodian,
    "responsible": lambda row: row.sources.procedure.responsible,
    "composer": lambda row: display_name(row.item.assigned_to) if row.item.assigned_to_id else "",
    "classification": lambda row: row.item.get_classification_display() if row.item.classification else "",
    "form": lambda row: _write_form(row.item),
    "channels": lambda row: _write_channels(row.permit) if row.permit else "",
    "planned": lambda row: _write_time(row.permit.go_live_at) if row.permit else "",
    "state": lambda row: _write_state(row),
    "verified": lambda row: _write_verification(row.entries, row.permit),
    "order": lambda row: _write_order(row.permit) if row.permit else "",
    "published": lambda row: _write_time(row.executed[0].executed_at) if row.executed else "",
    "web_link": lambda row: (row.item.page.full_url or "") if row.item.page_id and row.item.page.live else "",
    "channel_links": lambda row: _write_outcomes(row.sources.outcomes.get(row.item.pk, [])),
    "retention": lambda row: row.sources.procedure.retention,
    "listed": lambda row: _write_listed(row.sources.listed.get(row.item.pk)),
    "remark": lambda row: _write_remark(row.item, row.entries, row.corrections),
}


def _write_form(item) -> str:
    return _join(" dan ", "softcopy" if item.has_softcopy else "", "hardcopy" if item.source_note else "")


def _write_state(row: _Row) -> str:
    label = row.item.state_label
    return f"{label}, diralat" if row.corrections and not row.item.correcting else label


def _write_order(permit) -> str:
    order = f"{permit.number}, {_write_date(timezone.localdate(permit.ordered_at))}"
    return f"{order}, tayang sampai {_write_time(permit.ends_at)}" if permit.ends_at else order


def _write_outcomes(outcomes) -> str:
    return "; ".join(_join(" ", f"{found.label}: {found.state_label}", found.url) for found in outcomes)


def _write_listed(number) -> str:
    return "Tidak" if number is None else f"Ya, nomor {number}"


def _write_channels(permit) -> str:
    ordered = _join(", ", "Website", *permit.channel_labels.values())
    left_out = publication_orders.describe_left_out(permit)
    return f"{ordered}; tanpa {left_out}" if left_out else ordered


def _get_counting(permits) -> PublicationPermit | None:
    """Return the order shown in the row: the live one, else the pending one, else the last live one.

    An order that was revoked before it was carried out is void (I4).
    """
    kinds = (
        lambda permit: permit.executed_at is not None and permit.revoked_at is None,
        lambda permit: permit.revoked_at is None,
        lambda permit: permit.executed_at is not None,
    )
    return next((permit for counts in kinds for permit in permits[::-1] if counts(permit)), None)


def _get_title(item) -> str:
    if not item.page_id:
        return item.subject
    return item.page.title if item.page.live else item.page.draft_title


def _write_origin(item) -> str:
    details = {
        Disposition.Origin.LETTER: _join(
            ", ", item.letter_sender, item.letter_number and f"no. {item.letter_number}", _write_date(item.letter_date)
        ),
        Disposition.Origin.ACTIVITY: item.activity_name,
        Disposition.Origin.SOURCE: item.source_person,
    }
    return _join(": ", item.get_origin_display(), details.get(item.origin, ""))


def _write_verification(entries, permit) -> str:
    """Return the verifier of the version under the order, else of the last round; a return voids
    earlier verifications."""
    decisions = [entry for entry in entries if entry.action.startswith(("verify", "return_"))]
    if permit is not None:
        decisions = [entry for entry in decisions if entry.action == "verify" and entry.seal == permit.seal]
    if not decisions or decisions[-1].action != "verify":
        return ""
    return f"{sign(decisions[-1])}, {_write_time(decisions[-1].at)}"


def _write_remark(item, entries, published) -> str:
    words = [_write_correction(permit) for permit in published]
    ended = [entry for entry in entries if sop.get_action(entry.action).to == item.state]
    if item.state in {"cancelled", "taken_down"} and ended:
        words.append(f"{sop.get_action(ended[-1].action).done}: {ended[-1].reason}")
    return " ".join([*words, exemptions.write_remark(item, entries), item.schedule_error]).strip()


def _write_correction(permit) -> str:
    """Describe one published ralat with its public note."""
    at = _write_date(timezone.localdate(permit.executed_at))
    return f"Diralat {at}: {permit.correction_note}" if permit.correction_note else f"Perubahan kecil {at}."


def _write_date(value) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""


def _write_time(value) -> str:
    return f"{date_format(timezone.localtime(value), 'DATETIME_FORMAT')} WIB" if value else ""


def _join(separator, *parts) -> str:
    return separator.join(part for part in parts if part)
