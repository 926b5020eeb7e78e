"""The log has a witness outside the database: a file, a mailbox, a printed code."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from moderation.evidence import triggers
from moderation.management.jobs import witness as job
from moderation.models import AuditEntry, AuditHead, Disposition, IntegrityCheck, Notification, WitnessStatement
from moderation.models.audit import GENESIS_HASH
from moderation.records import witness
from tests.support.audit_log import code_anew, find_first_break

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.WITNESS_DIR, settings.WITNESS_MAIL = str(tmp_path), "arsip@kabupaten.example"
    return tmp_path


def rewrite(**changes) -> None:
    """Write the whole log anew, with every code, as whoever has the database and the keys can."""
    triggers.drop_all()
    previous = GENESIS_HASH
    for line in AuditEntry.objects.order_by("sequence"):
        for name, value in {**changes, "previous_hash": previous}.items():
            setattr(line, name, value)
        line.hash = previous = line.compute_hash()
        AuditEntry.objects.filter(pk=line.pk).update(
            **changes, previous_hash=line.previous_hash, hash=previous, code=code_anew(line)
        )
    AuditHead.objects.update(hash=previous)
    _forget_earlier_runs()


def cut(line: int) -> None:
    """Cut the end off the log, and the memory of the runs that saw it."""
    triggers.drop_all()
    AuditEntry.objects.filter(sequence__gt=line)._raw_delete("default")
    last = AuditEntry.objects.get(sequence=line)
    AuditHead.objects.update(sequence=line, hash=last.hash, key_name=last.key_name)
    _forget_earlier_runs()


def _forget_earlier_runs() -> None:
    IntegrityCheck.objects.all()._raw_delete("default")
    triggers.install_all()


class TestEveryDay:
    def test_the_end_of_the_log_goes_to_file_mail_and_office(self, office, folder):
        office.bring_to("live")
        job.run_due()
        [stated] = witness.read_file(folder / job.FILE_NAME)
        head = AuditHead.objects.get()
        assert (stated.line, stated.hash) == (head.sequence, head.hash)
        assert stated.day == (timezone.localdate() - timedelta(days=1)).isoformat()
        assert stated.counts == {"items": 1, "orders": 1, "published": 1, "taken_down": 0}
        [sent] = mail.outbox
        assert sent.to == ["arsip@kabupaten.example"]
        assert head.hash in sent.body
        told = Notification.objects.get(subject__startswith="Saksi jejak audit")
        assert (told.recipient, stated.code in told.body) == (office.ppid, True)

    def test_once_a_day_however_many_workers(self, office, folder):
        office.issue()
        assert job.run_due() == 2
        assert job.run_due() == 0
        assert len((folder / job.FILE_NAME).read_text().splitlines()) == len(mail.outbox) == 1

    def test_a_mail_that_failed_is_sent_later_and_the_file_is_written_all_the_same(self, office, folder, monkeypatch):
        office.issue()

        def refuse(*arguments):
            raise ConnectionRefusedError

        with monkeypatch.context() as patch:
            patch.setattr(job, "send_mail", refuse)
            job.run_due()
        assert (folder / job.FILE_NAME).exists()
        assert WitnessStatement.objects.get().mailed_at is None
        job.run_due()
        assert WitnessStatement.objects.get().mailed_at is not None

    def test_a_folder_that_is_gone_is_told(self, office, folder, settings):
        settings.WITNESS_DIR = str(folder / "tidak-ada")
        office.issue()
        job.run_due()
        assert "tidak dapat ditulis" in job.get_outcome().difference
        assert Notification.objects.filter(subject__startswith="Peringatan: jejak audit berbeda").exists()

    def test_a_log_that_was_cut_is_told_the_next_day(self, office, folder):
        office.issue()
        job.run_due()
        assert job.get_outcome().is_whole
        WitnessStatement.objects.update(day=timezone.localdate() - timedelta(days=3))
        office.issue()
        cut(1)
        (folder / job.FILE_NAME).write_text(witness.Statement(2, "0" * 64, {"items": 2}).write() + "\n")
        job.run_due()
        assert "Ujungnya dipotong" in job.get_outcome().difference


class TestCompared:
    """What a person with the database and the keys can do, and only the witness sees."""

    def test_a_log_written_anew_with_every_code(self, office, folder):
        office.bring_to("live")
        job.run_due()
        code = witness.read_end().code
        call_command("verify_audit_log", witness=[str(folder / job.FILE_NAME), code])
        rewrite(actor_name="Orang lain")
        assert find_first_break() is None
        call_command("verify_audit_log")
        for source in (str(folder / job.FILE_NAME), code):
            with pytest.raises(CommandError, match="ditulis ulang"):
                call_command("verify_audit_log", witness=[source])

    def test_a_log_whose_end_was_cut_off_with_all_that_came_of_it(self, office):
        office.issue()
        second = office.issue()
        code = witness.read_end().code
        Notification.objects.filter(disposition=second).delete()
        triggers.drop_all()
        Disposition.objects.filter(pk=second.pk)._raw_delete("default")
        cut(1)
        call_command("verify_audit_log")
        with pytest.raises(CommandError, match="Ujungnya dipotong"):
            call_command("verify_audit_log", witness=[code])

    def test_counts_that_were_changed_in_the_file(self, office, folder):
        office.issue()
        stated = witness.read_end()
        path = folder / job.FILE_NAME
        path.write_text(witness.Statement(stated.line, stated.hash, {**stated.counts, "items": 7}).write())
        with pytest.raises(CommandError, match="jumlah dalam berkas saksi"):
            call_command("verify_audit_log", witness=[str(path)])

    @pytest.mark.parametrize("content", ["bukan saksi", '{"line": "1", "hash": "x"}', "[]", "{}"])
    def test_what_is_no_witness_is_said(self, office, tmp_path, content):
        path = tmp_path / "berkas"
        path.write_text(content)
        with pytest.raises(CommandError, match="bukan kesaksian"):
            call_command("verify_audit_log", witness=[str(path)])
        with pytest.raises(CommandError, match="bukan kode cetak"):
            call_command("verify_audit_log", witness=["JA-12-zz"])


def test_the_printed_register_bears_the_code(office, log_in):
    office.issue()
    shown = log_in(office.sekretaris).get(reverse("moderation:register_paper")).content.decode()
    code = witness.read_end().code
    assert f"Ujung jejak audit: {code}" in shown
    assert f"Kode QR: {code}" in shown
    assert log_in(office.sekretaris).get(reverse("moderation:register_pdf")).content.startswith(b"%PDF")
