"""Tell whoever is next, by mail: rows written with the step, sent by the worker."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.utils import timezone

from . import sop
from .models import Notification
from .roles import display_name, users_with_role

logger = logging.getLogger(__name__)
#: How long one attempt may take before another worker tries again.
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 10


def get_next_people(item):
    """Return the users who are next: the named Staf at row 5, else all holders of the role.

    Publication goes to the Staf who composed the item, so that nobody else is bothered.
    """
    step = item.step
    if step is None:
        return []
    holders = users_with_role(step.role)
    if step.role == sop.Role.STAF:
        assigned = holders.filter(pk=item.assigned_to_id)
        return list(assigned or holders)
    return list(holders)


def tell_next(item, action, actor) -> None:
    """Write a mail to everyone who is next, except the one who just acted."""
    step = item.step
    if step is None:
        return
    subject = f"{step.label}: {item.subject}"
    lines = [
        f"{action.done} oleh {display_name(actor)}.",
        f"Materi: {item.subject}",
        f"Nomor register: {item.register_number}",
        f"Status: {item.state_label}",
    ]
    if item.round > 1:
        lines.append(f"Putaran: {item.round}")
    if item.last_note:
        lines += ["", f"Catatan: {item.last_note}"]
    lines += ["", f"Buka lembar kerja: {settings.WAGTAILADMIN_BASE_URL}{item.get_absolute_url()}"]
    for user in get_next_people(item):
        if user.pk != actor.pk:
            tell(user, subject, "\n".join(lines), item)


def tell(user, subject: str, body: str, item=None) -> None:
    """Write one mail; part of the caller's transaction."""
    Notification.objects.create(
        recipient=user,
        disposition=item,
        # A mail header has one line, whatever was typed.
        subject=" ".join(subject.split())[:255],
        body=body,
        next_attempt_at=timezone.now(),
    )


def send_due_notifications() -> int:
    """Send what is due, one by one, and return how many were sent; a job of the worker.

    A mail that fails is tried again later, up to ten times, and the reason is kept.
    """
    sent = 0
    due = Notification.objects.filter(sent_at=None, attempts__lt=MAX_ATTEMPTS)
    for pk in due.filter(next_attempt_at__lte=timezone.now()).values_list("pk", flat=True)[:100]:
        sent += _send(pk)
    return sent


def _send(pk) -> bool:
    now = timezone.now()
    claimed = Notification.objects.filter(
        pk=pk, sent_at=None, next_attempt_at__lte=now, attempts__lt=MAX_ATTEMPTS
    ).update(next_attempt_at=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return False  # Another worker got there first.
    mail = Notification.objects.select_related("recipient").get(pk=pk)
    if not mail.recipient.email:
        Notification.objects.filter(pk=pk).update(
            attempts=MAX_ATTEMPTS, last_error="Penerima tidak memiliki alamat surel."
        )
        return False
    try:
        send_mail(mail.subject, mail.body, None, [mail.recipient.email])
    except OSError as error:
        # smtplib's errors are OSErrors: the mail server is away or refuses; try again later.
        logger.warning("Mail %s was not sent: %s", pk, type(error).__name__)
        Notification.objects.filter(pk=pk).update(
            next_attempt_at=now + timedelta(minutes=2**mail.attempts),
            last_error=str(error)[:255],
        )
        return False
    Notification.objects.filter(pk=pk).update(sent_at=timezone.now(), last_error="")
    return True
