"""Answer with the office's emblem, for the desk, the sign-in and browser tabs."""

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

from moderation.uploads.damaged_pictures import UNREADABLE

from .brand import get_brand

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage

#: Seconds for which a browser keeps the answer: an exchanged logo is seen within the hour.
AGE = 3600


def show_emblem(request):
    """Redirect to the office's logo, else draw the mark of this software in the office's colours."""
    address = _find_logo()
    response = HttpResponseRedirect(address) if address else _draw_mark()
    patch_cache_control(response, public=True, max_age=AGE)
    return response


def _find_logo() -> str:
    """Return the logo's address; "" without one, or where its file cannot be read."""
    logo = cast("AbstractImage | None", get_brand().logo)
    try:
        return logo.get_rendition("max-256x256|format-png").url if logo else ""
    except UNREADABLE:
        return ""


def _draw_mark() -> HttpResponse:
    svg = render_to_string("home/emblem.svg", {"colours": settings.OFFICE_FACTS.colours})
    return HttpResponse(svg, content_type="image/svg+xml")
