"""What every test gets: no network, and files of its own."""

import gc
import ipaddress
import os
import re
import shutil
import socket
import sys
from pathlib import Path

import pytest

from .support.crashes import pytest_testnodedown  # noqa: F401 - a hook of pytest
from .support.databases.template import VARIABLE, get_sqlite_template

# A test makes many objects and ends: looking for garbage as often as Python does takes a sixth of the run.
gc.set_threshold(200_000, 50, 100)


class NetworkUsed(RuntimeError):
    """A test tried to leave this machine. Not an OSError: no retry may swallow it."""


def _refuse_unless_loopback(host):
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        local = ipaddress.ip_address(name).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NetworkUsed(f"a test tried to reach {name}")


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """A test speaks to loopback or to nobody."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_unless_loopback(address[0])
        return connect(self, address)

    def guarded_look_up(host, *arguments, **options):
        _refuse_unless_loopback(host)
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(autouse=True)
def no_leftover_files():
    """Files of a test go with it, and what this process remembers of pages and pictures; the folders are its own."""
    from home.pagecache import memory
    from news.picture_files import prerender

    from .support.replay import list_folders

    prerender._seen.clear()
    prerender._waiting.clear()
    memory._forget_all_but(None)
    yield
    for folder in list_folders():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_address_of_another_site():
    """Wagtail keeps in its cache where sites stand, and no end of a transaction takes that back."""
    from wagtail.models import Site

    Site.clear_site_root_paths_cache()


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The file of ``django_db_modify_db_settings`` is kept and migrated, and goes with this process's folder."""
    from django.conf import settings

    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_keepdb):
    """The test database begins as a copy of a migrated one."""
    from django.conf import settings
    from django.db import connection

    if django_db_keepdb:
        shutil.copyfile(get_sqlite_template(), connection.settings_dict["TEST"]["NAME"])
    elif template := os.environ.get(VARIABLE):
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = template
        connection.settings_dict["TEST"]["TEMPLATE"] = template


SLOW_KINDS = ("e2e", "nginx", "tesseract", "validators")
#: The mark of a whole file.
WHOLLY_AGNOSTIC = re.compile(rb"^pytestmark = .*\bdb_agnostic\b", re.MULTILINE)


def pytest_ignore_collect(collection_path, config):
    """Leave a file unread whose tests behave the same on every database, in a run without them."""
    if "not db_agnostic" in config.option.markexpr and collection_path.suffix == ".py":
        return bool(WHOLLY_AGNOSTIC.search(collection_path.read_bytes())) or None
    return None


def pytest_collection_finish(session):
    """Let no look for garbage in a process of tests walk through all that was loaded."""
    if hasattr(session.config, "workerinput"):
        gc.freeze()


def pytest_collection_modifyitems(items):
    """Mark what is fast."""
    for item in items:
        asks_database = item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ())
        if not asks_database and not any(map(item.get_closest_marker, SLOW_KINDS)):
            item.add_marker("fast")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database is kept as the migrations left it: a test with real transactions ends by going back to it."""
    from .support.databases.kept import KeptDatabase, restore_instead_of_flush

    kept = KeptDatabase()
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            kept.keep()
        restore_instead_of_flush(patch, kept)
        yield


def pytest_runtest_setup():
    """Let the replay forget the patches of the test before."""
    from .support.replay import replay

    replay.forget_patches()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    """Let the replay know when a test's transaction begins, and what may change the outcome of a step."""
    from .support.replay import replay

    value = yield
    if fixturedef.argname == "_django_db_helper":
        replay.begin()
    elif fixturedef.argname in {"settings", "monkeypatch"}:
        replay.watch(value)
    return value


@pytest.fixture
def django_capture_on_commit_callbacks(django_capture_on_commit_callbacks):
    """Take every step from the first capture on: what is repeated asks for no callback."""
    from .support.replay import replay

    def capture(**options):
        replay.end()
        return django_capture_on_commit_callbacks(**options)

    return capture


@pytest.fixture
def office(db):
    """The office with all its people."""
    from .support.factories import Office

    return Office.open()


@pytest.fixture
def log_in(client):
    """Log the test client in as one of the office's people and return it."""
    from .support.factories import PASSWORD
    from .support.replay import replay

    def _log_in(user):
        # No step reads sessions.
        with replay.aside("log_in"):
            assert client.login(username=user.username, password=PASSWORD)
        return client

    return _log_in


@pytest.fixture(scope="session")
def program_environment(django_db_setup):
    """Return the environment of a program on this process's test database and files, as changed by the arguments."""
    from django.conf import settings

    def build(**variables):
        return {
            # As under systemd: what is written waits in a buffer.
            **{name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
            "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.test",
            "DATABASE_URL": _database_url(settings.DATABASES["default"]),
            "TEST_DATA_DIR": str(settings.DATA_DIR),
            **variables,
        }

    return build


@pytest.fixture(scope="session")
def programs(program_environment):
    """Programs that begin as a web process behind the front server: loaded, before the first request."""
    from .support.fork_server import ForkServer

    server = ForkServer(program_environment(DJANGO_SETTINGS_MODULE="tests.support.front.settings"))
    yield server
    server.close()


@pytest.fixture
def run_manage(transactional_db, program_environment, settings):
    """Starts manage.py in a process of its own, on this test's database and files.

    Returns the arguments for subprocess: run_manage("worker", "--once") -> {"args": [...], "env": {...}, "cwd": ...}.
    """

    def build(*arguments, **variables):
        return {
            "args": [sys.executable, "manage.py", *arguments],
            "env": program_environment(**variables),
            "cwd": settings.BASE_DIR,
        }

    return build


def _database_url(database):
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{Path(database['NAME'])}"
    return f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
