"""Check integrity: the log's chain, the triggers, and that live pages equal what was verified (I1, I11).

The worker runs it in parts (see ``IntegrityCheck``), every night and on request from the desk;
``manage.py verify_audit_log`` runs it at once.
"""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from moderation.chain import corrections, links
from moderation.evidence import audit, media_guards, triggers
from moderation.evidence.trigger_check import find_altered
from moderation.models import AuditEntry, Disposition, IntegrityCheck, ModeratedPage, PublicationPermit
from moderation.people import alarms, role_audit
from moderation.ports.outcome import Outcome
from moderation.ports.seal import compute_seal, find_missing_files

from . import address_check, comment_check, order_check

Stage = IntegrityCheck.Stage

#: Hour (office time) from which the nightly run is due.
NIGHT_HOUR = 2
PAGES_A_PART = 50
LEASE = timedelta(minutes=5)
#: Differences described in full; the rest are only counted.
KEPT = 100
FAILED = "tidak dapat diperiksa"


def request(user) -> IntegrityCheck:
    """Request a run and return it; return a waiting or running one instead of a second."""
    waiting = IntegrityCheck.objects.filter(finished_at=None).first()
    return waiting or IntegrityCheck.objects.create(requested_at=timezone.now(), requested_by=user)


def get_last_finished() -> IntegrityCheck | None:
    """Return the newest run that has ended."""
    return IntegrityCheck.objects.exclude(finished_at=None).first()


def get_outcome() -> Outcome | None:
    """Return the result of the last run that has ended, None before the first."""
    check = get_last_finished()
    return (
        None
        if check is None or check.finished_at is None
        else Outcome(check.finished_at, next(iter(check.differences), ""))
    )


def run_due() -> int:
    """Start the nightly run when it is due, then take one part of a waiting run; a job of the worker."""
    now = timezone.localtime()
    if now.hour >= NIGHT_HOUR:
        _request_night(now)
    check = _claim(timezone.now())
    if check is None:
        return 0
    take_part(check)
    if check.finished_at is not None and not check.difference_count:
        role_audit.note_holders()
    IntegrityCheck.objects.filter(pk=check.pk, finished_at=None).update(held_until=None)
    return 1


def run_now(user=None) -> IntegrityCheck:
    """Take a whole run at once and return it."""
    check = IntegrityCheck.objects.create(
        requested_at=timezone.now(), requested_by=user, held_until=timezone.now() + LEASE
    )
    while check.finished_at is None:
        take_part(check)
        if check.finished_at is None:
            check.held_until = timezone.now() + LEASE
    return check


def _request_night(now) -> None:
    """Request the run of this night once; once more when it was requested by a clock that ran ahead."""
    night, _created = IntegrityCheck.objects.get_or_create(night=now.date(), defaults={"requested_at": now})
    if night.requested_at <= now:
        return
    with transaction.atomic():
        # The lock of that row lets one worker request.
        IntegrityCheck.objects.select_for_update().get(pk=night.pk)
        begin = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
        if not IntegrityCheck.objects.filter(requested_at__range=(begin, now)).exists():
            IntegrityCheck.objects.create(requested_at=now)


def _claim(now) -> IntegrityCheck | None:
    """Claim the oldest free run with a conditional update, so that one worker wins.

    No worker holds a run for longer than ``LEASE``: what is held until later was held by a wrong clock.
    """
    is_free = Q(held_until=None) | Q(held_until__lt=now) | Q(held_until__gt=now + LEASE)
    free = IntegrityCheck.objects.filter(is_free, finished_at=None)
    check = free.order_by("pk").first()
    if check is None or not free.filter(pk=check.pk).update(held_until=now + LEASE):
        return None
    return check


def take_part(check: IntegrityCheck) -> None:
    """Take the run one part further: the triggers, the log line by line, the live pages, the end."""
    if check.stage == Stage.TRIGGERS:
        _compare_triggers(check)
        _compare_collections(check)
        _compare_addresses(check)
        check.stage = Stage.LOG
    elif check.stage == Stage.LOG:
        if not _walk_log(check):
            _compare_roles(check)
            _compare_orders(check)
            _compare_comments(check)
            check.stage = Stage.PAGES
    elif not _walk_pages(check):
        _finish(check)
        return
    check.save()


def _compare_triggers(check) -> None:
    altered = find_altered(connection)
    if altered:
        names = ", ".join(altered[:5]) + (", …" if len(altered) > 5 else "")
        _add(
            check,
            f"{len(altered)} pengaman basis data hilang atau berubah ({names}). Cari sebabnya, lalu jalankan migrate.",
        )


def _compare_collections(check) -> None:
    for refusal in media_guards.list_closed():
        _add(check, refusal)


def _compare_addresses(check) -> None:
    for problem in address_check.list_problems():
        _add(check, problem)


def _compare_comments(check) -> None:
    for problem in comment_check.find_problems():
        _add(check, problem)


def _compare_roles(check) -> None:
    for problem in role_audit.find_unlogged():
        _add(check, problem)


def _compare_orders(check) -> None:
    for problem in [*order_check.find_unrecorded(), *order_check.find_problems()]:
        _add(check, problem)


def _walk_log(check) -> bool:
    """Verify the next lines of the chain; return whether there are more."""
    witness = get_last_finished()
    limit = audit.VERIFIED_AT_ONCE
    if witness and check.lines < witness.lines:
        # Stop at the previous run's last line and compare the hash there with the one it stored.
        limit = min(limit, witness.lines - check.lines)
    check.lines, check.head, problem, at_end = audit.verify_lines(check.lines, check.head, limit)
    if problem is None and witness:
        if check.lines == witness.lines and check.head != witness.head:
            problem = f"Baris 1 sampai {check.lines} ditulis ulang sejak pemeriksaan sebelumnya."
        elif at_end and check.lines < witness.lines:
            problem = f"Baris {check.lines + 1} hilang."
    if problem:
        # Report the first break only; later lines prove nothing.
        _add(check, f"Jejak audit rusak. {problem}")
        return False
    return not at_end


def _walk_pages(check) -> bool:
    """Check the next live pages; return whether there were any."""
    label, last = check.last_page
    models: list[Any] = sorted(ModeratedPage.__subclasses__(), key=lambda found: found._meta.label)
    for model in models:
        name = model._meta.label
        if name < label:
            continue
        pages = model.objects.live().filter(pk__gt=last if name == label else 0).order_by("pk")
        keys = list(pages.values_list("pk", flat=True)[:PAGES_A_PART])
        if not keys:
            continue
        for key in keys:
            problem = find_difference(model, key)
            if problem:
                _add(check, problem)
        check.pages += len(keys)
        check.last_page = [name, keys[-1]]
        return True
    return False


def find_difference(model, key) -> str | None:
    """Return how a live page differs from what was verified, None when it does not (I1).

    Repeat a failed comparison under the item's lock: a ralat may go live between two reads.
    """
    if _describe_difference(model, key) is None:
        return None
    with transaction.atomic():
        Disposition.objects.select_for_update().filter(page_id=key).first()
        return _describe_difference(model, key)


def _describe_difference(model, key) -> str | None:
    page = model.objects.live().filter(pk=key).first()
    if page is None:
        return None
    permit = PublicationPermit.objects.executed().select_related("disposition", "revision").filter(page_id=key).first()
    if permit is None:
        return f"“{page.title}” (halaman {key}) tayang tanpa perintah tayang."
    name = f"“{page.title}” ({permit.disposition.register_number})"
    try:
        seal = compute_seal(page)
    except (OSError, ValueError, LookupError, TypeError) as error:
        return f"{name} {FAILED}: {type(error).__name__}."
    if seal != permit.seal:
        missing = find_missing_files(page)
        if missing:
            return f"{name} kehilangan berkas: {'; '.join(missing)}. Pulihkan berkas itu dari cadangan."
        return f"{name} tidak sama dengan yang diverifikasi."
    if not AuditEntry.objects.filter(
        disposition_id=permit.disposition_id, page_id=key, action="verify", seal=permit.seal
    ).exists():
        return f"{name} tayang, tetapi jejak audit tidak memuat verifikasinya."
    if permit.is_correction and corrections.find_forged(page) is not None:
        return f"{name} memuat keterangan ralat yang tidak sama dengan yang diverifikasi."
    broken = links.find_problems(permit, type(page))
    if broken:
        return f"{name} menaut ke {'; '.join(broken)}. Buka ralat untuk mengubah tautannya, atau pulihkan halaman itu."
    return None


def _add(check, problem: str) -> None:
    check.difference_count += 1
    if len(check.differences) < KEPT:
        check.differences.append(problem)


@transaction.atomic
def _finish(check) -> None:
    """Finish the run; raise the alarm over any difference."""
    check.finished_at = timezone.now()
    check.held_until = None
    check.save()
    if not check.difference_count:
        return
    body = "\n".join(
        [
            "Pemeriksaan keutuhan menemukan perbedaan:",
            "",
            *(f"- {problem}" for problem in check.differences[:10]),
            "",
            f"Jumlah temuan: {check.difference_count}. Beri tahu pengelola situs, dan jangan "
            "menayangkan berita baru sebelum sebabnya diketahui.",
        ]
    )
    alarms.raise_alarm("Peringatan: isi situs atau jejak audit tidak utuh", body)


def get_triggers(vendor: str) -> list[triggers.Trigger]:
    """Return the triggers that make a finished run immutable."""
    table, message = IntegrityCheck._meta.db_table, "pemeriksaan keutuhan tidak dapat diubah"
    return [
        triggers.Trigger("integrity_change", table, "UPDATE", "OLD.finished_at IS NOT NULL", message),
        *triggers.written_once(table, "integrity", message),
    ]
