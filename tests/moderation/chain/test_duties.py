"""Permissions: roles, separation of duties, and the frozen text (I2, I4, I5, I6)."""

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import Revision

from moderation import sop
from moderation.chain import policy
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, OfficeProcedure, SopTaskState
from moderation.models.roles import get_roles
from moderation.ports.exceptions import GuardViolation, StepRefused
from tests.support.factories import make_user, slip_past_triggers, verdict

pytestmark = pytest.mark.django_db

#: Expected buttons by state and role, written by hand.
EXPECTED = {
    "disposed": {"ppid": {"recall", "cancel"}, "sekretaris": {"forward", "cancel"}},
    "forwarded": {"ppid": {"cancel"}, "sekretaris": {"recall_forwarding", "cancel"}, "sekretariat": {"receive"}},
    "received": {"ppid": {"cancel"}, "sekretaris": {"cancel"}, "sekretariat": {"assign"}},
    "assigned": {
        "ppid": {"cancel"},
        "sekretaris": {"cancel"},
        "sekretariat": {"recall_assignment", "reassign"},
        "staf1": {"compose"},
    },
    "composing": {
        "ppid": {"cancel"},
        "sekretaris": {"cancel"},
        "sekretariat": {"reassign"},
        "staf1": {"hand_over", "ask_assessment"},
    },
    "awaiting_correction": {
        "ppid": {"cancel"},
        "sekretaris": {"declare_corrected", "return_to_staf", "ask_assessment", "cancel"},
    },
    "awaiting_verification": {
        "ppid": {"cancel"},
        "sekretaris": {"cancel"},
        "bidang": {"verify", "return_to_sekretaris", "mark_exempt", "assess_finding"},
    },
    "held_exempt": {"ppid": {"confirm_exempt", "release_exempt", "cancel"}, "sekretaris": {"cancel"}},
    "verified": {"ppid": {"cancel"}, "sekretaris": {"order", "return_to_correction", "ask_assessment", "cancel"}},
    "ordered": {
        "ppid": {"cancel"},
        "sekretaris": {"publish", "return_to_correction", "ask_assessment", "cancel"},
        "staf1": {"publish", "ask_assessment"},
        "staf2": {"publish", "ask_assessment"},
    },
    "live": {"sekretaris": {"open_correction", "take_down"}},
    "exempted": {},
}


@pytest.mark.db_agnostic
@pytest.mark.parametrize("state", EXPECTED)
def test_each_role_finds_its_buttons_and_no_others(office, state):
    item = Disposition.objects.get(pk=office.bring_to(state).pk)
    for name in ("ppid", "sekretaris", "sekretariat", "staf1", "staf2", "bidang", "admin", "pemantau"):
        found = {action.code for action in policy.Authority(item, office.people[name]).actions}
        assert found == EXPECTED[state].get(name, set()), name


@pytest.mark.db_agnostic
@pytest.mark.parametrize("state", EXPECTED)
def test_whoever_may_not_take_a_step_cannot(office, state):
    """Every action by everybody who may not take it: nothing changes."""
    item = office.bring_to(state)
    before = (item.version, AuditEntry.objects.count())
    for action in sop.ACTIONS:
        for name, user in office.people.items():
            if action.code in EXPECTED[state].get(name.replace("2", "") if name != "staf2" else name, set()):
                continue
            with pytest.raises(StepRefused):
                take(item, action.code, user, verdict() | {"comment": "x"})
    item.refresh_from_db()
    assert (item.version, AuditEntry.objects.count()) == before


def test_a_superuser_holds_no_role(office):
    item = office.bring_to("awaiting_verification")
    with pytest.raises(StepRefused, match="hanya dapat dilakukan oleh Bidang"):
        take(item, "verify", office.admin, verdict())
    assert get_roles(office.admin) == []


class TestSeparationOfDuties:
    """I2: the verifier is neither an author of any revision nor the one who corrected."""

    def test_the_assigned_staf_cannot_verify(self, office):
        both = make_user("rangkap", sop.Role.STAF, sop.Role.BIDANG)
        item = office.bring_to("received")
        item = take(item, "assign", office.sekretariat, {"staf": both.pk})
        item = take(item, "compose", both)
        office.write(item, user=both)
        item = take(item, "hand_over", both)
        item = take(item, "declare_corrected", office.sekretaris)
        self.refuse(item, both)

    def test_whoever_wrote_one_revision_cannot_verify_even_as_superuser(self, office):
        item = office.bring_to("composing")
        meddler = make_user("pengutak", sop.Role.BIDANG, is_superuser=True, is_staff=True)
        office.write(item, user=meddler)
        office.write(item, user=office.staf1)
        self.refuse(office.bring_to("awaiting_verification", item), meddler)

    def test_the_sekretaris_who_corrected_cannot_verify(self, office):
        both = make_user("sek-bidang", sop.Role.SEKRETARIS, sop.Role.BIDANG)
        item = office.bring_to("awaiting_correction")
        item = take(item, "declare_corrected", both)
        self.refuse(item, both)

    def test_the_sekretaris_of_an_earlier_round_cannot_verify(self, office):
        both = make_user("sek-bidang", sop.Role.SEKRETARIS, sop.Role.BIDANG)
        item = office.bring_to("awaiting_correction")
        item = take(item, "declare_corrected", both)
        item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Perbaiki."})
        item = take(item, "declare_corrected", office.sekretaris)
        self.refuse(item, both)

    def test_the_log_alone_names_who_corrected(self, office):
        both = make_user("sek-bidang", sop.Role.SEKRETARIS, sop.Role.BIDANG)
        item = take(office.bring_to("awaiting_correction"), "declare_corrected", both)
        SopTaskState.objects.update(finished_by=office.sekretaris)
        self.refuse(item, both)

    def test_the_state_of_the_task_alone_names_who_corrected(self, office):
        both = make_user("sek-bidang", sop.Role.SEKRETARIS, sop.Role.BIDANG)
        item = take(office.bring_to("awaiting_correction"), "declare_corrected", both)
        slip_past_triggers(AuditEntry.objects.filter(actor_id=both.pk), actor_id=office.sekretaris.pk)
        self.refuse(item, both)

    def refuse(self, item, user):
        for action in ("verify", "return_to_sekretaris"):
            with pytest.raises(StepRefused, match="yang Anda susun atau koreksi sendiri"):
                take(item, action, user, verdict() | {"comment": "x"})
        assert Disposition.objects.get(pk=item.pk).state == "awaiting_verification"


class TestFrozenText:
    """The text is open to the assigned Staf at row 5 and the Sekretaris at correction (I4)."""

    @pytest.mark.parametrize(
        ("state", "writers"),
        [
            ("assigned", set()),
            ("composing", {"staf1"}),
            ("awaiting_correction", {"sekretaris", "sekretaris2"}),
            ("awaiting_verification", set()),
            ("held_exempt", set()),
            ("exempted", set()),
            ("verified", set()),
            ("ordered", set()),
            ("live", set()),
        ],
    )
    def test_who_may_write(self, office, state, writers):
        item = office.bring_to(state)
        assert {name for name, user in office.people.items() if policy.may_write_text(item, user)} == writers
        if item.page_id:
            lock = item.get_draft().get_lock()
            assert {name for name, user in office.people.items() if not lock.for_user(user)} == writers

    @pytest.mark.parametrize("state", ["awaiting_verification", "verified", "ordered", "live"])
    def test_no_new_revision_once_handed_to_bidang(self, office, state):
        item = office.bring_to(state)
        page = item.get_draft()
        page.lead = "Diselipkan setelah verifikasi."
        with pytest.raises(GuardViolation, match="terkunci"), transaction.atomic():
            page.save_revision(user=office.admin)
        revision = item.page.get_latest_revision()
        revision.content = {**revision.content, "lead": "Diselipkan."}
        with pytest.raises(GuardViolation, match="tercatat dalam jejak audit"), transaction.atomic():
            revision.save()
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(pk=revision.pk).update(content=revision.content)

    def test_a_change_past_the_orm_between_handing_over_and_verifying_is_noticed(self, office):
        item = office.bring_to("awaiting_verification")
        revision = item.page.get_latest_revision()
        slip_past_triggers(Revision.objects.filter(pk=revision.pk), content={**revision.content, "lead": "Diselipkan."})
        with pytest.raises(StepRefused, match="telah berubah"):
            take(item, "verify", office.bidang, verdict())

    def test_a_change_past_the_orm_between_verifying_and_ordering_is_noticed(self, office):
        item = office.bring_to("verified")
        revision = item.page.get_latest_revision()
        slip_past_triggers(Revision.objects.filter(pk=revision.pk), content={**revision.content, "lead": "Diselipkan."})
        with pytest.raises(StepRefused, match="telah berubah"):
            take(item, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})

    def test_returning_to_correction_voids_verification_and_order(self, office):
        item = office.bring_to("ordered")
        item = take(item, "return_to_correction", office.sekretaris, {"comment": "Judul keliru."})
        assert item.permits.get().revoked_at is not None
        office.write(item, user=office.sekretaris, lead="Ringkasan baru.")
        item = take(item, "declare_corrected", office.sekretaris)
        with pytest.raises(StepRefused, match="Status materi sekarang: Menunggu verifikasi"):
            take(item, "publish", office.staf1)


def test_publication_makes_the_permitted_revision_live_not_the_latest(office):
    """A revision inserted past every guard does not go live."""
    item = office.bring_to("ordered")
    permit = item.permits.get()
    stray = permit.revision
    stray.pk, stray.content = None, {**stray.content, "lead": "Diselipkan."}
    Revision.objects.bulk_create([stray])
    item.page.__class__.objects.filter(pk=item.page_id).update(latest_revision=stray)

    take(item, "publish", office.staf1)

    page = item.get_page()
    assert page.live_revision_id == permit.revision_id
    assert page.lead != "Diselipkan."


def test_the_sekretaris_publishes_herself_only_where_the_office_allows_it(office):
    item = office.bring_to("ordered")
    procedure = OfficeProcedure.load()
    procedure.sekretaris_may_publish = False
    procedure.save()
    with pytest.raises(StepRefused, match="penayangan oleh Staf"):
        take(item, "publish", office.sekretaris)
    procedure.sekretaris_may_publish = True
    procedure.save()
    take(item, "publish", office.sekretaris)
    assert AuditEntry.objects.get(action="publish").role == "Sekretaris"


def test_nobody_opens_a_page_that_was_assigned_to_another(office):
    """Row 5: only the named Staf."""
    item = office.bring_to("assigned")
    with pytest.raises(StepRefused, match="ditugaskan kepada staf lain"):
        take(item, "compose", office.staf2)
    item = office.bring_to("composing", item)
    with pytest.raises(StepRefused, match="ditugaskan kepada staf lain"):
        take(item, "hand_over", office.staf2)


def test_a_deactivated_account_takes_no_step(office):
    item = office.bring_to("awaiting_verification")
    office.bidang.is_active = False
    office.bidang.save()
    with pytest.raises(StepRefused):
        take(item, "verify", office.bidang, verdict())


def test_register_rows_and_states_are_not_written_by_hand(office):
    """I7."""
    item = office.issue()
    item.state = "done"
    with pytest.raises(GuardViolation):
        item.save()
    with pytest.raises(GuardViolation):
        item.delete()


def test_a_task_that_is_over_takes_no_step(office):
    """Wagtail acts on the task state in the URL, whatever the page's current one."""
    item = office.bring_to("awaiting_verification")
    correction = SopTaskState.objects.earliest("pk")
    with pytest.raises(StepRefused):
        correction.task.specific.on_action(correction, office.bidang, "verify", **verdict())
    item.refresh_from_db()
    assert item.state == "awaiting_verification"


def test_a_task_of_an_earlier_round_takes_no_step(office):
    item = office.bring_to("awaiting_verification")
    earlier = SopTaskState.objects.latest("pk")
    item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Perbaiki."})
    item = take(item, "declare_corrected", office.sekretaris)
    with pytest.raises(StepRefused, match="sudah tidak berlaku"):
        earlier.task.specific.on_action(earlier, office.bidang, "verify", **verdict())
    item.refresh_from_db()
    assert item.state == "awaiting_verification"
