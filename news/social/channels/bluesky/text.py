"""What Bluesky's protocol wants of a text and of a record's name."""

import secrets
import time
from typing import Any

import regex

_ADDRESS = regex.compile(r"https?://\S+")
_TAG = regex.compile(r"(?<!\S)#(?P<tag>[\p{L}\p{M}\p{N}_]+)")
#: What ends a sentence and not an address.
_AFTER_ADDRESS = ".,;:!?”’\"'…"
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def count_graphemes(text: str) -> int:
    """Return how many characters a reader sees."""
    return len(regex.findall(r"\X", text))


def count_bytes(text: str) -> int:
    """Return the length in UTF-8."""
    return len(text.encode())


def get_facets(text: str) -> list[dict[str, Any]]:
    """Return where the links and tags of the text are, by UTF-8 bytes."""
    facets = []
    for found in _ADDRESS.finditer(text):
        address = _trim(found[0])
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": address}
        facets.append(_at(text, found.start(), found.start() + len(address), feature))
    for found in _TAG.finditer(text):
        tag = found["tag"]
        if not tag.isdigit() and count_graphemes(tag) <= 64:
            facets.append(_at(text, found.start(), found.end(), {"$type": "app.bsky.richtext.facet#tag", "tag": tag}))
    return facets


def _trim(address: str) -> str:
    """Return an address without the signs of the sentence around it."""
    address = address.rstrip(_AFTER_ADDRESS)
    return address[:-1] if address.endswith(")") and "(" not in address else address


def _at(text: str, start: int, end: int, feature: dict[str, Any]) -> dict[str, Any]:
    begin = count_bytes(text[:start])
    index = {"byteStart": begin, "byteEnd": begin + count_bytes(text[start:end])}
    return {"index": index, "features": [feature]}


def new_record_name() -> str:
    """Return a name that sorts by time and that nobody else chooses (a TID of the AT protocol)."""
    number = (time.time_ns() // 1000) << 10 | secrets.randbelow(1024)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))
