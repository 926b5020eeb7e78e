"""A repeated walk writes the same rows as the real steps, and only in an unchanged database."""

import contextlib
from threading import Thread

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from moderation.models import Disposition
from tests.support import factories
from tests.support.factories import Office
from tests.support.replay import replay

pytestmark = pytest.mark.django_db


class Walked(Exception):
    """Raised when the real steps are taken."""


@pytest.fixture(autouse=True)
def _nothing_noted():
    replay.walks.clear()


@pytest.fixture
def no_step():
    with pytest.MonkeyPatch.context() as patch:

        def refuse():
            def take(*arguments):
                raise Walked

            patch.setattr(factories, "take", take)

        yield refuse


def read_all() -> dict:
    with connection.cursor() as cursor:
        rows = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = cursor.fetchall()
    return rows


def live_through(state, before=lambda office: None):
    """Bring an item to the state in a transaction to roll back; return the content of the database."""
    with transaction.atomic():
        replay.begin()
        office = Office.open()
        before(office)
        item = office.bring_to(state)
        assert item.state == state
        assert office.staf1.groups.get().name == "Staf Sekretariat"
        rows = read_all()
        transaction.set_rollback(True)
    return rows


@pytest.mark.db_agnostic
@pytest.mark.parametrize("state", ["composing", "verified", "done", "exempted"])
def test_a_repeated_walk_leaves_the_very_rows_of_the_steps(state, no_step):
    empty = read_all()
    first = live_through(state)
    assert first != empty
    no_step()
    assert live_through(state) == first


@pytest.mark.db_agnostic
def test_a_further_state_goes_on_from_the_nearest(no_step):
    live_through("verified")
    no_step()
    live_through("composing")
    with pytest.raises(Walked):
        live_through("ordered")


@pytest.mark.db_agnostic
@pytest.mark.parametrize(
    "before",
    [
        lambda office: Group.objects.create(name="Lain"),
        lambda office: office.sekretaris.save(),
        lambda office: office.issue("Perihal lain"),
        lambda office: office.issue(activity_place="Desa Lain"),
    ],
)
def test_after_anything_else_every_step_is_real(before, no_step):
    live_through("forwarded")
    no_step()
    with pytest.raises(Walked):
        live_through("forwarded", before)


def change_a_setting(request):
    request.getfixturevalue("settings").SITE_NAME = "Situs lain"


def patch_the_clock(request):
    request.getfixturevalue("monkeypatch").setattr(timezone, "now", timezone.now)


def patch_an_item(request):
    request.getfixturevalue("monkeypatch").setitem(factories.EXEMPTION, "letter", "i")


def patch_for_a_while(request):
    patch = request.getfixturevalue("monkeypatch").context()
    patch.__enter__().setattr(timezone, "now", timezone.now)
    request.addfinalizer(lambda: patch.__exit__(None, None, None))


def ask_for_a_patch(request):
    request.getfixturevalue("monkeypatch")
    request.getfixturevalue("settings")


@pytest.mark.db_agnostic
@pytest.mark.parametrize("change", [change_a_setting, patch_the_clock, patch_an_item, patch_for_a_while])
def test_from_the_first_patch_on_every_step_is_real(change, no_step, request):
    live_through("forwarded")
    ask_for_a_patch(request)
    live_through("forwarded")
    no_step()
    with pytest.raises(Walked):
        live_through("forwarded", before=lambda office: change(request))


@pytest.mark.db_agnostic
def test_a_capture_of_callbacks_has_real_steps(no_step, django_capture_on_commit_callbacks):
    live_through("forwarded")
    no_step()

    def capture(office):
        with django_capture_on_commit_callbacks():
            office.issue()

    with pytest.raises(Walked):
        live_through("forwarded", before=capture)


def write_in_a_thread() -> None:
    def write():
        Group.objects.create(name="Lain")
        connection.close()

    thread = Thread(target=write)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("meanwhile", "is_repeated"), [(lambda: None, True), (write_in_a_thread, False)])
def test_committed_steps_are_repeated_until_somebody_else_writes(meanwhile, is_repeated, no_step):
    live_through("forwarded")
    no_step()
    replay.begin()
    office = Office.open()
    item = office.bring_to("disposed")
    meanwhile()
    with contextlib.nullcontext() if is_repeated else pytest.raises(Walked):
        item = office.bring_to("forwarded", item)
    assert not connection.in_atomic_block
    assert Disposition.objects.get(pk=item.pk).state == ("forwarded" if is_repeated else "disposed")


def test_a_picture_of_a_repeated_walk_has_its_file():
    def make():
        with transaction.atomic():
            replay.begin()
            photo = factories.make_photo()
            content = photo.file.read()
            photo.file.storage.delete(photo.file.name)
            transaction.set_rollback(True)
        return photo.pk, photo.file.name, content

    first = make()
    assert len(replay.walks) == 1
    assert make() == first
    assert len(replay.walks) == 1
