"""List what the text of a revision refers to, from its stored content alone: no page is built, nothing is queried."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME
from wagtail.rich_text import extract_references_from_rich_text


@dataclass(frozen=True)
class Reference:
    """One reference: to which object, and where it stands, in the notation of Wagtail's ``ReferenceIndex``."""

    model: type[models.Model]
    key: str
    model_path: str
    content_path: str


def list_references(model, content: dict) -> list[Reference]:
    """Return the references in the stored content of a page of class ``model``."""
    return list(_walk_object(model, content))


def _walk_object(model, content) -> Iterator[Reference]:
    for field in model._meta.concrete_fields:
        value = content.get(field.name)
        if value in (None, ""):
            continue
        if field.many_to_one:
            yield Reference(field.related_model, str(value), field.name, field.name)
        elif isinstance(field, StreamField):
            stored = json.loads(value) if isinstance(value, str) else value
            yield from _walk_block(field.stream_block, stored, field.name, field.name)
        elif hasattr(field, "extract_references"):
            yield from _walk_rich_text(value, field.name, field.name)
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        if name == COMMENTS_RELATION_NAME:
            continue
        for child in content.get(name) or []:
            for found in _walk_object(relation.related_model, child):
                paths = f"{name}.item.{found.model_path}", f"{name}.{child.get('pk')}.{found.content_path}"
                yield Reference(found.model, found.key, *paths)


def _walk_block(block, value, model_path, content_path) -> Iterator[Reference]:
    if value in (None, ""):
        return
    if isinstance(block, blocks.ChooserBlock):
        yield Reference(block.model_class, str(value), model_path, content_path)
    elif isinstance(block, blocks.RichTextBlock):
        yield from _walk_rich_text(value, model_path, content_path)
    for child, inner, model_name, content_name in _list_children(block, value):
        yield from _walk_block(child, inner, f"{model_path}.{model_name}", f"{content_path}.{content_name}")


def _list_children(block, value) -> list[tuple[blocks.Block, object, str, str | None]]:
    """Return the blocks inside a stored block: each with its value and its names in the two paths."""
    if isinstance(block, blocks.StreamBlock):
        known = [child for child in value if child["type"] in block.child_blocks]
        return [(block.child_blocks[one["type"]], one["value"], one["type"], one.get("id")) for one in known]
    if isinstance(block, blocks.ListBlock):
        return [(block.child_block, inner, "item", key) for inner, key in map(_open_item, value)]
    if isinstance(block, blocks.StructBlock):
        return [(child, value.get(name), name, name) for name, child in block.child_blocks.items()]
    return []


def _open_item(item) -> tuple[object, str | None]:
    """Return value and id of an item of a list; Wagtail once stored the bare value."""
    is_item = isinstance(item, dict) and item.get("type") == "item" and "value" in item
    return (item["value"], item.get("id")) if is_item else (item, None)


def _walk_rich_text(source, model_path, content_path) -> Iterator[Reference]:
    for model, key, *_paths in extract_references_from_rich_text(source):
        yield Reference(model, str(key), model_path, content_path)
