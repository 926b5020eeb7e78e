"""Decide who may download a document: everybody when a live page offers it, else only the desk."""

from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from wagtail.models import Page, ReferenceIndex

from moderation.models import SealedMedia
from moderation.models.roles import may_see_desk


def hide_unpublished(document, request) -> None:
    """Answer 404 for a document that nothing live offers; called before every download."""
    if not is_public(document) and not may_see_desk(request.user):
        raise Http404("Dokumen ini tidak tersedia.")


def is_public(media) -> bool:
    """Say whether a picture or document is part of an executed order or of any other public object."""
    executed = SealedMedia.objects.of(media).filter(permit__executed_at__isnull=False, permit__revoked_at=None)
    if executed.exists():
        return True
    references = ReferenceIndex.get_references_to(media)
    on_pages = references.filter(base_content_type=ContentType.objects.get_for_model(Page))
    keys = [int(key) for key in on_pages.values_list("object_id", flat=True)]
    if keys and Page.objects.live().public().filter(pk__in=keys).exists():
        return True
    return references.exclude(base_content_type=ContentType.objects.get_for_model(Page)).exists()
