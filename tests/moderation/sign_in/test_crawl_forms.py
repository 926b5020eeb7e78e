"""Every address of the admin is sent a form without its parts, and a senseless one, by each role."""

import re

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.support import language

from .addresses import list_addresses
from .test_crawl import OPEN, REFUSED

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

SENSELESS = {"title": "x" * 300, "slug": "?", "id": "abc", "page": "-1", "form-TOTAL_FORMS": "x", "q": "x"}
#: No form is sent there: parts of the sign-in, and what scripts ask.
OUTSIDE = tuple(f"{settings.ADMIN_PATH}{name}/" for name in ("login", "api"))
#: Ends the session, which the crawl needs.
LEFT_OUT = {f"{settings.ADMIN_PATH}logout/"}
#: Names that Django writes into its table of rights, and what an object is called whose name did not come.
NAMES = re.compile(r"Can (add|change|delete) |None$")
TYPED = "Kalimat yang baru saja diketik petugas."
HERE = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": "http://testserver/admin/pages/9/edit/"}


class Undone(Exception):
    """Takes back what a form did."""


def send(client, address, data) -> tuple:
    """Return status and address of the answer, and what it says in English."""
    found = ()
    try:
        with transaction.atomic():
            answer = client.post(address, data)
            found = answer.status_code, answer.get("Location", "").split("?")[0], find_english(answer)
            raise Undone
    except Undone:
        return found


def send_all(client, address, missing, may_open_all) -> dict[str, tuple]:
    answers = {"empty": send(client, address, {})}
    is_refused = answers["empty"][:2] in REFUSED
    if not is_refused:
        answers["senseless"] = send(client, address, SENSELESS)
    if may_open_all or is_refused:
        answers |= {each: send(client, each, {}) for each in missing}
    return answers


def find_english(answer) -> list[str]:
    kind = answer.get("Content-Type", "")
    if answer.streaming or answer.status_code in (404, 405) or not answer.content:
        return []
    if kind.startswith("application/json") and isinstance(told := answer.json(), dict):
        html = f"<p>{' '.join(str(told.get(key, '')) for key in ('html', 'error_message', 'message'))}</p>"
    else:
        html = answer.content.decode() if kind.startswith("text/html") else "<p></p>"
    phrases = {phrase for phrase in language.read_spoken(html) if not NAMES.match(phrase)}
    return sorted(phrase for phrase in phrases if language.find_english(phrase))


def test_no_form_breaks_and_a_refusal_tells_not_what_exists(office):
    """The administrator, who may open everything, goes first: what takes no form from them takes none.

    Whoever is refused is refused before the form is read: they send one form, to an object that is there and to none.
    """
    addresses = {route: found for route, found in list_addresses(office).items() if route not in LEFT_OUT}
    broken, telling, english, refusing = {}, {}, {}, {}
    for name in ("admin", "sekretaris", "staf1", "pemantau"):
        client = Client(raise_request_exception=False)
        client.force_login(getattr(office, name))
        taking, refusing[name] = {}, 0
        for route, (address, missing) in addresses.items():
            answers = send_all(client, address, missing, name == "admin")
            first = answers["empty"][:2]
            if any(status >= 500 for status, *_ in answers.values()):
                broken[name, route] = answers
            said = sorted({phrase for *_, phrases in answers.values() for phrase in phrases})
            if said:
                english[name, route] = said
            if first[0] != 405:
                taking[route] = address, missing
            if first in REFUSED:
                refusing[name] += 1
                if name != "admin" and any(answers[each][:2] != first for each in missing):
                    telling[name, route] = answers
        if name == "admin":
            addresses = taking
    assert (broken, telling, english) == ({}, {}, {})
    assert refusing["pemantau"] > refusing["sekretaris"] > refusing["admin"]


@pytest.mark.parametrize("lacks", ["token", "session"])
def test_a_form_without_token_or_session_is_given_back(office, lacks):
    """Whatever the address: in the office's words, with what was typed and the way back."""
    client, given_back = Client(enforce_csrf_checks=lacks == "token"), {}
    if lacks == "token":
        client.force_login(office.admin)
    for route, (address, _) in list_addresses(office).items():
        if route in OPEN | LEFT_OUT or route.startswith(OUTSIDE):
            continue
        answer = client.post(address, {"comment": TYPED}, **HERE)
        html = answer.content.decode()
        words = {"token": "Formulir ini sudah kedaluwarsa", "session": "Sesi Anda sudah berakhir"}[lacks]
        is_whole = all(
            part in html for part in (words, "Belum ada yang disimpan", TYPED, 'href="/admin/pages/9/edit/"')
        )
        if answer.status_code != 403 or not is_whole or find_english(answer):
            given_back[route] = answer.status_code, html[:200]
    assert given_back == {}
