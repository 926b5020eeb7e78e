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

from tests.support.front.nginx import free_port

pytestmark = pytest.mark.db_agnostic

SETTINGS = "from kecamatan_site.settings.test import *\nSECURE_REFERRER_POLICY = '{policy}'\n"
#: Longer than any machine takes; waited for a condition, never out.
PATIENCE = 180


@pytest.fixture
def site(tmp_path):
    """The web processes as production starts them, with a settings file that a test may change."""
    own_settings = tmp_path / "changing_settings.py"
    own_settings.write_text(SETTINGS.format(policy="no-referrer"))
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:kecamatan_site.web_processes"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "changing_settings",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(settings.BASE_DIR)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "TEST_DATA_DIR": str(tmp_path),
    }
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "kecamatan_site.wsgi", f"--bind=127.0.0.1:{port}", "--workers=2", "--timeout=600"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
        )
    yield process, f"http://127.0.0.1:{port}/cari/", own_settings
    process.terminate()
    process.wait(timeout=PATIENCE)


def ask(address: str) -> str:
    """Return the policy in the headers of a refusal that Django makes without its database."""
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(address, data=b"", timeout=PATIENCE)
    assert refusal.value.code == 403
    return refusal.value.headers["Referrer-Policy"]


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
    process, address, own_settings = site
    wait_for(lambda: can_ask(address), process)
    assert ask(address) == "no-referrer"
    wait_for(lambda: has_exchanged(process, set()), process)
    before = list_children(process)
    for child in before:
        rollup = Path(f"/proc/{child}/smaps_rollup").read_text()
        size = {name: int(number) for name, number in re.findall(r"^(Rss|Private_Dirty):\s+(\d+)", rollup, re.M)}
        assert size["Private_Dirty"] < size["Rss"] / 2, "it loaded what it should share"
    own_settings.write_text(SETTINGS.format(policy="same-origin"))
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
