"""The web processes share what one process loaded, and a reload exchanges all of them under their readers."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from kecamatan_site.production.upgrade import FLAG
from tests.support.front.nginx import free_port

pytestmark = pytest.mark.db_agnostic

SETTINGS = """
from kecamatan_site.settings.env import env, read_env_file
read_env_file()
from kecamatan_site.settings.test import *
SECURE_REFERRER_POLICY = env("POLICY")
"""
WORKER = f"""
FLAG = "{FLAG.name}"
from pathlib import Path
from django.apps import AppConfig
from moderation.ports.jobs import register_job

class WorkerConfig(AppConfig):
    name = "own_worker"

    def ready(self):
        register_job("tanda", self.note, 0.5)

    def note(self):
        folder = Path(__file__).parent
        seen = "during" if (folder / FLAG).exists() else "after"
        (folder / seen).touch()
        return 0
"""
#: Longer than any machine takes; waited for a condition, never out.
PATIENCE = 180


@pytest.fixture
def site(tmp_path, request):
    """The web processes as production starts them, with a file ``.env`` that a test may change.

    Where a test wants a worker beside them, an upgrade is under way, and the worker has a job of its own.
    """
    env_file = tmp_path / ".env"
    env_file.write_text("POLICY=no-referrer")
    own_settings = tmp_path / "own_settings.py"
    own_settings.write_text(SETTINGS)
    if with_worker := getattr(request, "param", False):
        (tmp_path / FLAG.name).touch()
        (tmp_path / "own_worker.py").write_text(WORKER)
        with own_settings.open("a") as more:
            more.write('INSTALLED_APPS = [*INSTALLED_APPS, "own_worker.WorkerConfig"]\n')
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:kecamatan_site.web_processes"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "own_settings",
        "ENV_FILE": str(env_file),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(settings.BASE_DIR)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "TEST_DATA_DIR": str(tmp_path),
        "WORKER_WITH_WEB": str(int(with_worker)),
    }
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "kecamatan_site.wsgi", f"--bind=127.0.0.1:{port}", "--workers=2", "--timeout=600"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
        )
    yield process, f"http://127.0.0.1:{port}/cari/", env_file
    process.terminate()
    process.wait(timeout=PATIENCE)


def ask(address: str) -> str:
    """Return the policy in the headers of a refusal that Django makes without its database."""
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(address, data=b"", timeout=PATIENCE)
    assert refusal.value.code == 403
    return refusal.value.headers["Referrer-Policy"]


def list_workers(process) -> set[str]:
    return {child for child in list_children(process) if Path(f"/proc/{child}/comm").read_text() == "worker\n"}


def list_children(process) -> set[str]:
    return set(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())


def wait_for(condition, process) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def can_ask(address: str) -> bool:
    try:
        return bool(ask(address))
    except OSError:
        return False


def has_exchanged(process, before: set[str]) -> bool:
    now = list_children(process)
    return len(now) == 2 and not now & before


def test_web_processes_share_what_one_loaded_and_a_reload_refuses_no_reader(site):
    process, address, env_file = site
    wait_for(lambda: can_ask(address), process)
    assert ask(address) == "no-referrer"
    wait_for(lambda: has_exchanged(process, set()), process)
    before = list_children(process)
    for child in before:
        rollup = Path(f"/proc/{child}/smaps_rollup").read_text()
        size = {name: int(number) for name, number in re.findall(r"^(Rss|Private_Dirty):\s+(\d+)", rollup, re.M)}
        assert size["Private_Dirty"] < size["Rss"] / 2, "it loaded what it should share"
    env_file.write_text("POLICY=same-origin")
    # The second while the first is under way.
    for _number in range(2):
        process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
    # Each is answered: a refused connection raises.
    wait_for(lambda: ask(address) == "same-origin", process)
    wait_for(lambda: ask(address) and has_exchanged(process, before), process)
    assert ask(address) == "same-origin"
    # Who is told to stop within a reload stops, and nobody outlives it.
    web_processes = list_children(process)
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=PATIENCE) == 0
    deadline = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{child}").exists() for child in web_processes):
        assert time.monotonic() < deadline, "a web process outlives the first one"
        time.sleep(0.05)


@pytest.mark.parametrize("site", [True], indirect=True)
def test_a_worker_beside_the_web_processes_is_replaced_with_them_and_rests_during_an_upgrade(site, tmp_path):
    """It is one process, whether killed or reloaded, and posts nothing from half of an upgrade."""
    process, address, _env_file = site
    wait_for(lambda: can_ask(address), process)
    wait_for(lambda: len(list_children(process)) == 3 and list_workers(process), process)
    web, [killed] = list_children(process) - list_workers(process), list_workers(process)
    os.kill(int(killed), signal.SIGKILL)
    wait_for(lambda: list_workers(process) - {killed}, process)
    assert list_children(process) - list_workers(process) == web
    assert not (tmp_path / "after").exists()
    assert not (tmp_path / "during").exists()
    (tmp_path / FLAG.name).unlink()
    wait_for((tmp_path / "after").exists, process)
    [before] = list_workers(process)
    process.send_signal(signal.SIGHUP)
    wait_for(lambda: len(list_children(process)) == 3 and not list_children(process) & {*web, before}, process)
    assert len(list_workers(process)) == 1
    # It ends with the process that forked it, which may not say so.
    [left] = list_workers(process)
    process.kill()
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{left}").exists():
        assert time.monotonic() < deadline, "the worker outlives the first process"
        time.sleep(0.05)
