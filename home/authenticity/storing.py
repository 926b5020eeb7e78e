"""Store the text of each version in the transaction that publishes it, and of earlier ones after migrate."""

from django.conf import settings
from django.db import connections
from django.utils import translation

from home.search import tables
from home.search.words import stem_text
from moderation.models import PublicationPermit

from .comparison.tokens import unmask
from .models import FORM, PublishedVersion, get_key_mark
from .version_passages import list_channel_texts, list_passages

INDEX = tables.Index(PublishedVersion._meta.db_table, "permit_id", ("text_stems", "facets"))
#: Versions stored at a time.
_BATCH = 200


def store(permit, **how) -> None:
    """Store the text of a permit's version, which is or was live; ``how`` is given to ``save``."""
    page = permit.version
    # As the site shows dates: ``migrate`` speaks English.
    with translation.override(settings.LANGUAGE_CODE):
        passages = list_passages(page, permit)
    texts = [passage.text for passage in passages if passage.is_statement] + list_channel_texts(page)
    version = PublishedVersion(
        permit=permit,
        page_id=permit.page_id,
        passages=[[passage.place, passage.text, passage.plain, passage.is_statement] for passage in passages],
        text_stems=stem_text(unmask("\n".join(texts))),
        facets=PublishedVersion.LIVE if permit.revoked_at is None else PublishedVersion.PAST,
    )
    version.sign()
    version.save(**how)


def on_page_went_live(sender, page, permit, **kwargs) -> None:
    PublishedVersion.objects.filter(page_id=page.pk).update(facets=PublishedVersion.PAST)
    store(permit, force_insert=True)


def on_page_taken_down(sender, page, permit, **kwargs) -> None:
    PublishedVersion.objects.filter(page_id=page.pk).update(facets=PublishedVersion.PAST)


def on_post_migrate(using="default", **kwargs) -> None:
    """Create the index and store what is missing, unless the app was migrated to before its table."""
    if PublishedVersion._meta.db_table in connections[using].introspection.table_names():
        tables.install_one(connections[using], INDEX)
        fill_missing()


def fill_missing() -> int:
    """Store every published version missing in the current form and key; return how many."""
    kept = PublishedVersion.objects.filter(form=FORM, key_mark=get_key_mark())
    missing = PublicationPermit.objects.exclude(executed_at=None).exclude(pk__in=kept.values("pk"))
    count = 0
    for permit in missing.select_related("revision", "disposition").order_by("pk").iterator(chunk_size=_BATCH):
        store(permit)
        count += 1
    return count
