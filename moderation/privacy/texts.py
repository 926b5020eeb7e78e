"""Collect every text of a page that citizens could see, each with a readable name of its place.

Fields and child relations are those of the seal, so that nothing is shown unexamined.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from numbers import Number
from urllib.parse import unquote

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.documents.models import AbstractDocument
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import AbstractImage
from wagtail.models import Page

from moderation.ports import channels
from moderation.ports.seal import get_sealed_child_relations, get_sealed_field_names

from .markup import read_markup

#: Separators between two paragraphs of one text, and between unrelated texts: the scanner joins
#: a number over at most three characters.
NEXT_PARAGRAPH = "\n\n"
NEXT_TEXT = "\n\n\n\n"

#: Labels of Wagtail's own page fields, as on the editor's tabs.
PAGE_FIELD_LABELS = {
    "title": "Judul",
    "slug": "Alamat halaman",
    "seo_title": "Judul untuk mesin pencari",
    "search_description": "Deskripsi untuk mesin pencari",
}
_MEDIA = (AbstractImage, AbstractDocument)


@dataclass(frozen=True)
class SourceText:
    """One text; ``marks`` are the offsets at which its parts begin, ``place`` identifies it."""

    place: str
    label: str
    text: str = field(repr=False)
    marks: tuple[tuple[int, str], ...] = ()

    def locate(self, offset: int) -> str:
        """Return the readable place in the page of this offset in the text."""
        part = ""
        for start, name in self.marks:
            if start > offset:
                break
            part = name
        return f"{self.label}, {part}" if part else self.label


def collect_field_texts(page, typed: Mapping[str, str] | None = None) -> list[SourceText]:
    """Return the texts of the page's own fields, blocks and child rows.

    ``typed``: unsaved values of fields that are stored as child rows (tags).
    """
    typed = typed or {}
    texts = [*_read_fields(page), *_read_children(page, _get_relations(page, typed))]
    for name, words in typed.items():
        texts.append(SourceText(name, capfirst(page._meta.get_field(name).verbose_name), words))
    return [text for text in texts if text.text.strip()]


def collect_post_texts(page, posts=None) -> list[SourceText]:
    """Return the posts as each channel would send them; ``posts`` where the caller has them."""
    if posts is None:
        posts = channels.get_previews(page)
    return [SourceText(f"channel:{post.key}", f"Unggahan {post.label}", post.text) for post in posts]


def _read_fields(page) -> Iterator[SourceText]:
    for name in get_sealed_field_names(type(page)):
        model_field = page._meta.get_field(name)
        if model_field.is_relation or model_field.choices:
            continue
        label = _get_label(page, model_field)
        value = getattr(page, name)
        if isinstance(model_field, StreamField):
            yield _join(name, label, _walk_stream(value, Counter()))
        elif isinstance(model_field, RichTextField):
            yield _join(name, label, _walk_markup(value or "", "paragraf", Counter()))
        elif isinstance(value, str) or (isinstance(value, Number) and not isinstance(value, bool)):
            yield SourceText(name, label, str(value))


def _get_label(page, model_field) -> str:
    own = page.text_labels.get(model_field.name)
    if own is None and model_field.model is Page:
        own = PAGE_FIELD_LABELS.get(model_field.name)
    return own or capfirst(str(model_field.verbose_name))


def _get_relations(page, typed):
    """Return the child relations whose field is not in ``typed``."""
    through = {getattr(page._meta.get_field(name), "through", None) for name in typed}
    return [relation for relation in get_sealed_child_relations(type(page)) if relation.related_model not in through]


def _read_children(page, relations) -> Iterator[SourceText]:
    for relation in relations:
        model = relation.related_model
        accessor = relation.get_accessor_name()
        children = list(getattr(page, accessor).all())
        shown = [f for f in model._meta.concrete_fields if not f.primary_key and f.name != relation.field.name]
        related = [f.name for f in shown if f.is_relation and not issubclass(f.related_model, _MEDIA)]
        if children and related:
            prefetch_related_objects(children, *related)
        label = capfirst(str(model._meta.verbose_name))
        for child in children:
            words = [_read_child_field(child, f) for f in shown if not f.is_relation or f.name in related]
            yield SourceText(accessor, label, NEXT_TEXT.join(word for word in words if word))


def _read_child_field(child, model_field) -> str:
    value = getattr(child, model_field.name)
    if value is None or isinstance(model_field, models.BooleanField):
        return ""
    return NEXT_PARAGRAPH.join(line for _label, line in _walk_any(value, ""))


def _join(place, label, lines) -> SourceText:
    """Join the lines to one text with the offsets at which they begin."""
    text: list[str] = []
    marks = []
    length, last_block = 0, None
    for block, part, line in lines:
        if text:
            border = NEXT_PARAGRAPH if block == last_block else NEXT_TEXT
            text.append(border)
            length += len(border)
        marks.append((length, part))
        text.append(line)
        length += len(line)
        last_block = block
    return SourceText(place, label, "".join(text), tuple(marks))


def _walk_stream(value, counts: Counter, prefix: str = "") -> Iterator[tuple[object, str, str]]:
    """Yield (key of the running text, part, text) for all blocks of a stream."""
    for child in value or ():
        yield from _walk_block(child.block, child.value, counts, prefix)


def _walk_block(block, value, counts, prefix) -> Iterator[tuple[object, str, str]]:
    name = str(block.label or block.name).lower()
    if isinstance(block, blocks.StreamBlock):
        yield from _walk_stream(value, counts, prefix)
    elif isinstance(block, (blocks.RichTextBlock, blocks.RawHTMLBlock)):
        source = getattr(value, "source", value) or ""
        yield from ((id(block), prefix + part, line) for _block, part, line in _walk_markup(str(source), name, counts))
    elif isinstance(block, blocks.ListBlock):
        for item in value or ():
            yield from _walk_block(block.child_block, item, counts, prefix)
    elif isinstance(block, blocks.StructBlock):
        yield from _walk_struct(block, value, counts, f"{prefix}{_number(name, counts, prefix)}")
    elif not isinstance(block, (blocks.ChoiceBlock, blocks.MultipleChoiceBlock, blocks.ChooserBlock)):
        part = prefix.removesuffix(", ") if prefix else _number(name, counts, prefix)
        yield from ((object(), part, line) for _label, line in _walk_any(value, ""))


def _walk_struct(block, value, counts, part) -> Iterator[tuple[object, str, str]]:
    """Walk a struct block; name its only text by the block, several by their own labels."""
    quiet = (blocks.ChoiceBlock, blocks.MultipleChoiceBlock, blocks.ChooserBlock)
    children = {name: child for name, child in block.child_blocks.items() if not isinstance(child, quiet)}
    for name, child in children.items():
        inside = (value or {}).get(name)
        if isinstance(child, (blocks.StreamBlock, blocks.ListBlock, blocks.StructBlock, blocks.RichTextBlock)):
            yield from _walk_block(child, inside, counts, f"{part}, ")
        else:
            own = part if len(children) == 1 else f"{part}, {str(child.label or name).lower()}"
            yield from ((object(), own, line) for _label, line in _walk_any(inside, ""))


def _walk_markup(source: str, name: str, counts) -> Iterator[tuple[object, str, str]]:
    """Yield the paragraphs numbered as a reader counts them; a list counts as one."""
    group = object()
    for line in read_markup(source):
        if line.opens:
            counts[name] += 1
        point = f", butir {line.point}" if line.point else ""
        aside = ", alamat tautan" if line.is_address else ""
        yield group, f"{name} {counts[name]}{point}{aside}", line.text


def _walk_any(value, label) -> Iterator[tuple[str, str]]:
    """Yield every text in a value of any type, so that new block types are examined too."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _walk_any(inner, label)
    elif isinstance(value, (list, tuple, set)):
        for inner in value:
            yield from _walk_any(inner, label)
    else:
        words = str(getattr(value, "source", value))
        if words.strip():
            yield label, words
            # Decode percent signs in URLs, which can hide a number.
            if "%" in words and unquote(words) != words:
                yield label, unquote(words)


def _number(name, counts, prefix) -> str:
    counts[prefix, name] += 1
    return f"{name} {counts[prefix, name]}"
