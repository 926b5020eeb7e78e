"""No request at the desk asks the database the same thing again and again."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from tests.moderation.evidence.test_publish_paths import editor_data
from tests.support.factories import WALK, fill_in, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

#: Statements of a request that are exactly those of one before.
MOST = 5
OURS = {"moderation", "news", "home", "kecamatan_site"}
#: What is read anew on purpose, by route or step and table, and how often; a number may only fall.
MEANT = {
    # The files, before the lock because that is slow, are asked for again after the lock, by the guard of the row
    # that goes live, and from the rows as they are live: what is live must not rest on what was read before.
    ("publish", "news_photo"): 3,
    # The live rows are compared with the order's seal, not the object that wrote them.
    ("publish", "news_newspage"): 1,
    ("publish", "news_newspagetag"): 1,
    # The guard of the text asks whether it is still open, at the moment of writing.
    ("editor", "moderation_disposition"): 1,
    # The address was free when the form was checked; it must be free when it is written.
    ("editor", "wagtailcore_page"): 1,
    # Each topic is a row, taken out and written anew by Wagtail, and its guard asks before each.
    ("editor", "moderation_publicationpermit"): 3,
}


class Desk:
    """People at the desk, and how much their requests repeat beyond what is meant, the most by route or step."""

    def __init__(self, office):
        self.office, self.repeats, self.found_meant = office, {}, Counter()
        self.clients = {name: Client() for name in office.people}
        for name, client in self.clients.items():
            client.force_login(office.people[name])

    def ask(self, route, name, address, data=None, **headers):
        method = self.clients[name].get if data is None else self.clients[name].post
        with CaptureQueriesContext(connection) as captured:
            answer = method(address, data, **headers)
        asked = Counter(query["sql"] for query in captured.captured_queries)
        repeated = Counter()
        for statement, count in asked.items():
            repeated[find_table(statement)] += count - 1
        meant = Counter({table: count for (name, table), count in MEANT.items() if name == route})
        self.repeats[route] = max((repeated - meant).total(), self.repeats.get(route, 0))
        self.found_meant |= Counter({(route, table): count for table, count in (repeated & meant).items()})
        return answer

    def walk(self, item) -> None:
        """Take an item from disposition to live; look at its screens and save its text on the way."""
        for _state, action, person, data in WALK:
            for name in {person, "sekretaris"}:
                self.ask("worksheet", name, item.get_absolute_url())
                if item.page_id:
                    self.ask("editor_open", name, reverse("wagtailadmin_pages:edit", args=[item.page_id]))
            if action == "hand_over":
                self._write(item)
            if action == "assign":
                data = {"staf": self.office.people[data["staf"]].pk}
            typed = fill_in(action, data) | {"action": action, "version": item.version}
            assert self.ask(action, person, reverse("moderation:step", args=[item.pk]), typed).status_code == 302
            item.refresh_from_db()

    def _write(self, item) -> None:
        address, more = reverse("wagtailadmin_pages:edit", args=[item.page_id]), {}
        for lead in ("Satu.", "Dua.", "Tiga."):
            data = editor_data(item, lead=lead, tags="Jalan, Desa", **more)
            answer = self.ask("editor", "staf1", address, data, HTTP_ACCEPT="application/json").json()
            assert answer["success"]
            more = {"overwrite_revision_id": answer["revision_id"]}
        assert (
            self.ask("editor", "staf1", address, editor_data(item, lead="Empat.", tags="Jalan, Pasar")).status_code
            == 302
        )
        self.office.write(item, main_image=make_photo(), main_image_alt="Warga", main_image_credit="Dokumentasi")


def find_table(statement: str) -> str:
    """Return the table with the fields of a class of its own that a statement reads, else its first table, or ""."""
    tables = re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "(\w+)"', statement)
    return "news_newspage" if "news_newspage" in tables else next(iter(tables), "")


def list_screens(item) -> Iterator[tuple[str, str]]:
    """Yield name and address of each screen of ours below the admin that needs no more than the item's number."""
    for pattern, address in _list_patterns(get_resolver().url_patterns, "/"):
        address = address.replace("<int:pk>", str(item.pk)).replace("<int:page_id>", str(item.page_id))
        view = getattr(pattern.callback, "view_class", pattern.callback)
        if address.startswith("/admin/") and "<" not in address and view.__module__.split(".")[0] in OURS:
            yield pattern.name, address


def _list_patterns(patterns, prefix: str):
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from _list_patterns(pattern.url_patterns, address)
        else:
            yield pattern, address


def test_no_request_at_the_desk_repeats_more_than_a_few_statements(office):
    desk, item = Desk(office), office.issue()
    desk.walk(item)
    screens = [*list_screens(item), ("home", reverse("wagtailadmin_home"))]
    screens.append(("explorer", reverse("wagtailadmin_explore", args=[item.get_page().get_parent().pk])))
    shown = {
        name
        for name, address in screens
        for person in ("admin", "sekretaris")
        if desk.ask(name, person, address).status_code == 200
    }
    assert {"queue", "worksheet", "register", "audit_log", "index", "case_file"} < shown
    assert {name: count for name, count in desk.repeats.items() if count > MOST} == {}
    assert desk.found_meant == MEANT
