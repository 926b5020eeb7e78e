"""The words on what is live: no topic of it is renamed, and no first name of a category or village changes (I1)."""

from django.db.models.signals import pre_save
from taggit.models import Tag

from moderation.evidence.triggers import Trigger, differs
from moderation.models import PublicationPermit
from moderation.ports.exceptions import GuardViolation

from . import NewsCategory, NewsPageTag, Village

_IN_USE = "Topik ini tampil pada berita yang tayang. Namanya bagian dari isi yang diverifikasi dan tidak dapat diubah."


def guard_topic(sender, instance, **kwargs) -> None:
    """Refuse to rename a topic that a live item shows."""
    # A new topic has no row to ask for.
    before = instance.pk and Tag.objects.filter(pk=instance.pk).values_list("name", "slug").first()
    if before is None or before == (instance.name, instance.slug):
        return
    items = NewsPageTag.objects.filter(tag=instance).values("content_object")
    if PublicationPermit.objects.executed().filter(page__in=items).exists():
        raise GuardViolation(_IN_USE)


def connect() -> None:
    """Connect the guard of the topics."""
    pre_save.connect(guard_topic, sender=Tag, dispatch_uid="news_guard_topic")


def get_triggers(vendor: str) -> list[Trigger]:
    """Return the triggers: first names stay, and so do the topics of what is live."""
    rewritten = (
        f"(OLD.first_name <> '' AND {differs(vendor, 'first_name')}) "
        "OR (OLD.first_name = '' AND NEW.first_name NOT IN ('', OLD.name)) "
        f"OR ({differs(vendor, 'name')} AND NEW.first_name = '')"
    )
    live = (
        f"EXISTS (SELECT 1 FROM {NewsPageTag._meta.db_table} t "
        f"JOIN {PublicationPermit._meta.db_table} p ON p.page_id = t.content_object_id "
        "WHERE t.tag_id = OLD.id AND p.executed_at IS NOT NULL AND p.revoked_at IS NULL)"
    )
    message = "kata pada berita yang diverifikasi tidak dapat diubah"
    return [
        *(
            Trigger(f"{model._meta.model_name}_words", model._meta.db_table, "UPDATE", rewritten, message)
            for model in (NewsCategory, Village)
        ),
        Trigger("topic_words", Tag._meta.db_table, "UPDATE", f"{differs(vendor, 'name', 'slug')} AND {live}", message),
    ]
