"""Read the fields of a moderated page that citizens see, in the order of the form."""

from dataclasses import dataclass, field

from django.db import models
from wagtail.fields import RichTextField, StreamField

from moderation.ports.seal import SEALED_PAGE_FIELDS, get_sealed_child_relations, get_sealed_field_names

from .blocks import Reader, read_reference
from .units import Leaf, Unit
from .word_matching import Budget
from .writing import write_choice, write_removed, write_value

#: Read first; Wagtail's other page fields come last, as on the form.
_FIRST = ("title",)


@dataclass
class PageField:
    """One field with its content: units of a text, one leaf, or names."""

    name: str
    label: str
    units: list[Unit] = field(default_factory=list)
    is_single: bool = False
    is_set: bool = False
    names: list[str] = field(default_factory=list)

    def __bool__(self):
        if self.is_set:
            return bool(self.names)
        if self.is_single:
            return any(leaf.value for leaf in self.units[0].leaves)
        return bool(self.units)


def read_fields(page, budget: Budget) -> list[PageField]:
    """Return all sealed fields of the page, with their labels on screen."""
    reader = Reader(budget)
    names = get_sealed_field_names(type(page))
    # A relation is read with the words that are shown of it.
    own = [name for name in names if name not in {*SEALED_PAGE_FIELDS, *page.sealed_words.values()}]
    last = [name for name in SEALED_PAGE_FIELDS if name not in _FIRST]
    return [
        *(_read_field(reader, page, name) for name in (*_FIRST, *own)),
        *(_read_children(page, relation) for relation in get_sealed_child_relations(type(page))),
        *(_read_field(reader, page, name) for name in last),
    ]


def get_label(model, name: str) -> str:
    """Return the field's name on screen, with the picture it belongs to: "Foto utama: kredit foto"."""
    label = str(model._meta.get_field(name).verbose_name)
    for other in model._meta.concrete_fields:
        if isinstance(other, models.ForeignKey) and name.startswith(f"{other.name}_") and name != other.name:
            return _capitalise(f"{other.verbose_name}: {label}")
    return _capitalise(label)


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _read_field(reader: Reader, page, name: str) -> PageField:
    model_field = page._meta.get_field(name)
    label = get_label(type(page), name)
    if isinstance(model_field, StreamField):
        value = getattr(page, name)
        return PageField(name, label, reader.read_stream(value.stream_block, value.get_prep_value()))
    if isinstance(model_field, RichTextField):
        return PageField(name, label, reader.read_rich_text(getattr(page, name)))
    leaf = _read_leaf(model_field, page, label)
    return PageField(name, label, [Unit(name, label, name, [leaf])], is_single=True)


def _read_leaf(model_field, page, label) -> Leaf:
    lost = getattr(page, "lost_references", {})
    if model_field.name in page.sealed_words:
        words, key = page.get_words(model_field.name), lost.get(model_field.attname)
        return Leaf("", label, "value", words or (write_removed(key) if key else ""))
    value = getattr(page, model_field.attname)
    if isinstance(model_field, models.ForeignKey):
        # An old version may refer to an object deleted since.
        value = lost.get(model_field.attname, value)
        return read_reference(model_field.related_model, value, "", label)
    if model_field.choices:
        shown = write_choice(model_field.flatchoices, value) if value not in (None, "") else ""
        return Leaf("", label, "value", shown)
    if isinstance(model_field, (models.CharField, models.TextField)) and not isinstance(
        model_field, (models.SlugField, models.URLField, models.EmailField)
    ):
        return Leaf("", label, "text", str(value or ""))
    return Leaf("", label, "value", write_value(model_field.to_python(value)))


def _read_children(page, relation) -> PageField:
    """Return the names of child rows: the topics, read through a taggit manager."""
    name, model = relation.get_accessor_name(), relation.related_model
    label = next(
        (
            manager.verbose_name
            for manager in type(page)._meta.get_fields()
            if getattr(getattr(manager, "remote_field", None), "through", None) is model
        ),
        model._meta.verbose_name_plural,
    )
    rows = list(getattr(page, name).all())
    own_fields = [
        child_field
        for child_field in model._meta.concrete_fields
        if not child_field.primary_key and child_field.name not in (relation.field.name, "sort_order")
    ]
    models.prefetch_related_objects(rows, *(child_field.name for child_field in own_fields if child_field.is_relation))
    return PageField(name, _capitalise(str(label)), is_set=True, names=[_name(row, own_fields) for row in rows])


def _name(row, own_fields) -> str:
    values = (
        str(getattr(row, own.name)) if own.is_relation else write_value(own.value_from_object(row))
        for own in own_fields
    )
    return ", ".join(value for value in values if value)
