"""Maintain the DIP: Bidang promotes or groups rows of the register; seven columns are public.

The register lists publications, the DIP kinds of information (docs/sop.md#the-two-lists).
Exempt, cancelled and unpublished items are refused.
"""

from django.db import transaction
from django.db.models import Max, Prefetch, Q
from django.utils import timezone

from moderation import sop
from moderation.evidence import audit
from moderation.evidence.own_contacts import get_allowed
from moderation.models import Disposition, ListedItem, OfficeProcedure, PublicInformation
from moderation.models.roles import has_role
from moderation.ports.exceptions import StepRefused
from moderation.scanner import Severity, scan

#: The seven columns of the law, in its order.
LEGAL_COLUMNS = {
    "number": "Nomor",
    "summary": "Ringkasan isi informasi",
    "custodian": "Pejabat/unit/satuan kerja yang menguasai informasi",
    "responsible": "Penanggung jawab pembuatan atau penerbitan informasi",
    "made": "Waktu dan tempat pembuatan informasi",
    "form": "Bentuk informasi yang tersedia",
    "retention": "Jangka waktu penyimpanan atau retensi arsip",
}
#: Customary further columns.
COLUMNS = {**LEGAL_COLUMNS, "title": "Jenis/judul informasi", "classification": "Klasifikasi", "links": "Tautan"}
AUDIT_LABELS = {
    "information_listed": "Informasi dimasukkan ke DIP",
    "information_changed": "Baris DIP diubah",
    "information_withdrawn": "Informasi dikeluarkan dari DIP",
}
FIELDS = ("title", "summary", "custodian", "responsible", "made", "form", "retention", "classification", "link")


def may_edit(user) -> bool:
    """Say whether the user may edit the DIP: Bidang."""
    return has_role(user, sop.Role.BIDANG)


def get_promotable():
    """Return the rows of the register that may enter the DIP: live, not exempt, not in it yet."""
    live = Disposition.objects.filter(page__live=True, listed_item=None).exclude(classification=sop.EXEMPT)
    return live.exclude(classification="").select_related("page").order_by("-register_year", "-register_sequence")


def get_rows(*, words: str = "", classification: str = ""):
    """Return the rows of the DIP that match, with the live pages behind them, in two queries."""
    rows = PublicInformation.objects.listed()
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(summary__icontains=words))
    if classification:
        rows = rows.filter(classification=classification)
    live = ListedItem.objects.filter(disposition__page__live=True).select_related("disposition__page")
    return rows.prefetch_related(Prefetch("listed_items", live, to_attr="live_items"))


def get_links(row) -> list[str]:
    """Return the public links: the live pages of its items, or its own link."""
    pages = [item.disposition.page.full_url for item in row.live_items]
    return [link for link in (*pages, row.link) if link]


def write_cells(row) -> dict[str, str]:
    """Return the row's cells for exports."""
    cells = {name: getattr(row, name) for name in ("number", "summary", "custodian", "responsible", "made")}
    return cells | {
        "form": row.get_form_display(),
        "retention": row.retention,
        "title": row.title,
        "classification": row.get_classification_display(),
        "links": " ".join(get_links(row)),
    }


def propose(items) -> dict[str, str]:
    """Return the initial values of a new row, from the office's settings and the items."""
    procedure = OfficeProcedure.load()
    proposal = {
        "custodian": procedure.custodian,
        "responsible": procedure.responsible,
        "retention": procedure.retention,
        "form": PublicInformation.Form.SOFTCOPY,
    }
    if not items:
        return proposal
    first = items[0]
    page = first.page.specific
    day = first.activity_date or timezone.localdate(page.first_published_at)
    return proposal | {
        "title": page.title,
        "summary": getattr(page, "lead", page.title),
        "classification": first.classification,
        "made": f"{day:%d-%m-%Y}, {first.activity_place or procedure.letterhead_office}",
    }


def find_problems(data: dict) -> dict[str, str]:
    """Return personal data that the row would make public, one sentence a field."""
    allowed, problems = get_allowed(), {}
    for name in ("title", "summary", "made", "custodian", "responsible"):
        blocked = [found for found in scan(data.get(name) or "", allowed=allowed) if found.severity is Severity.BLOCK]
        if blocked:
            problems[name] = f"Memuat {blocked[0].label} ({blocked[0].masked}). Hapus, lalu simpan kembali."
    return problems


@transaction.atomic
def save(user, data: dict, item_keys, information: PublicInformation | None = None) -> PublicInformation:
    """Write a row of the DIP with its items; raises StepRefused with nothing written."""
    _require_keeper(user)
    problems = find_problems(data)
    if problems:
        raise StepRefused("Baris DIP belum disimpan. " + " ".join(problems.values()), fields=problems)
    now = timezone.now()
    is_new = information is None
    if is_new:
        information = PublicInformation(number=_draw_number(), listed_at=now, listed_by=user)
    else:
        information = PublicInformation.objects.listed().select_for_update().filter(pk=information.pk).first()
        if information is None:
            raise StepRefused("Baris ini sudah dikeluarkan dari DIP.")
    for name in FIELDS:
        setattr(information, name, data[name])
    information.changed_at = now
    information.save()
    items = _set_items(information, item_keys)
    _tell("information_listed" if is_new else "information_changed", information, user, items=items)
    return information


@transaction.atomic
def withdraw(user, information: PublicInformation, reason: str) -> None:
    """Take a row out of the DIP with a reason; its items may be listed again."""
    _require_keeper(user)
    information = PublicInformation.objects.listed().select_for_update().filter(pk=information.pk).first()
    if information is None:
        raise StepRefused("Baris ini sudah dikeluarkan dari DIP.")
    if not reason.strip():
        raise StepRefused("Tulis alasannya.", fields={"reason": "Tulis alasannya."})
    information.withdrawn_at, information.withdrawn_by, information.withdraw_reason = timezone.now(), user, reason
    information.save()
    information.listed_items.all().delete()
    _tell("information_withdrawn", information, user, reason=reason)


def _require_keeper(user) -> None:
    if not may_edit(user):
        raise StepRefused(f"DIP hanya dapat diubah oleh {sop.Role.BIDANG}.")


def _draw_number() -> int:
    """Return the next number, under a lock on the office's settings row."""
    OfficeProcedure.objects.select_for_update().first()
    return (PublicInformation.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _set_items(information, keys) -> list[str]:
    """Link exactly these register rows to the row of the DIP; return their numbers."""
    keys = {int(key) for key in keys}
    information.listed_items.exclude(disposition__in=keys).delete()
    kept = set(information.listed_items.values_list("disposition_id", flat=True))
    new = {item.pk: item for item in get_promotable().filter(pk__in=keys - kept)}
    if keys - kept - new.keys():
        raise StepRefused(
            "Salah satu baris register sudah masuk DIP atau tidak lagi tayang. Muat ulang halaman ini, lalu pilih lagi."
        )
    ListedItem.objects.bulk_create(ListedItem(information=information, disposition=item) for item in new.values())
    return sorted(Disposition.objects.filter(pk__in=keys).values_list("register_number", flat=True))


def _tell(action, information, user, *, reason: str = "", items=()) -> None:
    audit.append(
        action=action,
        user=user,
        role=sop.Role.BIDANG.value,
        reason=reason,
        output=f"DIP nomor {information.number}: {information.title}"[:255],
        data={name: getattr(information, name) for name in FIELDS} | {"items": list(items)},
    )
