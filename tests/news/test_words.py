"""The words around a verified text: categories and villages may be renamed, what was verified stays."""

import re

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from taggit.models import Tag

from moderation.chain.transitions import take
from moderation.management.jobs import integrity
from moderation.ports.exceptions import GuardViolation
from moderation.ports.seal import compute_seal
from moderation.review import changes
from news.cards.content import get_content
from news.models import Attachment, NewsCategory, NewsPage, Village
from news.models.words import SealedWords
from tests.moderation.desk.editor import editor_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def named():
    category = NewsCategory.objects.create(name="Sosial", slug="sosial")
    village = Village.objects.create(name="Buntar Lama", slug="buntar-lama", code="33.13.99")
    return {"category": category, "village": village}


def rename(named) -> None:
    """Rename both as the administrator does on their screens."""
    for name, one in zip(("Sosial dan Budaya", "Buntar Baru"), named.values(), strict=True):
        one.name = name
        one.full_clean()
        one.save()


def publish(office, named, **changes):
    item = office.bring_to("composing")
    page = office.write(item, **named, **changes)
    page.tags.add("Irigasi")
    page.save_revision(user=office.staf1)
    return office.bring_to("live", item)


def read(client, *addresses) -> str:
    return "\n".join(client.get(address).content.decode() for address in addresses)


class TestRenamed:
    def test_an_article_and_its_lists_show_the_words_as_verified(self, office, client, named):
        item = publish(office, named)
        page = NewsPage.objects.get(pk=item.page_id)
        before = read(client, page.get_url())
        rename(named)
        shown = read(client, page.get_url())
        assert shown == before
        assert ">Sosial</a>" in shown
        assert ">Buntar Lama</a>" in shown
        listed = read(client, "/", "/berita/", "/berita/kategori/sosial/", "/berita/atom.xml", "/api/v1/materi/")
        rows = re.findall(r'(?:row__category|eyebrow)">([^<·]*?)(?: · )?<', listed)
        assert set(rows) & {"Sosial", "Sosial dan Budaya"} == {"Sosial"}
        assert '<category term="Sosial"' in listed
        assert '"kategori": "Sosial"' in listed
        assert get_content(page).label == "Berita · Sosial"
        assert integrity.run_now().is_whole

    def test_a_ralat_takes_the_new_words_and_shows_that_it_does(self, office, named):
        item = publish(office, named)
        before = NewsPage.objects.get(pk=item.page_id)
        rename(named)
        item = office.open_ralat(item, **named)
        compared = changes.compare(before, item.get_draft())
        names = {field.name for field in compared.changed}
        assert {"category", "village"} <= names
        item = office.bring_to("live", item)
        page = NewsPage.objects.get(pk=item.page_id)
        assert (page.shown_category, page.shown_village) == ("Sosial dan Budaya", "Buntar Baru")
        assert integrity.run_now().is_whole

    def test_a_dropped_ralat_puts_the_verified_words_back(self, office, named):
        item = publish(office, named)
        rename(named)
        item = office.open_ralat(item)
        item = take(item, "drop_correction", office.sekretaris, {"comment": "Tidak perlu."})
        draft, page = item.get_draft(), NewsPage.objects.get(pk=item.page_id)
        assert (draft.shown_category, draft.shown_village) == ("Sosial", "Buntar Lama")
        assert compute_seal(draft) == compute_seal(page)

    def test_an_item_of_an_earlier_release_shows_the_first_names(self, office, client, named, monkeypatch):
        with monkeypatch.context() as patch:
            patch.delattr(SealedWords, "save_revision")
            item = publish(office, named)
        page = NewsPage.objects.get(pk=item.page_id)
        assert page.category_name == page.village_name == ""
        before = read(client, page.get_url())
        rename(named)
        rename({"category": NewsCategory.objects.get(slug="sosial"), "village": named["village"]})
        assert read(client, page.get_url()) == before
        assert integrity.run_now().is_whole

    def test_the_preview_shows_the_words_that_are_chosen(self, office, named, log_in):
        page = office.write(office.bring_to("composing"), **named)
        other = NewsCategory.objects.create(name="Kesehatan", slug="kesehatan")
        address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
        client = log_in(office.staf1)
        assert client.post(address, editor_form(page, category=other.pk)).json()["is_valid"]
        shown = client.get(address).content.decode()
        assert ">Kesehatan</a>" in shown
        assert ">Sosial</a>" not in shown

    @pytest.mark.parametrize("field", ["category_name", "village_name"])
    def test_the_words_are_in_the_seal(self, office, named, field):
        page = publish(office, named).get_page()
        seal = compute_seal(page)
        setattr(page, field, "Lain")
        assert compute_seal(page) != seal


class TestInTheDatabase:
    @pytest.mark.parametrize("model", [NewsCategory, Village])
    def test_a_first_name_stays(self, named, model):
        for change in ({"first_name": "Lain"}, {"first_name": ""}):
            with pytest.raises(IntegrityError, match="tidak dapat diubah"), transaction.atomic():
                model.objects.filter(slug__in=("sosial", "buntar-lama")).update(**change)

    @pytest.mark.parametrize("model", [NewsCategory, Village])
    def test_one_without_a_first_name_is_not_renamed_past_it(self, model):
        code = {"code": "33.13.98"} if model is Village else {}
        model.objects.bulk_create([model(name="Tanpa", slug="tanpa", **code)])
        rows = model.objects.filter(slug="tanpa")
        for change in ({"name": "Lain"}, {"first_name": "Lain"}):
            with pytest.raises(IntegrityError, match="tidak dapat diubah"), transaction.atomic():
                rows.update(**change)
        one = rows.get()
        one.name = "Lain"
        one.save(update_fields=["name"])
        assert rows.get().first_name == "Tanpa"

    def test_a_topic_of_what_is_live_is_not_renamed(self, office, named):
        item = publish(office, named)
        tag = Tag.objects.get(name="Irigasi")
        with pytest.raises(IntegrityError, match="tidak dapat diubah"), transaction.atomic():
            Tag.objects.filter(pk=tag.pk).update(name="Camat korupsi")
        tag.name = "Camat korupsi"
        with pytest.raises(GuardViolation, match="tampil pada berita"):
            tag.save()
        take(item, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})
        tag.save()
        assert Tag.objects.get(pk=tag.pk).name == "Camat korupsi"


def test_the_size_beside_a_document_is_that_of_its_file(office, client, named):
    document = Attachment(title="Daftar usulan")
    document.file.save("usulan.pdf", ContentFile(b"%PDF-1.4" + b" " * 4088))
    item = publish(office, named, body=[("document", {"document": document, "title": ""})])
    address = NewsPage.objects.get(pk=item.page_id).get_url()
    Attachment.objects.filter(pk=document.pk).update(file_size=900_000_000)
    assert "Unduh PDF, 4,0 KB" in read(client, address).replace("\xa0", " ")
