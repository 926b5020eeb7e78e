"""End of life of each Graph API version, and the warnings before it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    # Two years after the next version, as each before it.
    "v26.0": date(2028, 11, 4),
    # No end announced yet; a version lasts two years at least.
    "v27.0": date(2028, 11, 4),
}


@dataclass(frozen=True)
class Removal:
    """A feature that Meta takes away, with the form in which a request uses it."""

    code: str
    label: str
    #: The first version without it for an application that exists; new ones lost it when v27.0 came.
    version: str
    is_used: Callable[[Mapping[str, str]], bool]


#: "Introducing Graph API v27.0", developers.facebook.com, 4 November 2026: gone for new applications and new uses at
#: once, in every version; the rest with v28.0.
REMOVALS = (
    Removal("ids", "Beberapa ID dalam satu permintaan (ids=…)", "v28.0", lambda given: "ids" in given),
    Removal("date_format", "Bentuk tanggal pilihan (date_format=…)", "v28.0", lambda given: "date_format" in given),
    Removal("method", "Metode HTTP pengganti (method=…)", "v28.0", lambda given: "method" in given),
    Removal(
        "alias", "Nama lain untuk isian (fields=….as(…))", "v28.0", lambda given: ".as(" in given.get("fields", "")
    ),
    Removal("jsonp", "Jawaban JSONP (callback=…)", "v28.0", lambda given: "callback" in given),
    Removal("batch", "Permintaan gabungan (batch=…)", "v28.0", lambda given: "batch" in given),
)
#: Codes of the features that our requests use; the networks of the tests compare it with each request.
USED: frozenset[str] = frozenset()


def find_used(given: Mapping[str, str]) -> list[str]:
    """Return the codes of the features that a request uses and Meta takes away."""
    return [removal.code for removal in REMOVALS if removal.is_used(given)]


def list_removals(version: str) -> list[Removal]:
    """Return what the versions after this one take away."""
    return [removal for removal in REMOVALS if _rank(removal.version) > _rank(version)]


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
