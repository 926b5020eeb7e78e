"""Read the pages of the guide: ``docs/panduan/*.md`` as HTML with anchors."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from PIL import Image

FOLDER = settings.BASE_DIR / "docs" / "panduan"
PICTURES = FOLDER / "gambar"
#: The pages and their short names, in the order in which they are listed.
PAGES = {
    "semua": "Semua",
    "ppid-pembantu": "PPID Pembantu",
    "sekretaris": "Sekretaris",
    "sekretariat": "Sekretariat",
    "staf": "Staf",
    "bidang": "Bidang",
    "administrator": "Pengelola situs",
}
_LINK = re.compile(r"(?P<page>[a-z-]*)(?:\.md)?(?P<anchor>#[a-z0-9-]+)?")


@dataclass(frozen=True)
class Section:
    """A heading below the title."""

    anchor: str
    title: str


@dataclass(frozen=True)
class GuidePage:
    """One page of the guide."""

    slug: str
    title: str
    sections: tuple[Section, ...]
    html: str


def make_anchor(title: str) -> str:
    """Return the anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def read_source(slug: str) -> str:
    """Return the Markdown of a page."""
    return (FOLDER / f"{slug}.md").read_text(encoding="utf-8")


@lru_cache
def read_page(slug: str) -> GuidePage:
    """Return a page of the guide; KeyError when there is none."""
    if slug not in PAGES:
        raise KeyError(slug)
    # A start of the site does without it.
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(read_source(slug))
    title, sections = "", []
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            words = _read_words(tokens[number + 1])
            token.attrSet("id", make_anchor(words))
            if token.tag == "h1":
                title = words
            elif token.tag == "h2":
                sections.append(Section(make_anchor(words), words))
        elif token.children:
            for child in token.children:
                _point(child)
            if [child.type for child in token.children] == ["image"]:
                _make_figure(tokens[number - 1], token.children, tokens[number + 1])
    return GuidePage(slug, title, tuple(sections), markdown.renderer.render(tokens, markdown.options, {}))


def _read_words(inline) -> str:
    return "".join(child.content for child in inline.children)


def _make_figure(opening, children, closing) -> None:
    """Make a figure of a paragraph that holds one picture: it opens by itself, its title is the caption."""
    from markdown_it.token import Token

    opening.tag = closing.tag = "figure"
    [picture] = children
    caption = picture.attrs.pop("title", "")
    before = format_html('<a href="{}">', picture.attrGet("src"))
    after = format_html("</a><figcaption>{}</figcaption>", caption)
    children[:] = [Token("html_inline", "", 0, content=before), picture, Token("html_inline", "", 0, content=after)]


def _point(token) -> None:
    """Lead a link or a picture of the Markdown to its address on the site."""
    if token.type == "link_open":
        found = _LINK.fullmatch(str(token.attrGet("href")))
        if found and found["page"]:
            address = reverse("guide:page", args=[found["page"]]) if found["page"] in PAGES else reverse("guide:index")
            token.attrSet("href", address + (found["anchor"] or ""))
    elif token.type == "image":
        name = str(token.attrGet("src")).removeprefix("gambar/").removesuffix(".webp")
        with Image.open(PICTURES / f"{name}.webp") as picture:
            width, height = picture.size
        token.attrSet("src", reverse("guide:picture", args=[name]))
        token.attrSet("width", str(width))
        token.attrSet("height", str(height))
