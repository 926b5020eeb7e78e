"""A8: what a verified text links to is watched: told when it changes, named by the proof when it is dead."""

import pytest
from wagtail.models import Page

from home.models import HomePage, StandardPage
from moderation.management.jobs import integrity
from moderation.models import AuditEntry, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(db):
    above = HomePage.objects.get().add_child(instance=StandardPage(title="Kelembagaan", slug="kelembagaan"))
    page = above.add_child(instance=StandardPage(title="Profil lain", slug="profil-lain"))
    page.save_revision().publish()
    return page


@pytest.fixture
def item(office, page):
    """A live item whose paragraph links to a reference page."""
    item = office.bring_to("composing")
    link = f'<p>Lihat <a linktype="page" id="{page.pk}">profil</a>.</p>'
    office.write(item, body=[("paragraph", link)])
    return office.bring_to("live", item)


def told() -> set:
    return set(Notification.objects.filter(subject__startswith="Tautan").values_list("recipient__username", flat=True))


def find_difference() -> str:
    differences = integrity.run_now().differences
    assert len(differences) == 1
    return differences[0]


def rename(page, slug):
    page.refresh_from_db()
    page.slug = slug
    page.save_revision().publish()


def test_the_line_of_the_publication_holds_the_addresses(item, page):
    line = AuditEntry.objects.get(action="publish")
    assert line.data["links"] == {str(page.pk): page.url_path}
    assert integrity.run_now().is_whole


@pytest.mark.parametrize("above", [False, True])
def test_a_new_slug_is_told_and_the_proof_is_content(item, page, above, django_capture_on_commit_callbacks):
    changed = page.get_parent().specific if above else page
    with django_capture_on_commit_callbacks(execute=True):
        rename(changed, "nama-baru")
    assert told() == {"sekretaris", "sekretaris2"}
    line = AuditEntry.objects.latest("sequence")
    page.refresh_from_db()
    assert (line.action, line.disposition_id) == ("link_changed", item.pk)
    assert page.url_path in line.reason
    assert integrity.run_now().is_whole


def test_an_address_changed_in_sql_is_named(item, page):
    Page.objects.filter(pk=page.pk).update(slug="nama-baru", url_path="/home/kelembagaan/nama-baru/")
    difference = find_difference()
    assert item.register_number in difference
    assert "alamatnya berubah" in difference


def test_a_page_that_was_taken_down_is_told_and_named_until_it_is_back(item, page):
    page.unpublish()
    assert told() == {"sekretaris", "sekretaris2"}
    difference = find_difference()
    assert "“Profil lain”, yang tidak tayang" in difference
    page.refresh_from_db()
    page.save_revision().publish()
    assert integrity.run_now().is_whole


def test_a_page_that_was_deleted_is_named(item, page):
    page.delete()
    difference = find_difference()
    assert "yang tidak ada lagi" in difference


def test_nothing_is_told_of_a_page_that_nothing_live_links_to(office, page, django_capture_on_commit_callbacks):
    item = office.bring_to("composing")
    office.write(item, body=[("paragraph", f'<p><a linktype="page" id="{page.pk}">profil</a></p>')])
    with django_capture_on_commit_callbacks(execute=True):
        rename(page, "nama-baru")
    page.unpublish()
    assert not told()
