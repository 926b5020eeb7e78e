"""Every page of a long list holds what skipping rows would give, and costs no more than the first."""

from datetime import timedelta

import pytest
from django.core.paginator import EmptyPage, Paginator
from django.db import connection
from django.utils import timezone

from home.pagecache import generation
from home.pagecache.models import PageChange
from news.lists import long_lists
from news.lists.long_lists import LongPaginator
from news.memo import cached_until_change
from news.models import Photo


@pytest.fixture
def photos(db, monkeypatch):
    """Many rows, several of the same moment."""
    monkeypatch.setattr(long_lists, "NEAR", 1)
    now = timezone.now()
    Photo.objects.bulk_create(Photo(title=str(number), file="a.jpg", width=1, height=1) for number in range(31))
    for photo in Photo.objects.all():
        Photo.objects.filter(pk=photo.pk).update(created_at=now - timedelta(minutes=photo.pk % 7))
    return Photo.objects.all()


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("per_page", [1, 4, 31, 40])
def test_pages_are_those_of_plain_counting(photos, descending, per_page):
    sign = "-" if descending else ""
    plain = Paginator(photos.order_by(f"{sign}created_at", f"{sign}pk"), per_page)
    long = LongPaginator(photos, per_page, address="/foto/", field="created_at", descending=descending)
    assert long.num_pages == plain.num_pages
    for number in plain.page_range:
        assert list(long.page(number)) == list(plain.page(number)), number
    for number in (0, -1, plain.num_pages + 1):
        with pytest.raises(EmptyPage):
            long.page(number)


def test_the_order_of_the_lists_has_an_index(db):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "wagtailcore_page")
    assert found[long_lists.INDEX]["columns"] == ["first_published_at", "id"]


def test_what_was_found_is_remembered_until_something_public_changes(db, settings, tmp_path):
    settings.PAGES_ROOT = tmp_path
    generation.take_over()
    calls = []

    def find():
        calls.append(1)
        return len(calls)

    assert [
        cached_until_change(("a",), find),
        cached_until_change(("a",), find),
        cached_until_change(("b",), find),
    ] == [1, 1, 2]
    PageChange.objects.create(group="umum")
    generation.catch_up()
    assert [cached_until_change(("a",), find), cached_until_change(("a",), find)] == [3, 3]


def test_nothing_is_remembered_where_nobody_keeps_pages(db):
    found = iter(range(9))
    assert [cached_until_change(("a",), lambda: next(found)), cached_until_change(("a",), lambda: next(found))] == [
        0,
        1,
    ]
