"""Length, facets and record keys of the AT Protocol."""

import secrets
import time
from typing import Any

import regex

from news.social.channels.x.weighing import is_domain

#: A link, or a bare domain with whatever follows it, at the beginning of a word or behind a bracket.
#: An address has a host: a server refuses a record that links "https://...".
_LINK = regex.compile(
    r"(?:^|(?<=[\s(]))(?:https?://[\p{L}\p{N}]\S*|(?P<domain>[a-z][a-z0-9]*(?:\.[a-z0-9]+)+)\S*)",
    regex.IGNORECASE | regex.MULTILINE,
)
#: Characters without width, which end a tag.
_ZERO_WIDTH = r"\u00ad\u2060\u200a\u200b\u200c\u200d\u20e2"
#: A tag has one character that is neither digit nor punctuation.
_TAG = regex.compile(
    rf"(?<!\S)[#\uff03](?P<tag>(?!\ufe0f)[^\s{_ZERO_WIDTH}]*[^0-9\s\p{{P}}{_ZERO_WIDTH}][^\s{_ZERO_WIDTH}]*)"
)
#: Punctuation that ends a sentence, not a link.
_AFTER_ADDRESS = ".,;:!?”’\"'…"
_PUNCTUATION_AT_END = regex.compile(r"\p{P}+$")
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def count_graphemes(text: str) -> int:
    """Return the number of grapheme clusters."""
    return len(regex.findall(r"\X", text))


def count_bytes(text: str) -> int:
    """Return the length in UTF-8."""
    return len(text.encode())


def get_facets(text: str) -> list[dict[str, Any]]:
    """Return the facets of the text's links and tags, by UTF-8 byte offsets.

    They are those of the network's own client (@atproto/api 0.21.0, ``detectFacets``), but for what would harm:
    an academic title is no link, no link is without a host, and quotation marks behind a link are not of it.
    """
    facets = []
    for found in _LINK.finditer(text):
        if found["domain"] is not None and not is_domain(found["domain"]):
            continue
        shown = _trim(found[0])
        address = shown if found["domain"] is None else f"https://{shown}"
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": address}
        facets.append(_at(text, found.start(), found.start() + len(shown), feature))
    for found in _TAG.finditer(text):
        tag = _PUNCTUATION_AT_END.sub("", found["tag"])
        if tag and count_graphemes(tag) <= 64:
            feature = {"$type": "app.bsky.richtext.facet#tag", "tag": tag}
            facets.append(_at(text, found.start(), found.start() + 1 + len(tag), feature))
    return facets


def _trim(address: str) -> str:
    """Return a link without the marks that end a sentence, and without a bracket that it does not open."""
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
