"""A5, A9, A12: what citizens read stays at its address, and no other page stands there, whoever tries and how."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from home.models import HomePage, StandardPage
from home.serving.site_address import check_one_site
from kecamatan_site.health.checks.database import look_at_sites
from kecamatan_site.health.rows import Verdict
from moderation.chain.transitions import take
from moderation.evidence import triggers
from moderation.evidence.addresses.guards import ONE_SITE
from moderation.ports.exceptions import GuardViolation
from news.models import NewsIndexPage, NewsPage
from tests.support.databases.statements import execute, refused_by_trigger

pytestmark = pytest.mark.django_db

KEPT = "alamat berita yang tayang atau pernah tayang tetap"
MOVED = "halaman dengan materi di dalamnya tidak dipindahkan"
HIDDEN = "halaman memuat berita yang tayang atau pernah tayang"
TAKEN = "alamat ini milik sebuah materi"
GONE = "halaman dengan materi tidak dihapus"
FORMER = "alamat lama sebuah berita menuju berita itu"
SECOND = "satu pemasangan melayani satu situs"
SITE = "alamat situs dengan berita yang tayang atau pernah tayang tetap"


def refused(match=None):
    return pytest.raises((GuardViolation, IntegrityError), match=match)


def front() -> HomePage:
    return HomePage.objects.get()


def news_list(kind="berita") -> NewsIndexPage:
    return NewsIndexPage.objects.get(kind=kind)


def make_section(slug="profil-kantor", parent=None) -> StandardPage:
    page = (parent or front()).add_child(instance=StandardPage(title=slug, slug=slug))
    page.save_revision().publish()
    return page


@pytest.fixture(params=["live", "taken_down"])
def item(office, request):
    """An item that citizens read, and one that they read once."""
    item = office.bring_to("live")
    if request.param == "taken_down":
        item = take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
    return item


@pytest.fixture
def is_served(item, client):
    """Says whether the item's address answers as it did at first."""
    address, expected = f"/berita/{item.get_page().slug}/", 410 if item.state == "taken_down" else 200

    def ask():
        client.logout()
        return client.get(address).status_code == expected

    assert ask()
    return ask


class TestPagesAbove:
    """The list and the front page: slug, place, life."""

    @pytest.mark.parametrize("model", [NewsIndexPage, HomePage])
    def test_the_editor_refuses_another_slug(self, item, office, log_in, is_served, model):
        page = model.objects.order_by("path").first()
        data = {"title": page.title, "slug": "kabar", "introduction": "", "welcome_heading": "", "welcome_text": "null"}
        data |= {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        for action in ({}, {"action-publish": "1"}):
            text = log_in(office.admin).post(address, data | action).content.decode()
            assert item.register_number in text
            assert "kabar" in text, "what was typed is still there"
        assert is_served()

    @pytest.mark.parametrize("fields", [None, ["slug"], ["url_path"], ["slug", "url_path"]])
    def test_a_shell_refuses_another_slug(self, item, is_served, fields):
        for page in (front(), news_list(), Page.objects.get(pk=news_list().pk)):
            page.slug, page.url_path = "kabar", "/beranda/kabar/"
            with refused(), transaction.atomic():
                page.save(update_fields=fields)
        assert is_served()

    def test_an_older_version_with_another_slug_is_refused_in_words(self, office, is_served_later):
        """The revision was made before anything was live."""
        index = news_list()
        index.slug = "kabar"
        revision = index.save_revision(user=office.admin)
        ask = is_served_later(office.bring_to("live"))
        with pytest.raises(GuardViolation, match="tidak dapat diubah"), transaction.atomic():
            revision.publish()
        assert ask()

    def test_sql_changes_no_address(self, item, is_served):
        for rows in (Page.objects.filter(pk=front().pk), Page.objects.filter(pk=news_list().pk)):
            for change in ({"slug": "kabar"}, {"url_path": "/kabar/"}, {"content_type": 1}):
                with refused_by_trigger(KEPT):
                    rows.update(**change)
            for change in ({"path": "00019999"}, {"depth": 7}):
                with refused_by_trigger(MOVED):
                    rows.update(**change)
        with refused_by_trigger(MOVED):
            Page.objects.filter(pk=front().pk).update(numchild=0)
        assert is_served()

    def test_nothing_above_is_deleted(self, item, office, log_in, is_served):
        client = log_in(office.admin)
        for page in (front(), news_list()):
            client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), {"confirm-site-name": page.title})
            client.post(reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={page.pk}")
            with pytest.raises(Exception, match="protected"), transaction.atomic():
                page.delete()
            with refused_by_trigger(GONE):
                execute("DELETE FROM wagtailcore_page WHERE id = %s", page.pk)
            with refused_by_trigger(GONE):
                execute(f"DELETE FROM {page._meta.db_table} WHERE page_ptr_id = %s", page.pk)
        assert is_served()

    def test_nothing_above_is_hidden(self, item, is_served):
        aside = make_section()
        wandering = PageViewRestriction.objects.create(page=aside, restriction_type="login")
        for page in (front(), news_list()):
            with refused("pernah tayang"), transaction.atomic():
                page.unpublish()
            with refused("pernah tayang"), transaction.atomic():
                PageViewRestriction.objects.create(page=page, restriction_type="login")
            with refused_by_trigger(HIDDEN):
                Page.objects.filter(pk=page.pk).update(live=False)
            with refused_by_trigger(HIDDEN):
                PageViewRestriction.objects.bulk_create([PageViewRestriction(page=page, restriction_type="login")])
            with refused_by_trigger(HIDDEN):
                PageViewRestriction.objects.filter(pk=wandering.pk).update(page=page)
        assert is_served()

    def test_a_list_without_anything_published_keeps_its_freedom(self, office):
        office.bring_to("live")
        other = news_list("galeri")
        other.slug = "foto"
        other.save()
        assert news_list("galeri").slug == "foto"


@pytest.fixture
def is_served_later(client):
    def ready(item):
        return lambda: client.get(f"/berita/{item.get_page().slug}/").status_code == 200

    return ready


class TestMoves:
    """Moves by screen, in bulk, by command, in the shell and in SQL; drafts are moved no more than what is live."""

    @pytest.fixture(params=["composing", "live"])
    def moved(self, office, request):
        return office.bring_to(request.param)

    def test_by_screen_in_bulk_and_by_command(self, moved, office, log_in):
        client, section = log_in(office.admin), make_section()
        before = set(Page.objects.values_list("pk", "path", "url_path"))
        for page in (moved.get_page(), news_list(), front()):
            client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, section.pk]))
            client.post(
                reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"]) + f"?id={page.pk}",
                {"move_applicable": "on", "chooser": section.pk},
            )
        for source in (news_list(), front()):
            with pytest.raises(GuardViolation, match="tidak dapat dipindahkan"):
                call_command("move_pages", source.pk, section.pk)
        assert set(Page.objects.values_list("pk", "path", "url_path")) == before

    def test_in_the_shell_and_in_sql(self, moved):
        section = make_section()
        for page in (NewsPage.objects.get(pk=moved.page_id), news_list()):
            for where in ("last-child", "first-child"):
                with refused(moved.register_number), transaction.atomic():
                    page.move(section, pos=where)
            with refused("tidak dapat dipindahkan"), transaction.atomic():
                page.path = section.path + "0001"
                page.save(update_fields=["path"])
            with refused_by_trigger(MOVED):
                Page.objects.filter(pk=page.pk).update(path=section.path + "0001")

    def test_the_order_of_pages_is_changed_only_beside_the_lists(self, moved, office, log_in):
        one, other = make_section("satu"), make_section("dua")
        client = log_in(office.admin)
        places = [page.pk for page in front().get_children()]
        address = reverse("wagtailadmin_pages:set_page_position", args=[other.pk])
        assert client.post(f"{address}?position={places.index(one.pk)}").status_code == 200
        assert [page.pk for page in front().get_children()][-2:] == [other.pk, one.pk]
        first = places.index(news_list().pk)
        response = client.post(f"{address}?position={first}", headers={"Sec-Fetch-Mode": "cors"})
        assert response.status_code == 409
        assert MOVED in response.json()["error_message"]
        assert [page.pk for page in front().get_children()][-2:] == [other.pk, one.pk]


def insert_copy(page, **changed) -> None:
    """Insert a page past the ORM, with the columns of another one."""
    columns = [field.column for field in Page._meta.concrete_fields if not field.primary_key]
    changed |= {"translation_key": "'0f0e0d0c0b0a09080706050403020100'"}
    chosen = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    execute(
        f"INSERT INTO wagtailcore_page ({', '.join(columns)}) SELECT {chosen} FROM wagtailcore_page WHERE id = %s",
        page.pk,
    )


class TestTaken:
    """No other page stands at the address of an item or of what is above it."""

    def ways(self, slug, parent):
        """Yield the ways in which another page would come to stand there."""
        elsewhere = make_section("sementara")
        child = make_section(slug, parent=elsewhere)
        place = {"path": f"{parent.path}ZZZZ", "depth": parent.depth + 1, "numchild": 0}
        yield lambda: StandardPage(title="Lain", slug=slug, **place).save(clean=False)
        yield lambda: child.move(parent, pos="last-child")
        yield lambda: child.copy(to=parent, update_attrs={"slug": slug})
        yield lambda: child.create_alias(parent=parent, update_slug=slug)

    def test_past_the_form(self, item, is_served):
        for slug, parent in ((news_list().slug, front()), (item.get_page().slug, news_list())):
            beside = make_section(f"{slug}-lain", parent=parent)
            for way in self.ways(slug, parent):
                with pytest.raises(Exception, match=r"milik|slug"), transaction.atomic():
                    way()
            beside.slug = slug
            with pytest.raises(GuardViolation, match="tempat warga membaca materi"), transaction.atomic():
                beside.save(clean=False)
            with refused_by_trigger(TAKEN):
                Page.objects.filter(pk=beside.pk).update(slug=slug)
            Page.objects.filter(slug="sementara").first().delete()
        assert is_served()

    def test_sql_inserts_no_page_there(self, item):
        with refused_by_trigger(TAKEN):
            insert_copy(news_list(), path=f"'{front().path}ZZZZ'")

    def test_a_former_address_is_free_for_no_other_page(self, item, office, log_in, client):
        """An earlier version renamed lists: Wagtail's redirect leads from there to the item."""
        page = item.get_page()
        Redirect.objects.bulk_create([Redirect(old_path="/kabar/lama", redirect_page=page, automatically_created=True)])
        section, beside = make_section("kabar"), make_section("lain")
        client = log_in(office.admin)
        data = {"title": "Judul yang diketik", "slug": "lama", "introduction": "", "body-count": 0}
        data |= {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0, "action-publish": "1"}
        address = reverse("wagtailadmin_pages:add", args=["home", "standardpage", section.pk])
        text = client.post(address, data).content.decode()
        assert item.register_number in text
        assert "Judul yang diketik" in text
        with refused("milik"), transaction.atomic():
            section.add_child(instance=StandardPage(title="Lain", slug="lama"))
        with refused("milik"), transaction.atomic():
            make_section("lama", parent=beside).move(Page.objects.get(pk=section.pk), pos="last-child")
        with refused("milik"), transaction.atomic():
            Page.objects.get(pk=section.pk).delete()
            make_section("lama", parent=Page.objects.get(pk=beside.pk))
            beside.slug = "kabar"
            beside.save()
        other = make_section("lama", parent=Page.objects.get(pk=beside.pk))
        with refused_by_trigger(FORMER):
            Page.objects.filter(pk=other.pk).update(url_path="/beranda/kabar/lama/")
        with refused_by_trigger(FORMER):
            insert_copy(other, url_path="'/beranda/kabar/lama/'", path=f"'{beside.path}ZZZZ'", slug="'x'")

    def test_the_same_slug_elsewhere_is_free(self, item):
        assert make_section(item.get_page().slug).live


class TestSite:
    """The one site: its host, its front page, and that there is no second."""

    def test_by_screen(self, item, office, log_in, is_served):
        site, client = Site.objects.get(), log_in(office.admin)
        data = {"hostname": "lain.go.id", "port": 80, "site_name": "Lain", "root_page": site.root_page_id}
        data["is_default_site"] = "on"
        text = client.post(reverse("wagtailsites:edit", args=[site.pk]), data, follow=True).content.decode()
        assert "Alamat situs tidak dapat diubah di sini" in text
        second = data | {"hostname": "kedua.go.id", "root_page": news_list().pk, "is_default_site": ""}
        assert ONE_SITE in client.post(reverse("wagtailsites:add"), second, follow=True).content.decode()
        client.post(reverse("wagtailsites:delete", args=[site.pk]))
        assert list(Site.objects.values_list("hostname", "root_page_id")) == [(site.hostname, site.root_page_id)]
        data |= {"hostname": site.hostname, "port": site.port}
        client.post(reverse("wagtailsites:edit", args=[site.pk]), data)
        assert Site.objects.get().site_name == "Lain"
        assert is_served()

    @pytest.mark.parametrize("change", ["hostname", "port", "root_page", "is_default_site"])
    def test_past_the_form(self, item, change):
        value = {"hostname": "lain.go.id", "port": 81, "root_page": news_list(), "is_default_site": False}[change]
        site = Site.objects.get()
        setattr(site, change, value)
        for fields in (None, [change]):
            with refused("manage.py"), transaction.atomic():
                site.save(update_fields=fields)
        with refused_by_trigger(SITE):
            Site.objects.update(**{change: value})

    def test_none_is_added_or_deleted_past_the_form(self, item):
        second = Site(hostname="kedua.go.id", port=80, root_page=news_list())
        with refused(ONE_SITE), transaction.atomic():
            second.save()
        with refused_by_trigger(SECOND):
            Site.objects.bulk_create([second])
        with refused("manage.py"), transaction.atomic():
            Site.objects.get().delete()
        with refused_by_trigger(SITE):
            Site.objects.all()._raw_delete("default")


class TestSecondSite:
    """One instance is one office's, before anything was published as well: no second site by any way."""

    @pytest.fixture
    def second(self, db):
        return Site(hostname="kedua.go.id", port=80, root_page=news_list())

    def test_the_screens_offer_none_and_refuse_one_with_the_reason(self, office, log_in, second):
        client = log_in(office.admin)
        assert reverse("wagtailsites:add") not in client.get(reverse("wagtailsites:index")).content.decode()
        data = {"hostname": second.hostname, "port": 80, "site_name": "Kedua", "root_page": second.root_page_id}
        text = client.post(reverse("wagtailsites:add"), data).content.decode()
        assert ONE_SITE in text
        assert second.hostname in text, "what was typed is still there"
        assert Site.objects.count() == 1

    def test_nor_the_shell_nor_sql(self, second):
        with pytest.raises(GuardViolation, match=ONE_SITE), transaction.atomic():
            second.save()
        with pytest.raises(GuardViolation, match=ONE_SITE), transaction.atomic():
            second.save(force_insert=True)
        with refused_by_trigger(SECOND):
            Site.objects.bulk_create([second])
        site = Site.objects.get()
        site.site_name = "Kecamatan"
        site.save()

    def test_one_that_is_there_is_named(self, second):
        assert not check_one_site(None, databases=["default"])
        triggers.drop_all()
        Site.objects.bulk_create([second])
        triggers.install_all()
        warnings = check_one_site(None, databases=["default"])
        assert ["http://kedua.go.id" in warning.msg for warning in warnings] == [True]
        [warning] = warnings
        assert warning in run_checks(databases=["default"])
        assert look_at_sites().sentence == warning.msg
        Site.objects.get(hostname=second.hostname).delete()
        assert look_at_sites().verdict is Verdict.GOOD
