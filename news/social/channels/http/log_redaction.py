"""Keeps the libraries' own debug lines from telling secrets, whoever turns which logger on.

At DEBUG requests-oauthlib and oauthlib write whole tokens, and urllib3 writes addresses, which
hold Telegram's token. A filter hangs on one logger or one handler; the record itself is made here.
"""

import logging
import re
from typing import Any

_TELL_ALL = ("requests_oauthlib", "oauthlib")
_TELL_ADDRESSES = ("urllib3", "requests")
_SECRET_PARTS = (
    (re.compile(r"/bot[^/\s\"']+"), "/bot…"),
    (re.compile(r"\?[^\s\"']+"), "?…"),
)
HIDDEN = "(not shown: may hold a token)"


def hide_addresses(text: str) -> str:
    """Return the text with the parts of addresses that may be secret taken out."""
    for pattern, instead in _SECRET_PARTS:
        text = pattern.sub(instead, text)
    return text


def install() -> None:
    """Have every log record of these libraries made without secrets; doing it twice changes nothing."""
    make = logging.getLogRecordFactory()
    if getattr(make, "is_discreet", False):
        return

    def make_discreetly(
        name: str, level: int, pathname: str, lineno: int, msg: object, args: Any, *others: Any, **kwargs: Any
    ) -> logging.LogRecord:
        library = name.partition(".")[0]
        if library in _TELL_ALL and level <= logging.DEBUG:
            msg, args = HIDDEN, ()
        record = make(name, level, pathname, lineno, msg, args, *others, **kwargs)
        if library in _TELL_ADDRESSES:
            record.msg, record.args = hide_addresses(record.getMessage()), ()
        return record

    vars(make_discreetly)["is_discreet"] = True
    logging.setLogRecordFactory(make_discreetly)
