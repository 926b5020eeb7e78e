"""Every address of the admin is sent a form without its parts, and a senseless one, by each role."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from .test_crawl import _PART, MISSING, REFUSED, ROUTES, fill_in, list_objects

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

SENSELESS = {"title": "x" * 300, "slug": "?", "id": "abc", "page": "-1", "form-TOTAL_FORMS": "x", "q": "x"}
#: Ends the session, which the crawl needs.
LEFT_OUT = {f"{settings.ADMIN_PATH}logout/"}


class Undone(Exception):
    """Takes back what a form did."""


def send(client, address, data) -> tuple:
    found = ()
    try:
        with transaction.atomic():
            answer = client.post(address, data)
            found = answer.status_code, answer.get("Location", "").split("?")[0]
            raise Undone
    except Undone:
        return found


def test_no_form_breaks_and_a_refusal_tells_not_what_exists(office):
    """The administrator, who may open everything, goes first: what takes no form from them takes none.

    Whoever is refused is refused before the form is read: they send one form, to an object that is there and to none.
    """
    objects = list_objects(office)
    routes = [route for route in ROUTES if not ("(?P" in route or "^" in route or route in LEFT_OUT)]
    broken, telling, refusing = {}, {}, {}
    for name in ("admin", "sekretaris", "staf1", "pemantau"):
        client = Client(raise_request_exception=False)
        client.force_login(getattr(office, name))
        taking, refusing[name] = [], 0
        for route in routes:
            inside = route.removeprefix(settings.ADMIN_PATH)
            key = next((key for start, key in objects.items() if inside.startswith(start)), None)
            answers = {"empty": send(client, fill_in(route, key or 1), {})}
            if answers["empty"] not in REFUSED:
                answers["senseless"] = send(client, fill_in(route, key or 1), SENSELESS)
            if _PART.search(route) and (name == "admin" or answers["empty"] in REFUSED):
                answers["no object"] = send(client, fill_in(route, MISSING), {})
            if any(status >= 500 for status, _ in answers.values()):
                broken[name, route] = answers
            if answers["empty"][0] != 405:
                taking.append(route)
            if answers["empty"] in REFUSED:
                refusing[name] += 1
                if key and name != "admin" and answers["empty"] != answers.get("no object", answers["empty"]):
                    telling[name, route] = answers
        if name == "admin":
            routes = taking
    assert (broken, telling) == ({}, {})
    assert refusing["pemantau"] > refusing["sekretaris"] > refusing["admin"]
