"""Who may download a document: everybody once what offers it is live, until then the desk alone."""

from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from wagtail.models import Page, ReferenceIndex

from .roles import may_see_desk


def hide_unpublished(document, request) -> None:
    """Answer "not found" for a document that nothing live offers; asked before every download."""
    if not may_see_desk(request.user) and not _is_offered(document):
        raise Http404("Dokumen ini tidak tersedia.")


def _is_offered(document) -> bool:
    """Say whether a live page, or something that is no page, refers to the document."""
    references = ReferenceIndex.get_references_to(document)
    on_pages = references.filter(base_content_type=ContentType.objects.get_for_model(Page))
    keys = [int(key) for key in on_pages.values_list("object_id", flat=True)]
    if Page.objects.live().filter(pk__in=keys).exists():
        return True
    return references.exclude(base_content_type=ContentType.objects.get_for_model(Page)).exists()
