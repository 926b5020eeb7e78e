"""make run says in one line why it cannot start, and installs nothing before it knows that it can."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from kecamatan_site import install as installing

pytestmark = pytest.mark.db_agnostic


def run(*command, **variables):
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env={**os.environ, **variables}, capture_output=True, text=True, timeout=60
    )


def test_a_taken_port_gives_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run(sys.executable, "-m", "kecamatan_site.run", PORT=port)
    assert result.returncode == 1
    assert result.stderr == f"Port {port} is taken. Choose another one: make run PORT=8001\n"
    assert result.stdout == ""


@pytest.mark.parametrize("port", ["delapan", "0", "70000"])
def test_a_wrong_port_gives_one_line(port):
    result = run(sys.executable, "-m", "kecamatan_site.run", PORT=port)
    assert result.returncode == 1
    assert result.stderr == f"PORT={port} is not a port number.\n"


def test_a_missing_python_gives_one_line():
    result = run("/bin/sh", ".ci/python", PATH="/nonexistent", PYTHON="")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in result.stderr


def test_an_old_python_gives_one_line(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    result = run("/bin/sh", ".ci/python", PATH=str(tmp_path), PYTHON="")
    assert result.returncode == 1
    assert result.stderr == "Python 3.11, 3.12 or 3.13 is needed; python3 here is Python 3.9.2.\n"


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """The installer, pointed at an empty folder with a lock that nobody can satisfy."""
    monkeypatch.setattr(installing, "BASE_DIR", tmp_path)
    monkeypatch.setattr(installing, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(installing, "VENV_PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(installing, "STAMP", tmp_path / ".venv" / "installed-locks")
    (tmp_path / "requirements.lock").write_text(f"kecamatan-tidak-ada==1.0 --hash=sha256:{'0' * 64}\n")
    return tmp_path


def test_an_unreachable_registry_gives_one_line(clone, monkeypatch):
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(installing.InstallError) as error:
        installing.install("requirements.lock")
    assert str(error.value).startswith("The package registry could not be reached.")
    assert not installing.STAMP.exists()


def test_an_unchanged_lock_asks_nobody(clone, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    installing.VENV_PYTHON.parent.mkdir(parents=True)
    installing.VENV_PYTHON.touch()
    installing.STAMP.write_text(installing._digest(clone / "requirements.lock"))
    installing.install("requirements.lock")


def test_neither_venv_nor_pip_names_the_package_to_install(clone, monkeypatch):
    monkeypatch.setattr(installing.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(installing.InstallError, match="apt-get install python3-venv"):
        installing.install("requirements.lock")
