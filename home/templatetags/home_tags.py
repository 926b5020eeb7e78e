from django import template
from django.conf import settings

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


@register.filter
def as_telephone(number):
    """Write a telephone number as its link has it."""
    return "".join(sign for sign in number if sign.isdecimal() or sign == "+")


@register.filter
def lines(text):
    """Return the lines of a text that have something in them."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
