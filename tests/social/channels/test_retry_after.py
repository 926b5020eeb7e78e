"""Reading from every form of the headers when a throttled account may send again."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from news.social.channels.http.retry_after import DEFAULT, LONGEST, SHORTEST, reset_at

pytestmark = pytest.mark.db_agnostic

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=7)
SKEW = timedelta(hours=3)


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "420"},
        {"Retry-After": format_datetime(LATER, usegmt=True)},
        {"x-rate-limit-reset": str(int(LATER.timestamp()))},
        {"x-rate-limit-reset": str(int(LATER.timestamp() * 1000))},
        {"X-RateLimit-Reset": LATER.isoformat()},
        {"X-RateLimit-Reset": "2026-11-23T08:07:00.000Z"},
        {"RateLimit-Reset": str(int(LATER.timestamp()))},
        {"RateLimit-Reset": "420"},
        {"X-Business-Use-Case-Usage": '{"1":[{"call_count":99,"estimated_time_to_regain_access":7}]}'},
        {"Retry-After": "60", "X-RateLimit-Reset": LATER.isoformat()},
    ],
)
def test_each_dialect_means_seven_minutes(headers):
    assert reset_at(headers, NOW) == LATER


@pytest.mark.parametrize("value", [(LATER + SKEW).isoformat(), str((LATER + SKEW).timestamp())])
def test_a_wrong_clock_does_not_stretch_the_wait(value):
    headers = {"X-RateLimit-Reset": value, "Date": format_datetime(NOW + SKEW, usegmt=True)}
    assert reset_at(headers, NOW) == LATER


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, DEFAULT),
        ({"Retry-After": "besok"}, DEFAULT),
        ({"Retry-After": "nan"}, DEFAULT),
        ({"X-Business-Use-Case-Usage": "[]"}, DEFAULT),
        ({"Retry-After": "-5"}, SHORTEST),
        ({"Retry-After": "0"}, SHORTEST),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) - 900)}, SHORTEST),
        ({"Retry-After": "99999999"}, LONGEST),
    ],
)
def test_the_wait_is_bounded(headers, wait):
    assert reset_at(headers, NOW) == NOW + wait
