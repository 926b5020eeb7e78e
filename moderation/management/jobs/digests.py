"""Send the daily digest: one mail for all queued notifications whose item still waits for the user."""

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from moderation.models import Notification, NotificationPreference
from moderation.people.notifications import LEASE, MAX_ATTEMPTS, deliver, get_link
from moderation.records import queue
from moderation.scanner.redaction import mask


def send_digests() -> int:
    """Send every digest whose hour has come, and return how many were sent; a job of the worker."""
    due = Notification.objects.filter(
        in_digest=True, sent_at=None, attempts__lt=MAX_ATTEMPTS, next_attempt_at__lte=timezone.now()
    )
    return sum(_send_digest(user_id) for user_id in due.order_by().values_list("recipient", flat=True).distinct())


def _send_digest(user_id) -> bool:
    mails = _claim(user_id)
    if not mails:
        return False  # Another worker claimed it first.
    newest = {mail.disposition_id: mail for mail in mails}
    items = list(queue.get_waiting_for(mails[0].recipient).filter(pk__in=newest))
    is_off = NotificationPreference.objects.filter(user=user_id, mode=NotificationPreference.Mode.OFF).exists()
    if not items or is_off:
        # Nothing is left to tell: the items were dealt with or handed on before the hour.
        Notification.objects.filter(pk__in=[mail.pk for mail in mails]).update(sent_at=timezone.now())
        return False
    entries = [_describe(item, newest[item.pk]) for item in items]
    subject = f"Ringkasan harian: {len(items)} materi menunggu Anda"
    return deliver(mails, subject, "\n\n".join(entries), get_link(reverse("moderation:queue")), "Buka antrean")


def _claim(user_id) -> list[Notification]:
    """Claim all rows due for one user; the lease's timestamp marks this worker's rows."""
    now = timezone.now()
    lease = now + LEASE
    rows = Notification.objects.filter(recipient=user_id, in_digest=True, sent_at=None, attempts__lt=MAX_ATTEMPTS)
    if not rows.filter(next_attempt_at__lte=now).update(next_attempt_at=lease, attempts=F("attempts") + 1):
        return []
    return list(rows.filter(next_attempt_at=lease).select_related("recipient").order_by("pk"))


def _describe(item, mail) -> str:
    lines = [mail.subject, f"Nomor register: {item.register_number}. Status: {item.state_label}."]
    if item.last_note:
        lines.append(f"Catatan: {mask(item.last_note)}")
    lines.append(get_link(item.get_absolute_url()))
    return "\n".join(lines)
