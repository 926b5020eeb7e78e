"""Each screen of the desk leads to a section of the guide, and the guide quotes what the screens say."""

import ast
import re

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver, reverse
from django.utils.translation import trans_real

from kecamatan_site.guide import pages, screens
from moderation import sop

pytestmark = [pytest.mark.db_agnostic]

ROOT = settings.BASE_DIR
PACKAGES = ("kecamatan_site", "home", "news", "moderation")
MOST_BYTES, MOST_PICTURES, WIDTHS = 60_000, 5, (720, 1280)
#: Routes below the admin without a screen of their own to explain, and why.
NOT_SCREENS = {
    "login/": "before somebody is signed in; semua#masuk-dan-keluar tells of it",
    "password_reset/": "before somebody is signed in",
    "logout/": "ends the session",
    "panduan/": "the guide itself",
    "api/": "answers programs",
    "sprite/": "the icons",
    "jsi18n/": "words of scripts",
    "choose-": "a choice inside a form, in a box above it",
    "embeds/": "a choice inside a form, in a box above it",
    "tag-autocomplete/": "a choice inside a form",
    "block-preview/": "a picture inside a form",
    "dismissibles/": "answers a script",
    "editing-sessions/": "answers a script",
    "kartu/": "a picture",
    "workflows/": "closed to everybody: the SOP is the workflow",
    "failwhale/": "a fault of Wagtail's, closed",
    "test404/": "the page for what does not exist",
    "^.*/$": "the page for what does not exist",
}


def list_routes(resolver=None, before="") -> set[str]:
    """Return the routes below the admin."""
    found = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        found |= list_routes(pattern, route) if isinstance(pattern, URLResolver) else {route}
    return {route for route in found if before or route.startswith(settings.ADMIN_PATH)}


def test_each_screen_has_its_section_or_a_reason():
    routes = {route.removeprefix(settings.ADMIN_PATH) for route in list_routes()}
    assert len(routes) > 200
    excused = {route for route in routes if any(route.startswith(one) for one in NOT_SCREENS)}
    assert sorted(route for route in routes - excused if screens.find_screen(route) is None) == []
    assert sorted(route for route in excused if screens.find_screen(route) is not None) == []
    # Neither list names what is gone.
    assert [one for one in NOT_SCREENS if not any(route.startswith(one) for route in routes)] == []
    assert [one.route for one in screens.SCREENS if not any(route.startswith(one.route) for route in routes)] == []


def test_the_longest_route_explains_a_screen():
    assert screens.find_screen("admin/antrean/<int:pk>/periksa/").route == "antrean/<int:pk>/"
    assert screens.find_screen("admin/").route == ""
    assert screens.find_screen("admin/entah/") is None


def test_each_section_exists_and_each_page_is_listed():
    anchors = {slug: {section.anchor for section in pages.read_page(slug).sections} for slug in pages.PAGES}
    assert {path.stem for path in pages.FOLDER.glob("*.md")} - {"README"} == set(pages.PAGES)
    assert [place for place in screens.list_places() if place.anchor not in anchors.get(place.page, ())] == []
    assert set(screens.STEPS) == set(sop.StepCode)
    assert all(screens.STEPS[step.code][0][0] == step.role for step in sop.STEPS)
    for slug in pages.PAGES:
        for page, anchor in re.findall(r'href="[^"#]*/panduan/([a-z-]+)/#([^"]+)"', pages.read_page(slug).html):
            assert anchor in anchors[page], (slug, page, anchor)


def test_each_row_of_the_sop_is_quoted_word_for_word_for_whoever_carries_it_out():
    quoted = {}
    for slug in pages.PAGES:
        for number, lines in re.findall(r"^> Baris (\d) SOP: (.+(?:\n> .+)*)", pages.read_source(slug), re.M):
            quoted.setdefault(int(number), set()).add(slug)
            assert lines.replace("\n> ", " ").removesuffix(".") == sop.get_row(int(number)).activity
    assert set(quoted) == {row.number for row in sop.ROWS}
    for row in sop.ROWS:
        assert screens.OF_ROLES[row.actor] in quoted[row.number]


# --- What the screens say ----------------------------------------------------------------------------------------


def tidy(text: str) -> str:
    words = " ".join(text.split()).rstrip(":.")
    return words[:1].upper() + words[1:]


def list_phrases() -> set[str]:
    """Return what the code, the templates and the translations of Wagtail can show, phrase by phrase."""
    phrases = {tidy(str(text)) for _key, text in trans_real.translation("id")._catalog.items()}
    for path in (ROOT / "templates").rglob("*.html"):
        text = re.sub(r"\{#.*?#\}", "", path.read_text())
        phrases |= {tidy(part) for part in re.split(r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}", text)}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if not {"migrations", "demo", "guide"} & set(path.relative_to(ROOT).parts):
                nodes = ast.walk(ast.parse(path.read_text()))
                phrases |= {
                    tidy(node.value) for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
                }
    return phrases


def test_each_label_that_the_guide_quotes_is_on_a_screen():
    phrases = list_phrases()
    quoted = {
        (slug, " ".join(label.split()))
        for slug in pages.PAGES
        for label in re.findall(r"\*\*(.+?)\*\*", pages.read_source(slug), re.S)
    }
    assert len(quoted) > 150
    assert sorted((slug, label) for slug, label in quoted if tidy(label) not in phrases) == []


# --- Pictures ----------------------------------------------------------------------------------------------------


def test_each_picture_is_small_used_and_explained():
    used = []
    for slug in pages.PAGES:
        shown = re.findall(r'!\[(.+?)\]\(gambar/([a-z-]+\.webp) "(.+?)"\)', pages.read_source(slug))
        assert len(shown) == pages.read_source(slug).count("![") <= MOST_PICTURES
        used += [name for _alt, name, _caption in shown]
    assert sorted(used) == sorted(path.name for path in pages.PICTURES.iterdir())
    assert [path.name for path in pages.PICTURES.iterdir() if path.stat().st_size > MOST_BYTES] == []


# --- Reading it --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_question_mark_leads_each_role_to_its_section_of_the_step(office, client):
    item = office.bring_to("awaiting_verification")

    def follow(name, address):
        client.force_login(office.people[name])
        html = client.get(address).content.decode()
        [link] = re.findall(r'class="guide-link" href="([^"]+)"', html)
        return client.get(link.replace("&amp;", "&")).url.removeprefix("/admin/panduan/")

    assert follow("bidang", item.get_absolute_url()) == "bidang/#memverifikasi-materi"
    assert follow("staf1", item.get_absolute_url()) == "semua/#lembar-kerja"
    assert follow("ppid", reverse("moderation:disposition_add")) == "ppid-pembantu/#membuat-disposisi"
    editor = reverse("wagtailadmin_pages:edit", args=[office.bring_to("awaiting_correction").page_id])
    assert follow("sekretaris", editor) == "sekretaris/#mengoreksi-materi"
    assert follow("staf1", reverse("wagtailimages:index")) == "staf/#foto-dan-dokumen"
    assert follow("admin", reverse("wagtailadmin_home")) == "semua/#beranda"
    for query in (
        "",
        "?layar=entah",
        "?layar=antrean/<int:pk>/&materi=²",
        "?layar=antrean/<int:pk>/&materi=99999999999",
    ):
        assert client.get(reverse("guide:screen") + query).status_code == 302


@pytest.mark.django_db
def test_the_guide_is_for_whoever_has_an_account_at_the_desk(office, client):
    addresses = [reverse("guide:page", args=[slug]) for slug in pages.PAGES]
    addresses += [reverse("guide:picture", args=[path.stem]) for path in sorted(pages.PICTURES.iterdir())[:1]]
    assert {client.get(address).status_code for address in addresses} == {302}
    for name in ("staf1", "pemantau", "admin"):
        client.force_login(office.people[name])
        assert {client.get(address).status_code for address in addresses} == {200}
    assert client.get(reverse("guide:index")).url == reverse("guide:page", args=["administrator"])
    assert client.get(reverse("guide:page", args=["entah"])).status_code == 404
    assert client.get(reverse("guide:picture", args=["entah"])).status_code == 404
