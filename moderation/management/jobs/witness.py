"""Tell a witness outside the database, once a day, where the log ends; compare the log with what it was told before."""

import logging
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from moderation import sop
from moderation.models import AuditEntry, WitnessStatement
from moderation.models.roles import users_with_role
from moderation.people import alarms, notifications
from moderation.ports.outcome import Outcome
from moderation.records import witness

logger = logging.getLogger(__name__)
FILE_NAME = "jejak-audit.jsonl"
#: Bookkeeping of a day whose file or mail failed is tried again for so long.
TRIED_FOR = timedelta(days=7)


def get_path() -> Path | None:
    """Return the witness's file, None where the office named no folder."""
    return Path(settings.WITNESS_DIR) / FILE_NAME if settings.WITNESS_DIR else None


def get_outcome() -> Outcome | None:
    """Return the last comparison with the witness's file, None where there is no file or no day has ended yet."""
    last = WitnessStatement.objects.first() if settings.WITNESS_DIR else None
    return None if last is None else Outcome(last.at, last.difference)


def run_due() -> int:
    """State the end of the log for the day before, once, and deliver what did not arrive; a job of the worker."""
    yesterday = timezone.localdate() - timedelta(days=1)
    done = 0
    if AuditEntry.objects.exists() and not WitnessStatement.objects.filter(day__gte=yesterday).exists():
        done += _testify(yesterday)
    waiting = WitnessStatement.objects.filter(at__gt=timezone.now() - TRIED_FOR)
    if settings.WITNESS_MAIL:
        done += sum(map(_mail_outside, waiting.filter(mailed_at=None).order_by("day")))
    return done


def _testify(day) -> int:
    """Compare with the file, append to it, then write down that it was done: a crash in between repeats a line."""
    stated = witness.read_end(day.isoformat())
    difference = _compare()
    filed = _append(stated)
    if settings.WITNESS_DIR and not filed:
        difference = difference or f"Berkas saksi {get_path()} tidak dapat ditulis."
    with transaction.atomic():
        row, is_new = WitnessStatement.objects.get_or_create(
            day=day,
            defaults={
                "at": timezone.now(),
                "line": stated.line,
                "hash": stated.hash,
                "counts": stated.counts,
                "filed_at": timezone.now() if filed else None,
                "difference": difference,
            },
        )
        if is_new:
            _tell_office(row)
            if difference:
                alarms.raise_alarm("Peringatan: jejak audit berbeda dari saksi di luar basis data", difference)
    return int(is_new)


def _compare() -> str:
    """Return the first difference between the log and the statements in the file, "" for none."""
    path = get_path()
    if path is None or not path.exists():
        return ""
    try:
        return next(filter(None, map(witness.find_difference, witness.read_file(path))), "")
    except witness.Unreadable as problem:
        return str(problem)


def _append(stated) -> bool:
    """Append the statement to the file and wait until it is on the disk; return whether it is."""
    path = get_path()
    if path is None:
        return False
    try:
        with path.open("a") as file:
            file.write(stated.write() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        logger.exception("The witness's file cannot be written: %s", path)
        return False
    return True


def _tell_office(row) -> None:
    """Mail the statement to everyone who is PPID Pembantu."""
    subject, body = _write(row)
    for user in users_with_role(sop.Role.PPID_PEMBANTU):
        notifications.tell(user, subject, body)


def _mail_outside(row) -> int:
    """Mail the statement to the address of the office's choice; a failure is tried again."""
    subject, body = _write(row)
    try:
        send_mail(subject, body, None, [settings.WITNESS_MAIL])
    except OSError:
        # smtplib's errors are of this kind.
        logger.exception("The witness's mail was not sent.")
        return 0
    return WitnessStatement.objects.filter(pk=row.pk, mailed_at=None).update(mailed_at=timezone.now())


def _write(row) -> tuple[str, str]:
    stated = witness.Statement(row.line, row.hash, row.counts, row.day.isoformat())
    counts = row.counts
    body = [
        f"Pada akhir {date_format(row.day, 'DATE_FORMAT')} jejak audit berujung pada baris {row.line}.",
        f"Sidik baris itu: {row.hash}",
        f"Kode: {stated.code}",
        f"Disposisi {counts['items']}, perintah tayang {counts['orders']}, penayangan {counts['published']}, "
        f"penurunan {counts['taken_down']}.",
        "",
        "Simpan surel ini. Siapa pun yang kelak menulis ulang atau memotong jejak audit, termasuk pengelola basis "
        "data, tidak dapat mengubahnya di kotak surat Anda. Untuk memeriksa:",
        f"manage.py verify_audit_log --witness {stated.code}",
    ]
    return f"Saksi jejak audit {row.day:%d-%m-%Y}: {stated.code}", "\n".join(body)
