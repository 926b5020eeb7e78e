"""Several photos into a text at once: chosen together, credited once, each described; only by whoever writes."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import Collection, Page

from moderation.models import Disposition, SourceMaterial
from news.models import Photo
from tests.support.factories import make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


@pytest.fixture
def photos():
    return [make_photo(f"Lomba {number}", colour) for number, colour in enumerate(("red", "blue", "yellow"), start=1)]


@pytest.fixture
def item(office, photos):
    return office.bring_to("composing")


def at(item) -> str:
    return reverse("moderation:gallery", args=[item.pk])


def make_answer(photos, /, **changes) -> dict:
    alts = {f"alt_{photo.pk}": f"Foto {photo.title} ramai warga" for photo in photos}
    return {"photos": [photo.pk for photo in photos], "credit": "Budi", "title": "Lomba desa", "insert": "1"} | (
        alts | changes
    )


def read(item):
    return Disposition.objects.get(pk=item.pk).get_draft()


def test_chosen_together_credited_once_described_in_turn(office, log_in, item, photos):
    client = log_in(office.staf1)
    assert at(item) in client.get(reverse("wagtailadmin_pages:edit", args=[item.page_id])).content.decode()
    assert at(item) in client.get(item.get_absolute_url()).content.decode()
    shown = client.get(at(item)).content.decode()
    assert all(photo.title in shown for photo in photos)
    before, order = read(item), [photos[2], photos[0]]
    asked = client.post(at(item), {"photos": [photo.pk for photo in order], "credit": " Budi ", "title": "Lomba desa"})
    text = asked.content.decode()
    assert text.index("Teks alternatif foto 1 dari 2") < text.index("Teks alternatif foto 2 dari 2")
    assert text.index(order[0].title) < text.index(order[1].title)
    assert read(item).latest_revision_id == before.latest_revision_id
    gap = client.post(at(item), make_answer(order, **{f"alt_{photos[0].pk}": " "}))
    assert gap.status_code == 422
    assert "Jelaskan apa yang tampak pada foto ini." in gap.content.decode()
    assert "Foto Lomba 3 ramai warga" in gap.content.decode(), "what was typed stays"
    again = client.post(at(item), make_answer(order) | {"insert": "", "choose": "1"}).content.decode()
    assert again.count(" checked") == 2
    assert "Foto Lomba 3 ramai warga" in again
    done = client.post(at(item), make_answer(order))
    assert done["Location"] == reverse("wagtailadmin_pages:edit", args=[item.page_id])
    draft = read(item)
    assert [block.block_type for block in draft.body] == ["paragraph", "gallery"]
    value = draft.body[1].value
    assert value["title"] == "Lomba desa"
    assert [(one["photo"], one["alt"], one["credit"]) for one in value["pictures"]] == [
        (photo, f"Foto {photo.title} ramai warga", "Budi") for photo in order
    ]
    assert draft.latest_revision.user == office.staf1
    draft.body.stream_block.clean(draft.body)


def test_photos_of_the_items_own_material_come_first(office, log_in, item, photos):
    with photos[0].file.open("rb") as photo:
        SourceMaterial.objects.create(disposition=item, name="bahan.jpg", file=ContentFile(photo.read(), "bahan.jpg"))
    client = log_in(office.staf1)
    client.post(reverse("moderation:copy_materials", args=[item.pk]))
    make_photo("Terbaru", "black")
    text = client.get(at(item)).content.decode()
    assert text.index("Foto dari bahan materi ini") < text.index("bahan (bahan ") < text.index("Terbaru")
    found = client.get(at(item), {"q": "lomba 2"}).content.decode()
    assert "Lomba 2" in found
    assert "Lomba 1" not in found


def test_what_is_refused_changes_nothing_and_keeps_what_was_typed(office, log_in, item, photos):
    client, before = log_in(office.staf1), read(item).latest_revision_id
    gone = Photo.objects.order_by("-pk").first().pk + 100
    for changes, problem in (
        ({"photos": [photos[0].pk]}, "Pilih 2 sampai 60 foto."),
        ({"photos": []}, "Pilih 2 sampai 60 foto."),
        ({"photos": [photos[0].pk, gone]}, "tidak ada lagi di pustaka"),
        ({"photos": [photos[0].pk, "x"]}, "tidak ada lagi di pustaka"),
        ({"credit": " "}, "Isi kredit foto."),
        ({"credit": "K" * 151}, "150"),
        ({f"alt_{photos[0].pk}": "a" * 251}, "250"),
    ):
        answer = client.post(at(item), make_answer(photos, **changes))
        assert answer.status_code == 422, changes
        assert problem in answer.content.decode(), changes
        assert "Lomba desa" in answer.content.decode(), changes
        assert "Foto Lomba 2 ramai warga" in answer.content.decode(), changes
    assert read(item).latest_revision_id == before


def test_nobody_else_adds_to_the_text(office, log_in, item, photos):
    before = read(item).latest_revision_id
    for name in ("staf2", "sekretaris", "sekretariat", "ppid", "bidang", "pemantau", "admin"):
        client = log_in(office.people[name])
        assert 'name="photos"' not in client.get(at(item)).content.decode(), name
        assert client.post(at(item), make_answer(photos)).status_code in {302, 403, 422}, name
        assert read(item).latest_revision_id == before, name
    item = office.bring_to("awaiting_correction", item)
    assert log_in(office.staf1).post(at(item), make_answer(photos)).status_code == 422
    assert read(item).latest_revision_id == before
    assert log_in(office.sekretaris).post(at(item), make_answer(photos)).status_code == 302
    item = office.bring_to("awaiting_verification", Disposition.objects.get(pk=item.pk))
    frozen = read(item).latest_revision_id
    for name in ("sekretaris", "staf1", "bidang"):
        assert log_in(office.people[name]).post(at(item), make_answer(photos)).status_code == 422, name
    assert read(item).latest_revision_id == frozen
    assert not Page.objects.get(pk=item.page_id).live
    assert Collection.objects.count() == 1
