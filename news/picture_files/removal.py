"""Removes the public files of a withdrawn item's pictures."""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex

from moderation.ports.seal import get_media
from news.models import Photo, Rendition


def drop_pictures(sender, page, permit, **kwargs) -> None:
    """Remove the public files of a withdrawn item's pictures that nothing else live shows.

    A rendition has an address of its own, which citizens and search engines may know.
    """
    photos = [media for media in get_media(permit.revision.as_object()) if isinstance(media, Photo)]
    hidden = [photo.pk for photo in photos if not _is_shown_elsewhere(photo, page)]
    for rendition in Rendition.objects.filter(image__in=hidden):
        rendition.delete()


def _is_shown_elsewhere(photo, page) -> bool:
    references = ReferenceIndex.get_references_to(photo)
    page_type = ContentType.objects.get_for_model(Page)
    keys = {int(key) for key in references.filter(base_content_type=page_type).values_list("object_id", flat=True)}
    if Page.objects.live().filter(pk__in=keys - {page.pk}).exists():
        return True
    return references.exclude(base_content_type=page_type).exists()
