"""Reassigning an item to another Staf: with a reason, effective at once, under separation of duties."""

import pytest
from django.urls import reverse

from moderation import sop
from moderation.chain import policy
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Notification
from moderation.ports.exceptions import StepRefused
from moderation.ports.seal import compute_seal
from tests.moderation.evidence.test_publish_paths import editor_data
from tests.support.factories import make_user, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


def reassign(item, by, staf, comment="Sedang cuti."):
    return take(item, "reassign", by, {"staf": staf.pk, "comment": comment})


def test_the_text_goes_over_at_once(office):
    item = office.bring_to("composing")
    Notification.objects.all().delete()
    item = reassign(item, office.sekretariat, office.staf2)
    assert (item.state, item.assigned_to) == ("composing", office.staf2)
    assert policy.may_write_text(item, office.staf2)
    assert not policy.may_write_text(item, office.staf1)
    line = AuditEntry.objects.latest("sequence")
    assert (line.action, line.role, line.reason) == ("reassign", "Sekretariat", "Sedang cuti.")
    assert (line.data["taken_from"], line.data["assigned_to"]) == ("staf1", "staf2")
    mails = {mail.recipient.username: mail for mail in Notification.objects.all()}
    assert set(mails) == {"staf1", "staf2"}
    assert mails["staf1"].subject == f"Dialihkan: {item.subject}"
    assert mails["staf2"].subject == f"Susun: {item.subject}"
    assert "Sedang cuti." in mails["staf1"].body
    assert "Sedang cuti." in mails["staf2"].body
    with pytest.raises(StepRefused, match="ditugaskan kepada staf lain"):
        take(item, "hand_over", office.staf1)
    assert take(item, "hand_over", office.staf2).state == "awaiting_correction"


def test_nobody_else_hands_it_on(office, log_in):
    item = office.bring_to("composing")
    body = {"action": "reassign", "version": item.version, "staf": office.staf2.pk, "comment": "x"}
    for name in ("ppid", "sekretaris", "staf1", "staf2", "bidang", "pemantau", "admin"):
        response = log_in(office.people[name]).post(reverse("moderation:step", args=[item.pk]), body)
        assert response.status_code == 422, name
    item.refresh_from_db()
    assert item.assigned_to == office.staf1


def test_only_to_another_staf_and_with_a_reason(office):
    item = office.bring_to("assigned")
    for to, comment, words in (
        ("bidang", "x", "tidak terdaftar sebagai Staf"),
        ("admin", "x", "tidak terdaftar sebagai Staf"),
        ("staf1", "x", "sudah ditugaskan"),
        ("staf2", " ", "Tulis alasannya"),
    ):
        with pytest.raises(StepRefused, match=words):
            reassign(item, office.sekretariat, office.people[to], comment)


def test_only_while_a_staf_holds_it(office):
    item = office.issue()
    for state in ("received", "awaiting_correction", "awaiting_verification", "ordered"):
        item = office.bring_to(state, item)
        with pytest.raises(StepRefused, match="tidak dapat dilakukan"):
            reassign(item, office.sekretariat, office.staf2)


@pytest.mark.parametrize("autosave", [False, True])
def test_an_open_editor_of_the_one_before_saves_nothing_and_loses_nothing(office, log_in, autosave):
    item = office.bring_to("composing")
    data = editor_data(item, lead="Sudah telanjur diketik.")
    if autosave:
        data["overwrite_revision_id"] = item.page.latest_revision_id
    item = reassign(item, office.sekretariat, office.staf2)
    before = compute_seal(item.get_draft())
    accept = {"HTTP_ACCEPT": "application/json"} if autosave else {}
    response = log_in(office.staf1).post(reverse("wagtailadmin_pages:edit", args=[item.page_id]), data, **accept)
    if autosave:
        assert response.json()["success"] is False
    else:
        assert "Sudah telanjur diketik." in response.content.decode()
    assert compute_seal(item.get_draft()) == before


@pytest.mark.parametrize("has_written", [False, True])
def test_the_one_before_stays_an_author(office, has_written):
    both = make_user("rangkap", sop.Role.STAF, sop.Role.BIDANG)
    item = take(office.bring_to("received"), "assign", office.sekretariat, {"staf": both.pk})
    if has_written:
        item = take(item, "compose", both)
        office.write(item, user=both)
        item = reassign(item, office.sekretariat, office.staf1)
    else:
        item = office.bring_to("composing", reassign(item, office.sekretariat, office.staf1))
    item = office.bring_to("awaiting_verification", item)
    with pytest.raises(StepRefused, match="yang Anda susun"):
        take(item, "verify", both, verdict())


def test_whoever_judged_the_text_does_not_get_it_to_write(office):
    both = make_user("rangkap", sop.Role.STAF, sop.Role.BIDANG)
    item = office.bring_to("awaiting_verification")
    item = take(item, "return_to_sekretaris", both, {"comment": "Perbaiki."})
    item = take(item, "return_to_staf", office.sekretaris, {"comment": "Perbaiki."})
    with pytest.raises(StepRefused, match="telah memverifikasi"):
        reassign(item, office.sekretariat, both)
