"""The search of the public site: the same on both databases, tolerant of spelling, and only what is public."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import HomePage, StandardPage
from home.search import query, words
from home.search.indexing import get_facets, rebuild
from home.search.models import Entry, Term
from moderation.chain.transitions import take
from news.models import NewsPage
from tests.support.many import multiply_item

pytestmark = pytest.mark.django_db

LEAD = "Warga Desa Pendem bekerja bakti membersihkan saluran irigasi."


@pytest.fixture
def publish(office):
    """Bring an item with this text through the whole chain."""

    def _publish(title, **fields):
        item = office.bring_to("composing")
        office.write(item, title=title, **fields)
        return office.bring_to("live", item).get_page()

    return _publish


def ask(client, q, **filters):
    return client.get(reverse("search"), {"q": q, **filters})


def titles(response):
    return [result.page.title for result in response.context.get("results", [])]


@pytest.mark.db_agnostic
class TestWords:
    @pytest.mark.parametrize(
        ("written", "asked"),
        [
            ("Penyaluran BLT", "disalurkan"),
            ("Pelayanan Perizinan", "ijin"),
            ("Perekaman KTP-el Keliling", "rekam ktp"),
            ("Antrean Panjang", "antri"),
            ("Salat Jumat", "jum'at"),
            ("Salat Jum’at", "jumat"),
            ("ＫＥＧＩＡＴＡＮ", "kegiatan"),
            ("Musren\u200bbang", "musrenbang"),
            ("Café", "cafe"),
            ("Peringatan Hari Pahlawan", "PERINGATAN"),
        ],
    )
    def test_spelt_differently_compared_alike(self, written, asked):
        assert set(words.stem_question(asked)) <= set(words.stem_text(written).split())

    def test_small_words_ask_for_nothing(self):
        assert words.stem_question("yang di dan") == []

    @pytest.mark.parametrize("hostile", ["' OR 1=1 --", '"*', "a:b & !c", "NEAR(x, y)", "_berita", "\x00", "()" * 500])
    def test_signs_never_reach_the_index(self, hostile):
        assert all(stem.isalnum() for stem in words.stem_question(hostile))


class TestFinding:
    def test_title_before_text_and_newest_first(self, publish, client):
        publish("Musrenbang Kecamatan", lead=LEAD)
        publish("Rapat Koordinasi", lead="Rapat membahas hasil musrenbang.")
        publish("Hasil Musrenbang Desa", lead=LEAD)
        assert titles(ask(client, "musrenbang")) == [
            "Hasil Musrenbang Desa",
            "Musrenbang Kecamatan",
            "Rapat Koordinasi",
        ]
        assert titles(ask(client, "musrenbang pendem")) == ["Hasil Musrenbang Desa", "Musrenbang Kecamatan"]

    def test_the_words_are_marked_where_they_stand(self, publish, client):
        publish("Kerja <b>Bakti</b>", lead="Air & saluran irigasi dibersihkan warga.")
        html = ask(client, "salur").content.decode()
        assert "Air &amp; <mark>saluran</mark> irigasi" in html
        assert "Kerja &lt;b&gt;" in ask(client, "bakti").content.decode()

    def test_the_beginning_of_a_word_is_enough_where_no_word_is_so(self, publish, client):
        publish("Musrenbang Kecamatan", lead=LEAD)
        assert titles(ask(client, "musren")) == ["Musrenbang Kecamatan"]

    def test_a_slip_leads_to_a_suggestion_that_has_an_answer(self, publish, client):
        page = publish("Musrenbang Kecamatan", lead=LEAD)
        response = ask(client, "musrembang")
        assert titles(response) == []
        assert "?q=musrenbang" in response.content.decode()
        Entry.objects.filter(page_id=page.pk).delete()
        assert Term.objects.filter(word="musrenbang").exists()
        assert not ask(client, "musrembang").context["suggestions"]

    def test_words_that_stand_on_no_one_page_lead_to_a_question_with_one_less(self, publish, client):
        publish("Musrenbang Kecamatan", lead=LEAD)
        publish("Rapat Koordinasi", lead="Rapat membahas anggaran.")
        response = ask(client, "musrenbang anggaran")
        assert titles(response) == []
        assert set(response.context["suggestions"]) == {"musrenbang", "anggaran"}

    def test_the_year_is_the_one_that_the_office_wrote(self):
        page = NewsPage(kind="berita", first_published_at=datetime(2026, 12, 31, 18, tzinfo=UTC))
        assert get_facets(page) == ["_berita", "_tahun2027"]

    def test_filters_narrow_and_can_be_let_go(self, publish, client):
        page = publish("Musrenbang Kecamatan", lead=LEAD)
        year = timezone.localtime(page.first_published_at).year
        assert titles(ask(client, "musrenbang", jenis="berita", tahun=year)) == [page.title]
        assert titles(ask(client, "musrenbang", kategori=page.category.slug)) == [page.title]
        narrowed = ask(client, "musrenbang", jenis="agenda")
        assert titles(narrowed) == []
        assert "Tampilkan 1 hasil tanpa saringan" in narrowed.content.decode()
        assert titles(ask(client, "musrenbang", jenis="bukan")) == [page.title]

    @pytest.mark.parametrize("q", ["", " ", "\x00", "' \" ; --", "yang dan", "𝔄" * 300, "%" * 200, "a" * 5000])
    def test_whatever_is_asked_gets_an_answer(self, client, db, q):
        assert ask(client, q, halaman="-1", tahun="x").status_code == 200


class TestOnlyWhatIsPublic:
    def test_a_draft_is_not_found_and_what_was_taken_down_no_more(self, office, publish, client):
        item = office.bring_to("composing")
        office.write(item, title="Konsep Rahasia")
        assert titles(ask(client, "rahasia")) == []
        page = publish("Musrenbang Kecamatan", lead=LEAD)
        assert titles(ask(client, "musrenbang")) == [page.title]
        take(page.disposition, "take_down", office.sekretaris, {"comment": "Keliru."})
        assert titles(ask(client, "musrenbang")) == []

    def test_a_page_for_some_alone_is_not_found(self, client):
        page = HomePage.objects.get().add_child(instance=StandardPage(title="Berkas Internal", slug="internal"))
        below = page.add_child(instance=StandardPage(title="Berkas di Bawahnya", slug="bawah"))
        assert titles(ask(client, "berkas")) == [below.title, page.title]
        restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert titles(ask(client, "berkas")) == []
        restriction.delete()
        below.unpublish()
        assert titles(ask(client, "berkas")) == [page.title]
        page.delete()
        assert titles(ask(client, "berkas")) == []

    def test_made_anew_it_says_the_same(self, publish):
        publish("Musrenbang Kecamatan", lead=LEAD)
        kept = list(Entry.objects.order_by("pk").values())
        rebuild()
        assert list(Entry.objects.order_by("pk").values()) == kept


@pytest.mark.db_agnostic
class TestReferencePages:
    """What a page tells in fields of its own is found like its text."""

    def test_village_service_contact_downloads_and_questions(self, client):
        from django.core.files.base import ContentFile

        from home import models
        from news.models import Attachment, Village

        home = HomePage.objects.get()
        villages = home.add_child(instance=models.VillageIndexPage(title="Desa", slug="desa"))
        village = Village.objects.get(name="Pendem")
        villages.add_child(
            instance=models.VillagePage(title="Pendem", slug="p", village=village, hamlets="Ngemplak, Sawahan")
        )
        services = home.add_child(instance=models.ServiceIndexPage(title="Layanan", slug="layanan"))
        form = Attachment.objects.create(title="Blangko permohonan F-1.02", file=ContentFile(b"%PDF-1.4", "f.pdf"))
        fields = {"place": "Loket Anggrek", "cost": "Gratis", "legal_basis": "Perpres 95/2018", "contact": "Seksi Umum"}
        forms = [("document", {"document": form, "title": "", "text": ""})]
        services.add_child(instance=models.ServicePage(title="Perekaman KTP", slug="ktp", forms=forms, **fields))
        home.add_child(instance=models.ContactPage(title="Kontak", slug="kontak", directions="Utara Pasar Legi."))
        home.add_child(instance=models.SopPage(title="SOP", slug="sop", current_law="<p>Perki 1/2021</p>"))
        question = {"question": "Bolehkah diwakilkan?", "answer": "<p>Dengan surat kuasa bermeterai.</p>"}
        groups = [("group", {"heading": "Umum", "questions": [question]})]
        home.add_child(instance=models.FaqPage(title="Tanya Jawab", slug="faq", groups=groups))
        office = models.OfficeSettings.objects.get_or_create(site_id=home.get_site().pk)[0]
        office.address = "Jalan Kenanga"
        office.save()
        for asked, title in (
            ("dusun sawahan", "Pendem"),
            ("33.13.15.2010", "Pendem"),
            ("loket anggrek", "Perekaman KTP"),
            ("perpres 95", "Perekaman KTP"),
            ("blangko permohonan", "Perekaman KTP"),
            ("seksi umum", "Perekaman KTP"),
            ("pasar legi", "Kontak"),
            ("jalan kenanga", "Kontak"),
            ("lembar disposisi", "SOP"),
            ("perki 2021", "SOP"),
            ("kuasa bermeterai", "Tanya Jawab"),
        ):
            assert title in titles(ask(client, asked)), asked


def test_queries_and_pages_stay_the_same_with_a_thousand(publish, client, django_assert_max_num_queries):
    page = publish("Musrenbang Kecamatan", lead=LEAD)
    multiply_item(page.disposition, 30)
    rebuild()
    with django_assert_max_num_queries(15):
        first = ask(client, "musrenbang")
    multiply_item(page.disposition, 1000)
    rebuild()
    with django_assert_max_num_queries(15):
        many = ask(client, "musrenbang", halaman=40)
    assert len(titles(many)) == len(titles(first)) == 10
    assert "Lebih dari 1.000 hasil" in many.content.decode()
    seen = [
        key for number in range(1, 101) for key in query.find(query.ask("musrenbang"))[number * 10 - 10 : number * 10]
    ]
    assert len(set(seen)) == 1000
