"""Serve cards: to everyone while the version is live, to staff before."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_safe

from moderation.models import PublicationPermit
from moderation.models.roles import may_see_desk

from . import drawing, store
from .brand import get_brand
from .content import CardContent, get_content, get_link, get_office_content

#: The office's card lies where a version's would, under a name that is no seal.
OFFICE = "kantor"


@require_safe
def show_card(request, seal, shape):
    """Serve the card of a live version, 404 otherwise."""
    permit = find_permit(seal)
    if permit is None:
        raise Http404("Kartu ini tidak tersedia.")
    path = store.get_card(
        permit.seal, drawing.SHAPES[shape], get_link(permit.page), lambda: get_content(permit.revision.as_object())
    )
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise Http404("Kartu ini tidak tersedia.") from error
    if find_permit(seal) is None:
        # Check again: the page may have been taken down while drawing.
        file.close()
        store.forget(permit.seal)
        raise Http404("Kartu ini tidak tersedia.")
    response = FileResponse(file, content_type=drawing.MIME)
    response["X-Content-Type-Options"] = "nosniff"
    # Cache briefly, because a version can be withdrawn.
    response["Cache-Control"] = "public, max-age=300"
    if "unduh" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{get_file_name(permit.page.slug, shape)}"'
    return response


@require_safe
def show_office_card(request):
    """Serve the card that pages share which are no items; it changes with the office's name and logo."""
    brand = get_brand()
    path = store.get_card(OFFICE, drawing.LINK, settings.SITE_URL, lambda: get_office_content(brand))
    response = HttpResponse(path.read_bytes(), content_type=drawing.MIME)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=86400"
    return response


def find_permit(seal: str) -> PublicationPermit | None:
    """Return the executed permit whose seal begins with this prefix."""
    live = PublicationPermit.objects.executed().filter(seal__startswith=seal, page__live=True)
    return live.select_related("page").first()


def get_file_name(slug: str, shape: str) -> str:
    """Return the download name; Wagtail's slugs are safe in a header."""
    words = slug.encode("ascii", "ignore").decode()[:80].strip("-")
    return f"{words or 'kartu'}-{shape}.jpg"


@require_safe
def preview_card(request, shape):
    """Draw a card for staff from signed content, without storing it."""
    if not may_see_desk(request.user):
        raise PermissionDenied
    if shape not in drawing.SHAPES:
        raise Http404
    try:
        content = CardContent.unsign(request.GET.get("isi", ""))
    except BadSignature as error:
        raise Http404("Pratinjau kartu ini tidak tersedia.") from error
    response = HttpResponse(store.draw(content, drawing.SHAPES[shape]), content_type=drawing.MIME)
    response["X-Content-Type-Options"] = "nosniff"
    return response
