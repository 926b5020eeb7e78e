from django import template
from django.template.defaultfilters import date
from django.utils import timezone

from .. import pictures

register = template.Library()


@register.filter
def long_date(value):
    """Write a day as "Senin, 3 Agustus 2026"."""
    return date(value, "l, j F Y")


@register.filter
def long_moment(value):
    """Write a moment as "Senin, 3 Agustus 2026 pukul 09.00 WIB"."""
    return date(timezone.localtime(value), r"l, j F Y \p\u\k\u\l H.i T") if value else ""


@register.inclusion_tag("includes/picture.html")
def picture(photo, shape, alt="", eager=False):
    """Write a photo in the sizes of ``shape``; nothing when there is none or its file is gone."""
    return {"picture": pictures.get_picture(photo, shape) if photo else None, "alt": alt, "eager": eager}


@register.simple_tag
def page_range(page_obj):
    """Return the page numbers to offer: the ends and the neighbours, with gaps between."""
    return page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
