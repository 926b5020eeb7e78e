"""Read what the seals of many pages need with a few statements, instead of a few for each page."""

from collections import defaultdict

from wagtail.documents.models import AbstractDocument
from wagtail.fields import StreamField
from wagtail.images.models import AbstractImage
from wagtail.models import COMMENTS_RELATION_NAME

from moderation.evidence.references import list_references
from moderation.ports.seal import get_sealed_child_relations


def gather(pages: list) -> dict[int, list]:
    """Fill in the child rows of these pages of one class, and return the images and documents of each by its key.

    The lists are those of ``moderation.ports.seal.get_media``.
    """
    if not pages:
        return {}
    for page in pages:
        # The seal knows no comments.
        page._cluster_related_objects = {COMMENTS_RELATION_NAME: []}
    for relation in get_sealed_child_relations(type(pages[0])):
        _fill_children(pages, relation)
    found = {page.pk: _list_media(page) for page in pages}
    wanted = defaultdict(set)
    for keys in found.values():
        for model, key in keys:
            wanted[model].add(key)
    stored = {(model, str(one.pk)): one for model, keys in wanted.items() for one in model.objects.filter(pk__in=keys)}
    return {page_id: [stored.get(one) or one[0](pk=one[1]) for one in keys] for page_id, keys in found.items()}


def _fill_children(pages, relation) -> None:
    names = [field.name for field in relation.related_model._meta.concrete_fields if field.is_relation]
    others = [name for name in names if name != relation.field.name]
    by_page = {page.pk: page for page in pages}
    rows = relation.related_model.objects.filter(**{f"{relation.field.name}__in": list(by_page)})
    members = defaultdict(list)
    for row in rows.select_related(*others):
        members[getattr(row, relation.field.attname)].append(row)
    for key, page in by_page.items():
        page._cluster_related_objects[relation.get_accessor_name()] = members[key]


def _list_media(page) -> list[tuple]:
    """Return class and key of each image and document that the page refers to, in the order of the seal."""
    found = {(one.model, one.key) for one in list_references(type(page), _get_content(page))}
    media = [one for one in found if issubclass(one[0], (AbstractImage, AbstractDocument))]
    return sorted(media, key=lambda one: (one[0]._meta.label_lower, one[1]))


def _get_content(page) -> dict:
    content = _get_row(page)
    for relation in get_sealed_child_relations(type(page)):
        name = relation.get_accessor_name()
        content[name] = [_get_row(row) for row in page._cluster_related_objects[name]]
    return content


def _get_row(instance) -> dict:
    content = {}
    for one in instance._meta.concrete_fields:
        value = getattr(instance, one.attname)
        content[one.name] = list(value.raw_data) if isinstance(one, StreamField) else value
    return content
