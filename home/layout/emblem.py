"""Answer with the office's emblem, for the desk, the sign-in and browser tabs."""

from typing import TYPE_CHECKING, cast

from django.http import HttpResponseRedirect
from django.templatetags.static import static
from django.utils.cache import patch_cache_control

from moderation.uploads.damaged_pictures import UNREADABLE

from .brand import get_brand

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage

#: Seconds for which a browser keeps the answer: an exchanged logo is seen within the hour.
AGE = 3600


def show_emblem(request):
    """Redirect to the office's logo, else to the emblem of this software."""
    response = HttpResponseRedirect(_find_address())
    patch_cache_control(response, public=True, max_age=AGE)
    return response


def _find_address() -> str:
    logo = cast("AbstractImage | None", get_brand().logo)
    try:
        return logo.get_rendition("max-256x256|format-png").url if logo else static("home/icon.svg")
    except UNREADABLE:
        return static("home/icon.svg")
