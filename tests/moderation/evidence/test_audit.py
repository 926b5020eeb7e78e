"""The audit log is intact, or its check names the broken line (I11)."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from moderation.chain.transitions import take
from moderation.evidence import triggers
from moderation.models import AuditEntry, AuditHead
from moderation.ports.exceptions import GuardViolation
from tests.support.audit_log import code_anew, find_first_break

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(office):
    office.bring_to("live")
    return AuditEntry.objects


@pytest.fixture
def without_triggers():
    """Remove the triggers, as a database administrator could."""
    triggers.drop_all()
    yield
    triggers.install_all()


def test_each_line_holds_what_the_invariant_names(office):
    item = office.bring_to("awaiting_verification")
    item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Angka tidak cocok."})
    line = AuditEntry.objects.get(action="return_to_sekretaris")
    assert (line.row, line.actor_name, line.role) == (7, "bidang", "Bidang Pengolahan Data dan Klasifikasi Informasi")
    assert (line.round, line.reason, line.register_number) == (2, "Angka tidak cocok.", item.register_number)
    assert line.at is not None
    assert line.page_id == item.page_id
    assert line.output == "Materi publikasi terverifikasi"
    handed = AuditEntry.objects.get(action="declare_corrected")
    assert len(handed.seal) == 64
    assert handed.revision_id == item.page.latest_revision_id


def test_the_log_of_a_whole_walk_is_intact(log, capsys):
    assert find_first_break() is None
    call_command("verify_audit_log")
    assert "Jejak audit utuh: 11 baris." in capsys.readouterr().out


def test_lines_cannot_be_changed_or_deleted(log):
    line = log.first()
    with pytest.raises(GuardViolation):
        line.save()
    with pytest.raises(GuardViolation):
        line.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        log.filter(pk=line.pk).update(reason="lain")
    with pytest.raises(IntegrityError), transaction.atomic():
        log.all()._raw_delete(log.db)


@pytest.mark.parametrize("column", ["reason", "actor_name", "role", "seal", "output", "title", "action"])
def test_a_changed_line_is_named(log, without_triggers, column):
    log.filter(sequence=4).update(**{column: "lain"})
    with pytest.raises(CommandError, match="Isi baris 4 berubah"):
        call_command("verify_audit_log")


def test_a_removed_line_is_named(log, without_triggers):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM moderation_auditentry WHERE sequence = 4")
    assert find_first_break() == "Baris 4 hilang."


def test_a_line_cut_off_the_end_is_noticed(log, without_triggers):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM moderation_auditentry WHERE sequence = 11")
    assert find_first_break() == "Baris 11 hilang."


def test_a_line_that_was_rewritten_with_its_hash_breaks_the_chain(log, without_triggers):
    """By somebody who has the key as well."""
    line = log.get(sequence=4)
    line.reason = "lain"
    line.hash = line.compute_hash()
    log.filter(pk=line.pk).update(reason="lain", hash=line.hash, code=code_anew(line))
    assert find_first_break() == "Baris 5 tidak bersambung dengan baris sebelumnya."


def test_the_log_outlives_the_page_and_the_people(office):
    item = take(office.bring_to("composing"), "cancel", office.ppid, {"comment": "Batal."})
    count = AuditEntry.objects.count()
    triggers.drop_all()
    type(item).objects.filter(pk=item.pk).update(page=None)
    item.get_page()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_user_groups")
    office.bidang2.delete()
    triggers.install_all()
    assert AuditEntry.objects.count() == count
    assert find_first_break() is None


def test_the_head_is_one_row(log):
    assert AuditHead.objects.count() == 1
    assert AuditHead.objects.get().sequence == log.count()
