"""Mail to the next actor: queued with the step, sent by the worker, never lost."""

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from moderation.chain import policy
from moderation.chain.transitions import take
from moderation.models import Notification
from moderation.people import notifications
from tests.support.factories import verdict

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


def recipients():
    return sorted(Notification.objects.values_list("recipient__username", flat=True))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("disposed", ["sekretaris", "sekretaris2"]),
        ("forwarded", ["sekretariat"]),
        ("assigned", ["staf1"]),
        ("awaiting_correction", ["sekretaris", "sekretaris2"]),
        ("awaiting_verification", ["bidang", "bidang2"]),
        ("verified", ["sekretaris", "sekretaris2"]),
        ("ordered", ["staf1"]),
    ],
)
def test_whoever_is_next_is_told_and_nobody_else(office, state, expected):
    previous = {
        "forwarded": "disposed",
        "assigned": "received",
        "awaiting_correction": "composing",
        "awaiting_verification": "awaiting_correction",
        "verified": "awaiting_verification",
        "ordered": "verified",
    }
    item = office.bring_to(previous[state]) if state in previous else None
    Notification.objects.all().delete()
    item = office.bring_to(state, item)
    assert recipients() == expected
    assert all(policy.has_role(user, item.step.role) for user in notifications.get_next_people(item))


def test_nothing_is_sent_inside_the_step(office):
    office.bring_to("awaiting_verification")
    assert mail.outbox == []
    assert notifications.send_due_notifications() == Notification.objects.count()
    assert len(mail.outbox) == Notification.objects.count()
    assert notifications.send_due_notifications() == 0


def test_a_mail_names_item_state_note_and_one_link(office, settings):
    item = office.bring_to("awaiting_correction")
    Notification.objects.all().delete()
    take(item, "return_to_staf", office.sekretaris, {"comment": "Lengkapi kutipan."})
    notifications.send_due_notifications()
    (message,) = mail.outbox
    assert message.to == ["staf1@contoh.go.id"]
    assert message.subject == f"Perbaiki: {item.subject}"
    assert "Catatan: Lengkapi kutipan." in message.body
    assert f"{settings.WAGTAILADMIN_BASE_URL}{item.get_absolute_url()}" in message.body


def test_a_step_that_is_undone_writes_no_mail(office):
    item = office.bring_to("awaiting_verification")
    before = Notification.objects.count()
    with transaction.atomic():
        take(item, "verify", office.bidang, verdict())
        assert Notification.objects.count() > before
        transaction.set_rollback(True)
    assert Notification.objects.count() == before


def test_a_mail_server_that_is_away_loses_nothing(office, settings):
    office.issue()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert notifications.send_due_notifications() == 0
    waiting = Notification.objects.first()
    assert waiting.sent_at is None
    assert waiting.last_error
    assert waiting.next_attempt_at > timezone.now()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Notification.objects.update(next_attempt_at=timezone.now())
    assert notifications.send_due_notifications() == 2


def test_a_subject_with_a_line_break_is_one_header_line(office):
    office.issue(subject="Kerja bakti\r\nBcc: x@example.com")
    notifications.send_due_notifications()
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["sekretaris@contoh.go.id"]


def test_wagtails_own_workflow_mails_are_silent(office):
    item = office.bring_to("awaiting_correction")
    take(item, "return_to_staf", office.sekretaris, {"comment": "x"})
    office.bring_to("live")
    assert mail.outbox == []
