"""Queries of the steps of the SOP, and their work while they hold the lock of the audit log's end.

The numbers are exact: lower them when a step gets cheaper.
"""

import re
from collections import Counter
from contextlib import contextmanager

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.base import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation import sop
from moderation.chain import dispositions, transitions
from moderation.chain.transitions import take
from moderation.models import Disposition
from moderation.people import appointments
from moderation.review.changes import summary
from tests.support.factories import WALK, fill_in
from tests.support.many import continue_keys, multiply_open_items, multiply_revision

pytestmark = pytest.mark.django_db

#: Statements of the disposition, then of each step's POST.
MOST_QUERIES = {
    "issue": 15,
    "forward": 15,
    "receive": 14,
    "assign": 18,
    "compose": 56,
    "hand_over": 33,
    "declare_corrected": 35,
    "verify": 37,
    "order": 40,
    "publish": 84,
}
MOST_FOR_TAKE_PUBLISH = 81
#: Upper bounds of the numbers above.
LIMIT_OF_A_STEP, LIMIT_OF_PUBLISH, LIMIT_OF_ALL, LIMIT_OF_REPEATS = 60, 110, 400, 5
REVISIONS = 30


def post_step(office, item, action, person, data) -> list[str]:
    """Take a step from an open worksheet; return the statements of the POST."""
    client = Client()
    client.force_login(office.people[person])
    seal = client.get(item.get_absolute_url()).context["seal"]
    typed = fill_in(action, data) | {"action": action, "version": item.version, "seal": seal}
    with CaptureQueriesContext(connection) as queries:
        response = client.post(reverse("moderation:step", args=[item.pk]), typed)
    assert response.status_code == 302, response.context["refusal"]
    return [query["sql"] for query in queries]


def walk(office, revisions: int = 1) -> dict[str, list[str]]:
    """Bring an item from its disposition to live; return the statements of each step's POST."""
    statements = {}
    with CaptureQueriesContext(connection) as queries:
        item = office.issue()
    statements["issue"] = [query["sql"] for query in queries]
    for _state, action, person, data in WALK:
        if action == "assign":
            data = {"staf": office.people[data["staf"]].pk}
        statements[action] = post_step(office, item, action, person, data)
        item.refresh_from_db()
        if action == "compose":
            office.write(item)
            if revisions > 1:
                multiply_revision(item.get_page(), revisions - 2)
                office.write(item)
    return statements


def count(statements: dict[str, list[str]]) -> dict[str, int]:
    return {action: len(found) for action, found in statements.items()}


def test_a_step_costs_what_it_did_however_many_items_and_revisions(office):
    walk(office)
    few = count(walk(office))
    multiply_open_items([office.bring_to(state) for state, *_rest in WALK], 1_000)
    continue_keys()
    assert Disposition.objects.open().count() >= 1_000
    statements = walk(office, REVISIONS)
    many = count(statements)
    assert many == few
    assert {action: few[action] for action in few if few[action] > MOST_QUERIES[action]} == {}
    assert max(most for action, most in few.items() if action != "publish") <= LIMIT_OF_A_STEP
    assert sum(few.values()) <= LIMIT_OF_ALL
    for action, found in statements.items():
        statement, times = Counter(found).most_common(1)[0]
        assert times <= LIMIT_OF_REPEATS, (action, times, statement)


def read_values(item: Disposition) -> dict:
    return {field.attname: getattr(item, field.attname) for field in item._meta.concrete_fields}


def test_a_step_writes_what_it_changes_of_the_item_and_nothing_else(office):
    item = office.issue()
    for _state, action, person, data in WALK:
        if action == "assign":
            data = {"staf": office.people[data["staf"]].pk}
        with CaptureQueriesContext(connection) as queries:
            item = take(item, action, office.people[person], fill_in(action, data))
        written = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "moderation_disposition"')]
        assert written
        assert not any('"subject" =' in sql for sql in written)
        assert read_values(item) == read_values(Disposition.objects.get(pk=item.pk))
        if action == "compose":
            office.write(item)


def test_publishing_with_seal_guards_log_and_outbox(office):
    take(office.bring_to("ordered"), "publish", office.staf1)
    item = office.bring_to("ordered")
    with CaptureQueriesContext(connection) as queries:
        take(item, "publish", office.staf1)
    assert len(queries) <= MOST_FOR_TAKE_PUBLISH <= LIMIT_OF_PUBLISH


#: Statements allowed after the lock of the log's end.
BOOKKEEPING = re.compile(
    r'(SELECT .* FROM|INSERT INTO|UPDATE) "moderation_audithead"|INSERT INTO "moderation_auditentry"'
    r'|UPDATE "moderation_disposition"|(RELEASE )?SAVEPOINT'
)


class Watch:
    """Records what happens between the lock of the log's end and the end of the step."""

    def __init__(self):
        self.is_locked, self.done = False, []

    def note(self, what: str) -> None:
        if self.is_locked:
            self.done.append(what)

    def see(self, execute, sql, params, many, context):
        if not BOOKKEEPING.match(sql):
            self.note(sql[:120])
        if 'FROM "moderation_audithead"' in sql:
            self.is_locked = True
        return execute(sql, params, many, context)


@contextmanager
def watch(monkeypatch):
    """Watch one step: its statements, rendered templates, comparisons and file reads."""
    found = Watch()
    with monkeypatch.context() as patch:
        for owner, name in (
            (Template, "render"),
            (summary, "compare"),
            (FileSystemStorage, "_open"),
            (FileSystemStorage, "_save"),
        ):
            patch.setattr(owner, name, _noted(found, getattr(owner, name), name))
        with connection.execute_wrapper(found.see):
            yield found
    assert found.is_locked
    assert found.done == []


def _noted(found, function, name):
    def noted(*arguments, **options):
        found.note(name)
        return function(*arguments, **options)

    return noted


def test_nothing_that_takes_time_is_done_while_the_end_of_the_log_is_locked(office, monkeypatch):
    item = office.issue()
    for _state, action, person, data in WALK:
        if action == "assign":
            data = {"staf": office.people[data["staf"]].pk}
        with watch(monkeypatch):
            item = take(item, action, office.people[person], fill_in(action, data))
        if action == "compose":
            office.write(item)


def test_neither_is_a_later_round_a_correction_nor_a_take_down(office, monkeypatch):
    item = office.bring_to("awaiting_verification")
    steps = (
        ("return_to_sekretaris", office.bidang, {"comment": "Perbaiki jumlah peserta."}),
        ("declare_corrected", office.sekretaris, {"warnings_checked": True}),
        ("verify", office.bidang, {"classification": "berkala", "warnings_checked": True}),
    )
    for action, user, data in steps:
        with watch(monkeypatch):
            item = take(item, action, user, fill_in(action, data))
        if action == "return_to_sekretaris":
            office.write(item, office.sekretaris, lead="Diperbaiki.")
    item = office.open_ralat(office.bring_to("live", item))
    item = office.bring_to("ordered", item)
    with watch(monkeypatch):
        item = take(item, "publish", office.staf1)
    with watch(monkeypatch):
        take(item, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})


def test_neither_is_a_disposition_with_files_nor_two_steps_with_one_click(office, monkeypatch):
    office.ppid.groups.add(*office.sekretaris.groups.all())
    office.sekretariat.groups.add(*office.staf1.groups.all())
    sheet = {"origin": "pengelolaan_website", "subject": "Banjir", "source_note": "Meja umum."}
    with watch(monkeypatch):
        item = dispositions.issue_and_forward(office.ppid, sheet, [SimpleUploadedFile("a.txt", b"Bahan")])
    with watch(monkeypatch):
        transitions.take_combination(item, "receive_and_assign", office.sekretariat, {"staf": office.staf2.pk})


def test_neither_is_an_appointment(office, monkeypatch):
    today = timezone.localdate()
    days = {"decree_date": today, "starts_on": today, "ends_on": today}
    decree = {"user": office.staf2, "role": sop.Role.BIDANG, "kind": "Plh.", "decree_number": "800/12/2026"}
    with watch(monkeypatch):
        appointments.appoint(office.ppid, decree | days)
