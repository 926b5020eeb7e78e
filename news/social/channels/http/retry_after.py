"""Read from the headers of any network when a throttled account may send again."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SHORTEST = timedelta(seconds=5)
LONGEST = timedelta(hours=24)
#: Wait when a network throttles without naming an end.
DEFAULT = timedelta(minutes=15)
#: Clock difference that networks tolerate.
CLOCK_TOLERANCE = timedelta(minutes=5)

_NAMES = ("retry-after", "x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset")
_USAGE = "x-business-use-case-usage"


def reset_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return when to try again; reads seconds, HTTP dates, epochs, ISO 8601 and minutes.

    Measures dates against the server's ``Date``, so that a wrong clock on either side does not
    change the wait. The result is between 5 seconds and 24 hours from ``now``.
    """
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    server_now = _date(lower.get("date", "")) or now
    waits = [_wait(lower[name], server_now) for name in _NAMES if name in lower]
    waits.append(_usage_wait(lower.get(_USAGE, "")))
    known = [wait for wait in waits if wait is not None]
    wait = max(known) if known else DEFAULT
    return now + min(max(wait, SHORTEST), LONGEST)


def _wait(value: str, server_now: datetime) -> timedelta | None:
    try:
        number = float(value)
    except ValueError:
        moment = _date(value)
        return moment - server_now if moment else None
    if not abs(number) < 1e15:
        return None
    if number > 1e11:
        number /= 1000
    if number > 1e9:
        return datetime.fromtimestamp(number, UTC) - server_now
    return timedelta(seconds=number)


def _date(value: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(value)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _usage_wait(value: str) -> timedelta | None:
    """Read Meta's header: minutes for each use of each page."""
    if not value:
        return None
    try:
        usages = [usage for page in json.loads(value).values() for usage in page]
        minutes = max(float(usage["estimated_time_to_regain_access"]) for usage in usages)
        # Meta writes 0 for "unknown", which does not mean at once.
        return timedelta(minutes=minutes) if minutes > 0 else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def clock_is_wrong(headers: Mapping[str, str], now: datetime) -> bool:
    """Say whether this machine's clock differs too much from the network's for signatures."""
    server_now = _date(next((value for name, value in headers.items() if name.lower() == "date"), ""))
    return server_now is not None and abs(now - server_now) > CLOCK_TOLERANCE


def is_fresh(made_at: str | None, life: timedelta) -> bool:
    """Say whether an object made at this ISO 8601 time is younger than its lifetime."""
    moment = _date(made_at) if made_at else None
    return moment is not None and abs(datetime.now(UTC) - moment) < life


def is_before(value: object, moment: datetime) -> bool:
    """Say whether a network's timestamp is before ``moment``; False for an unreadable one."""
    found = _date(value) if isinstance(value, str) else None
    return found is not None and found < moment
