"""Run the proof: the database's own guards, the log's chain and codes, then every check of ``management.proof``.

The worker runs it in parts (see ``IntegrityCheck``), every night and on request from the desk;
``manage.py verify_audit_log`` runs it at once.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from moderation.evidence import audit, media_guards, triggers
from moderation.evidence.trigger_check import find_altered, find_foreign
from moderation.management.proof import items, live
from moderation.management.proof.checks import get_checks, register_check, register_list
from moderation.models import IntegrityCheck
from moderation.people import alarms, role_audit
from moderation.ports.outcome import Outcome

from . import address_check, comment_check, confirmation_check, order_check

#: The first two stages of a run; each further one is a check (``moderation.management.proof.checks``).
TRIGGERS, LOG = "triggers", "log"
#: Hour (office time) from which the nightly run is due.
NIGHT_HOUR = 2
LEASE = timedelta(minutes=5)
#: Differences described in full; the rest are only counted.
KEPT = 100


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
    if check is None or check.finished_at is None:
        return None
    return Outcome(check.finished_at, next(iter(check.differences), ""))


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
    """Take the run one part further: the database's own guards, the log line by line, each check, the end."""
    if check.stage == TRIGGERS:
        _compare_database(check)
        check.stage = LOG
    elif check.stage == LOG:
        if not _walk_log(check):
            _go_on(check, get_checks())
    else:
        _take_part_of_check(check)
    if check.finished_at is None:
        check.save()


def get_stage_label(check: IntegrityCheck) -> str:
    """Return what a running check looks at, for the screen."""
    labels = {TRIGGERS: "pengaman basis data", LOG: "jejak audit"}
    return (labels | {one.code: one.label for one in get_checks()}).get(check.stage, check.stage)


def _go_on(check, rest) -> None:
    """Begin the first of the remaining checks; without any the run ends."""
    check.cursor = None
    if rest:
        check.stage = rest[0].code
    else:
        _finish(check)


def _take_part_of_check(check) -> None:
    checks = get_checks()
    places = {one.code: place for place, one in enumerate(checks)}
    # Where this version no longer has the check, all of them begin anew.
    place = places.get(check.stage, 0)
    part = checks[place].take(check.cursor)
    for problem in part.differences:
        _add(check, problem)
    check.pages += part.pages
    if part.cursor is None:
        _go_on(check, checks[place + 1 :])
    else:
        check.cursor = part.cursor


def _compare_database(check) -> None:
    altered = find_altered(connection)
    if altered:
        names = ", ".join(altered[:5]) + (", …" if len(altered) > 5 else "")
        _add(
            check,
            f"{len(altered)} pengaman basis data hilang atau berubah ({names}). Cari sebabnya, lalu jalankan migrate.",
        )
    for foreign in find_foreign(connection):
        _add(check, foreign)


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


def connect() -> None:
    """Register the checks of this app, in their order; called once from ``AppConfig.ready``."""
    register_list("roles", "pemegang peran", role_audit.find_unlogged)
    register_list("collections", "koleksi berkas", media_guards.list_closed)
    register_list("addresses", "alamat berita", address_check.list_problems)
    register_list("comments", "komentar", comment_check.find_problems)
    register_list("confirmations", "konfirmasi narasumber", confirmation_check.find_problems)
    register_list("sequence", "urutan perintah tayang", order_check.find_problems)
    register_check("items", "baris register", items.take_part)
    register_check("pages", "berita yang tayang", live.take_part)
