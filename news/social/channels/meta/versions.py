"""End of life of each Graph API version, and the warnings before it."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

DEFAULT = "v26.0"
#: How long before its end to warn of a version: changing it needs a test.
NOTICE = timedelta(days=182)

#: Meta's changelog names the end of a version when the next but two is released.
ENDS = {
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    # No end announced yet; a version lasts two years at least.
    "v26.0": date(2028, 7, 29),
}
_NAME = re.compile(r"v(\d{1,3})\.(\d)")
_MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


def find_warnings(version: str, headers: Mapping[str, str], today: date) -> tuple[str, ...]:
    """Return warnings about the API version of an account, as sentences.

    Prefer the answer's version header to the table: Meta answers an ended version with the oldest
    supported one.
    """
    served = headers.get("facebook-api-version", "")
    if served and served != version and _NAME.fullmatch(served):
        return (f"Graph API {version} sudah berakhir; Meta menjawab dengan {served}. Ganti versi pada akun ini.",)
    end = ENDS.get(version)
    if end is None:
        if _rank(version) < min(map(_rank, ENDS)):
            return (f"Graph API {version} sudah berakhir. Ganti versi pada akun ini.",)
        return ()
    if today >= end:
        return (f"Graph API {version} berakhir pada {_write(end)}. Ganti versi pada akun ini.",)
    if today >= end - NOTICE:
        return (f"Graph API {version} berakhir pada {_write(end)}. Rencanakan penggantian versi.",)
    return ()


def _rank(version: str) -> tuple[int, int]:
    found = _NAME.fullmatch(version)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _write(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
