"""Dates as the office writes them; settings that fail loudly; a test suite that stays on this machine."""

import datetime
import os
import pwd
import re
import socket
import stat
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
import requests
from django.conf import settings
from django.template import Context, Template
from django.utils import formats, timezone

from kecamatan_site.settings import env
from tests.conftest import NetworkUsed

pytestmark = pytest.mark.db_agnostic


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ at }}", "3 Agustus 2026 pukul 09.00"),
        ("{{ at|date }}", "3 Agustus 2026"),
        ("{{ at|time }}", "09.00"),
        (r'{{ at|date:"l, j F Y \p\u\k\u\l H.i T" }}', "Senin, 3 Agustus 2026 pukul 09.00 WIB"),
        ("{% load humanize %}{{ number|intcomma }}", "1.234.567"),
    ],
)
def test_dates_and_numbers_are_written_as_the_office_writes_them(template, shown):
    at = datetime.datetime(2026, 8, 3, 9, 0, tzinfo=timezone.get_default_timezone())
    assert Template(template).render(Context({"at": at, "number": 1_234_567})) == shown


@pytest.mark.parametrize("typed", ["09-08-2026", "9/8/2026", "2026-08-09"])
def test_a_typed_date_is_read_day_first(typed):
    read = next(
        datetime.date(*time.strptime(typed, pattern)[:3])
        for pattern in formats.get_format("DATE_INPUT_FORMATS")
        if _fits(typed, pattern)
    )
    assert read == datetime.date(2026, 8, 9)


def _fits(typed, pattern):
    try:
        time.strptime(typed, pattern)
    except ValueError:
        return False
    return True


GIVEN = {
    "SECRET_KEY": "given-in-the-environment",
    "ALLOWED_HOSTS": "situs.example",
    "SITE_URL": "https://situs.example",
    "DATABASE_URL": "sqlite:////nonexistent/db.sqlite3",
    "DATA_DIR": "/nonexistent",
    "CHANNEL_KEYS": "A" * 43 + "=",
}
SHOW = """
from kecamatan_site.settings import production
print(production.SECRET_KEY, production.EMAIL_BACKEND.split(".")[-2])
"""


def start(*command, **variables):
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    environment["DJANGO_SETTINGS_MODULE"] = "kecamatan_site.settings.production"
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=environment | {name: str(value) for name, value in variables.items()},
        capture_output=True,
        text=True,
        # However busy the machine is.
        timeout=600,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "migrate"),
        ("-m", "gunicorn", "kecamatan_site.wsgi", "--bind=127.0.0.1:0", "--workers=1", "--log-level=critical"),
    ],
)
def test_production_names_every_missing_variable_in_one_line(command):
    result = start(*command, SECRET_KEY="given", DATABASE_URL="given")
    assert result.returncode != 0
    [line] = [line for line in result.stderr.splitlines() if line and not line.startswith("[")]
    assert "ALLOWED_HOSTS, SITE_URL, DATA_DIR, CHANNEL_KEYS (see" in line


def test_the_site_stands_at_the_domain_of_its_office():
    office = settings.BASE_DIR / "tests" / "kecamatan_site" / "office" / "contoh.toml"
    given = {name: value for name, value in GIVEN.items() if name not in {"ALLOWED_HOSTS", "SITE_URL"}}
    show = (
        SHOW.split("print")[0] + "print(*production.ALLOWED_HOSTS, production.SITE_URL, production.WAGTAIL_SITE_NAME)"
    )
    said = start("-c", show, **given, OFFICE_FILE=office)
    assert said.stdout == "contoh.teladankab.example https://contoh.teladankab.example Kecamatan Contoh\n", said.stderr
    assert start("-c", show, **GIVEN, OFFICE_FILE=office).stdout.startswith("situs.example https://situs.example ")


def test_nginx_knows_the_sites_own_cookies_from_visitor_counters():
    show = "from kecamatan_site.settings.production import *\nprint(SESSION_COOKIE_NAME, CSRF_COOKIE_NAME)"
    names = start("-c", show, **GIVEN).stdout.split()
    assert len(names) == 2
    conf = (settings.BASE_DIR / "docs" / "nginx.conf").read_text()
    [counters] = re.findall(r"(\(\\s.*\))\+\$\" pages;", conf)
    assert re.fullmatch(counters, "_ga=1;")
    assert not [name for name in names if re.fullmatch(counters, f"{name}=1;")]


def test_cookies_of_production_are_for_tls_and_this_host_alone():
    """``__Host-``: a browser takes it over TLS alone, for the whole host and none beside it."""
    show = (
        "from django.conf import settings\n"
        "kinds = ('NAME', 'SECURE', 'HTTPONLY', 'SAMESITE', 'PATH', 'DOMAIN')\n"
        "for cookie in ('SESSION', 'CSRF'):\n"
        "    print(*(getattr(settings, f'{cookie}_COOKIE_{kind}') for kind in kinds))\n"
        "print(settings.DEBUG)\n"
    )
    assert start("-c", show, **GIVEN).stdout.splitlines() == [
        "__Host-sessionid True True Lax / None",
        "__Host-csrftoken True False Lax / None",
        "False",
    ]


def test_a_secret_may_stand_in_a_file(tmp_path):
    secret = tmp_path / "key"
    secret.write_text("read-from-a-file\n")
    given = {name: value for name, value in GIVEN.items() if name != "SECRET_KEY"}
    result = start("-c", SHOW, **given, SECRET_KEY_FILE=secret)
    assert result.stdout.split() == ["read-from-a-file", "dummy"], result.stderr
    for wrong, told in (
        ({"SECRET_KEY_FILE": tmp_path / "none"}, f"SECRET_KEY_FILE: {tmp_path / 'none'} cannot be read"),
        ({"SECRET_KEY_FILE": secret, "SECRET_KEY": "x"}, "Both SECRET_KEY and SECRET_KEY_FILE are set"),
    ):
        result = start("manage.py", "check", **given, **wrong)
        assert len(result.stderr.splitlines()) == 1
        assert result.stderr.startswith(told)


def test_a_start_without_a_mail_server_says_so():
    assert "NOBODY IS TOLD BY MAIL" in start("manage.py", "check", **GIVEN).stderr
    given = GIVEN | {"EMAIL_URL": "smtp+tls://u:p@127.0.0.1:587"}
    assert "DEFAULT_FROM_EMAIL" in start("manage.py", "check", **given).stderr
    told = start("manage.py", "check", **given, DEFAULT_FROM_EMAIL="situs@situs.example")
    assert (told.returncode, told.stderr) == (0, "")


def test_a_test_cannot_leave_this_machine():
    with pytest.raises(NetworkUsed):
        requests.get("https://contoh.go.id/", timeout=1)
    with pytest.raises(NetworkUsed):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_root_goes_on_as_the_owner_of_the_data(tmp_path, monkeypatch):
    acts, account = [], pwd.getpwnam("nobody")
    monkeypatch.setenv("HOME", "/root")
    monkeypatch.setattr(env.os, "initgroups", lambda *words: acts.append(("initgroups", *words)))
    for name in ("setgid", "setuid"):
        monkeypatch.setattr(env.os, name, lambda number, name=name: acts.append((name, number)))
    monkeypatch.setattr(env.Path, "stat", lambda path: SimpleNamespace(st_uid=account.pw_uid, st_mode=stat.S_IFDIR))
    monkeypatch.setattr(env.os, "geteuid", lambda: 1000)
    env.become_owner(tmp_path)
    assert acts == []
    monkeypatch.setattr(env.os, "geteuid", lambda: 0)
    env.become_owner(tmp_path)
    # The groups first: afterwards nobody may change them.
    assert acts == [("initgroups", "nobody", account.pw_gid), ("setgid", account.pw_gid), ("setuid", account.pw_uid)]
    assert os.environ["HOME"] == account.pw_dir


@pytest.mark.parametrize("owner", [0, 4_000_000])
def test_root_stays_root_where_the_data_are_its_own_or_of_no_account_here(tmp_path, monkeypatch, owner):
    monkeypatch.setattr(env.os, "geteuid", lambda: 0)
    monkeypatch.setattr(env.os, "setuid", lambda number: pytest.fail(f"became {number}"))
    monkeypatch.setattr(env.Path, "stat", lambda path: SimpleNamespace(st_uid=owner, st_mode=stat.S_IFDIR))
    env.become_owner(tmp_path)
