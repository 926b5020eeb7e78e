"""Every address of the admin as roles without business there: whoever is refused learns not even what exists."""

import pytest
from django.test import Client

from .addresses import MISSING, list_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

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

#: Where Wagtail sends whoever may not, with a message.
REFUSED = {(302, "/admin/"), (403, "")}


def ask(client, address) -> tuple:
    answer = client.get(address)
    return answer.status_code, answer.get("Location", "").split("?")[0]


def test_whoever_is_refused_learns_not_what_exists(office):
    addresses = {route: found for route, found in list_addresses(office).items() if found[1]}
    telling, refusing = {}, {}
    for name in ("staf1", "sekretariat", "sekretaris", "bidang", "ppid", "pemantau"):
        client = Client(raise_request_exception=False)
        client.force_login(getattr(office, name))
        refusing[name] = 0
        for route, (address, missing) in addresses.items():
            there = ask(client, address)
            refusing[name] += there in REFUSED
            for each in missing:
                gone = ask(client, each)
                is_told = there != gone and (there in REFUSED or (there[0] == 405 and gone in REFUSED))
                if is_told or 500 in (there[0], gone[0]):
                    telling[name, route, each] = (there, gone)
    assert telling == {}
    assert all(0 < number < len(addresses) for number in refusing.values()), refusing


def test_nobody_who_is_not_signed_in_gets_further_than_the_sign_in(office):
    """Not even an answer that depends on what exists."""
    client = Client(raise_request_exception=False)
    answers = {route: ask(client, address) for route, (address, _) in list_addresses(office).items()}
    assert {route for route, answer in answers.items() if answer != (302, "/admin/login/")} == OPEN


def test_no_cache_keeps_a_screen(office):
    """Nor does a browser guess a type, or another site draw a frame around one."""
    client = Client(raise_request_exception=False)
    client.force_login(office.admin)
    shown, bare = 0, {}
    for route, (address, _) in list_addresses(office).items():
        if route in OPEN:
            continue
        answer = client.get(address)
        shown += answer.status_code == 200
        asked = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        asked |= {"Content-Security-Policy": "frame-ancestors"}
        missing = [name for name, value in asked.items() if value not in answer.get(name, "")]
        if missing:
            bare[route] = answer.status_code, missing
    assert bare == {}
    assert shown > 90


def test_an_administrator_is_told_that_it_is_not_there(office, log_in):
    assert log_in(office.admin).get(f"/admin/pages/{MISSING}/edit/").status_code == 404


def test_a_refusal_says_both(office, log_in):
    client = log_in(office.staf1)
    for pk in (office.bidang.pk, MISSING):
        page = client.get(f"/admin/users/edit/{pk}/", follow=True).content.decode()
        assert "Halaman itu tidak ada, atau Anda tidak berhak membukanya." in page
