"""Every address of the admin as roles without business there: whoever is refused learns not even what exists."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLResolver, get_resolver
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Site

from home.models import Synonym
from moderation.models import SopTask, SopWorkflow
from moderation.records import proposals
from news.models import Attachment, NewsCategory, Village
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db

MISSING = "987654"
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
#: Parts that choose a screen, not an object.
WORDS = {
    "app_label": "news",
    "model_name": "newspage",
    "content_type_app_name": "news",
    "content_type_model_name": "newspage",
    "app_name": "moderation",
    "action_name": "approve",
    "action": "delete",
    "code": "batalkan",
    "kind": "mastodon",
    "shape": "persegi",
    "filter_spec": "width-100",
    "uidb64": "MQ",
    "token": "set-password",
}

#: What is open to everybody: the ways in, and files that every screen loads.
OPEN = {
    "admin/login/",
    "admin/password_reset/",
    "admin/password_reset/complete/",
    "admin/password_reset/confirm/<uidb64>/<token>/",
    "admin/password_reset/done/",
    "admin/jsi18n/",
    "admin/sprite/",
}


def walk(patterns, above=""):
    for pattern in patterns:
        route = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield route.replace("main/^", "main/")


ROUTES = sorted({route for route in walk(get_resolver().url_patterns) if route.startswith(settings.ADMIN_PATH)})


def list_objects(office) -> dict[str, int]:
    """Return an object for each kind of address, by the beginning of the route after the admin's path."""
    item, photo = office.bring_to("composing"), make_photo()
    document = Attachment.objects.create(title="Lampiran", file=ContentFile(b"isi", "lampiran.txt"))
    site = Site.objects.get()
    redirect = Redirect.objects.create(old_path="/lama", redirect_link="/")
    sheet = {"origin": "pengelolaan_website", "subject": "Jam layanan", "source_note": "Map hijau."}
    return {
        "antrean/": item.pk,
        "usulan/": proposals.propose(office.staf2, sheet).pk,
        "cetak/": item.pk,
        "pages/": item.page_id,
        "choose-page/": item.page_id,
        "api/main/pages/": item.page_id,
        "api/main/images/": photo.pk,
        "api/main/documents/": document.pk,
        "workflows/remove/": item.page_id,
        "workflows/task": SopTask.objects.first().pk,
        "workflows/": SopWorkflow.objects.get().pk,
        "images/": photo.pk,
        "documents/": document.pk,
        "collections/": Collection.objects.first().pk,
        "redirects/": redirect.pk,
        "sites/": site.pk,
        "users/": office.bidang.pk,
        "akun-petugas/": office.bidang.pk,
        "groups/": Group.objects.first().pk,
        "snippets/news/newscategory": NewsCategory.objects.first().pk,
        "snippets/choose/news/newscategory": NewsCategory.objects.first().pk,
        "snippets/home/synonym": Synonym.objects.first().pk,
        "snippets/choose/home/synonym": Synonym.objects.first().pk,
        "snippets/news/village": Village.objects.first().pk,
        "snippets/choose/news/village": Village.objects.first().pk,
    }


def fill_in(route: str, key) -> str:
    return "/" + _PART.sub(lambda part: str(WORDS.get(part.group(1), key)), route)


#: Where Wagtail sends whoever may not, with a message.
REFUSED = {(302, "/admin/"), (403, "")}


def ask(client, address) -> tuple:
    answer = client.get(address)
    return answer.status_code, answer.get("Location", "").split("?")[0]


@pytest.mark.parametrize("name", ["staf1", "pemantau"])
def test_whoever_is_refused_learns_not_what_exists(office, name):
    objects = list_objects(office)
    client = Client(raise_request_exception=False)
    client.force_login(getattr(office, name))
    asked, telling = set(), {}
    for route in ROUTES:
        inside = route.removeprefix(settings.ADMIN_PATH)
        key = next((key for start, key in objects.items() if inside.startswith(start)), None)
        if key is None or "(?P" in route or not _PART.search(route):
            continue
        there, gone = ask(client, fill_in(route, key)), ask(client, fill_in(route, MISSING))
        asked.add(there in REFUSED)
        if (there in REFUSED and there != gone) or 500 in (there[0], gone[0]):
            telling[route] = (there, gone)
    assert asked == {True, False}, "some are refused and some are not"
    assert telling == {}


def test_nobody_who_is_not_signed_in_gets_further_than_the_sign_in(office):
    """Not even an answer that depends on what exists."""
    objects, client = list_objects(office), Client(raise_request_exception=False)
    elsewhere = {}
    for route in ROUTES:
        if "(?P" in route or "^" in route:
            continue
        inside = route.removeprefix(settings.ADMIN_PATH)
        key = next((key for start, key in objects.items() if inside.startswith(start)), 1)
        answer = ask(client, fill_in(route, key))
        if answer != (302, "/admin/login/"):
            elsewhere[route] = answer
    assert set(elsewhere) == OPEN


def test_an_administrator_is_told_that_it_is_not_there(office, log_in):
    assert log_in(office.admin).get(f"/admin/pages/{MISSING}/edit/").status_code == 404


def test_a_refusal_says_both(office, log_in):
    client = log_in(office.staf1)
    for pk in (office.bidang.pk, MISSING):
        page = client.get(f"/admin/users/edit/{pk}/", follow=True).content.decode()
        assert "Halaman itu tidak ada, atau Anda tidak berhak membukanya." in page
