"""The chain of the SOP: rows 1 to 8, returns, recalls, cancelling."""

import pytest
from wagtail.models import TaskState, WorkflowState

from moderation import sop
from moderation.chain.transitions import take, take_combination
from moderation.evidence import audit
from moderation.models import AuditEntry, Disposition, Notification, PublicationPermit, SopTaskState
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.ports.seal import compute_seal
from news.models import NewsPage
from tests.support.factories import WALK, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic, pytest.mark.fast]


def lines(item):
    return list(AuditEntry.objects.filter(disposition_id=item.pk).values_list("row", "action", "role"))


def test_an_item_walks_all_eight_rows_and_goes_live(office):
    item = office.bring_to("live")

    assert item.state == "done"
    page = NewsPage.objects.get(pk=item.page_id)
    assert page.live
    assert lines(item) == [
        (1, "issue", "PPID Pembantu"),
        (2, "forward", "Sekretaris"),
        (3, "receive", "Sekretariat"),
        (4, "assign", "Sekretariat"),
        (5, "compose", "Staf Sekretariat"),
        (5, "hand_over", "Staf Sekretariat"),
        (6, "declare_corrected", "Sekretaris"),
        (7, "verify", "Bidang Pengolahan Data dan Klasifikasi Informasi"),
        (8, "order", "Sekretaris"),
        (8, "publish", "Staf Sekretariat"),
        (8, "settle", ""),
    ]
    permit = PublicationPermit.objects.active_for(page)
    assert permit.seal == compute_seal(page)
    assert permit.revision_id == page.live_revision_id


def test_each_state_waits_with_the_role_of_the_paper(office):
    item = office.issue()
    holders = {}
    for at, action, _person, _data in WALK:
        item = office.bring_to(at, item)
        holders[action] = item.step.role
    assert holders == {
        "forward": sop.Role.SEKRETARIS,
        "receive": sop.Role.SEKRETARIAT,
        "assign": sop.Role.SEKRETARIAT,
        "compose": sop.Role.STAF,
        "hand_over": sop.Role.STAF,
        "declare_corrected": sop.Role.SEKRETARIS,
        "verify": sop.Role.BIDANG,
        "order": sop.Role.SEKRETARIS,
        "publish": sop.Role.STAF,
    }


def test_a_return_from_bidang_lands_with_the_sekretaris_in_the_same_workflow_state(office):
    """I3: not with the Staf; the Sekretaris gets a mail."""
    item = office.bring_to("awaiting_verification")
    workflow_state = WorkflowState.objects.get()
    Notification.objects.all().delete()

    item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Angka tidak cocok dengan bahan."})

    assert item.state == "returned"
    assert item.step.role == sop.Role.SEKRETARIS
    assert item.round == 2
    assert item.last_note == "Angka tidak cocok dengan bahan."
    workflow_state.refresh_from_db()
    assert workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
    assert [(state.task.name, state.status) for state in TaskState.objects.order_by("pk")] == [
        ("Koreksi", "approved"),
        ("Verifikasi", "rejected"),
        ("Koreksi", "in_progress"),
    ]
    told = set(Notification.objects.values_list("recipient__username", flat=True))
    # Only the person who handed it over gets a mail.
    assert told == {"sekretaris"}
    assert "Angka tidak cocok" in Notification.objects.first().body


def test_after_a_return_verification_is_never_skipped(office):
    item = office.bring_to("awaiting_verification")
    item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Perbaiki."})
    item = take(item, "declare_corrected", office.sekretaris)
    assert item.state == "awaiting_verification"
    item = take(item, "verify", office.bidang, verdict())
    item = take(item, "return_to_correction", office.sekretaris, {"comment": "Tanggal keliru."})
    item = take(item, "declare_corrected", office.sekretaris)
    assert item.state == "awaiting_verification"
    assert item.round == 3
    assert list(SopTaskState.objects.order_by("pk").values_list("round", flat=True)) == [1, 1, 2, 2, 2, 3, 3]


def test_a_return_to_the_staf_and_a_second_hand_over(office):
    item = office.bring_to("awaiting_correction")
    item = take(item, "return_to_staf", office.sekretaris, {"comment": "Lengkapi kutipan."})
    assert item.state == "returned_to_staf"
    office.write(item, lead="Ringkasan yang sudah dilengkapi.")
    item = take(item, "hand_over", office.staf1)
    assert item.state == "awaiting_correction"
    assert WorkflowState.objects.count() == 1
    assert office.bring_to("live", item).state == "done"


@pytest.mark.parametrize(
    ("state", "action", "person"),
    [
        ("awaiting_correction", "return_to_staf", "sekretaris"),
        ("awaiting_verification", "return_to_sekretaris", "bidang"),
        ("verified", "return_to_correction", "sekretaris"),
        ("ordered", "return_to_correction", "sekretaris"),
        ("disposed", "recall", "ppid"),
        ("composing", "cancel", "ppid"),
        ("live", "take_down", "sekretaris"),
    ],
)
def test_every_return_cancellation_and_take_down_needs_a_reason(office, state, action, person):
    """I10."""
    item = office.bring_to(state)
    before = AuditEntry.objects.count()
    for comment in ("", "   ", None):
        with pytest.raises(StepRefused, match="Tulis alasannya"):
            take(item, action, office.people[person], {"comment": comment})
    assert AuditEntry.objects.count() == before
    take(item, action, office.people[person], {"comment": "Ada alasannya."})
    assert AuditEntry.objects.filter(action=action).get().reason == "Ada alasannya."


def test_a_recall_is_possible_only_while_the_next_person_has_not_acted(office):
    item = take(office.issue(), "recall", office.ppid, {"comment": "Salah alamat."})
    assert item.state == "cancelled"
    item = office.bring_to("forwarded")
    with pytest.raises(StepRefused, match="Diteruskan ke Sekretariat"):
        take(item, "recall", office.ppid, {"comment": "Salah alamat."})


def test_one_click_takes_two_rows_and_each_writes_its_line(office):
    item = office.bring_to("forwarded")
    item = take_combination(item, "receive_and_assign", office.sekretariat, {"staf": office.staf2.pk})
    assert item.assigned_to == office.staf2
    assert lines(item)[-2:] == [(3, "receive", "Sekretariat"), (4, "assign", "Sekretariat")]


def test_a_refused_second_row_undoes_the_first(office):
    item = office.bring_to("forwarded")
    with pytest.raises(StepRefused, match="Pilih staf"):
        take_combination(item, "receive_and_assign", office.sekretariat, {})
    assert Disposition.objects.get(pk=item.pk).state == "forwarded"
    assert lines(item)[-1][1] == "forward"


def test_cancelling_keeps_the_register_row_and_ends_the_order(office):
    item = office.bring_to("ordered")
    take(item, "cancel", office.sekretaris, {"comment": "Kegiatan ditunda."})
    item.refresh_from_db()
    assert item.state == "cancelled"
    assert item.permits.get().revoke_reason == "Kegiatan ditunda."
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_CANCELLED
    assert not item.page.live


def test_a_take_down_revokes_the_permit_and_needs_a_sekretaris(office):
    item = office.bring_to("live")
    with pytest.raises(StepRefused, match="Sekretaris"):
        take(item, "take_down", office.staf1, {"comment": "Salah."})
    item = take(item, "take_down", office.sekretaris, {"comment": "Foto tanpa izin."})
    assert item.state == "taken_down"
    assert not NewsPage.objects.get(pk=item.page_id).live
    assert PublicationPermit.objects.get().revoke_reason == "Foto tanpa izin."


def break_off(lines):
    raise OSError("the log cannot be written")


def test_a_step_that_breaks_off_at_its_line_changes_nothing(office, monkeypatch):
    item = office.bring_to("verified")
    mails = Notification.objects.count()
    monkeypatch.setattr(audit, "write", break_off)
    with pytest.raises(OSError, match="the log"):
        take(item, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})
    item.refresh_from_db()
    assert (item.state, item.permits.count(), Notification.objects.count()) == ("verified", 0, mails)


def test_a_disposition_that_breaks_off_takes_no_number(office, monkeypatch):
    """I7."""
    with monkeypatch.context() as patch:
        patch.setattr(audit, "write", break_off)
        with pytest.raises(OSError, match="the log"):
            office.issue()
    assert not Disposition.objects.exists()
    assert office.issue().register_sequence == 1


def test_a_stale_screen_gets_told_who_was_quicker(office):
    item = office.bring_to("awaiting_verification")
    take(item, "verify", office.bidang, verdict(), expected_version=item.version)
    with pytest.raises(StepStale, match="bidang mengambil langkah “Materi diverifikasi”"):
        take(item, "verify", office.bidang2, verdict(), expected_version=item.version)


def test_an_incomplete_draft_is_not_handed_over_and_says_what_is_missing(office):
    item = take(office.bring_to("assigned"), "compose", office.staf1)
    with pytest.raises(StepRefused, match="ringkasan"):
        take(item, "hand_over", office.staf1)
    assert Disposition.objects.get(pk=item.pk).state == "composing"
    assert not WorkflowState.objects.exists()


def test_exempt_information_is_never_approved(office):
    """I8."""
    item = office.bring_to("awaiting_verification")
    with pytest.raises(StepRefused, match="Tetapkan klasifikasi"):
        take(item, "verify", office.bidang, {})
    with pytest.raises(StepRefused, match="dikecualikan tidak dapat ditayangkan"):
        take(item, "verify", office.bidang, {"classification": "dikecualikan"})
    assert Disposition.objects.get(pk=item.pk).state == "awaiting_verification"
    take(item, "verify", office.bidang, verdict() | {"classification": "setiap_saat"})
    assert Disposition.objects.get(pk=item.pk).classification == "setiap_saat"
