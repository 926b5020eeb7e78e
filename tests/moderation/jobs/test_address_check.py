"""The nightly proof asks the address of everything that was published (A5, A9)."""

import pytest
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from home.models import HomePage, StandardPage
from home.serving import site_address
from moderation.chain.transitions import take
from moderation.evidence import triggers
from moderation.management.jobs import address_check, integrity
from moderation.models import AuditEntry, Withdrawal
from news.models import NewsIndexPage
from tests.support.databases.statements import execute
from tests.support.factories import slip_past_triggers

pytestmark = pytest.mark.django_db


def news_list():
    return NewsIndexPage.objects.get(kind="berita")


@pytest.fixture
def items(office):
    """One item that is live, and one that was."""
    return [
        office.bring_to("live"),
        take(office.bring_to("live"), "take_down", office.sekretaris, {"comment": "Keliru."}),
    ]


@pytest.fixture
def past_triggers():
    """Changes rows as the database's owner could."""

    def change(rows, **values):
        slip_past_triggers(rows, **values)

    return change


def find(words) -> list[str]:
    return [problem for problem in integrity.run_now().differences if words in problem]


def test_a_whole_site_has_no_problem(items):
    assert integrity.run_now().differences == []
    line = AuditEntry.objects.filter(action="publish").first()
    assert line.data["address"] == f"/berita/{items[0].get_page().slug}"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"slug": "kabar"}, "Letak “Berita”"),
        ({"url_path": "/beranda/kabar/"}, "Letak “Berita”"),
        ({"live": False}, "“Berita” tidak tayang"),
        ({"path": "00010001ZZZZ"}, "Halaman di atas berita hilang"),
    ],
)
def test_a_list_that_was_changed_is_named(items, past_triggers, change, words):
    past_triggers(Page.objects.filter(pk=news_list().pk), **change)
    assert find(words)


def test_a_front_page_without_children_is_named(items, past_triggers):
    past_triggers(Page.objects.filter(pk=HomePage.objects.get().pk), numchild=0)
    assert find("Letak “Beranda”")


def test_a_list_that_was_renamed_throughout_is_named_until_its_addresses_lead_on(items, past_triggers):
    index = news_list()
    for page in Page.objects.filter(path__startswith=index.path):
        url_path = page.url_path.replace("/berita/", "/kabar/")
        past_triggers(Page.objects.filter(pk=page.pk), url_path=url_path)
    past_triggers(Page.objects.filter(pk=index.pk), slug="kabar")
    assert len(find("tidak mengalihkan")) == 2
    for item in items:
        old = f"/berita/{item.get_page().slug}"
        Redirect.objects.bulk_create(
            [Redirect(old_path=old, redirect_page=item.get_page(), automatically_created=True)]
        )
    assert integrity.run_now().differences == []
    other = HomePage.objects.get().add_child(instance=StandardPage(title="Tamu", slug="tamu"))
    past_triggers(Page.objects.filter(pk=other.pk), url_path=f"/beranda{old}/")
    assert find("terbaca “Tamu”")


def test_a_list_without_its_own_row_is_named(items):
    triggers.drop_all()
    execute("DELETE FROM news_newsindexpage WHERE page_ptr_id = %s", news_list().pk)
    triggers.install_all()
    assert find("Letak “Berita”")
    assert len(find("tidak berada di alamatnya")) == 2


def test_a_closed_list_is_named(items):
    triggers.drop_all()
    PageViewRestriction.objects.bulk_create([PageViewRestriction(page=news_list(), restriction_type="login")])
    triggers.install_all()
    assert find("“Berita” tidak tayang atau tertutup")


def test_another_page_at_an_address_is_named(items, past_triggers):
    beside = news_list().add_child(instance=StandardPage(title="Tamu", slug="tamu"))
    for item in items:
        past_triggers(Page.objects.filter(pk=beside.pk), slug=item.get_page().slug)
        problems = find("berbagi alamat")
        assert [item.register_number in problem and "Tamu" in problem for problem in problems] == [True]


def test_an_item_in_another_list_is_named(items, past_triggers):
    gallery = NewsIndexPage.objects.get(kind="galeri")
    past_triggers(Page.objects.filter(pk=items[0].page_id), path=f"{gallery.path}0001")
    [problem] = find("tidak berada di alamatnya")
    assert items[0].register_number in problem


def test_an_item_that_is_down_without_a_take_down_is_named(items):
    triggers.drop_all()
    Withdrawal.objects.all()._raw_delete("default")
    triggers.install_all()
    [problem] = find("tidak ada catatan penurunannya")
    assert items[1].register_number in problem


def test_another_host_front_page_or_a_second_site_is_named(items, past_triggers, settings):
    past_triggers(Site.objects.all(), hostname="lain.go.id")
    assert find("bukan alamat dalam SITE_URL")
    settings.SITE_URL = "http://lain.go.id:8000"
    assert not list(address_check._check_site())
    gallery = NewsIndexPage.objects.get(kind="galeri")
    past_triggers(Site.objects.all(), root_page=gallery)
    assert len(find("berada di luar situs")) == 2
    triggers.drop_all()
    Site.objects.bulk_create([Site(hostname="kedua.go.id", port=80, root_page=gallery)])
    triggers.install_all()
    assert find("lebih dari satu situs")


def test_the_number_of_queries_does_not_grow(office, items, django_assert_max_num_queries):
    office.bring_to("live")
    with django_assert_max_num_queries(20):
        assert address_check.list_problems() == []


class TestSiteAddress:
    """A new host is an order with a reason and a line."""

    @pytest.fixture
    def new_host(self, items, settings):
        """The site of the office, whose SITE_URL was changed."""
        settings.SITE_URL = "https://lama.contoh.go.id"
        site_address.set_up()
        settings.SITE_URL = "https://mojogedang.contoh.go.id"

    def change(self, by="sekretaris", reason="Kabupaten mengganti domain."):
        call_command("change_site_address", by=by, reason=reason)

    def test_the_order(self, new_host, settings):
        self.change()
        site = Site.objects.get()
        assert site.root_url == settings.SITE_URL
        line = AuditEntry.objects.latest("sequence")
        facts = ("site_address", "sekretaris", "Kabupaten mengganti domain.")
        assert (line.action, line.actor_name, line.reason) == facts
        assert line.data["former_hostname"] == "lama.contoh.go.id"
        settings.ALLOWED_HOSTS = [site.hostname]
        assert find("Nama lama situs, lama.contoh.go.id, tidak lagi dilayani")
        settings.ALLOWED_HOSTS = [site.hostname, "lama.contoh.go.id"]
        assert integrity.run_now().differences == []

    def test_migrate_changes_a_published_site_no_more(self, new_host):
        site_address.set_up()
        assert Site.objects.get().hostname == "lama.contoh.go.id"
        assert find("bukan alamat dalam SITE_URL")

    def test_from_this_machine_itself_it_follows_the_setting_with_a_line(self, items, settings):
        settings.SITE_URL = "http://127.0.0.1:8101"
        site_address.set_up()
        assert Site.objects.get().root_url == settings.SITE_URL
        assert AuditEntry.objects.latest("sequence").action == "site_address"
        assert integrity.run_now().differences == []

    def test_before_anything_is_published_it_follows_the_setting(self, office, settings):
        office.bring_to("ordered")
        settings.SITE_URL = "https://mojogedang.contoh.go.id"
        site_address.set_up()
        assert Site.objects.get().root_url == settings.SITE_URL
        assert not AuditEntry.objects.filter(action="site_address").exists()

    @pytest.mark.parametrize(
        ("by", "reason", "words"),
        [
            ("bidang", "Alasan.", "atas perintah PPID Pembantu atau Sekretaris"),
            ("admin", "Alasan.", "atas perintah PPID Pembantu atau Sekretaris"),
            ("siapa", "Alasan.", "tidak ada atau ditutup"),
            ("sekretaris", " ", "Sebutkan alasan"),
        ],
    )
    def test_who_may_and_why(self, new_host, by, reason, words):
        with pytest.raises(CommandError, match=words):
            self.change(by, reason)
        assert Site.objects.get().hostname == "lama.contoh.go.id"
