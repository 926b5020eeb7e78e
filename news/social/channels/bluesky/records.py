"""Find a post among an account's records by what it says."""

from collections.abc import Iterable
from typing import Any

from news.social.channels.base import Comparison, Composed, Undecided
from news.social.channels.comparing import compare
from news.social.channels.links import same_link


def match(records: Iterable[dict[str, Any]], composed: Composed, most: int) -> tuple[str, str]:
    """Return the address of the record with the same words, and of one with the same link; "" where there is none.

    Replies are no posts of their own. Raises Undecided where neither is among ``most`` records: there may be more.
    """
    alike, count = "", 0
    for record in records:
        count += 1
        value, uri = record.get("value") or {}, str(record.get("uri"))
        if value.get("reply"):
            continue
        if compare(str(value.get("text")), composed.text) is Comparison.SAME:
            return uri, ""
        if any(same_link(link, composed.link) for link in _list_links(value)):
            alike = uri
    if count >= most and not alike:
        raise Undecided("Akun Bluesky memuat terlalu banyak unggahan untuk dibaca seluruhnya.")
    return "", alike


def _list_links(value: dict[str, Any]) -> list[str]:
    """Return the links of a record: of its facets, and of its card."""
    features = [feature for facet in value.get("facets") or [] for feature in facet.get("features") or []]
    card = (value.get("embed") or {}).get("external") or {}
    return [str(part["uri"]) for part in (*features, card) if part.get("uri")]
