"""Length, facets and record keys of the AT Protocol."""

import secrets
import time
from typing import Any

import regex

#: An address has a host: a server refuses a record that links "https://...".
_ADDRESS = regex.compile(r"https?://[\p{L}\p{N}]\S*")
_TAG = regex.compile(r"(?<!\S)#(?P<tag>[\p{L}\p{M}\p{N}_]+)")
#: Punctuation that ends a sentence, not a URL.
_AFTER_ADDRESS = ".,;:!?”’\"'…"
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def count_graphemes(text: str) -> int:
    """Return the number of grapheme clusters."""
    return len(regex.findall(r"\X", text))


def count_bytes(text: str) -> int:
    """Return the length in UTF-8."""
    return len(text.encode())


def get_facets(text: str) -> list[dict[str, Any]]:
    """Return the facets of the text's links and tags, by UTF-8 byte offsets."""
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
    """Return a URL without the punctuation around it."""
    address = address.rstrip(_AFTER_ADDRESS)
    return address[:-1] if address.endswith(")") and "(" not in address else address


def _at(text: str, start: int, end: int, feature: dict[str, Any]) -> dict[str, Any]:
    begin = count_bytes(text[:start])
    index = {"byteStart": begin, "byteEnd": begin + count_bytes(text[start:end])}
    return {"index": index, "features": [feature]}


def new_record_name() -> str:
    """Return a new record key that sorts by time and is unique (a TID of the AT Protocol)."""
    number = (time.time_ns() // 1000) << 10 | secrets.randbelow(1024)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))
