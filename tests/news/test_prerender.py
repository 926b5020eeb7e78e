"""The files of an ordered item's pictures are there before its first reader, and public no earlier than the item."""

from pathlib import Path

import pytest

from moderation.chain.transitions import take
from news.cards import store
from news.models import Rendition
from news.picture_files import prerender
from tests.support.factories import make_photo

pytestmark = pytest.mark.db_agnostic


@pytest.fixture
def ordered(office, db):
    """An item that is ordered, with a picture of its own, one in its text and two in a gallery."""
    item = office.bring_to("composing")
    parts = [
        {"photo": make_photo(colour, colour), "alt": "Warga", "caption": "", "credit": "Kecamatan"}
        for colour in ("navy", "gold")
    ]
    office.write(
        item,
        main_image=make_photo(),
        main_image_alt="Saluran",
        main_image_credit="Dokumentasi",
        body=[
            ("image", {"photo": make_photo("Sawah", "olive"), "alt": "Sawah", "caption": "", "credit": "Kecamatan"}),
            ("gallery", {"title": "Kegiatan", "pictures": parts}),
        ],
    )
    return office.bring_to("ordered", item)


def test_no_reader_waits_for_a_picture(ordered, office, client, django_assert_max_num_queries):
    prerender.make_all()
    made = set(Rendition.objects.values_list("file", flat=True))
    assert {client.get(f"/media/{name}").status_code for name in made} == {404}
    # Another process finds nothing to do, and this one asks one query.
    prerender._seen.clear()
    prerender.make_all()
    with django_assert_max_num_queries(1):
        assert prerender.make_next() == 0
    page = take(ordered, "publish", office.staf1).get_page()
    for path in ("/", "/berita/", page.url):
        assert client.get(path).status_code == 200
    assert set(Rendition.objects.values_list("file", flat=True)) == made
    assert {client.get(f"/media/{name}").status_code for name in made} == {200}


def test_a_broken_picture_stops_neither_the_others_nor_the_publication(ordered, office, caplog):
    photo = ordered.get_draft().main_image
    Path(photo.file.path).write_bytes(b"rusak")
    before = photo.renditions.count()
    prerender.make_all()
    assert "could not be made" in caplog.text
    assert photo.renditions.count() == before
    assert Rendition.objects.exclude(image=photo).exists()


def test_what_was_withdrawn_meanwhile_does_not_come_back(ordered, office):
    item = take(ordered, "publish", office.staf1)
    prerender._look_for_orders()
    take(item, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})
    prerender.make_all()
    assert not Rendition.objects.exists()


def test_the_card_of_an_item_without_a_picture_is_drawn(office, client):
    item = office.bring_to("ordered")
    prerender.make_all()
    seal = item.permits.get().seal
    drawn = list(store._get_folder(seal).iterdir())
    assert len(drawn) == 1
    address = f"/berita/kartu/{seal[: store.SHORT]}/tautan.jpg"
    assert client.get(address).status_code == 404
    take(item, "publish", office.staf1)
    assert client.get(address).status_code == 200
    assert list(store._get_folder(seal).iterdir()) == drawn
