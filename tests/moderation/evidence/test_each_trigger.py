"""Each trigger of the chain's records alone: what it refuses, in its own words, where no other one stands.

The other triggers are tested with the ways live (test_publish_paths), the attacks (test_attacks) and their own
records; ``make prove-tests`` takes each away in turn.
"""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Page, PageViewRestriction, Revision

from home.models import HomePage
from moderation.chain.transitions import take
from moderation.management.jobs import integrity
from moderation.models import (
    AuditEntry,
    AuditHead,
    Disposition,
    IntegrityCheck,
    PublicationPermit,
    SealedMedia,
    SourceConfirmation,
    Withdrawal,
)
from moderation.records import confirmations
from moderation.review.passages import list_passages
from news.models import Attachment, NewsPage, NewsPageTag, Photo
from tests.support.databases.statements import execute, put_in_its_own_place, refused_by_trigger
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db

FROZEN_TEXT = "isi berita yang tayang tidak dapat diubah"
FROZEN_FILE = "berkas berita yang diperintahkan tayang tidak dapat diubah"


@pytest.fixture
def live_page(office):
    """A live item with a topic, a picture and a document."""
    item = office.bring_to("composing")
    document = Attachment.objects.create(title="Jadwal", file=ContentFile(b"%PDF-1.4 isi", name="jadwal.pdf"))
    body = [("paragraph", "<p>Lihat jadwal.</p>"), ("document", {"document": document, "title": ""})]
    picture = {"main_image": make_photo(), "main_image_alt": "Saluran", "main_image_credit": "Dokumentasi"}
    office.write(item)
    page = item.get_draft()
    for name, value in {"body": body, **picture}.items():
        setattr(page, name, value)
    page.tags.add("irigasi")
    page.save_revision(user=office.staf1)
    return NewsPage.objects.get(pk=office.bring_to("live", item).page_id)


def forge_permit(item, office, **changes):
    """Write an order past the ORM for the verified text."""
    verified = Revision.objects.get(pk=item.page.latest_revision_id)
    seal = AuditEntry.objects.get(disposition_id=item.pk, action="verify").seal
    permit = {"page_id": item.page_id, "revision": verified, "disposition": item, "seal": seal} | changes
    PublicationPermit.objects.bulk_create(
        [PublicationPermit(number="PT-palsu", ordered_at=timezone.now(), ordered_by=office.admin, **permit)]
    )


@pytest.fixture
def verified(office):
    return office.bring_to("verified")


class TestPage:
    def test_down_is_refused(self, live_page):
        with refused_by_trigger("berita diturunkan hanya oleh Sekretaris"):
            Page.objects.filter(pk=live_page.pk).update(live=False)

    def test_its_own_row_does_not_go(self, live_page):
        with refused_by_trigger(FROZEN_TEXT):
            execute("DELETE FROM news_newspage WHERE page_ptr_id = %s", live_page.pk)

    def test_a_topic_does_not_change(self, live_page):
        other = Tag.objects.create(name="lain", slug="lain")
        with refused_by_trigger(FROZEN_TEXT):
            NewsPageTag.objects.filter(content_object=live_page).update(tag=other)

    def test_a_topic_does_not_go(self, live_page):
        topics = NewsPageTag.objects.filter(content_object=live_page)
        with refused_by_trigger(FROZEN_TEXT):
            topics._raw_delete(topics.db)

    def test_a_restriction_does_not_wander_to_it(self, live_page):
        home = HomePage.objects.first()
        aside = home.add_child(instance=Page(title="Lain", slug="lain-lagi", live=True))
        restriction = PageViewRestriction.objects.create(page=aside, restriction_type=PageViewRestriction.LOGIN)
        with refused_by_trigger("halaman memuat berita yang tayang atau pernah tayang"):
            PageViewRestriction.objects.filter(pk=restriction.pk).update(page=live_page)


class TestFiles:
    def test_a_picture_does_not_go(self, live_page):
        with refused_by_trigger(FROZEN_FILE):
            Photo.objects.filter(pk=live_page.main_image_id)._raw_delete("default")

    @pytest.mark.parametrize("change", [{"file": "documents/lain.pdf"}, {"title": "Camat korupsi"}])
    def test_a_document_does_not_change(self, live_page, change):
        with refused_by_trigger(FROZEN_FILE):
            Attachment.objects.update(**change)

    def test_a_document_does_not_go(self, live_page):
        with refused_by_trigger(FROZEN_FILE):
            Attachment.objects.all()._raw_delete("default")


class TestOrder:
    @pytest.mark.parametrize("fact", ["executed_at", "completed_at", "revoked_at"])
    def test_none_is_born_with_what_comes_later(self, verified, office, fact):
        with refused_by_trigger("perintah tayang diterbitkan sebelum dijalankan"):
            forge_permit(verified, office, **{fact: timezone.now()})

    def test_a_version_under_an_order_is_frozen_also_where_the_log_does_not_know_it(self, verified, office):
        known = verified.page.latest_revision
        known.pk = None
        [unknown] = Revision.objects.bulk_create([known])
        forge_permit(verified, office, revision=unknown)
        with refused_by_trigger("versi terverifikasi tidak dapat diubah"):
            Revision.objects.filter(pk=unknown.pk).update(content={**unknown.content, "title": "Diganti"})


def _order(office):
    """An order whose item is in the state in which one is issued."""
    office.bring_to("ordered")
    Disposition.objects.update(state="verified")


def _take_down(office):
    take(office.bring_to("live"), "take_down", office.sekretaris, {"comment": "Turun."})


def _order_with_picture(office):
    item = office.bring_to("composing")
    office.write(item, main_image=make_photo(), main_image_alt="Saluran", main_image_credit="Dokumentasi")
    office.bring_to("ordered", item)


def _ask_source(office):
    item = office.bring_to("awaiting_verification")
    [passage, *_more] = list_passages(item.get_draft())
    confirmations.ask(item, office.sekretaris, key=passage.key, source="Camat")


#: A record written once: how a row of it comes about, and what its trigger says.
RECORDS = {
    "permit": (PublicationPermit, _order, "perintah tayang tidak dapat dihapus"),
    "withdrawal": (Withdrawal, _take_down, "catatan penurunan tetap"),
    "audit_head": (AuditHead, lambda office: office.issue(), "jejak audit hanya bertambah"),
    "media": (SealedMedia, _order_with_picture, "berkas terverifikasi tetap tercatat"),
    "register": (Disposition, lambda office: office.issue(), "baris register tidak dapat dihapus"),
    "confirmation": (SourceConfirmation, _ask_source, "konfirmasi narasumber tidak dapat dihapus"),
    "integrity": (IntegrityCheck, lambda office: integrity.run_now(), "pemeriksaan keutuhan tidak dapat diubah"),
}


@pytest.mark.parametrize("name", RECORDS)
def test_no_row_of_a_record_is_replaced(office, name):
    model, write, message = RECORDS[name]
    write(office)
    with refused_by_trigger(message):
        put_in_its_own_place(model)
