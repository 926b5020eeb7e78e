"""Rich text of a paragraph: its features, and what is shown of the markup that is stored.

The editor writes nothing else, but what is stored may have come past it; and an embed is drawn from a table that no
seal covers. So a text with other markup is not handed over, and no page renders it.
"""

import re

from bs4 import BeautifulSoup
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText, expand_db_html
from wagtail.whitelist import check_url

#: Rich text features of a paragraph; headings, pictures and embeds have their own blocks.
PARAGRAPH_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]
#: The elements that the editor stores for these features.
_ELEMENTS = {"p", "br", "b", "strong", "i", "em", "ol", "ul", "li", "a"}
#: The editor's own mark of a paragraph; any element may have it.
_MARK = "data-block-key"
_LINKED = {"page", "document"}
#: Their content is no text.
_WITHOUT_TEXT = ["script", "style", "template", "noscript", "iframe", "object", "svg", "math"]

#: Wagtail's converter ends a numbered list after bullets inside it, and begins another: readers would see 1, 1, 2.
_BROKEN_LIST = re.compile(r"</(ol|ul)><\1>")


def find_unclean(html: str) -> list[str]:
    """Return the markup in a stored text that is not shown, each once: ``<embed>``, ``<p style>``."""
    return sorted(
        {found for node in BeautifulSoup(html, "html.parser").find_all(True) for found in _list_unclean(node)}
    )


def render(value: RichText | str) -> SafeString:
    """Return the HTML that citizens see of a stored text: links resolved, other markup left out."""
    html = clean(value.source if isinstance(value, RichText) else value)
    return mark_safe(expand_db_html(_BROKEN_LIST.sub("", html)))  # noqa: S308 - cleaned above


def clean(html: str) -> str:
    """Return a stored text without the markup that is not shown; a clean one as it is stored."""
    soup = BeautifulSoup(html, "html.parser")
    nodes = soup.find_all(True)
    if not any(_list_unclean(node) for node in nodes):
        return html
    for node in nodes:
        if node.name in _WITHOUT_TEXT:
            node.clear()
        if node.name not in _ELEMENTS:
            node.unwrap()
        else:
            node.attrs = {name: value for name, value in node.attrs.items() if _may_stand(node, name)}
    return str(soup)


def _list_unclean(node) -> list[str]:
    if node.name not in _ELEMENTS:
        return [f"<{node.name}>"]
    return [f"<{node.name} {name}>" for name in node.attrs if not _may_stand(node, name)]


def _may_stand(node, name: str) -> bool:
    value = node.attrs[name]
    if name == _MARK:
        return True
    if node.name != "a":
        return False
    if name == "href":
        return check_url(value) is not None
    if name == "linktype":
        return value in _LINKED
    return name == "id" and value.isdecimal() and node.get("linktype") in _LINKED
