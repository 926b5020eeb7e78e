from django import template
from django.template.defaultfilters import date
from django.utils import timezone

from news.editor import rich_text
from news.images import pictures
from news.lists.periods import Month
from news.lists.teasers import write_teaser

register = template.Library()


@register.filter
def clean_richtext(value):
    """Write rich text as citizens see it: links resolved, and no markup that the editor does not write."""
    return rich_text.render(value) if value else ""


@register.filter
def stored_size(document):
    """Return the bytes of a document's stored file, which the seal covers; None when the file is gone."""
    try:
        return document.file.size if document.file else None
    except FileNotFoundError:
        return None


@register.filter
def long_date(value):
    """Write a day as "Senin, 3 Agustus 2026"."""
    return date(value, "l, j F Y")


@register.filter
def long_moment(value):
    """Write a moment as "Senin, 3 Agustus 2026 pukul 09.00 WIB"."""
    return date(timezone.localtime(value), r"l, j F Y \p\u\k\u\l H.i T") if value else ""


@register.filter(expects_localtime=True)
def machine_moment(value):
    """Write a moment for the attribute ``datetime``, without microseconds."""
    return value.isoformat(timespec="seconds") if value else ""


@register.filter
def short_month(value):
    """Write the abbreviated month of a moment: "Des"."""
    return Month.of(value).name[:3] if value else ""


@register.filter
def event_time(item):
    """Write the time of an event: "Selasa, 1 Desember 2026 pukul 09.00–11.00 WIB"."""
    if not item.starts_at:
        return ""
    start = timezone.localtime(item.starts_at)
    written = date(start, r"l, j F Y \p\u\k\u\l H.i")
    if item.ends_at is None:
        return f"{written} WIB sampai selesai"
    end = timezone.localtime(item.ends_at)
    if item.ends_on_same_day:
        return f"{written}–{date(end, 'H.i')} WIB"
    return f"{written} WIB sampai {long_moment(end)}"


@register.inclusion_tag("components/picture.html")
def picture(photo, shape, alt="", eager=False):
    """Render a photo in the sizes of ``shape``; nothing when there is none or its file is gone."""
    return {"picture": pictures.get_picture(photo, shape) if photo else None, "alt": alt, "eager": eager}


@register.simple_tag(takes_context=True)
def teaser(context, shape, item, level=0, plain=False):
    """Render a live item as a list component."""
    return write_teaser(context.get("request"), shape, item.pk, lambda: item, level, plain)


@register.simple_tag
def page_range(page_obj):
    """Return the page numbers to offer: the ends and the neighbours, with gaps between."""
    return page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
