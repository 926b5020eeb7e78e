"""Create the pages of ``data``, the menus that lead to them, and the categories; leave alone what exists.

A file is one section: fields of its page, and ``[[pages]]`` below it. ``body`` is in the notation of
``home.demo.content``: paragraphs, ``## `` headings and ``- `` lists. A name in braces, ``{kecamatan}``, is a fact of
the office (``kecamatan.toml``).
"""

import tomllib
from pathlib import Path

from django.conf import settings
from django.core.files.images import ImageFile
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify
from wagtail.models import Site

from home import models
from news.models import NewsCategory, NewsIndexPage, Photo, Village

from .text_notation import read_blocks

FOLDER = Path(__file__).parent / "data"
#: In the order of the tree and of the default menu.
SECTIONS = (
    "profil",
    "desa",
    "layanan",
    "ppid",
    "unduhan",
    "tanya-jawab",
    "kontak",
    "pernyataan-aksesibilitas",
    "kebijakan-privasi",
)
#: URLs of views that are no pages.
PUBLIC_LISTS = {
    "permohonan": ("Formulir permohonan informasi (PDF)", "/ppid/formulir/permohonan-informasi.pdf"),
    "keberatan": ("Formulir pernyataan keberatan (PDF)", "/ppid/formulir/pernyataan-keberatan.pdf"),
    "dip": ("Daftar Informasi Publik", "/ppid/daftar-informasi-publik/"),
    "register": ("Daftar Informasi yang Akan Dipublikasikan", "/ppid/daftar-publikasi/"),
}


@transaction.atomic
def make_starter_pages() -> int:
    """Create missing sections with their pages, menus and categories; return the number of new pages."""
    front = models.HomePage.objects.first()
    count = 0
    for name in SECTIONS:
        if not front.get_children().filter(slug=name).exists():
            count += _make(front, read_section(name))
    office = models.OfficeSettings.for_site(Site.objects.get(is_default_site=True))
    _fill_menus(office)
    _take_emblem(office)
    office.save()
    make_categories()
    return count


def read_section(name: str) -> dict:
    """Return the fields of a section's page, with those of the pages below it in ``pages``."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    return settings.OFFICE_FACTS.fill(tomllib.loads(text)) | {"slug": name}


def make_page(data):
    """Return the page with these fields, unsaved."""
    fields = {name: value for name, value in data.items() if name not in ("in_menu", "pages", "type")}
    model = getattr(models, data.get("type", "StandardPage"))
    return model(
        slug=fields.pop("slug", slugify(fields["title"])),
        show_in_menus=data.get("in_menu", True),
        **_read_fields(fields),
    )


def make_categories() -> dict[str, NewsCategory]:
    """Create the categories of the office's file where there are none; return all by their first names."""
    if not NewsCategory.objects.exists():
        NewsCategory.objects.bulk_create(
            NewsCategory(name=name, first_name=name, slug=slugify(name)) for name in settings.OFFICE_FACTS.categories
        )
    return {category.first_name: category for category in NewsCategory.objects.all()}


def _make(parent, data) -> int:
    page = make_page(data)
    parent.add_child(instance=page)
    page.save_revision().publish()
    children = data.get("pages", [])
    if isinstance(page, models.VillageIndexPage):
        children = [
            {"type": "VillagePage", "title": f"Desa {village.name}", "slug": village.slug, "village": village}
            for village in Village.objects.all()
        ]
    return 1 + sum(_make(page, child) for child in children)


def _read_fields(data) -> dict:
    fields: dict = {}
    for name, value in data.items():
        if name == "body":
            value = read_blocks(value)
        elif name == "links":
            fields.setdefault("body", []).append(("links", [_read_link(link) for link in value]))
            continue
        elif name == "requirements":
            value = [("item", line) for line in value]
        elif name == "steps":
            value = [("step", {"title": title, "text": text}) for title, text in value]
        elif name == "standard":
            value = list(value.items())
        elif name == "groups":
            value = [("group", _read_group(group)) for group in value]
        fields[name] = value
    return fields


def _read_link(link) -> dict:
    if link.get("list"):
        label, address = PUBLIC_LISTS[link["list"]]
        return {"label": label, "address": address, "text": link.get("text", "")}
    return link


def _read_group(group) -> dict:
    return {
        "heading": group["heading"],
        "questions": [{"question": question, "answer": f"<p>{answer}</p>"} for question, answer in group["questions"]],
    }


def _take_emblem(office) -> None:
    """Make the emblem of the office's file its logo where there is none."""
    emblem = settings.OFFICE_FACTS.emblem
    if office.logo is None and emblem is not None:
        with emblem.open("rb") as file:
            title = f"Lambang {settings.OFFICE_FACTS.name}"
            office.logo = Photo.objects.create(title=title, file=ImageFile(file, name=emblem.name))


def _fill_menus(office) -> None:
    """Fill the menus where they are empty."""
    pages = {page.slug: page for page in models.HomePage.objects.first().get_children().live()}
    if not len(office.menu):
        news = list(NewsIndexPage.objects.live().order_by("path"))
        office.menu = [
            _entry(pages["profil"], pages["profil"].get_children().live()),
            _entry(pages["desa"]),
            _entry(pages["layanan"]),
            *([_make_news_entry(news)] if news else []),
            _entry(pages["ppid"], pages["ppid"].get_children().live()[:10]),
            _entry(pages["kontak"]),
        ]
    if not len(office.footer):
        office.footer = [
            _column("Layanan", [pages["layanan"], pages["unduhan"], pages["tanya-jawab"], pages["kontak"]]),
            _column("Tentang situs", [pages["pernyataan-aksesibilitas"], pages["kebijakan-privasi"], pages["ppid"]]),
        ]


def _link(page, label="") -> dict:
    return {"label": label, "page": page, "address": ""}


def _entry(page, children=(), label="") -> tuple[str, dict]:
    links = [_link(page)] if label else []
    return "entry", _link(page, label) | {"children": [*links[1:], *(_link(child) for child in children)]}


def _make_news_entry(lists) -> tuple[str, dict]:
    """Return the menu entry of the lists of news and of "Asli atau hoaks?"."""
    name, value = _entry(lists[0], lists[1:], label="Informasi")
    check = {"label": "Asli atau hoaks?", "page": None, "address": reverse("genuine")}
    return name, value | {"children": [*value["children"], check]}


def _column(heading, pages) -> tuple[str, dict]:
    return "column", {"heading": heading, "links": [_link(page) for page in pages]}
