"""What citizens type for the words of the pages: the office's table, its rules, and what the search makes of it."""

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.models import Page

from home.models import HomePage, ServicePage, StandardPage, Synonym
from home.search import indexing, query
from home.search.models import Entry
from home.search.wagtail_hooks import SynonymViewSet
from home.search.words import FORM

FORM_CLASS = SynonymViewSet().get_edit_handler().get_form_class()
pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db):
    """A site with a service, a page that tells of it, and one that does not."""
    home = HomePage.objects.get()
    for model, title, text in (
        (StandardPage, "Kartu Keluarga dibagikan", "Warga menerima kartu keluarga di balai desa."),
        (StandardPage, "Kerja Bakti", "Saluran dibersihkan."),
        (ServicePage, "Surat Pengantar", "Untuk penerbitan Kartu Keluarga."),
    ):
        home.add_child(instance=model(title=title, slug=f"s{len(title)}", introduction=text))


def find(text: str) -> list[str]:
    pages = query.find(query.ask(text))[:10]
    titles = Page.objects.in_bulk(pages)
    return [titles[key].title for key in pages]


class TestAsked:
    def test_a_row_gives_another_word_and_puts_services_first(self, site):
        assert find("kk") == ["Surat Pengantar", "Kartu Keluarga dibagikan"]
        Synonym.objects.filter(written__startswith="KK").delete()
        assert find("kk") == []
        Synonym.objects.create(written="KK", meant="kartu keluarga")
        assert find("kk") == ["Kartu Keluarga dibagikan", "Surat Pengantar"]

    def test_a_row_without_a_word_is_left_out_beside_others_only(self, site):
        assert find("cara ngurus kk") == find("kk")
        assert query.ask("cara").groups == ((("cara",),),)


@pytest.mark.db_agnostic
class TestTable:
    def test_the_sekretaris_keeps_it_and_a_row_holds_at_once(self, site, office, client):
        assert find("kartune sak omah") == []
        address = reverse(SynonymViewSet().get_url_name("add"))
        client.force_login(office.sekretaris)
        row = {"written": "kartune sak omah", "meant": "kartu keluarga", "services_first": "on"}
        assert client.post(address, row).status_code == 302
        assert "Surat Pengantar" in find("kartune sak omah")
        client.force_login(office.staf1)
        assert client.get(address).status_code in (302, 403)

    @pytest.mark.parametrize(
        ("fields", "name", "said"),
        [
            ({"written": "akte, kk", "meant": "akta"}, "written", "sudah ada pada baris"),
            ({"written": "KK.", "meant": "akta"}, "written", "sudah ada pada baris"),
            ({"written": "di, yang", "meant": "akta"}, "written", "tidak memuat kata yang dicari"),
            ({"written": "a b c d e", "meant": "akta"}, "written", "terlalu panjang"),
            ({"written": "gegaran, Gegaran", "meant": "akta"}, "written", "tertulis dua kali"),
            ({"written": "gegaran", "meant": "!"}, "meant", "tidak memuat kata yang dicari"),
            ({"written": "gegaran", "meant": "a,b,c,d,e,f,g"}, "meant", "Paling banyak"),
            ({"written": "gegaran", "meant": "gegaran"}, "meant", "Sama dengan yang diketik"),
            ({"written": "", "meant": "akta"}, "written", "wajib"),
        ],
    )
    def test_a_bad_row_is_refused_with_the_reason(self, fields, name, said):
        form = FORM_CLASS(fields, instance=Synonym())
        assert said in str(form.errors[name])

    def test_every_row_of_a_new_site_keeps_the_rules(self):
        for row in Synonym.objects.all():
            fields = {"written": row.written, "meant": row.meant, "services_first": row.services_first}
            form = FORM_CLASS(fields, instance=row)
            assert form.is_valid(), (row.written, form.errors)


def test_an_index_of_another_lexicon_is_made_anew(site):
    """What ``migrate`` does to a filled site of an earlier version."""
    right = list(Entry.objects.order_by("pk").values())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE site_search_entry SET form = '', title_stems = 'rtu', text_stems = 'luarga' WHERE TRUE")
    assert find("keluarga") == []
    indexing.fill_when_stale()
    assert list(Entry.objects.order_by("pk").values()) == right
    assert {entry["form"] for entry in right} == {FORM}
    indexing.fill_when_stale()
    assert len(find("keluarga")) == 2
