"""Query budgets of the desk's screens, and the indexes used with many items."""

import itertools
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from moderation.chain import comments
from moderation.records import queue
from tests.moderation.evidence.test_publish_paths import editor_data
from tests.support.factories import make_photo
from tests.support.many import multiply_item, multiply_revision

#: More than one page of Wagtail's list.
ROWS = 60


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(call) -> list[str]:
    """Return the statements of a request after a first one."""
    call()
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.django_db
def test_the_explorer_asks_no_more_for_fifty_pages_than_for_one(office):
    item = office.bring_to("live")
    address = reverse("wagtailadmin_explore", args=[item.get_page().get_parent().pk])
    call = partial(sign_in(office.admin).get, address)
    few = ask(call)
    multiply_item(item, ROWS)
    many = ask(call)
    assert call().content.decode().count("/edit/") > 50
    assert len(many) == len(few) <= 30, many


@pytest.mark.django_db
def test_an_index_answers_what_the_queue_asks_of_ended_items(office):
    item = office.bring_to("live")
    multiply_item(item, 3_000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE moderation_disposition")
    assert "disposition_latest" in queue.get_finished()[:10].explain()
    assert "disposition_asked" in queue.get_waiting_for(office.bidang).explain()


def worksheet(item) -> str:
    return item.get_absolute_url()


def editor(item) -> str:
    return reverse("wagtailadmin_pages:edit", args=[item.page_id])


def write_plainly(office, item) -> None:
    office.write(item)


def write_with_pictures(office, item) -> None:
    main, *photos = (make_photo(colour, colour) for colour in ("blue", "red", "green", "yellow"))
    pictures = [{"photo": photo, "alt": "Saluran", "caption": "", "credit": "Dokumentasi"} for photo in photos]
    body = [("paragraph", "<p>Kerja bakti.</p>"), ("image", pictures[0])]
    body.append(("gallery", {"title": "", "pictures": pictures}))
    office.write(item, main_image=main, main_image_alt="Warga", main_image_credit="Dokumentasi", body=body)


def discuss(office, item) -> None:
    comments.add(item, office.sekretaris, place="lead", text="Berapa orang?")
    comment = comments.add(item, office.sekretaris, place="title", text="Terlalu panjang.")
    comments.answer(item, office.staf1, comment_id=str(comment.pk), text="Dipendekkan.")


#: Screen, how the text is written, state of the item, person, maximum number of queries.
BUDGETS = [
    (worksheet, write_plainly, "awaiting_verification", "bidang", 34),
    (worksheet, write_plainly, "awaiting_verification", "sekretaris", 32),
    (worksheet, write_plainly, "awaiting_verification", "pemantau", 33),
    (worksheet, write_plainly, "awaiting_correction", "sekretaris", 33),
    (worksheet, write_plainly, "ordered", "staf1", 30),
    (worksheet, write_plainly, "composing", "staf1", 28),
    (worksheet, write_plainly, "live", "sekretaris", 28),
    (worksheet, write_with_pictures, "awaiting_verification", "bidang", 45),
    (worksheet, write_with_pictures, "awaiting_correction", "sekretaris", 44),
    (worksheet, write_with_pictures, "composing", "staf1", 36),
    (editor, write_plainly, "composing", "staf1", 39),
    (editor, write_plainly, "awaiting_correction", "sekretaris", 46),
    (editor, write_with_pictures, "awaiting_correction", "sekretaris", 59),
]
#: Upper bounds of the numbers above.
LIMIT_OF_A_WORKSHEET, LIMIT_OF_THE_EDITOR, LIMIT_OF_REPEATS = 45, 60, 5


def bring(office, write, state, revisions: int):
    """Bring an item with so many revisions to the state."""
    item = office.bring_to("composing")
    write(office, item)
    if revisions > 1:
        multiply_revision(item.get_page(), revisions - 2)
        write(office, item)
    if write is write_with_pictures and state != "composing":
        item = office.bring_to("awaiting_correction", item)
        discuss(office, item)
    return office.bring_to(state, item)


@pytest.mark.django_db
@pytest.mark.parametrize("write", [write_plainly, write_with_pictures])
def test_a_screen_keeps_to_its_budget_however_many_items_and_revisions(office, write):
    """One register serves all screens: items in each state, then a thousand more, spread over the states."""
    budgets = [budget for budget in BUDGETS if budget[1] is write]
    states = sorted({state for _address, _write, state, _name, _most in budgets})

    def ask_all(items):
        return [
            ask(partial(sign_in(office.people[name]).get, address(items[state])))
            for address, _write, state, name, _most in budgets
        ]

    items = {state: bring(office, write, state, 1) for state in states}
    few = ask_all(items)
    long_items = {state: bring(office, write, state, 30) for state in states}
    for item in items.values():
        multiply_item(item, 1_000 // len(items))
    for (address, _write, state, name, most), before, after in zip(budgets, few, ask_all(long_items), strict=True):
        assert len(after) == len(before) <= most, (address, state, name, after)
        assert most <= {worksheet: LIMIT_OF_A_WORKSHEET, editor: LIMIT_OF_THE_EDITOR}[address]
        assert len(after) - len(set(after)) <= LIMIT_OF_REPEATS, (address, state, name, after)


#: Wagtail saves the draft, updates indexes and renders the side panels at each autosave.
MOST_FOR_AN_AUTOSAVE, MOST_REPEATS_OF_AN_AUTOSAVE = 77, 10


@pytest.mark.django_db
def test_an_autosave_keeps_to_its_budget_however_many_items_and_revisions(office):
    def autosave(item):
        client, lead = sign_in(office.staf1), itertools.count()
        data = editor_data(item, lead="Pertama.")
        revision = client.post(editor(item), data, HTTP_ACCEPT="application/json").json()["revision_id"]

        data = editor_data(item, overwrite_revision_id=revision)

        def save():
            typed = data | {"lead": f"Kalimat {next(lead)}."}
            response = client.post(editor(item), typed, HTTP_ACCEPT="application/json")
            assert response.json()["success"] is True
            return response

        return ask(save)

    item, long_item = office.bring_to("composing"), office.bring_to("composing")
    office.write(long_item)
    multiply_revision(long_item.get_page(), 27)
    office.write(long_item)
    few = autosave(item)
    multiply_item(item, 1_000)
    many = autosave(long_item)
    assert len(many) == len(few) <= MOST_FOR_AN_AUTOSAVE, many
    assert len(many) - len(set(many)) <= MOST_REPEATS_OF_AN_AUTOSAVE, many
