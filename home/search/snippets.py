"""Excerpts around the matched words, with the words marked."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from . import words

#: Characters around the first match.
BEFORE, AFTER = 70, 170


def mark(text: str, stems: set[str], *, is_prefix: bool = False) -> SafeString:
    """Return the escaped text with every matched word in ``<mark>``."""
    pieces, position = [], 0
    for word in words.split(text):
        if _is_asked_for(word, stems, is_prefix):
            pieces += [escape(text[position : word.start]), "<mark>", escape(text[word.start : word.end]), "</mark>"]
            position = word.end
    return mark_safe("".join([*pieces, escape(text[position:])]))  # noqa: S308 - every piece was escaped


def cut_and_mark(text: str, stems: set[str], *, is_prefix: bool = False) -> SafeString:
    """Return the part of a long text around the first match, cut between words, with matches marked."""
    first = next((word.start for word in words.split(text) if _is_asked_for(word, stems, is_prefix)), 0)
    start = _move_to_space(text, max(0, first - BEFORE)) if first > BEFORE else 0
    end = min(len(text), first + AFTER)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    part = mark(text[start:end].strip(), stems, is_prefix=is_prefix)
    ellipses = ("… " if start else "", " …" if end < len(text) else "")
    return mark_safe(f"{ellipses[0]}{part}{ellipses[1]}")  # noqa: S308 - marked text, and signs of our own


def _move_to_space(text: str, position: int) -> int:
    found = text.find(" ", position)
    return found + 1 if found >= 0 else position


def _is_asked_for(word, stems, is_prefix) -> bool:
    if word.stem in stems:
        return True
    return is_prefix and word.stem.startswith(tuple(stems))
