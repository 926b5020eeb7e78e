"""Remove secrets from the log records of the HTTP and OAuth libraries.

At DEBUG, requests-oauthlib and oauthlib log whole tokens, and urllib3 logs URLs, which contain
Telegram's token. A filter covers one logger or handler only, so this replaces the record factory.
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
    """Return the text without the parts of URLs that may be secret."""
    for pattern, instead in _SECRET_PARTS:
        text = pattern.sub(instead, text)
    return text


def install() -> None:
    """Install the record factory; idempotent."""
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
