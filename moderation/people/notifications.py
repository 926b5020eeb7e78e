"""Queue e-mails for the next actor: rows written with the step, sent by the worker."""

import logging
from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from moderation import sop
from moderation.evidence.own_contacts import mask_typed
from moderation.models import AuditEntry, Notification, NotificationPreference
from moderation.models.roles import Holders, describe_person, display_name
from moderation.ports.office import get_fact

logger = logging.getLogger(__name__)
#: How long one attempt may take before another worker tries again.
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 10
Mode = NotificationPreference.Mode


def get_next_people(item):
    """Return the users who are next: the named Staf at row 5, else all holders of the role.

    Publication goes to the Staf who composed the item alone. Holders whom an acting officer
    represents are left out.
    """
    holders = item.holders
    if holders is None:
        return []
    present = [user for user in holders.users if user.pk not in holders.represented_ids]
    if holders.role == sop.Role.STAF:
        return [user for user in present if user.pk == item.assigned_to_id] or present
    return present


def get_people_to_tell(item, action):
    """Return the recipients for a step: after a return the user who had handed the item on, if they
    still hold the role; else all of ``get_next_people``."""
    people = get_next_people(item)
    if not action.is_return or item.step is None or item.step.role == sop.Role.STAF:
        return people
    handed_on = [found.code for found in sop.ACTIONS if _leads_on_from(found, item.step)]
    entry = AuditEntry.objects.filter(disposition_id=item.pk, action__in=handed_on).order_by("-sequence").first()
    return [user for user in people if entry and user.pk == entry.actor_id] or people


def _leads_on_from(action, step) -> bool:
    """Say whether the action hands an item on from this step to another."""
    if action.is_return or not action.to or not set(action.at) & set(sop.states_at(step.code)):
        return False
    next_step = sop.step_of(action.to)
    return next_step is not None and next_step.code != step.code


def tell_next(item, action, actor, role: str, changes: str = "") -> None:
    """Write a mail to every recipient of the step, except the user who just acted in ``role``.

    ``changes``: what changed in the text since the round before, in one phrase.
    """
    if item.step is None:
        return
    lines = [f"{action.done} oleh {describe_person(actor, role)}.", *describe_item(item)]
    if item.last_note:
        lines += ["", f"Catatan: {item.last_note}"]
    if changes:
        lines += ["", f"Perubahan sejak putaran sebelumnya: {changes}."]
    people = [user for user in get_people_to_tell(item, action) if user.pk != actor.pk]
    _write(people, write_subject(item), "\n".join(lines), item, at_once=item.is_urgent)


def tell_replaced(item, staf, actor, reason: str) -> None:
    """Tell a Staf that the assignment went to somebody else, and why."""
    if staf.pk == actor.pk:
        return
    lines = [
        f"Penugasan Anda dialihkan kepada {display_name(item.assigned_to)} oleh {display_name(actor)}. "
        "Naskah tidak dapat Anda ubah lagi.",
        *describe_item(item),
        "",
        f"Alasan: {reason}",
    ]
    tell(staf, write_subject(item, "Dialihkan"), "\n".join(lines), item)


def write_subject(item, verb: str = "") -> str:
    """Return "Verifikasi: Kerja bakti", with the mark of the fast lane before it."""
    lane = f"[{sop.FAST_LANE}] " if item.is_urgent else ""
    return f"{lane}{verb or sop.get_state(item.state).verb}: {item.subject}"


def describe_item(item) -> list[str]:
    """Return the lines of a mail that say which item it is about and how it stands."""
    lines = [f"Materi: {item.subject}", f"Nomor register: {item.register_number}", f"Status: {item.state_label}"]
    if item.round > 1:
        lines.append(f"Putaran: {item.round}")
    if item.is_urgent:
        lines.append(f"{sop.FAST_LANE}: informasi serta merta, pengumumannya tidak boleh ditunda.")
    return lines


def tell(user, subject: str, body: str, item=None, address: str = "") -> None:
    """Write one mail that is sent at once, whatever the user's preferences, in the caller's
    transaction. Append a link to ``address``, or to the item's worksheet."""
    _write([user], subject, body, item, at_once=True, address=address)


def tell_role(role: sop.Role, subject: str, body: str, address: str) -> None:
    """Write one mail, with a link to ``address``, to everyone who holds the role and is not represented, at once.

    Who wants no mails gets none.
    """
    holders = Holders.find(role)
    people = [user for user in holders.users if user.pk not in holders.represented_ids and _wants_mails(user)]
    _write(people, subject, body, None, at_once=True, address=address)


def _wants_mails(user) -> bool:
    return getattr(user, "notification_preference", None) is None or user.notification_preference.mode != Mode.OFF


def _write(people, subject, body, item, *, at_once, address="") -> None:
    """Write the mails with personal numbers masked."""
    now = timezone.now()
    # A mail header must not contain line breaks.
    subject, body = " ".join(mask_typed(subject).split())[:255], mask_typed(body)
    mails = []
    for user in people:
        preference = getattr(user, "notification_preference", None) or NotificationPreference()
        if preference.mode == Mode.OFF and not at_once:
            continue
        in_digest = preference.mode == Mode.DAILY and not at_once
        mails.append(
            Notification(
                recipient=user,
                disposition=item,
                subject=subject,
                body=body,
                address=address,
                in_digest=in_digest,
                next_attempt_at=get_digest_time(now, preference.digest_hour) if in_digest else now,
            )
        )
    Notification.objects.bulk_create(mails)


def get_digest_time(now, hour: int):
    """Return the next moment at this full hour, office time."""
    local = timezone.localtime(now)
    at = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return at if at > local else at + timedelta(days=1)


def on_clock_set_back(sender, now, lead, **kwargs) -> None:
    """Let mails wait no longer than they would have, had the clock not run ahead by ``lead``."""
    waiting = Notification.objects.filter(sent_at=None, next_attempt_at__gt=now)
    for pk, next_attempt_at in waiting.values_list("pk", "next_attempt_at"):
        waiting.filter(pk=pk).update(next_attempt_at=max(now, next_attempt_at - lead))


def send_due_notifications() -> int:
    """Send what is due, one by one, and return how many were sent; a job of the worker.

    A mail that fails is tried again later, up to ten times, and the reason is kept.
    """
    sent = 0
    due = Notification.objects.filter(sent_at=None, attempts__lt=MAX_ATTEMPTS, in_digest=False)
    for pk in due.filter(next_attempt_at__lte=timezone.now()).values_list("pk", flat=True)[:100]:
        sent += _send(pk)
    return sent


def _send(pk) -> bool:
    now = timezone.now()
    claimed = Notification.objects.filter(
        pk=pk, sent_at=None, next_attempt_at__lte=now, attempts__lt=MAX_ATTEMPTS
    ).update(next_attempt_at=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return False  # Another worker claimed it first.
    mail = Notification.objects.select_related("recipient", "disposition").get(pk=pk)
    if mail.address or mail.disposition is None:
        return deliver([mail], mail.subject, mail.body, mail.address and get_link(mail.address), "Buka")
    return deliver([mail], mail.subject, mail.body, get_link(mail.disposition.get_absolute_url()), "Buka lembar kerja")


def get_link(address: str) -> str:
    """Return a full address for a mail; one that is full already as it is."""
    return urljoin(settings.WAGTAILADMIN_BASE_URL, address)


def deliver(mails, subject, body, link, link_text) -> bool:
    """Send one mail for these rows of one user; return whether it was sent."""
    rows = Notification.objects.filter(pk__in=[mail.pk for mail in mails])
    recipient = mails[0].recipient
    if not recipient.email:
        rows.update(attempts=MAX_ATTEMPTS, last_error="Penerima tidak memiliki alamat surel.")
        return False
    text = f"{body}\n\n{link_text}: {link}" if link else body
    html = render_to_string(
        "moderation/mail.html",
        {"body": body, "link": link, "link_text": link_text, "ground": get_fact("colours").ground},
    )
    try:
        send_mail(subject, text, None, [recipient.email], html_message=html)
    except (OSError, ValueError) as error:
        # smtplib's errors are OSErrors (server unreachable or refusing); an invalid address is a
        # ValueError. Retry later and go on with the others.
        logger.warning("Mail %s was not sent: %s", mails[0].pk, type(error).__name__)
        delay = timedelta(minutes=2 ** max(mail.attempts for mail in mails))
        rows.update(next_attempt_at=timezone.now() + delay, last_error=mask_typed(str(error))[:255])
        return False
    rows.update(sent_at=timezone.now(), last_error="")
    return True
