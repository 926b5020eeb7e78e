"""What the editor requires of a news item, refuses, and keeps for the channels."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag
from wagtail.blocks import StreamBlockValidationError, StreamValue, StructBlockValidationError

from moderation.chain.transitions import take
from moderation.models import Disposition
from moderation.ports import channels
from news.blocks import ChannelTexts, PictureBlock, VideoBlock
from news.editor.topics import unite
from news.models import NewsCategory, NewsIndexPage, NewsPage
from tests.moderation.desk.editor import editor_form
from tests.support.factories import PASSWORD, fill, make_photo

pytestmark = pytest.mark.db_agnostic


@pytest.fixture
def draft(office):
    """A complete draft, not handed over."""
    page = office.bring_to("composing").get_draft()
    fill(page)
    return page


def refusal(page):
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    return caught.value.message_dict


def test_a_draft_is_opened_from_its_disposition(office):
    item = office.issue("Penyuluhan stunting", activity_date="2026-10-07", activity_place="Balai Desa Pereng")
    page = office.bring_to("composing", item).get_draft()

    assert page.title == "Penyuluhan stunting"
    assert page.activity_date == datetime.date(2026, 10, 7)
    assert page.activity_place == "Balai Desa Pereng"
    assert page.get_parent().specific == NewsIndexPage.objects.get(kind="berita")
    assert not page.live
    assert not NewsPage.is_creatable


def test_a_complete_draft_is_accepted(draft):
    draft.full_clean()


@pytest.mark.parametrize("field", ["lead", "body", "activity_date", "activity_place", "category"])
def test_the_sop_needs_each_of_these(draft, field):
    setattr(draft, field, None if field in {"activity_date", "category"} else "")
    assert field in refusal(draft)


def test_the_lead_fits_a_post(draft):
    draft.lead = "a" * 280
    draft.full_clean()
    draft.lead = "a" * 281
    assert "lead" in refusal(draft)


def test_news_tells_of_what_has_taken_place(draft):
    draft.activity_date = timezone.localdate()
    draft.full_clean()
    draft.activity_date = timezone.localdate() + datetime.timedelta(days=1)
    assert refusal(draft)["activity_date"] == [
        "Tanggal kegiatan belum tiba. Berita memuat kegiatan yang telah dilaksanakan; periksa tanggalnya."
    ]


def test_a_main_picture_needs_alternative_text_and_credit(draft):
    draft.main_image = make_photo()
    assert refusal(draft).keys() == {"main_image_alt", "main_image_credit"}
    draft.main_image_alt, draft.main_image_credit = "Saluran irigasi", "Dokumentasi Kecamatan"
    draft.full_clean()


@pytest.mark.parametrize("slug", ["2026", "tag", "kategori", "halaman"])
def test_the_addresses_of_the_lists_are_taken(draft, slug):
    draft.slug = slug
    assert refusal(draft)["slug"] == ["Alamat ini dipakai oleh daftar berita. Gunakan alamat lain."]


def test_a_category_in_use_stays(draft):
    draft.save()
    with pytest.raises(ProtectedError):
        draft.category.delete()


@pytest.mark.parametrize("missing", ["alt", "credit", "photo"])
def test_a_picture_in_the_text_says_what_it_shows_and_whose_it_is(db, missing):
    value = {"photo": make_photo(), "alt": "Saluran", "caption": "", "credit": "Staf Sekretariat"}
    block = PictureBlock()
    block.clean(block.normalize(value))
    value[missing] = None if missing == "photo" else ""
    with pytest.raises(StructBlockValidationError) as caught:
        block.clean(block.normalize(value))
    assert caught.value.block_errors.keys() == {missing}


@pytest.mark.parametrize(
    ("address", "player"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk", "https://www.youtube-nocookie.com/embed/abcdefghijk"),
        ("https://www.youtube.com/watch?t=5&v=abcdefghijk", "https://www.youtube-nocookie.com/embed/abcdefghijk"),
        ("https://youtu.be/abcdefghijk?si=x", "https://www.youtube-nocookie.com/embed/abcdefghijk"),
        ("https://youtube.com/shorts/abcdefghijk", "https://www.youtube-nocookie.com/embed/abcdefghijk"),
        ("https://vimeo.com/123456789", "https://player.vimeo.com/video/123456789?dnt=1"),
    ],
)
def test_a_video_of_an_allowed_host_is_shown(address, player):
    block = VideoBlock()
    value = block.clean(block.normalize({"address": address, "title": "Rekaman", "caption": ""}))
    assert block.get_context(value)["video"].player == player


@pytest.mark.parametrize(
    "address",
    [
        "https://contoh.example/video",
        "https://youtube.com.contoh.example/watch?v=abcdefghijk",
        "https://contoh.example/?https://youtu.be/abcdefghijk",
        "http://www.youtube.com/watch?v=abcdefghijk",
        "https://www.youtube.com/@kanal",
        "https://www.youtube.com/watch?v=pendek",
    ],
)
def test_a_video_from_elsewhere_is_refused(address):
    block = VideoBlock()
    with pytest.raises(StructBlockValidationError) as caught:
        block.clean(block.normalize({"address": address, "title": "Rekaman", "caption": ""}))
    assert caught.value.block_errors["address"].message == (
        "Alamat ini tidak dapat ditampilkan. Gunakan alamat lengkap satu video pada YouTube atau Vimeo."
    )


class ShortChannels:
    """A provider with one kind of channel that takes ten characters."""

    def kinds(self):
        return [("papan", "Papan pengumuman", "Paling banyak 10 karakter.")]

    def text_problem(self, kind, text):
        return "Teks terlalu panjang." if kind == "papan" and len(text) > 10 else None


@pytest.fixture
def short_channels(monkeypatch):
    """The registry with that provider alone."""
    monkeypatch.setattr(channels, "_providers", [ShortChannels()])


def channel_texts(*texts):
    block = ChannelTexts()
    return block.clean(StreamValue(block, [("text", {"channel": kind, "text": text}) for kind, text in texts]))


@pytest.mark.usefixtures("short_channels")
def test_a_text_for_a_channel_must_fit_it():
    channel_texts(("papan", "Singkat"))
    with pytest.raises(StreamBlockValidationError) as caught:
        channel_texts(("papan", "Terlalu panjang sekali"))
    assert caught.value.block_errors[0].block_errors["text"].message == "Teks terlalu panjang."


@pytest.mark.usefixtures("short_channels")
def test_a_kind_of_channel_has_one_text():
    with pytest.raises(StreamBlockValidationError) as caught:
        channel_texts(("papan", "Satu"), ("papan", "Dua"))
    assert caught.value.block_errors.keys() == {1}


@pytest.mark.django_db
@pytest.mark.usefixtures("short_channels")
def test_channels_show_their_own_text_or_the_lead():
    page = NewsPage(lead="Inti berita.", channel_texts=[("text", {"channel": "papan", "text": "Singkat"})])
    assert page.get_channel_text("papan") == "Singkat"
    assert page.get_channel_text("lain") == "Inti berita."


def edit(client, page, **changes):
    """Post the editor's form of a draft with a main picture that lacks its words, and no text."""
    values = {
        "title": page.title,
        "slug": page.slug,
        "lead": "",
        "body-count": "0",
        "activity_date": "09-09-2026",
        "activity_place": "Desa Buntar",
        "category": "",
        "classification": "berkala",
        "tags": "",
        "main_image": make_photo().pk,
        "main_image_alt": "",
        "main_image_caption": "",
        "main_image_credit": "",
        "channel_texts-count": "0",
        "seo_title": "",
        "search_description": "",
    }
    return client.post(f"/admin/pages/{page.pk}/edit/", values | changes)


def test_the_editor_saves_a_draft_with_gaps(office, client):
    page = take(office.bring_to("assigned"), "compose", office.staf1).get_draft()
    client.login(username="staf1", password=PASSWORD)

    assert edit(client, page, lead="Belum selesai").status_code == 302
    draft = NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.lead == "Belum selesai"
    assert draft.main_image.title == "Saluran irigasi"


def test_the_editor_names_every_gap_at_the_hand_over(office, client):
    page = take(office.bring_to("assigned"), "compose", office.staf1).get_draft()
    client.login(username="staf1", password=PASSWORD)

    response = edit(client, page, **{"action-submit": "1"})
    errors = response.context["form"].errors
    assert response.status_code == 200
    assert errors.keys() == {"lead", "body", "category", "main_image_alt", "main_image_credit"}
    assert len(errors["body"]) == 1
    assert Disposition.objects.get(page_id=page.pk).state == "composing"


def test_who_writes_learns_who_adds_the_first_category_and_that_person_may(client, office):
    """Without a category no item can be handed over (the office's first day)."""
    item = office.bring_to("composing")
    page = item.get_draft()
    page.category = None
    page.save_revision(clean=False)
    NewsPage.objects.update(category=None)
    NewsCategory.objects.all().delete()
    client.force_login(office.staf1)
    editor = reverse("wagtailadmin_pages:edit", args=[item.page_id])
    where = reverse("wagtailsnippets_news_newscategory:list")
    assert "Belum ada kategori" in client.get(editor).content.decode()
    client.force_login(office.sekretaris)
    assert client.get(where).status_code == 200
    adding = reverse("wagtailsnippets_news_newscategory:add")
    assert client.post(adding, {"name": "Kesehatan", "slug": "kesehatan"}).status_code == 302
    client.force_login(office.staf1)
    text = client.get(editor).content.decode()
    assert "Belum ada kategori" not in text
    assert ">Kesehatan</option>" in text


@pytest.mark.django_db
def test_a_topic_keeps_the_way_it_was_first_written():
    Tag.objects.create(name="Kerja bakti")
    assert unite(["kerja-bakti", "Irigasi", "IRIGASI!", "KERJA BAKTI", "★"]) == ["Kerja bakti", "Irigasi", "★"]


def test_the_editor_stores_no_second_topic(office, log_in):
    Tag.objects.create(name="Kerja bakti")
    item = office.bring_to("composing")
    page = item.get_draft()
    answer = log_in(office.staf1).post(
        f"/admin/pages/{page.pk}/edit/", editor_form(page) | {"tags": "kerja bakti, Kerja-Bakti"}
    )
    assert answer.status_code == 302
    assert [tag.name for tag in item.get_draft().tags.all()] == ["Kerja bakti"]
    assert Tag.objects.count() == 1
