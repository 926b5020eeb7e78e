"""The triggers of shares, on both databases: a line is written once, for a live version (I9)."""

import pytest
from django.db import DatabaseError, connection, transaction

from moderation.chain.transitions import take
from moderation.ports.exceptions import GuardViolation
from news.social.models import Share
from tests.support.databases.statements import put_in_its_own_place, refused_by_trigger

from .test_package import GROUP, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(office):
    return office.bring_to("live")


def test_a_line_can_be_neither_changed_nor_removed(live, office):
    line = share(live, office.staf1)
    with pytest.raises(GuardViolation):
        line.save()
    with pytest.raises(GuardViolation):
        line.delete()
    for attempt in (
        lambda: Share.objects.filter(pk=line.pk).update(target="Lain"),
        lambda: Share.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="hanya bertambah"), transaction.atomic():
            attempt()
    assert Share.objects.get().target == GROUP


def test_no_line_is_replaced(live, office):
    share(live, office.staf1)
    with refused_by_trigger("hanya bertambah"):
        put_in_its_own_place(Share)


def test_no_line_without_a_live_version_or_for_another_item(live, office):
    line = share(live, office.staf1)
    other = office.bring_to("live")
    table = Share._meta.db_table
    for change in ({"disposition_id": other.pk}, {"seal": "0" * 64}, {"kind": "removed"}, {"kind": "withdrawn"}):
        values = {
            field.column: getattr(line, field.attname) for field in Share._meta.concrete_fields if not field.primary_key
        } | change
        columns = ", ".join(values)
        places = ", ".join(["%s"] * len(values))
        with (
            pytest.raises(DatabaseError, match="hanya bertambah"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", list(values.values()))
    take(live, "take_down", office.sekretaris, {"comment": "Foto keliru."})
    line.pk = None
    with pytest.raises(DatabaseError, match="hanya bertambah"), transaction.atomic():
        line.save(force_insert=True)
