"""Examine the editor's unsaved form; read-only."""

from django.db import models
from taggit.managers import TaggableManager
from wagtail.fields import StreamField

from moderation.ports.seal import get_sealed_field_names

from .examination import Examination, examine_item

#: Characters, far above any article; a longer text is examined only when it is handed over.
MAX_BYTES = 512 * 1024


class UnreadableForm(ValueError):
    """The posted data is not the editor's form."""


def examine_typed(item, posted, user) -> Examination:
    """Return the examination of the item's page with the form's data applied.

    Validates and saves nothing, so that incomplete and over-long texts are examined too.
    """
    page, typed = read_typed(item, posted, user)
    return examine_item(item, page, typed, is_live=True)


def read_typed(item, posted, user) -> tuple:
    """Return the unsaved page with the form's data, and the typed values that are stored as child rows."""
    page = item.get_draft()
    form = page.get_edit_handler().get_form_class()(instance=page, for_user=user)
    try:
        return page, _read_form(page, form, posted)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise UnreadableForm("Formulir penyunting tidak terbaca.") from error


def _read_form(page, form, posted) -> dict[str, str]:
    """Set the form's data on the page in memory; return the values that are stored as child rows."""
    sealed = set(get_sealed_field_names(type(page)))
    rows = {}
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        if not _is_of_model(page, name) or field.widget.value_omitted_from_data(posted, {}, key):
            continue
        model_field = page._meta.get_field(name)
        value = field.widget.value_from_datadict(posted, {}, key)
        if isinstance(model_field, TaggableManager):
            rows[name] = str(value or "")
        elif name in sealed:
            _put(page, model_field, value)
    return rows


def _is_of_model(page, name) -> bool:
    return any(found.name == name for found in page._meta.get_fields())


def _put(page, model_field, value) -> None:
    if isinstance(model_field, StreamField):
        setattr(page, model_field.name, value)
    elif isinstance(model_field, models.ForeignKey):
        digits = str(value or "")
        setattr(page, model_field.attname, int(digits) if digits.isdecimal() and len(digits) < 19 else None)
    elif isinstance(model_field, (models.CharField, models.TextField)):
        setattr(page, model_field.name, str(value or ""))
