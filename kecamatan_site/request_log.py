"""Log lines as JSON, each with the id of its request and without personal data; the same by mail.

No line holds a name, an address, a query string or anything posted: paths give way to their routes, errors to their
type and the places in the code that they came from. Settings name these classes before the apps are loaded.
"""

import json
import logging
import re
import secrets
import time
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from django.utils.log import AdminEmailHandler

from moderation.scanner.redaction import mask, mask_secrets

_CODE = f"{Path(__file__).resolve().parent.parent}/"
_request_id: ContextVar[str] = ContextVar("request_id", default="")
#: As nginx makes it; anything else is a stranger's.
_ID = re.compile(r"[0-9a-f]{32}")
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w.-]+\w"  # a mail address
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"  # an address of IPv4
    r"|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])"  # of IPv6
    r"|(?<=\?)[^\s\"'?]*=[^\s\"']*",  # a query string
    re.IGNORECASE,
)
logger = logging.getLogger("situs.requests")


class RequestLogMiddleware:
    """Give each request an id, and write one line when it was answered; outermost."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        token, began = _request_id.set(given if _ID.fullmatch(given) else secrets.token_hex(16)), time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = round(time.perf_counter() - began, 3)
            facts = {"method": request.method, "route": _get_route(request), "status": response.status_code}
            logger.info("answered", extra={"facts": facts | {"seconds": seconds}})
            return response
        finally:
            _request_id.reset(token)


def _get_route(request) -> str:
    """Return the pattern that the address met, with names for whatever a visitor typed; "" where it met none."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else ""


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(describe(record), ensure_ascii=False)


class ReadableFormatter(logging.Formatter):
    """Writes the same for a person to read."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(describe(record), ensure_ascii=False, indent=1)


def describe(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a line says of a record: when, how bad, where, in which request, what."""
    line: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "request": _request_id.get(),
        "message": _clean(record),
    }
    line |= getattr(record, "facts", {})
    if record.exc_info and record.exc_info[0] is not None:
        line["errors"] = _describe_errors(record.exc_info[1])
    return line


def _clean(record: logging.LogRecord) -> str:
    text = record.getMessage()
    request = getattr(record, "request", None)
    if len(path := getattr(request, "path", "")) > 1:
        text = text.replace(path, f"/{_get_route(request).lstrip('/')}")
    return _PERSONAL.sub("[…]", mask_secrets(mask(text)))


def _describe_errors(error: BaseException | None) -> list[dict[str, Any]]:
    """Return the error and what it came from, the last one first: types and places, no message and no values."""
    found = []
    while error is not None:
        found.append({"type": _get_type(error), "at": _list_places(error.__traceback__)})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _get_type(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _list_places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename.removeprefix(_CODE)}:{frame.lineno} {frame.name}" for frame in frames]


class ErrorMailHandler(AdminEmailHandler):
    """Mails an error to settings.ADMINS as its formatter writes it, without the request that Django would add."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = _get_type(record.exc_info[1]) if record.exc_info and record.exc_info[1] else record.name
        self.send_mail(f"{record.levelname}: {kind}", self.format(record), fail_silently=True)


class OnceAnHour(logging.Filter):
    """Lets an error of one kind through once an hour: the first mail says it, a thousand stop the mail server."""

    SECONDS = 3600

    def __init__(self):
        super().__init__()
        self._told: dict[tuple, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        places = _list_places(error.__traceback__)[-1:] if error else []
        kind, now = (record.name, str(record.msg), *places), time.monotonic()
        if now - self._told.get(kind, -self.SECONDS) < self.SECONDS:
            return False
        self._told = {known: at for known, at in self._told.items() if now - at < self.SECONDS} | {kind: now}
        return True
