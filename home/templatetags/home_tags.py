from functools import partial

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from home.layout import opening
from home.layout.page_layout import Layout
from home.open_data.structured_data import write
from news.memo import cached_for_anybody

register = template.Library()


@register.simple_tag(takes_context=True)
def get_layout(context):
    """Return the layout data: office, menus, footer and banners."""
    return Layout.of(context.get("request"))


@register.simple_tag(takes_context=True)
def get_opening(context, office):
    """Return whether the office is open now and the sentence that says so; None where its hours do not tell."""
    find = partial(opening.describe, office.hours, timezone.now())
    request = context.get("request")
    return cached_for_anybody(request, ("opening", office.pk), find) if request is not None else find()


@register.simple_tag
def get_colours():
    """Return the office's colours."""
    return settings.OFFICE_FACTS.colours


@register.simple_tag(takes_context=True)
def may_have_userbar(context):
    """Return whether the request has a session cookie; the session is not read."""
    request = context.get("request")
    return request is not None and settings.SESSION_COOKIE_NAME in request.COOKIES


class _Captured(template.Node):
    """Renders what it holds into a variable, so that a block's text can stand in two places."""

    def __init__(self, nodelist, name):
        self.nodelist, self.name = nodelist, name

    def render(self, context):
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 - rendered, so escaped
        return ""


@register.tag
def captured(parser, token):
    """``{% captured name %}…{% endcaptured %}``: render into the variable ``name``."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcaptured",))
    parser.delete_first_token()
    return _Captured(nodelist, name)


@register.simple_tag(takes_context=True)
def structured_data(context, office):
    """Render the page's JSON-LD."""
    return write(context, office)


@register.simple_tag(takes_context=True)
def canonical_address(context):
    """Return the page's URL without the query string of the request; "" where it has none."""
    request = context.get("request")
    return request.build_absolute_uri(request.path) if request is not None else ""


@register.simple_tag
def office_card_address():
    """Return the absolute URL of the picture that pages share which are no items."""
    return f"{settings.SITE_URL}{reverse('news:office_card')}"


@register.filter
def as_telephone(number):
    """Return a telephone number in the form of a ``tel:`` link."""
    return "".join(sign for sign in number if sign.isdecimal() or sign == "+")


@register.filter
def lines(text):
    """Return the lines of a text that are not empty."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
