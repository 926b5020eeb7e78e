"""/healthz and /metrics: cheap, bounded, without secrets, and no page of the site."""

import re
import subprocess
import sys
import time
from datetime import timedelta
from unittest.mock import ANY

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.backup import proving
from home.watch import addresses
from kecamatan_site.health import heartbeat, probes, processes
from kecamatan_site.health.checks import machine
from kecamatan_site.health.models import Heartbeat
from kecamatan_site.health.rows import Verdict
from moderation.management.jobs import integrity
from moderation.models import Disposition
from moderation.ports import jobs
from news.social.models import Account, Delivery

pytestmark = pytest.mark.django_db

#: A line of Prometheus' text format, as its documentation has it: name, labels, a number.
LINE = re.compile(r'([a-z_]+)(\{[a-z]+="\w+"\})? (-?[0-9.e+]+)')


@pytest.fixture(autouse=True)
def look_anew(monkeypatch):
    monkeypatch.setattr(probes, "_last", None)


@pytest.fixture
def production(settings):
    """What stops an ordinary request of a program: another host name, plain HTTP."""
    settings.ALLOWED_HOSTS = ["situs.example"]
    settings.SECURE_SSL_REDIRECT = True
    return settings


def test_a_ready_process_says_so_under_any_name(client, production):
    for path, said in (("/healthz/live", "hidup\n"), ("/healthz/ready", "siap\n"), ("/healthz", "siap\n")):
        answer = client.get(path, headers={"host": "127.0.0.1:8001"})
        assert (answer.status_code, answer.content.decode()) == (200, said)
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
        assert client.post(path).status_code == 405
    assert client.get("/healthz/lain", headers={"host": "127.0.0.1:8001"}).status_code == 400


def test_the_database_is_asked_once_in_a_while_however_many_ask(client, monkeypatch):
    def count(requests: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            for _ in range(requests):
                assert client.get("/healthz/ready").status_code == 200
            client.get("/healthz/live")
        return len(queries)

    # However slow the machine is.
    monkeypatch.setattr(probes, "HOLDS", 3600.0)
    once = count(20)
    assert 1 <= once <= 2
    assert count(5) == 0
    monkeypatch.setattr(probes, "HOLDS", -1.0)
    assert count(3) == 3 * once


def test_a_process_is_not_ready_without_its_tables(client):
    MigrationRecorder(connection).record_unapplied("health", "0001_heartbeats")
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.content.decode()) == (503, f"{probes.BEHIND}\n")
    assert probes.list_unapplied() == ["health.0001_heartbeats"]
    assert client.get("/healthz/live").status_code == 200


def test_a_process_is_not_ready_without_its_database_and_tells_no_secret(client, monkeypatch):
    def fail():
        raise OperationalError("password of user situs at 10.0.0.7 is wrong")

    monkeypatch.setattr(probes, "list_unapplied", fail)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content.decode()) == (503, f"{probes.NO_DATABASE}\n")
    assert client.get("/healthz/live").status_code == 200


def test_the_migrations_are_those_that_django_finds():
    assert set(probes._list_migrations()) == set(MigrationLoader(None).disk_migrations)
    assert probes.list_unapplied() == []


def test_what_programs_ask_is_no_page_of_the_site():
    assert not [path for path in addresses.list_addresses() if path.startswith(("/healthz", "/metrics"))]


def read(client, unknown: set[str]) -> dict[str, float]:
    """Return the values by name and label; ``unknown``: what is announced and nobody has yet."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    found = [LINE.fullmatch(line) for line in lines if not line.startswith("#")]
    assert all(found), lines
    announced = {line.split()[2].removeprefix("situs_") for line in lines if line.startswith("# TYPE")}
    assert announced - {one[1].removeprefix("situs_") for one in found} == unknown
    return {one[1] + (one[2] or ""): float(one[3]) for one in found}


def test_the_numbers_are_those_of_the_database(client, office, tmp_path, settings, monkeypatch):
    # Other tests start programs of this site at the same time.
    settings.BACKUP_DIR = settings.BASE_DIR = tmp_path
    programs = {"memory_bytes", "processor_seconds_total", "start_seconds"}
    proof = {"last_proof_timestamp_seconds", "last_proof_whole"}
    proof |= {"last_backup_proof_timestamp_seconds", "last_backup_proof_whole"}
    office.issue()
    item = office.bring_to("live", channels=["console"])
    numbers = read(client, {"worker_heartbeat_age_seconds", "last_backup_timestamp_seconds", *proof, *programs})
    assert numbers['situs_items{state="disposed"}'] == 1
    assert numbers['situs_items{state="verified"}'] == 0
    oldest = timezone.now() - Disposition.objects.open().earliest("state_since").state_since
    assert 0 < numbers["situs_oldest_waiting_seconds"] < oldest.total_seconds()
    assert numbers["situs_workers"] == 0
    assert numbers['situs_deliveries{state="pending"}'] == Delivery.objects.filter(disposition=item).count() == 1
    assert numbers["situs_accounts_paused"] == 0

    # However slow the machine is.
    monkeypatch.setattr(heartbeat, "ALIVE", timedelta(hours=20))
    now = timezone.now()
    assert jobs._jobs["denyut"].function() == heartbeat.beat() == 0
    Heartbeat.objects.create(worker="lain:1", beat_at=now - heartbeat.ALIVE)
    Heartbeat.objects.create(worker="lama:1", beat_at=now - timedelta(days=2))
    heartbeat.beat()
    (tmp_path / "situs-20261130T010000Z.backup").touch()
    Account.objects.update(paused_at=now)
    integrity.run_now()
    proving.note(proving.Outcome("situs-20261130T010000Z.backup", now, is_whole=True))
    numbers = read(client, programs)
    assert numbers["situs_last_backup_proof_timestamp_seconds"] == pytest.approx(now.timestamp())
    assert numbers["situs_last_backup_proof_whole"] == 1
    assert 0 <= numbers['situs_disk_free_ratio{disk="backups"}'] <= 1
    assert numbers["situs_workers"] == 1
    assert 0 < numbers["situs_worker_heartbeat_age_seconds"] < (timezone.now() - now).total_seconds()
    assert numbers["situs_last_backup_timestamp_seconds"] == 1796000400
    assert numbers["situs_last_proof_whole"] == integrity.get_outcome().is_whole
    assert numbers["situs_accounts_paused"] == 1
    assert not Heartbeat.objects.filter(worker="lama:1").exists()


@pytest.mark.db_agnostic
def test_what_the_programs_use_is_read_from_the_machine(client, settings, tmp_path, monkeypatch):
    settings.BACKUP_DIR = settings.BASE_DIR = tmp_path
    began = time.monotonic()
    command = [sys.executable, "-c", "held = bytearray(50 * 2**20); print(flush=True); input()", "worker"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        program.stdout.readline()
        used = processes.measure()
        numbers = {name: value for name, value in read(client, ANY).items() if "worker" in name}
        seen = machine.look_at_memory()
        program.communicate(b"\n")
    assert used.keys() == {"worker"}
    assert used["worker"].processes == 1
    # Its share of what it has in common with others grows when those end.
    for memory in (used["worker"].memory, numbers['situs_memory_bytes{process="worker"}']):
        assert 50 * 2**20 < memory < 200 * 2**20
    assert 0 <= used["worker"].processor <= numbers['situs_processor_seconds_total{process="worker"}']
    assert used["worker"].processor < time.monotonic() - began
    assert (seen.verdict, "dalam 1 proses" in seen.sentence) == (Verdict.GOOD, True)
    assert processes.measure() == {}

    monkeypatch.setattr(processes, "_took", None)
    assert "situs_start_seconds" not in read(client, ANY)
    processes.note_start()
    assert 0 < read(client, ANY)["situs_start_seconds"] == processes.get_start()


@pytest.mark.parametrize(
    "sender",
    [
        {"REMOTE_ADDR": "10.0.0.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "::1", "HTTP_FORWARDED": "for=127.0.0.1"},
    ],
    ids=["another machine", "through nginx", "through a proxy"],
)
def test_the_numbers_are_for_this_machine_alone(client, sender):
    answer = client.get("/metrics", **sender)
    assert (answer.status_code, answer.content) == (404, b"")
