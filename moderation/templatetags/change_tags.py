"""Render the words of a comparison. Tags, because a template's line breaks would show as spaces
between a word and its comma."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

register = template.Library()

_ELEMENTS = {"tebal": "strong", "miring": "em", "coret": "s", "garis bawah": "u", "pangkat": "sup", "indeks": "sub"}


@register.filter
def words(segments):
    """Render segments with their styles."""
    return format_html_join("", "{}", ((_write(segment),) for segment in segments))


@register.filter
def trimmed_words(segments):
    """Render segments with their styles, without the space before the first word."""
    return format_html_join(
        "", "{}", ((_write(segment, is_first=not place),) for place, segment in enumerate(segments))
    )


@register.filter
def words_and_links(segments):
    """Render segments with their styles and links, without the space before the first word."""
    pairs = ((_write(segment, is_first=not place), _tell_link(segment)) for place, segment in enumerate(segments))
    return format_html_join("", "{}{}", pairs)


def _write(segment, *, is_first=False):
    text = segment.text.lstrip(" ") if is_first else segment.text
    written = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in text.split("\n")))
    for style in segment.styles:
        if style in _ELEMENTS:
            element = mark_safe(_ELEMENTS[style])  # noqa: S308 - one of the constants above
            written = format_html("<{}>{}</{}>", element, written, element)
    return format_html('<span class="changes-link">{}</span>', written) if segment.link else written


def _tell_link(segment):
    return format_html(' <span class="changes-address">(tautan: {})</span>', segment.link) if segment.link else ""
