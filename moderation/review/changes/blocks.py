"""Read fields of any page class into units and leaves, by their block definitions."""

import json

from django.forms import BooleanField, CharField, ChoiceField, EmailField, URLField
from wagtail.blocks import (
    ChooserBlock,
    DateBlock,
    DateTimeBlock,
    FieldBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
)
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage

from . import richtext
from .units import Leaf, Unit, make_words
from .word_matching import Budget
from .writing import write_choice, write_value

#: Units read of one field; the rest is not compared.
MOST_UNITS = 2_000


class Reader:
    """Read the raw data of both versions; ``budget`` is shared with the word comparison."""

    def __init__(self, budget: Budget):
        self.budget = budget

    def read_stream(self, block: StreamBlock, raw, path="") -> list[Unit]:
        """Return the units of a stream; a rich text block yields one for each paragraph."""
        units = []
        for child in raw or []:
            kind = block.child_blocks.get(child.get("type"))
            if kind is not None:
                units += self._read_child(kind, child.get("value"), child.get("id") or "")
            if len(units) > MOST_UNITS:
                break
        return units

    def read_rich_text(self, html: str, key: str = "") -> list[Unit]:
        """Return a unit for each paragraph of a rich text."""
        html = html or ""
        if not self.budget.take_read(len(html)):
            text = richtext.strip_tags(html, 5_000)
            return [Unit("Paragraf", "Paragraf", key, [Leaf("", "", "text", text + f" … ({len(html)} karakter)")])]
        paragraphs = richtext.read(html)
        units = []
        for paragraph in paragraphs:
            own = f"{key}/{paragraph.key}" if paragraph.key else ""
            # Key the only paragraph of a block by the block's id.
            own = own or (key if len(paragraphs) == 1 else "")
            leaves = [make_words(paragraph.tokens)] if paragraph.tokens else _read_embed(paragraph.embed)
            units.append(Unit(paragraph.label, paragraph.label, own, leaves))
        return units

    def _read_child(self, block, value, key: str) -> list[Unit]:
        if isinstance(block, RichTextBlock):
            return self.read_rich_text(value, key)
        unit = Unit(block.name, _get_label(block), key)
        self._read_into(unit, block, value, "", "")
        return [unit]

    def _read_into(self, unit: Unit, block, value, path: str, label: str) -> None:
        """Add a block's content to the unit: leaves, and child units for list items."""
        if isinstance(block, StructBlock):
            value = value if isinstance(value, dict) else {}
            for name, child in block.child_blocks.items():
                self._read_into(unit, child, value.get(name), f"{path}/{name}", _get_label(child))
        elif isinstance(block, StreamBlock):
            unit.children += self.read_stream(block, value)
        elif isinstance(block, ListBlock):
            for item in (value or [])[:MOST_UNITS]:
                is_item = isinstance(item, dict) and item.get("type") == "item"
                raw, key = (item.get("value"), item.get("id") or "") if is_item else (item, "")
                unit.children += self._read_child(block.child_block, raw, key)
        elif isinstance(block, RichTextBlock):
            unit.children += self.read_rich_text(value, path)
        elif isinstance(block, (FieldBlock, ChooserBlock)):
            unit.leaves.append(_read_leaf(block, value, path, label))


def _get_label(block) -> str:
    return str(block.label or block.name or "Bagian")


def _read_embed(attributes) -> list[Leaf]:
    if attributes.get("embedtype") == "image" and attributes.get("id", "").isdecimal():
        return [
            Leaf("image", "Foto", "picture", int(attributes["id"])),
            Leaf("alt", "Teks alternatif", "text", attributes.get("alt", "")),
        ]
    shown = attributes.get("url", "")
    return [Leaf("embed", "", "value", shown)]


def _read_leaf(block, value, path, label) -> Leaf:
    if isinstance(block, ChooserBlock):
        return read_reference(block.model_class, value, path, label)
    form_field = getattr(block, "field", None)
    if isinstance(form_field, ChoiceField):
        choices = form_field.choices
        chosen = value if isinstance(value, (list, tuple)) else [value]
        return Leaf(path, label, "value", ", ".join(write_choice(choices, one) for one in chosen if one))
    if isinstance(block, (DateBlock, DateTimeBlock)):
        return Leaf(path, label, "value", write_value(block.to_python(value)))
    if isinstance(form_field, BooleanField):
        return Leaf(path, label, "value", write_value(bool(value)))
    if isinstance(form_field, (URLField, EmailField)) or value is None or isinstance(value, (int, float)):
        return Leaf(path, label, "value" if value is not None else "text", write_value(value))
    if isinstance(form_field, CharField) or isinstance(value, str):
        return Leaf(path, label, "text", str(value))
    return Leaf(path, label, "text", json.dumps(value, ensure_ascii=False, sort_keys=True))


def read_reference(model, key, path, label) -> Leaf:
    """Return the leaf of a chooser value: a picture, a document, or a named object."""
    if issubclass(model, AbstractImage):
        return Leaf(path, label, "picture", key)
    if issubclass(model, AbstractDocument):
        return Leaf(path, label, "file", key)
    return Leaf(path, label, "name", (model._meta.label_lower, key) if key else None)
