"""Compute the seal (Sidik isi): SHA-256 over everything of a page that citizens see (I1).

The payload is canonical JSON. Empty values are left out, so that a field added to a model later
does not break the seals of what is already live.
"""

import copy
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import prefetch_related_objects
from modelcluster.models import get_all_child_relations
from wagtail.documents.models import AbstractDocument
from wagtail.fields import StreamField
from wagtail.images.models import AbstractImage
from wagtail.models import COMMENTS_RELATION_NAME, Page, ReferenceIndex

#: Wagtail's own page fields inside the seal; the others are not shown to citizens.
SEALED_PAGE_FIELDS = ("title", "slug", "seo_title", "search_description", "show_in_menus")
#: JSON of a page, a child row or a file.
Facts = dict[str, Any]
_EMPTY: tuple[Any, ...] = (None, "", [], {}, False)


def compute_seal(page: Any, media: list[Facts] | None = None) -> str:
    """Return the seal of the page as it stands in memory, 64 hex digits.

    ``media``: the sealed facts of the page's media, where the caller has just asked for them.
    """
    payload = {
        "model": page._meta.label_lower,
        "fields": _get_fields(page),
        "children": _get_children(page),
        "media": describe_all_media(get_media(page)) if media is None else media,
    }
    text = json.dumps(payload, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def shorten(seal: str) -> str:
    """Return the seal as people read it: ``ab12 cd34 ef56``."""
    return " ".join((seal[0:4], seal[4:8], seal[8:12]))


def get_sealed_field_names(model: Any) -> list[str]:
    """Return the names of the model's fields inside the seal, all of its own but the unsealed."""
    own = [
        field.name
        for field in model._meta.concrete_fields
        if field.model is not Page
        and not issubclass(Page, field.model)
        and not field.primary_key
        and field.name not in model.unsealed_fields
    ]
    return [*SEALED_PAGE_FIELDS, *own]


def get_sealed_child_relations(model: type[models.Model]) -> list[Any]:
    """Return the child relations inside the seal: those that the class has beyond ``Page``."""
    stock = {relation.related_model for relation in get_all_child_relations(Page)}
    return [relation for relation in get_all_child_relations(model) if relation.related_model not in stock]


def get_media(page: Any) -> list[Any]:
    """Return the images and documents the page refers to, rich text and blocks included."""
    found = {}
    for content_type_id, object_id, *_path in ReferenceIndex._extract_references_from_object(_without_comments(page)):
        model = _get_media_model(content_type_id)
        if model is not None:
            found[(model._meta.label_lower, str(object_id))] = model
    stored = {
        (model._meta.label_lower, str(media.pk)): media
        for model in set(found.values())
        for media in model.objects.filter(pk__in=[key for label, key in found if label == model._meta.label_lower])
    }
    return [stored.get(key) or model(pk=key[1]) for key, model in sorted(found.items())]


def hold_children(page: Any) -> None:
    """Read the child rows inside the seal once for this object, which nobody saves."""
    for relation in get_sealed_child_relations(type(page)):
        getattr(page, relation.get_accessor_name()).get_object_list()


def _without_comments(page: Any) -> Any:
    """Return a copy without comments: they refer to no media, and reading each queries its replies."""
    read = copy.copy(page)
    read._cluster_related_objects = {**getattr(page, "_cluster_related_objects", {}), COMMENTS_RELATION_NAME: []}
    return read


def _get_media_model(content_type_id: int) -> Any:
    from django.contrib.contenttypes.models import ContentType

    model = ContentType.objects.get_for_id(content_type_id).model_class()
    if model is not None and issubclass(model, (AbstractImage, AbstractDocument)):
        return model
    return None


def describe_all_media(media: list[Any]) -> list[Facts]:
    """Return the sealed facts of these images and documents."""
    return [describe_media(one) for one in media]


def describe_media(media: Any) -> Facts:
    """Return the sealed facts of an image or document: those that citizens see."""
    return {
        "model": media._meta.label_lower,
        "id": str(media.pk),
        "file": hash_file(media.file),
        **describe_settings(media),
    }


def describe_settings(media: Any) -> Facts:
    """Return the sealed facts that are stored beside the file: the focal point, or the title of a document."""
    facts: Facts = {}
    if isinstance(media, AbstractImage):
        focal = (
            media.focal_point_x,
            media.focal_point_y,
            media.focal_point_width,
            media.focal_point_height,
        )
        facts["focal_point"] = [value for value in focal if value is not None]
    if isinstance(media, AbstractDocument):
        # A download without a title of its own is offered under the document's.
        facts["title"] = media.title
    return facts


def find_missing_files(page: Any) -> list[str]:
    """Return the pictures and documents of the page whose file is gone, each by kind, title and file name."""
    return [_name_file(media) for media in get_media(page) if not media.file or not _is_stored(media.file)]


def _name_file(media: Any) -> str:
    kind = str(media._meta.verbose_name)
    return f"{kind} “{media.title}” ({media.file.name})" if media.file else f"{kind} nomor {media.pk}"


def _is_stored(file: Any) -> bool:
    return bool(file.storage.exists(file.name))


def hash_file(file: Any) -> str:
    """Return the hash of the file's bytes, "" when the file is gone (which breaks the seal)."""
    if not file:
        return ""
    try:
        with file.storage.open(file.name) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _get_fields(page: Any) -> Facts:
    values = {}
    for name in get_sealed_field_names(type(page)):
        value = _get_value(page, page._meta.get_field(name))
        # Leave out a value that older versions, without this field, are read with.
        if value not in _EMPTY and value != page.sealed_defaults.get(name):
            values[name] = value
    return values


def _get_value(instance: models.Model, field: Any) -> Any:
    if isinstance(field, StreamField):
        # Parsed, because jsonb reorders the keys of the stored text.
        return _strip_block_ids(getattr(instance, field.name).get_prep_value())
    if isinstance(field, models.ForeignKey):
        return getattr(instance, field.attname)
    value = field.to_python(field.value_from_object(instance))
    # Normalise to UTC: a typed value is in local time, a stored one is not.
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _strip_block_ids(value: Any) -> Any:
    """Remove block ids, so that the same text typed again has the same seal."""
    if isinstance(value, list):
        return [_strip_block_ids(item) for item in value]
    if isinstance(value, dict):
        is_block = {"type", "value"} <= value.keys() <= {"type", "value", "id"}
        return {key: _strip_block_ids(item) for key, item in value.items() if not (is_block and key == "id")}
    return value


def _get_children(page: Any) -> dict[str, list[Facts]]:
    children = {}
    for relation in get_sealed_child_relations(type(page)):
        members = list(getattr(page, relation.get_accessor_name()).all())
        prefetch_related_objects(members, *_get_related_names(relation))
        rows = [_get_child(child, relation) for child in members]
        if rows:
            children[relation.get_accessor_name()] = sorted(
                rows, key=lambda row: json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True)
            )
    return children


def _get_related_names(relation: Any) -> list[str]:
    """Return the names of the relations of a child row other than the one to the page."""
    fields = relation.related_model._meta.concrete_fields
    return [field.name for field in fields if field.is_relation and field.name != relation.field.name]


def _get_child(child: models.Model, relation: Any) -> Facts:
    values = {}
    for field in child._meta.concrete_fields:
        if field.primary_key or field.name == relation.field.name:
            continue
        # Seal a topic by its name, which is what pages and posts show.
        value = str(getattr(child, field.name)) if field.is_relation else _get_value(child, field)
        if value not in _EMPTY:
            values[field.name] = value
    return values
