"""Who may download a document: everybody once what offers it is live, until then the desk alone."""

from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from wagtail.models import Page, ReferenceIndex

from moderation.models import SealedMedia
from moderation.models.roles import may_see_desk


def hide_unpublished(document, request) -> None:
    """Answer "not found" for a document that nothing live offers; asked before every download."""
    if not is_public(document) and not may_see_desk(request.user):
        raise Http404("Dokumen ini tidak tersedia.")


def is_public(media) -> bool:
    """Say whether a picture or document is under an order that is carried out, or belongs to anything else public."""
    executed = SealedMedia.objects.of(media).filter(permit__executed_at__isnull=False, permit__revoked_at=None)
    if executed.exists():
        return True
    references = ReferenceIndex.get_references_to(media)
    on_pages = references.filter(base_content_type=ContentType.objects.get_for_model(Page))
    keys = [int(key) for key in on_pages.values_list("object_id", flat=True)]
    if keys and Page.objects.live().public().filter(pk__in=keys).exists():
        return True
    return references.exclude(base_content_type=ContentType.objects.get_for_model(Page)).exists()
