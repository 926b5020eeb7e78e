"""The question mark on each screen of the desk."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from kecamatan_site.guide.screens import find_screen

register = template.Library()


@register.inclusion_tag("kecamatan_site/guide/link.html", takes_context=True)
def guide_link(context):
    """Link this screen to its place in the guide; asks nothing of the database."""
    # A header is included without the variables of its page; the context keeps the request.
    request = getattr(context, "request", None) or context.get("request")
    match = getattr(request, "resolver_match", None)
    screen = match and find_screen(match.route)
    if match is None or screen is None:
        return {}
    query = {"layar": screen.route}
    if screen.item in match.kwargs:
        query["materi"] = match.kwargs[screen.item]
    return {"address": f"{reverse('guide:screen')}?{urlencode(query)}", "row": screen.row}
