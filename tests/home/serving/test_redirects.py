"""A redirect leads to what citizens can read, and to nothing else (A6)."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from home.models import HomePage, StandardPage
from moderation.chain.transitions import take
from moderation.models import Disposition
from moderation.ports.exceptions import GuardViolation
from tests.support.databases.statements import refused_by_trigger

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(db):
    page = HomePage.objects.get().add_child(instance=StandardPage(title="Profil lain", slug="profil-lain"))
    page.save_revision().publish()
    return page


@pytest.fixture
def rename(page, django_capture_on_commit_callbacks):
    def rename(slug):
        page.refresh_from_db()
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()

    return rename


def insert(**values):
    """Put a redirect past the guard, as Wagtail's own batches and SQL do."""
    return Redirect.objects.bulk_create([Redirect(site=Site.objects.get(), **values)])


def test_an_old_address_leads_to_the_new_one(client, page, rename):
    rename("profil-baru")
    response = client.get("/profil-lain/")
    assert (response.status_code, response["Location"]) == (301, "/profil-baru/")


def test_a_page_whose_slug_was_changed_and_changed_back_does_not_lead_to_itself(client, page, rename):
    rename("profil-baru")
    rename("profil-lain")
    assert not Redirect.objects.filter(old_path="/profil-lain").exists()
    assert client.get("/profil-baru/")["Location"] == "/profil-lain/"
    page.refresh_from_db()
    page.unpublish()
    assert client.get("/profil-lain/").status_code == 404
    assert client.get("/profil-baru/").status_code == 404


def test_below_a_page_that_was_renamed_and_renamed_back(client, page, rename):
    child = page.add_child(instance=StandardPage(title="Sejarah", slug="sejarah"))
    child.save_revision().publish()
    rename("profil-baru")
    rename("profil-lain")
    child.refresh_from_db()
    child.unpublish()
    assert client.get("/profil-lain/sejarah/").status_code == 404


@pytest.mark.parametrize("target", ["page", "/profil-lain/", "/profil-lain", "full"])
def test_a_redirect_to_itself_that_lies_in_the_database(client, page, target):
    page.unpublish()
    link = {"redirect_page": page} if target == "page" else {"redirect_link": target}
    if target == "full":
        link = {"redirect_link": page.full_url}
    insert(old_path="/profil-lain", **link)
    assert client.get("/profil-lain/").status_code == 404


def test_two_redirects_that_lead_round(client):
    insert(old_path="/satu", redirect_link="/dua/")
    insert(old_path="/dua", redirect_link="/satu/")
    assert client.get("/satu/").status_code == 404


def test_a_link_to_a_page_that_is_not_live(client, page):
    page.unpublish()
    insert(old_path="/lama", redirect_link="/profil-lain/")
    assert client.get("/lama/").status_code == 404


def test_links_out_of_the_site_and_to_its_own_lists(client):
    insert(old_path="/lapor", redirect_link="https://www.lapor.go.id/")
    insert(old_path="/kabar", redirect_link="/berita/")
    assert client.get("/lapor/")["Location"] == "https://www.lapor.go.id/"
    assert client.get("/kabar/")["Location"] == "/berita/"


def test_the_old_address_of_a_withdrawn_item_leads_to_its_notice(client, office):
    item = office.bring_to("live")
    insert(old_path="/lama", redirect_page=item.page)
    take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
    assert client.get("/lama/", follow=True).status_code == 410


@pytest.mark.parametrize("state", ["composing", "ordered", "live", "cancelled"])
def test_the_address_of_an_item_is_not_redirected(client, office, log_in, state):
    item = office.bring_to("composing" if state == "cancelled" else state)
    if state == "cancelled":
        item = take(item, "cancel", office.sekretaris, {"comment": "Tidak jadi."})
    address = item.get_page().url or f"/berita/{item.get_page().slug}/"
    with pytest.raises(GuardViolation, match=item.register_number):
        Redirect.add_redirect(address, "https://contoh.go.id/")
    data = {"old_path": address, "redirect_link": "https://contoh.go.id/", "is_permanent": "on"}
    text = log_in(office.admin).post(reverse("wagtailredirects:add"), data).content.decode()
    assert item.register_number in text
    assert "https://contoh.go.id/" in text
    client.logout()
    insert(old_path=address.rstrip("/"), redirect_link="https://contoh.go.id/")
    assert client.get(address).status_code == (200 if state == "live" else 404)


@pytest.mark.parametrize("change", [False, True])
def test_the_form_refuses_a_page_that_is_not_live_and_an_own_address(office, log_in, page, change):
    client = log_in(office.admin)
    address = reverse("wagtailredirects:add")
    if change:
        redirect = Redirect.add_redirect("/lama", "https://contoh.go.id/")
        address = reverse("wagtailredirects:edit", args=[redirect.pk])
    data = {"old_path": "/profil-lain", "redirect_page": page.pk, "is_permanent": "on"}
    assert "alamatnya sendiri" in client.post(address, data).content.decode()
    page.unpublish()
    data["old_path"] = "/lama"
    assert "tidak tayang" in client.post(address, data).content.decode()
    assert not Redirect.objects.filter(redirect_page=page).exists()


@pytest.fixture
def former(office):
    """The redirect that Wagtail made when the list of a published item was renamed, in an earlier version."""
    item = office.bring_to("live")
    redirect = Redirect(old_path="/kabar/lama", redirect_page=item.get_page(), automatically_created=True)
    return Redirect.objects.bulk_create([redirect])[0]


KEPT = "alamat lama sebuah berita menuju berita itu"


def test_the_redirect_of_an_item_stays(client, office, log_in, former, page):
    target = f"/berita/{former.redirect_page.slug}/"
    assert client.get("/kabar/lama/")["Location"] == target
    log_in(office.admin)
    address = reverse("wagtailredirects:edit", args=[former.pk])
    data = {"old_path": former.old_path, "redirect_page": page.pk, "is_permanent": "on"}
    assert "pernah menjadi alamat materi" in client.post(address, data).content.decode()
    text = client.post(reverse("wagtailredirects:delete", args=[former.pk]), follow=True).content.decode()
    assert "pernah menjadi alamat materi" in text
    for change in ({"old_path": "/lain"}, {"redirect_page": page}, {"automatically_created": False}):
        with refused_by_trigger(KEPT):
            Redirect.objects.filter(pk=former.pk).update(**change)
        redirect = Redirect.objects.get(pk=former.pk)
        for name, value in change.items():
            setattr(redirect, name, value)
        with pytest.raises(GuardViolation, match="pernah menjadi alamat"), transaction.atomic():
            redirect.save()
    with refused_by_trigger(KEPT):
        Redirect.objects.filter(pk=former.pk)._raw_delete("default")
    client.logout()
    assert client.get("/kabar/lama/")["Location"] == target


def test_a_redirect_that_a_person_made_to_an_item_is_free(office, page):
    redirect = Redirect.add_redirect("/pendek", office.bring_to("live").get_page())
    redirect.redirect_page = page
    redirect.save()
    redirect.delete()


@pytest.mark.parametrize("state", ["composing", "live"])
def test_an_import_names_the_rows_that_it_refuses(client, office, log_in, state):
    address = f"/berita/{office.bring_to(state).get_page().slug}/"
    rows = f"from,to\n{address},https://contoh.go.id/\n/lapor,https://www.lapor.go.id/\n"
    upload = SimpleUploadedFile("alih.csv", rows.encode(), content_type="text/csv")
    log_in(office.admin)
    response = client.post(reverse("wagtailredirects:start_import"), {"import_file": upload})
    form = response.context["form"]
    data = {name: form.initial.get(name) for name in form.fields if form.initial.get(name) is not None}
    signed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data = {**data, **signed, "from_index": 0, "to_index": 1, "permanent": "on"}
    text = client.post(reverse("wagtailredirects:process_import"), data).content.decode()
    assert "tidak dapat dialihkan" in text
    assert list(Redirect.objects.values_list("old_path", flat=True)) == ["/lapor"]


def test_what_an_earlier_version_left_is_deleted(office, page):
    item: Disposition = office.bring_to("live")
    insert(old_path="/profil-lain", redirect_page=page)
    insert(old_path=item.get_page().url.rstrip("/"), redirect_link="https://contoh.go.id/")
    insert(old_path="/lama", redirect_page=page)
    import_module("home.migrations.0004_own_redirects").drop_misleading_redirects(apps, None)
    assert list(Redirect.objects.values_list("old_path", flat=True)) == ["/lama"]
