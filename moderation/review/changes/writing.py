"""Format a single value for people: dates, choices, yes and no."""

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format, number_format


def write_value(value) -> str:
    """Return a value as text; "" for None."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{date_format(local, 'DATETIME_FORMAT')} WIB"
    if isinstance(value, date):
        return date_format(value, "l, j F Y")
    if isinstance(value, time):
        return date_format(value, "TIME_FORMAT")
    if isinstance(value, (int, float, Decimal)):
        return number_format(value)
    return str(value)


def write_choice(choices, value) -> str:
    """Return the label of a choice, also from groups; the value itself when it is no longer offered."""
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            found = write_choice(label, value)
            if found != str(value):
                return found
        elif str(key) == str(value):
            return str(label)
    return str(value)


def write_removed(key) -> str:
    """Write what stands for an object that was removed since."""
    return f"(sudah dihapus, nomor {key})"
