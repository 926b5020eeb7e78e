"""Values of rows in a form that is the same on both databases, and back."""

import base64
import datetime
import decimal
import json
import uuid
from collections.abc import Callable
from typing import Any

#: What a column holds, by Django's name of the field's type; any other type stops the backup.
KINDS = {
    **dict.fromkeys(("AutoField", "BigAutoField", "BigIntegerField", "IntegerField", "SmallIntegerField"), "number"),
    **dict.fromkeys(("PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField"), "number"),
    **dict.fromkeys(("CharField", "SlugField", "TextField", "FileField", "GenericIPAddressField"), "text"),
    "BinaryField": "bytes",
    "BooleanField": "bool",
    "DateField": "date",
    "DateTimeField": "moment",
    "DecimalField": "decimal",
    "FloatField": "float",
    "JSONField": "json",
    "TimeField": "time",
    "UUIDField": "uuid",
}
_UTC = datetime.UTC


def find_kind(field) -> str:
    """Return what the column of a field holds; a foreign key holds what its target does."""
    while field.remote_field:
        field = field.target_field
    return KINDS[field.get_internal_type()]


def pack(value: Any, kind: str) -> Any:
    """Return a raw value of either database as JSON can hold it."""
    if value is None or kind in {"number", "text"}:
        return value
    return _PACK[kind](value)


def _pack_moment(value) -> str:
    moment = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment.replace(tzinfo=_UTC) if moment.tzinfo is None else moment.astimezone(_UTC)
    return moment.isoformat(timespec="microseconds")


_PACK: dict[str, Callable[[Any], Any]] = {
    "bool": bool,
    "bytes": lambda value: base64.b64encode(value).decode(),
    "date": str,
    "decimal": str,
    "float": float,
    "json": lambda value: value if isinstance(value, str) else json.dumps(value),
    "moment": _pack_moment,
    "time": str,
    "uuid": lambda value: str(uuid.UUID(str(value))),
}


def unpack(value: Any, kind: str, connection) -> Any:
    """Return a packed value as a parameter of the database."""
    if value is None or kind in {"number", "text", "json", "bool", "float", "date", "time"}:
        return value
    if kind == "moment":
        return connection.ops.adapt_datetimefield_value(datetime.datetime.fromisoformat(value))
    if kind == "uuid":
        return uuid.UUID(value) if connection.vendor == "postgresql" else uuid.UUID(value).hex
    if kind == "decimal":
        return decimal.Decimal(value) if connection.vendor == "postgresql" else value
    return base64.b64decode(value)


def make_comparable(row: list, kinds: list[str]) -> str:
    """Return a row as text that is equal exactly where the row says the same: PostgreSQL orders keys of JSON anew."""
    return json.dumps(
        [
            json.loads(value) if kind == "json" and value is not None else value
            for value, kind in zip(row, kinds, strict=True)
        ],
        sort_keys=True,
    )
