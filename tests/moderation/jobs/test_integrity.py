"""The integrity check: green or the first difference; nightly, resumable, with an alarm."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from moderation.evidence import audit, triggers
from moderation.management.jobs import integrity
from moderation.models import AuditEntry, AuditHead, IntegrityCheck, Notification
from moderation.models.audit import GENESIS_HASH
from moderation.ports.jobs import run_once
from moderation.ports.outcome import Outcome
from news.models import NewsPage
from tests.support.audit_log import code_anew, find_first_break

pytestmark = pytest.mark.django_db


@pytest.fixture
def live_item(office):
    return office.bring_to("live")


def change_live_text(item):
    triggers.drop_all()
    NewsPage.objects.filter(pk=item.page_id).update(lead="Camat korupsi.")
    triggers.install_all()


def test_a_whole_site_is_green(live_item):
    assert integrity.get_outcome() is None
    check = integrity.run_now()
    assert (check.is_whole, check.pages, check.lines) == (True, 1, AuditEntry.objects.count())
    assert check.head == AuditHead.objects.get().hash
    assert integrity.get_outcome() == Outcome(check.finished_at)


def test_an_exchanged_text_is_named_and_told(live_item, office):
    change_live_text(live_item)
    check = integrity.run_now()
    assert not check.is_whole
    assert live_item.register_number in check.differences[0]
    assert integrity.get_outcome() == Outcome(check.finished_at, check.differences[0])
    mails = Notification.objects.filter(subject__startswith="Peringatan")
    assert {mail.recipient.username for mail in mails} == {"ppid", "sekretaris", "sekretaris2"}


def test_a_whole_site_alarms_nobody(live_item):
    integrity.run_now()
    assert not Notification.objects.filter(subject__startswith="Peringatan").exists()


def test_a_live_page_whose_verification_is_not_in_the_log(live_item):
    triggers.drop_all()
    AuditEntry.objects.filter(action="verify").update(seal="0" * 64)
    triggers.install_all()
    check = integrity.run_now()
    assert any("ditulis" in found or "berubah" in found for found in check.differences)
    assert any("tidak memuat verifikasinya" in found for found in check.differences)


def test_a_log_that_was_written_anew_from_the_first_line(live_item):
    """By somebody who has the key: all codes fit, but the last run saw another hash at its end."""
    integrity.run_now()
    triggers.drop_all()
    previous = GENESIS_HASH
    for line in AuditEntry.objects.order_by("sequence"):
        line.actor_name, line.previous_hash = "Orang lain", previous
        line.hash = previous = line.compute_hash()
        AuditEntry.objects.filter(pk=line.pk).update(
            actor_name="Orang lain", previous_hash=line.previous_hash, hash=previous, code=code_anew(line)
        )
    AuditHead.objects.update(hash=previous)
    triggers.install_all()
    assert find_first_break() is None
    assert "ditulis ulang" in integrity.run_now().differences[0]


def test_a_log_whose_end_was_cut_off_together_with_its_head(live_item):
    integrity.run_now()
    triggers.drop_all()
    last = AuditEntry.objects.order_by("-sequence").first()
    AuditEntry.objects.filter(pk=last.pk)._raw_delete("default")
    AuditHead.objects.update(sequence=last.sequence - 1, hash=last.previous_hash)
    triggers.install_all()
    assert find_first_break() is None
    assert f"Jejak audit rusak. Baris {last.sequence} hilang." in integrity.run_now().differences


def test_a_log_that_grew_since_the_last_run_is_whole(live_item, office):
    integrity.run_now()
    office.bring_to("live")
    assert integrity.run_now().is_whole


def test_a_missing_and_an_emptied_trigger(live_item):
    name = triggers.PREFIX + "audit_change"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
            )
    assert integrity.run_now().differences == [
        "1 pengaman basis data hilang atau berubah (audit_change). Cari sebabnya, lalu jalankan migrate."
    ]
    triggers.install_all()
    assert integrity.run_now().is_whole


@pytest.mark.postgresql
def test_a_trigger_that_was_switched_off(live_item):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE moderation_auditentry DISABLE TRIGGER ALL")
    found = integrity.run_now().differences
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE moderation_auditentry ENABLE TRIGGER ALL")
    assert any("audit_gone" in difference for difference in found)


def test_the_night_runs_once_however_many_workers(live_item, monkeypatch):
    night = timezone.localtime().replace(hour=2, minute=5)
    monkeypatch.setattr(timezone, "now", lambda: night)
    # Twice as many parts as a run of one item has.
    for _part in range(60):
        integrity.run_due()
    assert IntegrityCheck.objects.get().night == night.date()
    assert integrity.get_last_finished().is_whole


def test_nothing_runs_before_its_hour(live_item, monkeypatch):
    early = timezone.localtime().replace(hour=1, minute=55)
    monkeypatch.setattr(timezone, "now", lambda: early)
    assert integrity.run_due() == 0
    assert not IntegrityCheck.objects.exists()


def test_a_run_goes_on_where_a_dead_worker_left_it(live_item, monkeypatch):
    monkeypatch.setattr(audit, "VERIFIED_AT_ONCE", 2)
    check = integrity.request(None)
    integrity.take_part(check)
    integrity.take_part(check)
    IntegrityCheck.objects.filter(pk=check.pk).update(held_until=timezone.now() + timedelta(minutes=5))
    assert integrity._claim(timezone.now()) is None
    taken = integrity._claim(timezone.now() + timedelta(minutes=6))
    assert (taken.pk, taken.lines) == (check.pk, 2)
    while taken.finished_at is None:
        integrity.take_part(taken)
    assert (taken.is_whole, taken.pages) == (True, 1)


def test_a_finished_run_stays_as_it_ended(live_item):
    check = integrity.run_now()
    with pytest.raises(IntegrityError), transaction.atomic():
        IntegrityCheck.objects.filter(pk=check.pk).update(difference_count=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        IntegrityCheck.objects.all()._raw_delete("default")


def test_the_command_names_what_does_not_fit(live_item, capsys):
    call_command("verify_audit_log")
    assert "Jejak audit utuh" in capsys.readouterr().out
    change_live_text(live_item)
    with pytest.raises(CommandError, match=live_item.register_number):
        call_command("verify_audit_log")


class TestScreen:
    """The desk reads; roles of the chain request a run."""

    address = "/admin/jejak-audit/keutuhan/"

    @pytest.mark.db_agnostic
    def test_ask_run_read(self, office, live_item, log_in):
        client = log_in(office.sekretaris)
        assert "Belum ada pemeriksaan" in client.get(self.address).content.decode()
        client.post(self.address)
        client.post(self.address)
        assert IntegrityCheck.objects.filter(night=None).count() == 1
        assert "sedang berjalan" in client.get(self.address).content.decode()
        # The nightly run is due as well.
        run_once()
        while IntegrityCheck.objects.filter(finished_at=None).exists():
            run_once()
        shown = client.get(reverse("moderation:integrity")).content.decode()
        assert "Utuh: semua cocok" in shown
        assert "Periksa sekarang" in shown

    @pytest.mark.db_agnostic
    def test_red_names_the_difference(self, office, live_item, log_in):
        change_live_text(live_item)
        integrity.run_now()
        shown = log_in(office.pemantau).get(self.address).content.decode()
        assert "Tidak utuh: 1 temuan" in shown
        assert live_item.register_number in shown
        assert "Periksa sekarang" not in shown

    @pytest.mark.db_agnostic
    def test_the_observer_asks_for_nothing(self, office, live_item, log_in):
        log_in(office.pemantau).post(self.address)
        assert not IntegrityCheck.objects.exists()
