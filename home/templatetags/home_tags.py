from django import template
from django.conf import settings

from .. import structured
from ..surroundings import Surroundings

register = template.Library()


@register.simple_tag(takes_context=True)
def get_frame(context):
    """Return what stands around the page: the office's data, menu, footer and banners."""
    return Surroundings.of(context.get("request"))


@register.simple_tag(takes_context=True)
def may_have_userbar(context):
    """Say whether the reader may be logged in, without touching the session of those who are not."""
    request = context.get("request")
    return request is not None and settings.SESSION_COOKIE_NAME in request.COOKIES


@register.simple_tag(takes_context=True)
def structured_data(context, office):
    """Write what the page says to machines about itself."""
    return structured.write(context, office)


@register.simple_tag(takes_context=True)
def canonical_address(context):
    """Return the one address of this page, without what readers came with; "" where it has none."""
    request = context.get("request")
    return request.build_absolute_uri(request.path) if request is not None else ""


@register.filter
def as_telephone(number):
    """Write a telephone number as its link has it."""
    return "".join(sign for sign in number if sign.isdecimal() or sign == "+")


@register.filter
def lines(text):
    """Return the lines of a text that have something in them."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
