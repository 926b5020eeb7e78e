"""Locate comments in a text: the places that take comments, their names, and quoted words.

A place is Wagtail's content path: ``field``, or ``field.<id of the block>.<name inside it>``.
"""

import json
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import Truncator
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.rich_text import RichText, get_text_for_indexing

from .changes.writing import write_choice

EXCERPT = 60
GONE = "Bagian yang sudah dihapus dari naskah"


class Places:
    """The places of one version of a page, read once for all its comments."""

    def __init__(self, page):
        self._page = page
        self._found = {path: (label, value) for path, label, value in _walk_page(page)}

    def list(self) -> list[tuple[str, str]]:
        """Return (content path, name with the first words) of every place that takes comments in the editor."""
        return [
            (path, f"{label}: {_shorten(value)}" if _shorten(value) else label)
            for path, (label, value) in self._found.items()
        ]

    def read_texts(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each place with its words, a rich text line by line."""
        for label, value in self._found.values():
            if isinstance(value, RichText):
                yield from ((label, line) for _key, line in _read_lines(value.source))
            elif isinstance(value, str):
                yield label, value

    def describe(self, path: str) -> str:
        """Return the name of a place, also of one no longer in the text."""
        if path in self._found:
            return self._found[path][0]
        field_name, *rest = path.split(".")
        try:
            field = self._page._meta.get_field(field_name)
        except FieldDoesNotExist:
            return GONE
        if rest and not self._has_block(field, rest):
            return GONE
        return _capitalise(field.verbose_name)

    def get_quote(self, path: str, position: str) -> str:
        """Return the words marked in the editor, "" for a comment on the whole place."""
        markup = self._get_markup(path)
        try:
            marks = json.loads(position) if position and markup else []
            lines = dict(_read_lines(markup)) if marks else {}
            words = [lines.get(mark["key"], "")[int(mark["start"]) : int(mark["end"])] for mark in marks]
        except (ValueError, TypeError, KeyError, AttributeError):
            # The position is client input: do not trust its format.
            return ""
        return Truncator(" … ".join(word for word in words if word)).chars(300)

    def find_position(self, path: str, quote: str) -> str:
        """Return the position of ``quote`` in a rich text, in Draftail's notation; "" when it is absent."""
        quote = quote.strip()
        if not quote:
            return ""
        for key, line in _read_lines(self._get_markup(path)):
            start = line.find(quote)
            if key and start >= 0:
                return json.dumps([{"key": key, "start": start, "end": start + len(quote)}])
        return ""

    def _has_block(self, field, path) -> bool:
        if not isinstance(field, StreamField):
            return False
        return bool(field.get_block_by_content_path(getattr(self._page, field.name), path))

    def _get_markup(self, path) -> str:
        _label, value = self._found.get(path, ("", ""))
        return value.source if isinstance(value, RichText) else ""


def _walk_page(page) -> Iterator[tuple[str, str, object]]:
    for name in _list_fields(page.get_edit_handler()):
        field = page._meta.get_field(name)
        label = _capitalise(field.verbose_name)
        value = getattr(page, name)
        if isinstance(field, StreamField):
            yield from _walk_stream(name, label, value)
        elif value or not (field.blank or field.has_default()):
            # Skip empty optional fields.
            yield name, label, value if isinstance(value, str) else ""


def _list_fields(panel) -> Iterator[str]:
    """Return the editor's fields that take comments, in its order."""
    if hasattr(panel, "field_name") and not getattr(panel, "disable_comments", False):
        yield panel.field_name
    for child in getattr(panel, "children", ()):
        yield from _list_fields(child)


def _walk_stream(path, label, stream) -> Iterator[tuple[str, str, object]]:
    numbers: Counter[str] = Counter()
    for child in stream:
        numbers[child.block_type] += 1
        name = f"{label}, {_lower(child.block.label)} {numbers[child.block_type]}"
        yield from _walk_block(f"{path}.{child.id}", name, child.block, child.value)


def _walk_block(path, label, block, value) -> Iterator[tuple[str, str, object]]:
    if isinstance(block, blocks.StructBlock):
        for name, part in block.child_blocks.items():
            yield from _walk_block(f"{path}.{name}", f"{label}, {_lower(part.label)}", part, value.get(name))
    elif isinstance(block, blocks.StreamBlock):
        yield from _walk_stream(path, label, value)
    elif isinstance(block, blocks.ChoiceBlock):
        yield path, label, write_choice(block.field.choices, value)
    elif isinstance(block, blocks.FieldBlock):
        # Wagtail's editor takes no comments inside a list block.
        yield path, label, value


class _Lines(HTMLParser):
    """Parse a rich text into the editor's lines, each with its key and its plain text."""

    def __init__(self):
        super().__init__()
        self.lines: list[list[str]] = []

    def handle_starttag(self, tag, attrs):
        key = dict(attrs).get("data-block-key")
        if key or tag in {"p", "li"}:
            self.lines.append([key or "", ""])
        elif tag == "br" and self.lines:
            self.lines[-1][1] += "\n"

    def handle_data(self, data):
        if self.lines:
            self.lines[-1][1] += data


def _read_lines(markup: str) -> list[tuple[str, str]]:
    reader = _Lines()
    reader.feed(markup)
    reader.close()
    return [(key, text) for key, text in reader.lines]


def _shorten(value) -> str:
    if isinstance(value, RichText):
        value = get_text_for_indexing(value.source)
    return Truncator(" ".join(value.split())).chars(EXCERPT) if isinstance(value, str) else ""


def _capitalise(label) -> str:
    label = str(label)
    return label[:1].upper() + label[1:]


def _lower(label) -> str:
    label = str(label)
    return label[:1].lower() + label[1:]
