"""Render the texts of printed documents in the browser."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_MARKS = {
    "ins": mark_safe('<ins><span class="unseen">[ditambah: </span>{}<span class="unseen">]</span></ins>'),
    "del": mark_safe('<del><span class="unseen">[dihapus: </span>{}<span class="unseen">]</span></del>'),
    "strong": mark_safe("<strong>{}</strong>"),
    "quiet": mark_safe('<span class="quiet">{}</span>'),
    "code": mark_safe("<code>{}</code>"),
}
_LINK = mark_safe('<a href="{}">{}</a>')


@register.filter
def draw_runs(runs) -> SafeString:
    """Render the runs of one paragraph, escaped."""
    return SafeString("".join(map(_draw_run, runs)))


@register.filter
def shares(columns) -> list[str]:
    """Return each column's share of a table's width, in hundredths."""
    total = sum(column["width"] for column in columns)
    return [f"{100 * column['width'] / total:.2f}" for column in columns]


def _draw_run(run) -> str:
    body = conditional_escape(run["text"])
    if run["mark"]:
        body = format_html(_MARKS[run["mark"]], body)
    if run["href"].startswith(("https://", "http://")):
        body = format_html(_LINK, run["href"], body)
    return body
