from django import template
from django.conf import settings
from wagtail.models import Page, Site

from ..models import OfficeSettings

register = template.Library()


@register.simple_tag(takes_context=True)
def get_office(context):
    """Return what the office says about itself; the defaults where there is no site or no request."""
    request = context.get("request")
    if request is None or Site.find_for_request(request) is None:
        return OfficeSettings()
    return OfficeSettings.for_request(request)


@register.simple_tag(takes_context=True)
def get_menu(context):
    """Return the pages of the main menu: those below the front page that say "show in menus"."""
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    if site is None:
        return []
    children = Page.objects.child_of(site.root_page).live().in_menu().order_by("path")
    return [_get_entry(page.title, page.get_url(request), request.path) for page in children]


def _get_entry(title, address, here):
    """``current`` is the value of aria-current: this page itself, or the part of the site it belongs to."""
    current = "page" if here == address else "true" if here.startswith(address) else ""
    return {"title": title, "address": address, "current": current}


@register.simple_tag(takes_context=True)
def may_have_userbar(context):
    """Say whether the reader may be logged in, without touching the session of those who are not."""
    request = context.get("request")
    return request is not None and settings.SESSION_COOKIE_NAME in request.COOKIES
