"""Notice that the machine's clock was set back, let its dates hold nothing up, and tell the office.

The order of legal acts does not hang on the clock: it is the order of the log's lines. What does is told: dates in
the records, and publications by the clock.
"""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from moderation import sop
from moderation.evidence import audit
from moderation.models import AuditEntry, AuditHead, PublicationPermit
from moderation.models.roles import users_with_role
from moderation.people import notifications
from moderation.ports.signals import clock_set_back

#: Machines of one site may differ by less.
TOLERANCE = timedelta(minutes=2)
TOLD_ROLES = (sop.Role.PPID_PEMBANTU, sop.Role.SEKRETARIS)
#: Orders named in full in the mail; the rest are only counted.
LISTED = 20
AUDIT_LABELS = {"clock_set_back": "Jam server mundur"}


def watch() -> int:
    """Compare the clock with the newest line of the log, and return how many faults were written down: 0 or 1.

    A job of the worker. The line about it carries the clock's new time, so that a fault is told once.
    """
    if get_lead() <= TOLERANCE:
        return 0
    with transaction.atomic():
        # Lock the end of the log, so that one worker tells.
        AuditHead.objects.select_for_update().get(pk=1)
        now = timezone.now()
        lead = get_lead(now)
        if lead <= TOLERANCE:
            return 0
        last = AuditEntry.objects.latest("sequence")
        orders = list(PublicationPermit.objects.carried_out().filter(executed_at__gt=now).select_related("disposition"))
        clock_set_back.send(sender=AuditEntry, now=now, lead=lead)
        facts = (
            f"Jam server sekarang {_write(now)}, tetapi baris {last.sequence} jejak audit sudah bertanggal "
            f"{_write(last.at)}."
        )
        _tell(facts, orders, now)
        audit.append(
            action="clock_set_back",
            reason=facts,
            data={"line": last.sequence, "line_at": last.at, "orders": [order.number for order in orders]},
        )
    return 1


def get_lead(now=None) -> timedelta:
    """Return by how much the newest line of the log is ahead of the clock."""
    last = AuditEntry.objects.order_by("-sequence").values_list("at", flat=True).first()
    return timedelta(0) if last is None else last - (now or timezone.now())


def _tell(facts: str, orders, now) -> None:
    early = [order for order in orders if order.go_live_at is not None and order.go_live_at > now]
    paragraphs = [
        f"{facts} Jam server sempat terlalu cepat, atau sekarang terlalu lambat. Minta pengelola situs memeriksanya.",
        "Urutan langkah, perintah tayang, dan ralat tetap benar: urutannya menurut nomor baris jejak audit. Surel, "
        "unggahan, dan penunjukan pejabat pengganti yang tertahan oleh waktu yang salah sudah dilanjutkan.",
        _list("Tayang sebelum waktu yang diperintahkan, putuskan apakah diturunkan", early),
        _list(
            "Turun pada batas tayangnya sebelum waktunya, putuskan apakah ditayangkan kembali lewat ralat",
            PublicationPermit.objects.ended_before_time(now).select_related("disposition"),
        ),
        _list("Waktu tayang yang tercatat belum tiba", [order for order in orders if order not in early]),
    ]
    people = {user.pk: user for role in TOLD_ROLES for user in users_with_role(role)}
    for user in people.values():
        notifications.tell(
            user,
            "Peringatan: jam server salah",
            "\n\n".join(filter(None, paragraphs)),
            address=reverse("moderation:audit_log"),
        )


def _list(heading: str, orders) -> str:
    if not orders:
        return ""
    lines = [f"- {order.number}: {order.disposition.subject}" for order in orders[:LISTED]]
    if len(orders) > LISTED:
        lines.append(f"- dan {len(orders) - LISTED} perintah lain")
    return "\n".join([f"{heading}:", *lines])


def _write(moment) -> str:
    return f"{date_format(timezone.localtime(moment), 'DATETIME_FORMAT')} WIB"
