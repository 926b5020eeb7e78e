"""The proof looks both ways: what is there was done, and what was done is there, whole and reachable."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, TaskState

from moderation import sop
from moderation.chain.transitions import take
from moderation.evidence import triggers
from moderation.management.jobs import integrity
from moderation.models import AuditEntry, Disposition, Notification, PublicationPermit, SopTask, Withdrawal
from tests.moderation.evidence.test_each_trigger import forge_permit
from tests.moderation.evidence.test_live_triggers import forge_verification
from tests.support.audit_log import forge_line
from tests.support.databases.statements import execute
from tests.support.factories import slip_past_triggers

pytestmark = pytest.mark.django_db


def bring(office, state) -> Disposition:
    if state == "taken_down":
        return take(office.bring_to("live"), "take_down", office.sekretaris, {"comment": "Keliru."})
    return office.bring_to(state)


def delete(rows) -> None:
    triggers.drop_all()
    rows._raw_delete("default")
    triggers.install_all()


def page_of(item):
    return Page.objects.filter(pk=item.page_id)


def revoke(item, office) -> None:
    slip_past_triggers(item.permits, revoked_at=timezone.now(), revoked_by=office.admin, revoke_reason="Palsu.")


def take_down_by_two_updates(item, office) -> None:
    revoke(item, office)
    slip_past_triggers(page_of(item), live=False)


def lose_the_line(item, office) -> None:
    delete(AuditEntry.objects.filter(action="publish"))


def lose_the_row(item, office) -> None:
    Notification.objects.all().delete()
    delete(Disposition.objects.filter(pk=item.pk))


#: The state of an item, what is done to its records past the application, and what the proof says.
TAMPERED = {
    "a state": ("live", lambda item, office: Disposition.objects.update(state="composing"), "status dalam register"),
    "a state without a step": (
        "awaiting_correction",
        lambda item, office: Disposition.objects.update(state="verified"),
        "menurut jejak audit “Menunggu koreksi Sekretaris”",
    ),
    "a number": (
        "disposed",
        lambda item, office: slip_past_triggers(Disposition.objects, register_number="X"),
        "nomor register berbeda",
    ),
    "a row of the register": (
        "disposed",
        lose_the_row,
        "tidak ada lagi dalam register",
    ),
    "a permit revoked": ("live", revoke, "dicabut, tetapi jejak audit tidak memuat penurunan"),
    "a permit marked": (
        "live",
        lambda item, office: item.permits.update(revoked_by=office.admin),
        "bertanda pencabutan",
    ),
    "a page taken down": (
        "live",
        lambda item, office: slip_past_triggers(page_of(item), live=False),
        "menurut jejak audit tayang, tetapi halamannya tidak tayang",
    ),
    "a page taken down with its permit": ("live", take_down_by_two_updates, "tidak memuat penurunan"),
    "a page put back": (
        "taken_down",
        lambda item, office: slip_past_triggers(page_of(item), live=True),
        "tidak memuat penayangan yang berlaku",
    ),
    "a draft made live": (
        "composing",
        lambda item, office: slip_past_triggers(page_of(item), live=True),
        "tayang tanpa perintah tayang",
    ),
    "an order that no line tells of": (
        "verified",
        forge_permit,
        "PT-palsu diterbitkan, tetapi jejak audit tidak memuatnya",
    ),
    "an order that was ended": (
        "ordered",
        lambda item, office: item.permits.update(revoked_at=timezone.now()),
        "0 perintah tayang menunggu",
    ),
    "an order that is gone": (
        "ordered",
        lambda item, office: delete(item.permits.all()),
        "memuat perintah tayang yang diterbitkan, tetapi perintah itu tidak ada",
    ),
    "a publication that no line tells of": ("live", lose_the_line, "dijalankan, tetapi jejak audit tidak memuatnya"),
    "a take-down without its record": (
        "taken_down",
        lambda item, office: delete(Withdrawal.objects.all()),
        "catatan penurunan tidak sama",
    ),
    "a task": (
        "awaiting_verification",
        lambda item, office: TaskState.objects.update(task=SopTask.objects.get(step=sop.StepCode.PUBLICATION_ORDER)),
        "tugas alur",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_done_past_the_application_is_named(office, name):
    state, tamper, told = TAMPERED[name]
    item = bring(office, state)
    tamper(item, office)
    with pytest.raises(CommandError, match=told):
        call_command("verify_audit_log")


@pytest.mark.parametrize("state", ["held_exempt", "exempted", "returned", "scheduled", "taken_down", "cancelled"])
def test_every_way_of_an_item_is_whole(office, state):
    if state == "returned":
        item = take(
            office.bring_to("awaiting_verification"), "return_to_sekretaris", office.bidang, {"comment": "Lagi."}
        )
        take(item, "return_to_staf", office.sekretaris, {"comment": "Lengkapi."})
    elif state == "scheduled":
        item = office.bring_to("ordered", go_live_at=(timezone.now() + timezone.timedelta(days=1)).isoformat())
        take(item, "schedule", office.staf1)
    elif state == "cancelled":
        take(office.bring_to("ordered"), "cancel", office.ppid, {"comment": "Batal."})
    else:
        bring(office, state)
    assert integrity.run_now().differences == []


def test_a_ralat_is_whole_while_it_runs_when_it_is_dropped_and_after_a_take_down(office):
    item = office.open_ralat(office.bring_to("live"))
    assert integrity.run_now().differences == []
    item = take(item, "drop_correction", office.sekretaris, {"comment": "Tidak perlu."})
    assert integrity.run_now().differences == []
    item = office.bring_to("live", office.open_ralat(item))
    item = take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
    item = office.bring_to("verified", office.open_ralat(item))
    assert integrity.run_now().differences == []


def test_a_draft_made_live_with_every_record_forged_and_no_trigger_dropped(office):
    """All that SQL can write is there and fits; only the codes of the lines are missing."""
    item = office.bring_to("awaiting_verification")
    revision, seal = forge_verification(item)
    tasks = TaskState.objects.filter(workflow_state__object_id=str(item.page_id), status="in_progress")
    task = tasks.get().pk
    TaskState.objects.filter(pk=task).update(status="approved")
    Disposition.objects.filter(pk=item.pk).update(state="verified")
    forge_permit(item, office, revision=None, revision_id=revision, seal=seal)
    permits = PublicationPermit.objects.filter(number="PT-palsu")
    facts = {"disposition_id": item.pk, "page_id": item.page_id, "round": item.round, "seal": seal}
    forge_line(action="order", revision_id=revision, **facts)
    publication = SopTask.objects.get(step=sop.StepCode.PUBLICATION)
    TaskState.objects.filter(pk=task).update(status="in_progress", task=publication)
    Disposition.objects.filter(pk=item.pk).update(state="ordered")
    permits.update(executed_at=timezone.now(), executed_by=office.admin)
    page_of(item).update(live=True, live_revision_id=revision)
    permits.update(completed_at=timezone.now())
    forge_line(action="publish", revision_id=revision, **facts)
    execute("UPDATE wagtailcore_workflowstate SET status = 'approved' WHERE object_id = %s", str(item.page_id))
    Disposition.objects.filter(pk=item.pk).update(state="live")
    with pytest.raises(CommandError, match="tidak ditulis oleh aplikasi"):
        call_command("verify_audit_log")


class TestForeign:
    """What stands on the tables of the records and was not installed."""

    def test_another_trigger(self, office):
        if connection.vendor == "sqlite":
            execute("CREATE TRIGGER sop_guard_lain AFTER UPDATE ON moderation_disposition BEGIN SELECT 1; END")
        else:
            execute("CREATE FUNCTION lain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
            execute(
                "CREATE TRIGGER sop_guard_lain BEFORE UPDATE ON moderation_disposition "
                "FOR EACH ROW EXECUTE FUNCTION lain()"
            )
        assert integrity.run_now().differences == [
            "Pemicu sop_guard_lain pada tabel moderation_disposition tidak berasal dari aplikasi ini."
        ]

    @pytest.mark.postgresql
    @pytest.mark.parametrize(
        ("statements", "told"),
        [
            (["CREATE RULE lain AS ON UPDATE TO moderation_auditentry DO ALSO SELECT 1"], "Aturan lain"),
            (["ALTER TABLE wagtailcore_page ENABLE ROW LEVEL SECURITY"], "Pembatasan baris row security"),
            (["CREATE POLICY lain ON news_newspage USING (true)"], "Kebijakan baris lain"),
            (["CREATE TABLE anak () INHERITS (moderation_publicationpermit)"], "Tabel turunan anak"),
            (["SET session_replication_role = replica"], "session_replication_role adalah replica"),
        ],
    )
    def test_what_postgresql_may_have_besides(self, office, statements, told):
        for statement in statements:
            execute(statement)
        found = integrity.run_now().differences
        execute("SET session_replication_role = origin")
        assert any(told in difference for difference in found), found
