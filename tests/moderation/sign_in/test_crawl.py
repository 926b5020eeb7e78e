"""Every address of the admin as roles without business there: whoever is refused learns not even what exists."""

import re
from datetime import date

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
from moderation.records import letters, proposals, public_information
from news.models import Attachment, NewsCategory, Village
from news.social.models import Account
from tests.moderation.people.test_appointments import appoint
from tests.support.factories import make_photo, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

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

DIP_ROW = {
    "title": "Profil kecamatan",
    "summary": "Tugas dan susunan organisasi.",
    "custodian": "Sekretariat",
    "responsible": "Sekretaris Kecamatan",
    "made": "2026, Kantor Kecamatan",
    "form": "softcopy",
    "retention": "5 tahun",
    "classification": "berkala",
    "link": "",
}
LETTER = {
    "received_date": date(2026, 9, 2),
    "letter_date": date(2026, 9, 1),
    "sender": "Desa Munggur",
    "summary": "Undangan",
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
    information = public_information.save(office.bidang, DIP_ROW, [])
    letter = letters.add(office.sekretariat, LETTER)
    return {
        "antrean/": item.pk,
        "dip/": information.pk,
        "surat-masuk/": letter.pk,
        "pejabat-pengganti/": appoint(office, make_user("wakil")).pk,
        "kanal/akun/": Account.objects.create(key="radio", kind="mastodon", label="Radio").key,
        "unggahan/paket/": item.pk,
        "panduan/langkah-pertama/": "kanal",
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


def test_whoever_is_refused_learns_not_what_exists(office):
    objects = list_objects(office)
    routes = {}
    for route in ROUTES:
        inside = route.removeprefix(settings.ADMIN_PATH)
        key = next((key for start, key in objects.items() if inside.startswith(start)), None)
        if key is not None and "(?P" not in route and _PART.search(route):
            routes[route] = key
    telling, refusing = {}, {}
    for name in ("staf1", "sekretaris", "bidang", "ppid", "pemantau"):
        client = Client(raise_request_exception=False)
        client.force_login(getattr(office, name))
        refusing[name] = 0
        for route, key in routes.items():
            there, gone = ask(client, fill_in(route, key)), ask(client, fill_in(route, MISSING))
            refusing[name] += there in REFUSED
            is_told = there != gone and (there in REFUSED or (there[0] == 405 and gone in REFUSED))
            if is_told or 500 in (there[0], gone[0]):
                telling[name, route] = (there, gone)
    assert telling == {}
    assert all(0 < number < len(routes) for number in refusing.values()), refusing


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


def test_no_cache_keeps_a_screen(office):
    """Nor does a browser guess a type, or another site draw a frame around one."""
    objects, client = list_objects(office), Client(raise_request_exception=False)
    client.force_login(office.admin)
    shown, bare = 0, {}
    for route in ROUTES:
        if "(?P" in route or "^" in route or route in OPEN:
            continue
        inside = route.removeprefix(settings.ADMIN_PATH)
        key = next((key for start, key in objects.items() if inside.startswith(start)), 1)
        answer = client.get(fill_in(route, key))
        shown += answer.status_code == 200
        asked = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        asked |= {"Content-Security-Policy": "frame-ancestors"}
        missing = [name for name, value in asked.items() if value not in answer.get(name, "")]
        if missing:
            bare[route] = answer.status_code, missing
    assert bare == {}
    assert shown > 80


def test_an_administrator_is_told_that_it_is_not_there(office, log_in):
    assert log_in(office.admin).get(f"/admin/pages/{MISSING}/edit/").status_code == 404


def test_a_refusal_says_both(office, log_in):
    client = log_in(office.staf1)
    for pk in (office.bidang.pk, MISSING):
        page = client.get(f"/admin/users/edit/{pk}/", follow=True).content.decode()
        assert "Halaman itu tidak ada, atau Anda tidak berhak membukanya." in page
