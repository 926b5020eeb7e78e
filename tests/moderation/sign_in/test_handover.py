"""Serah terima: the roles go to the successor, the old account ends at once, and both names stay in the log."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from moderation import sop
from moderation.models import AuditEntry, Notification
from moderation.models.roles import get_roles
from moderation.people import role_audit
from moderation.sign_in.models import KnownDevice
from tests.support.factories import make_user

from .conftest import Browser

pytestmark = pytest.mark.django_db
BASIS = "SK mutasi nomor 800/12/2026"


@pytest.fixture
def successor(office):
    return make_user("rina", first_name="Rina", last_name="Wulandari")


def hand_over(client, old, successor, basis=BASIS):
    address = reverse("moderation:account_handover", args=[old.pk])
    return client.post(address, {"successor": successor.pk if successor else "", "basis": basis})


@pytest.mark.parametrize("by", ["ppid", "admin"])
def test_everything_changes_hands(office, successor, log_in, app, by):
    item = office.bring_to("awaiting_verification")
    old, browser = office.bidang, Browser()
    browser.sign_in(old)
    app.set_up(old)
    assert browser.is_signed_in()
    answer = hand_over(log_in(getattr(office, by)), old, successor)
    assert answer["Location"] == reverse("moderation:accounts")
    assert not browser.is_signed_in()
    for model in (Authenticator, KnownDevice):
        assert not model.objects.filter(user=old).exists()
    old.refresh_from_db()
    assert (old.is_active, old.has_usable_password(), old.groups.count()) == (False, False, 0)
    successor = type(successor).objects.get(pk=successor.pk)
    assert get_roles(successor) == [sop.Role.BIDANG]
    line = AuditEntry.objects.get(action="account_handed_over")
    assert line.actor_id == getattr(office, by).pk
    for word in ("bidang", "Rina Wulandari (rina)", BASIS):
        assert word in line.reason
    assert Notification.objects.filter(recipient=successor, subject__startswith="Serah terima dari").exists()
    # Every role in the log was given and taken by a line, and the successor goes on with the work.
    role_audit.note_holders()
    assert role_audit.find_unlogged() == []
    assert log_in(successor).get(item.get_absolute_url()).status_code == 200


def test_an_administrator_hands_over_too(office, successor, log_in):
    another = make_user("kepala-ti", is_superuser=True)
    hand_over(log_in(office.admin), another, successor)
    another.refresh_from_db()
    successor.refresh_from_db()
    assert (another.is_superuser, successor.is_superuser) == (False, True)


def test_who_hands_over_their_own_account_is_signed_out(office, successor, browser):
    browser.sign_in(office.ppid)
    assert hand_over(browser, office.ppid, successor)["Location"] == "/admin/login/"
    assert not browser.is_signed_in()
    assert get_roles(successor) == [sop.Role.PPID_PEMBANTU]


def test_what_is_refused_says_why_and_keeps_what_was_typed(office, successor, log_in):
    client = log_in(office.ppid)
    assert (
        "hanya dapat diserahterimakan oleh pengelola situs"
        in hand_over(client, office.admin, successor).content.decode()
    )
    answer = hand_over(client, office.sekretaris, office.ppid)
    assert answer.status_code == 422
    assert "tidak dapat menerima peran dari tangan Anda sendiri" in answer.content.decode()
    assert BASIS in answer.content.decode()
    assert "Tulis dasarnya" in hand_over(client, office.sekretaris, successor, "").content.decode()
    assert hand_over(client, office.sekretaris, None).status_code == 422
    office.sekretaris.refresh_from_db()
    assert office.sekretaris.is_active


@pytest.mark.parametrize("name", ["sekretaris", "sekretariat", "staf1", "bidang", "pemantau"])
def test_nobody_else_may(office, successor, log_in, name):
    client = log_in(getattr(office, name))
    for pk in (office.staf2.pk, 10**6):
        address = reverse("moderation:account_handover", args=[pk])
        assert client.post(address, {"successor": successor.pk, "basis": BASIS})["Location"] == "/admin/"
        assert client.get(address)["Location"] == "/admin/"
        assert client.post(reverse("moderation:account_reset_factor", args=[pk]))["Location"] == "/admin/"
    assert client.get(reverse("moderation:accounts"))["Location"] == "/admin/"
    assert not AuditEntry.objects.filter(action="account_handed_over").exists()


def test_an_administrator_resets_a_lost_second_factor(office, log_in, app):
    app.set_up(office.sekretaris)
    reset = reverse("moderation:account_reset_factor", args=[office.sekretaris.pk])
    log_in(office.ppid).post(reset)
    assert Authenticator.objects.exists()
    client = log_in(office.admin)
    assert "Hapus faktor kedua" in client.get(reverse("moderation:accounts")).content.decode()
    client.post(reset)
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.get(action="second_factor_reset").actor_id == office.admin.pk
