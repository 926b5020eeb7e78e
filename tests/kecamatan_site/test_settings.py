"""Dates as the office writes them; settings that fail loudly; a test suite that stays on this machine."""

import datetime
import os
import socket
import subprocess
import sys
import time

import pytest
import requests
from django.conf import settings
from django.template import Context, Template
from django.utils import formats, timezone

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


def test_production_names_every_missing_variable():
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    result = subprocess.run(
        [sys.executable, "-c", "import kecamatan_site.settings.production"],
        cwd=settings.BASE_DIR,
        env={**environment, "SECRET_KEY": "given", "DATABASE_URL": "given"},
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert "ALLOWED_HOSTS, SITE_URL, DATA_DIR, EMAIL_URL, DEFAULT_FROM_EMAIL, CHANNEL_KEYS" in result.stderr


def test_a_test_cannot_leave_this_machine():
    with pytest.raises(NetworkUsed):
        requests.get("https://contoh.go.id/", timeout=1)
    with pytest.raises(NetworkUsed):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
