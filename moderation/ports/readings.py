"""Ask how often citizens opened an item; whoever serves the site counts it, and nobody may."""

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.formats import number_format as write_number

Find = Callable[[int], tuple[int, date] | None]
_found: dict[str, Find] = {}


def use(find: Find, report: str) -> None:
    """Take the counts from this function: of a page's key, how often it was opened and since when it is counted.

    ``report``: the name of the address of the report on a period.
    """
    _found.clear()
    _found[report] = find


def get_report() -> str:
    """Return the name of the report's address, "" where nobody counts."""
    return next(iter(_found), "")


def describe(page_id: int) -> str:
    """Return the count in a sentence, "" where nothing was counted."""
    for find in _found.values():
        if found := find(page_id):
            count, since = found
            return f"Dibuka {write_number(count, force_grouping=True)} kali sejak {date_format(since, 'j F Y')}."
    return ""
