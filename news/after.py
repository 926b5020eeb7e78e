"""What citizens see of a news item after its first publication: corrections, and the place of what was withdrawn."""

from dataclasses import dataclass
from datetime import datetime

from moderation import corrections
from moderation.models import Withdrawal


@dataclass(frozen=True)
class Correction:
    """One correction that citizens are told of; ``at`` is None where it is not live yet."""

    at: datetime | None
    text: str


def list_corrections(page, request) -> list[Correction]:
    """Return the public corrections of the page, the newest first; a preview begins with its own."""
    is_preview = getattr(request, "is_preview", False)
    # They came with the proof of what is live.
    told = corrections.find_public(page) if is_preview else getattr(page, "told_corrections", ())
    found = [Correction(permit.executed_at, permit.correction_note) for permit in told]
    item = page.disposition if is_preview else None
    if item is not None and item.correcting and page.get_correction_note():
        found.insert(0, Correction(None, page.get_correction_note()))
    return found


def find_withdrawal(index_page, slug: str) -> Withdrawal | None:
    """Return the last take-down of the page that stood at this address, None when there is none."""
    gone = Withdrawal.objects.filter(page__slug=slug, page__depth=index_page.depth + 1, page__live=False)
    return gone.filter(page__path__startswith=index_page.path).order_by("-at", "-pk").first()


def drop_pictures(sender, page, permit, **kwargs) -> None:
    """Remove the public files of a withdrawn item's pictures that nothing else live shows.

    A rendition has an address of its own, which citizens and search engines may know.
    """
    from moderation.seal import get_media

    from .models import Photo, Rendition

    photos = [media for media in get_media(permit.revision.as_object()) if isinstance(media, Photo)]
    hidden = [photo.pk for photo in photos if not _is_shown_elsewhere(photo, page)]
    for rendition in Rendition.objects.filter(image__in=hidden):
        rendition.delete()


def _is_shown_elsewhere(photo, page) -> bool:
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page, ReferenceIndex

    references = ReferenceIndex.get_references_to(photo)
    page_type = ContentType.objects.get_for_model(Page)
    keys = {int(key) for key in references.filter(base_content_type=page_type).values_list("object_id", flat=True)}
    if Page.objects.live().filter(pk__in=keys - {page.pk}).exists():
        return True
    return references.exclude(base_content_type=page_type).exists()
