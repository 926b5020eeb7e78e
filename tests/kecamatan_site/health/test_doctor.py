"""The doctor: each row good, or a sentence that says what to do."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow

from home.backup import proving, retention
from home.pagecache import generation, store
from kecamatan_site.health import disks, doctor, heartbeat
from kecamatan_site.health.checks import database, files, machine, outside
from kecamatan_site.health.disks import Disk
from kecamatan_site.health.rows import Check, Verdict
from moderation.evidence import triggers
from moderation.management.jobs import integrity, witness
from moderation.models import Notification, Watch
from moderation.people.alarms import Found, settle
from moderation.people.role_audit import note_holders
from news.social.models import Account
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db

GIB = 2**30


@pytest.fixture
def healthy(office, settings, tmp_path, monkeypatch):
    """A site of which everything was looked at, backed up and proven; it has no TLS."""
    settings.BACKUP_KEYS, settings.BACKUP_DIR = ["a" * 44], tmp_path
    settings.WITNESS_DIR = str(tmp_path)
    settings.SECRET_FILES = [tmp_path / ".env"]
    settings.PAGES_ROOT = tmp_path / "pages"
    settings.SECRET_FILES[0].touch(mode=0o600)
    (tmp_path / retention.make_name(timezone.now())).touch()
    proving.note(proving.Outcome("situs.backup", timezone.now(), is_whole=True))
    office.bring_to("live", channels=["console"])
    now = timezone.now()
    for part in Watch.Part:
        Watch.objects.create(part=part, due_at=now, looked_at=now, round_ended_at=now, round_size=3)
    integrity.run_now()
    note_holders()
    witness.run_due()
    heartbeat.beat()
    generation.take_over()
    monkeypatch.setattr(files, "PATIENCE", 0)
    # However slow and full the machine is that runs the tests.
    monkeypatch.setattr(heartbeat, "ALIVE", timedelta(days=1))
    for name in ("_DISK_FAULT", "_MEMORY_FAULT", "_CONNECTIONS_FAULT"):
        monkeypatch.setattr(machine, name, -1.0)
    return office


def examine() -> dict[str, tuple[Verdict, str]]:
    return {row.label: (row.verdict, row.sentence) for row in doctor.examine()}


def list_faults() -> list[str]:
    return [label for label, (verdict, _sentence) in examine().items() if verdict is Verdict.FAULT]


def test_a_healthy_site_has_no_red_row_and_the_command_ends_well(healthy, capsys):
    rows = examine()
    assert list_faults() == []
    assert rows.keys() >= {"Keutuhan situs", "Keutuhan jejak audit dan berita", "Keutuhan saksi"}
    assert all(sentence for verdict, sentence in rows.values() if verdict is not Verdict.GOOD)
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert [line[:5] for line in lines] == [{"Baik": "baik "}.get(row[0].value, "SARAN") for row in rows.values()]


def drop_a_trigger(office):
    trigger = triggers.get_triggers(connection.vendor)[0]
    on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {triggers.PREFIX}{trigger.name}{on}")


def lose_a_picture(office):
    photo = make_photo()
    photo.file.storage.delete(photo.file.name)


def hold_a_mail(office):
    now = timezone.now()
    held = Notification.objects.create(recipient=office.sekretaris, subject="a", body="b", next_attempt_at=now)
    Notification.objects.filter(pk=held.pk).update(created_at=now - timedelta(hours=2))


def age_the_backup(office):
    [archive] = (path for path in project.BACKUP_DIR.iterdir() if retention.read_moment(path.name))
    archive.rename(archive.with_name(retention.make_name(timezone.now() - timedelta(days=3))))


def age_the_proof(office):
    proving.note(proving.Outcome("situs.backup", timezone.now() - timedelta(days=10), is_whole=True))


def open_the_secrets(office):
    project.SECRET_FILES[0].chmod(0o640)


def stop_the_watch(office):
    settle(Watch.objects.get(part=Watch.Part.SITE), [], [Found("https://situs.example/", "tautan", "", "slot gacor")])


BROKEN = {
    "Migrasi": (lambda office: MigrationRecorder(connection).record_unapplied("health", "0001_heartbeats"), "migrate"),
    "Kelompok dan alur SOP": (lambda office: Workflow.objects.create(name="Lain", active=True), "migrate"),
    "Pengaman basis data": (drop_a_trigger, "Cari sebabnya"),
    "Keutuhan situs": (stop_the_watch, "Lihat layar Keutuhan"),
    "Berkas media": (lose_a_picture, "manage.py restore"),
    "Halaman tersimpan": (lambda office: store.write_state(store.State()), "drop_pages"),
    "Cadangan": (age_the_backup, "situs-backup.timer"),
    "Bukti cadangan": (age_the_proof, "situs-proof.timer"),
    "Surel": (hold_a_mail, "manage.py doctor --mail"),
    "Akun kanal": (lambda office: Account.objects.update(paused_at=timezone.now()), "hubungkan kembali"),
    "Pekerja": (lambda office: heartbeat.Heartbeat.objects.all().delete(), "systemctl restart situs-worker"),
    "Berkas rahasia": (open_the_secrets, "chmod 600"),
}


@pytest.mark.parametrize("label", BROKEN)
def test_what_is_broken_is_the_one_red_row_and_says_what_to_do(healthy, label, capsys):
    spoil, advice = BROKEN[label]
    spoil(healthy)
    if label != "Halaman tersimpan":
        generation.catch_up()
    assert list_faults() == [label]
    assert advice in examine()[label][1]
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor")
    assert f"RUSAK {label}: " in capsys.readouterr().out


def test_a_site_of_yesterday_may_have_no_backup_yet_and_none_may_go_without_keys(office, settings, tmp_path):
    settings.BACKUP_KEYS, settings.BACKUP_DIR = ["a" * 44], tmp_path / "none"
    MigrationRecorder.Migration.objects.update(applied=timezone.now())
    assert files.look_at_backup().verdict is Verdict.ADVICE
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(days=3))
    assert files.look_at_backup().verdict is Verdict.FAULT
    settings.BACKUP_KEYS = []
    assert "BACKUP_KEYS" in files.look_at_backup().sentence


def test_an_account_is_named_before_its_permission_ends(office):
    office.bring_to("live", channels=["console"])
    assert outside.look_at_accounts().verdict is Verdict.GOOD
    Account.objects.update(expires_at=timezone.now() + timedelta(days=3))
    found = outside.look_at_accounts()
    assert (found.verdict, "segera berakhir" in found.sentence) == (Verdict.ADVICE, True)


def test_a_check_that_breaks_off_is_a_row_and_the_others_are_looked_at(monkeypatch, caplog):
    def break_off():
        raise KeyError("sandi-basis-data")

    def ask_nothing():
        raise DatabaseError("password")

    for look, logged in ((break_off, 1), (ask_nothing, 1)):
        [row] = Check("Jam", look).examine()
        assert row.verdict is Verdict.FAULT
        assert not {"sandi-basis-data", "password"} & set(row.sentence.split())
        assert len(caplog.records) == logged


def test_a_database_that_does_not_answer_is_said_in_a_sentence(monkeypatch):
    def refuse():
        raise DatabaseError("no password for user situs")

    monkeypatch.setattr(connection, "cursor", refuse)
    found = database.look_at_database()
    assert (found.verdict, "DATABASE_URL" in found.sentence) == (Verdict.FAULT, True)


def make_disks(*shares: int) -> list[disks.Disk]:
    """Return disks of 100 GiB, of which so many are free."""
    names = ("data", "backups", "temporary")
    return [Disk(name, Path(f"/{name}"), share * GIB, 100 * GIB) for name, share in zip(names, shares, strict=False)]


@pytest.mark.db_agnostic
@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (machine.judge_disks(make_disks(50, 30)), Verdict.GOOD),
        (machine.judge_disks(make_disks(50, 9)), Verdict.ADVICE),
        (machine.judge_disks(make_disks(4)), Verdict.FAULT),
        (machine.judge_memory(400, 4), Verdict.GOOD),
        (machine.judge_memory(0, 0), Verdict.GOOD),
        (machine.judge_memory(1100, 4), Verdict.ADVICE),
        (machine.judge_headroom(0.5, 1.0, 1.0), Verdict.GOOD),
        (machine.judge_headroom(0.5, 3.0, 1.0), Verdict.ADVICE),
        (machine.judge_headroom(0.03, 1.0, 1.0), Verdict.FAULT),
        (machine.judge_headroom(0.5, 1.0, 0.05), Verdict.FAULT),
    ],
)
def test_what_is_left_is_judged(found, verdict):
    assert found.verdict is verdict
    assert found.sentence


@pytest.mark.db_agnostic
def test_a_disk_that_fills_up_is_told_once_and_again_after_it_was_fine(office, settings, tmp_path, monkeypatch):
    settings.DATA_DIR, settings.DISK_WARNING_PERCENT = tmp_path, 20
    subjects = Notification.objects.filter(subject="Ruang disk server menipis")
    told = []
    for shares in [(30, 30), (19, 30), (18, 30), (21, 30), (19, 30), (22, 30), (19, 30), (19, 19), (19, 19)]:
        monkeypatch.setattr(disks, "list_disks", lambda shares=shares: make_disks(*shares))
        assert disks.watch() == 0
        told.append(subjects.filter(recipient=office.ppid).count())
    # At 21 of 20 percent it is not fine yet; another disk is told for itself.
    assert told == [0, 1, 1, 1, 1, 1, 2, 3, 3]
    assert subjects.filter(recipient=office.admin).count() == 3
    assert not subjects.filter(recipient=office.staf1).exists()
    assert "19% (19456 MiB) tersisa di /data" in subjects.first().body


@pytest.mark.db_agnostic
@pytest.mark.parametrize(("is_whole", "words"), [(False, "tidak sama"), (None, "Belum ada")])
def test_a_backup_that_is_not_proven_is_told(settings, tmp_path, monkeypatch, is_whole, words):
    settings.BACKUP_DIR = tmp_path
    monkeypatch.setattr(files, "FRESH_PROOF", timedelta(0))
    if is_whole is not None:
        proving.note(proving.Outcome("situs.backup", timezone.now(), is_whole=is_whole))
    found = files.look_at_backup_proof()
    assert (found.verdict, words in found.sentence) == (Verdict.FAULT, True)


def test_a_clock_behind_the_log_is_a_fault(monkeypatch):
    monkeypatch.setattr(machine, "get_lead", lambda: timedelta(minutes=30))
    found = machine.look_at_clock()
    assert (found.verdict, "30 menit" in found.sentence) == (Verdict.FAULT, True)


def test_a_mail_is_delivered_at_once_or_the_reason_told_without_the_password(settings, capsys):
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_PASSWORD = "127.0.0.1", 1, "rahasia-sekali"
    with suppress(SystemExit):
        call_command("doctor", mail="kepala@situs.example")
    assert [sent.to for sent in mail.outbox] == [["kepala@situs.example"]]
    assert "baik  Surel uji: Diterima" in capsys.readouterr().out
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    row = outside.deliver_mail("kepala@situs.example")
    assert row.verdict is Verdict.FAULT
    assert "ConnectionRefusedError" in row.sentence
    assert "rahasia" not in row.sentence


def test_the_screen_is_for_ppid_pembantu_and_administrators(healthy, log_in):
    address = reverse("site_health")
    refused = {}
    for name, user in healthy.people.items():
        answer = log_in(user).get(address)
        refused[name] = answer.status_code != 200
        if not refused[name]:
            text = answer.content.decode()
            assert "Tidak ada yang rusak" in text, text
            assert reverse("moderation:integrity") in text
    assert {name for name, is_refused in refused.items() if not is_refused} == {"ppid", "admin"}
    heartbeat.Heartbeat.objects.all().delete()
    text = log_in(healthy.people["ppid"]).get(address).content.decode()
    assert "1 rusak" in text
    assert text.index("Pekerja: rusak") < text.index("Basis data: baik")
