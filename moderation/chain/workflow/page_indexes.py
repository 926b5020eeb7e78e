"""Update Wagtail's search and reference indexes of moderated pages only when their content changes.

Wagtail rebuilds both at every save, also when only ``latest_revision`` changes.
"""

from django.db.models.signals import post_delete, post_save
from modelsearch.signal_handlers import post_delete_signal_handler, post_save_signal_handler
from wagtail.search import index

from moderation.models import ModeratedPage


def on_post_save(sender, instance, update_fields=None, **kwargs) -> None:
    """Index the page for the admin's search if a field was saved that the search reads."""
    if update_fields is None:
        index.insert_or_update_object(instance)
    elif _get_searched(sender) & set(update_fields):
        # Index stored values only: the object may hold unsaved ones.
        post_save_signal_handler(instance, **kwargs)


def _get_searched(model) -> set[str]:
    """Return the fields whose words are searched; filter fields are read from the page's own row."""
    kinds = (index.SearchField, index.AutocompleteField, index.RelatedFields)
    return {field.field_name for field in model.get_search_fields() if isinstance(field, kinds)}


def connect() -> None:
    """Connect the signals of every moderated page class, for which Wagtail's own are off."""
    for model in ModeratedPage.__subclasses__():
        post_save.connect(on_post_save, sender=model, dispatch_uid=f"moderation_index_{model._meta.label}")
        post_delete.connect(post_delete_signal_handler, sender=model)
