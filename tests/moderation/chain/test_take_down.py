"""Turunkan: the page's URL shows the public notice and nothing of the withdrawn text."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.utils import timezone

from moderation.chain.transitions import take
from moderation.desk.document_access import hide_unpublished
from moderation.models import Withdrawal
from moderation.ports.exceptions import GuardViolation, StepRefused
from moderation.records import register
from news.images.pictures import get_picture
from news.models import Attachment, NewsPage
from tests.support.audit_log import find_first_break
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db

REASON = "Orang tua keberatan atas foto anaknya."
NOTICE = "Berita ini diturunkan karena fotonya memerlukan persetujuan."
SECRETS = ("Warga Desa Buntar membersihkan", "bekerja bakti membersihkan saluran", REASON, "Gambar 1", "images/")


def take_down(office, item, **data):
    return take(item, "take_down", office.sekretaris, {"comment": REASON, **data})


def with_notice(**changes):
    return {"public_notice": "on", "notice_title": "on", "notice_text": NOTICE, **changes}


def read(client, item):
    response = client.get(item.get_page().get_url())
    return response, response.content.decode()


@pytest.fixture
def item(office):
    item = office.bring_to("composing")
    photo = make_photo()
    office.write(item, main_image=photo, main_image_alt="Gambar 1", main_image_credit="Dokumentasi")
    return office.bring_to("live", item)


def test_the_address_answers_with_the_notice_and_nothing_else(office, item, client):
    item = take_down(office, item, **with_notice(notice_text=f"{NOTICE} <script>alert(1)</script>"))
    response, text = read(client, item)
    assert response.status_code == 410
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in text
    assert item.get_page().title in text
    assert NOTICE in text
    assert "<script>alert" not in text
    assert not [secret for secret in SECRETS if secret in text]
    withdrawal = Withdrawal.objects.get(page=item.page_id)
    assert (withdrawal.by, withdrawal.permit.revoke_reason) == (office.sekretaris, REASON)


def test_without_a_notice_it_says_only_that_it_is_gone(office, item, client):
    item = take_down(office, item, notice_title="on", notice_text="Tidak jadi ditampilkan.")
    response, text = read(client, item)
    assert response.status_code == 410
    hidden = (*SECRETS, item.get_page().title, "Tidak jadi ditampilkan.")
    assert not [secret for secret in hidden if secret in text]


def test_a_title_that_was_itself_wrong_is_not_repeated(office, item, client):
    item = take_down(office, item, **with_notice(notice_title=""))
    _response, text = read(client, item)
    assert NOTICE in text
    assert item.get_page().title not in text


def test_a_notice_needs_words_and_a_take_down_its_reason(office, item):
    with pytest.raises(StepRefused, match="Tulis isi pemberitahuan"):
        take_down(office, item, **with_notice(notice_text="  "))
    with pytest.raises(StepRefused, match="memuat data pribadi"):
        take_down(office, item, **with_notice(notice_text="Hubungi Siti di 0812-3456-7890."))
    with pytest.raises(StepRefused, match="Tulis alasannya"):
        take_down(office, item, comment=" ", **with_notice())
    for name in ("ppid", "bidang", "staf1", "admin"):
        with pytest.raises(StepRefused):
            take(item, "take_down", office.people[name], {"comment": REASON})
    assert item.get_page().live


def test_what_never_was_live_does_not_exist(office, client):
    item = office.bring_to("ordered")
    assert client.get(f"/berita/{item.get_draft().slug}/").status_code == 404
    take(item, "cancel", office.sekretaris, {"comment": "Batal."})
    assert client.get(f"/berita/{item.get_draft().slug}/").status_code == 404


def test_lists_search_feeds_and_sitemap_forget_it(office, item, client):
    addresses = ("/", "/berita/", "/cari/?q=irigasi", "/berita/atom.xml", "/berita/rss.xml", "/sitemap.xml")
    slug = item.get_page().slug
    assert all(slug in client.get(address).content.decode() for address in addresses)
    item = take_down(office, item, **with_notice())
    assert not [address for address in addresses if slug in client.get(address).content.decode()]
    year = timezone.localdate().year
    assert client.get(f"/berita/{year}/").status_code == 404


def test_its_documents_and_pictures_are_hidden_and_those_of_others_stay(office, django_capture_on_commit_callbacks):
    def serve(document):
        request = RequestFactory().get("/")
        request.user = AnonymousUser()
        hide_unpublished(document, request)

    own, shared = make_photo("Milik sendiri", "red"), make_photo("Dipakai dua berita", "blue")
    document = Attachment(title="Daftar hadir")
    document.file.save("hadir.pdf", ContentFile(b"%PDF-1.4"))
    body = [
        ("paragraph", "<p>Warga bekerja bakti.</p>"),
        ("image", {"photo": shared, "alt": "Bersama", "caption": "", "credit": "Dokumentasi"}),
        ("document", {"document": document, "title": "Unduh"}),
    ]
    picture = {"main_image_alt": "Gambar", "main_image_credit": "Dokumentasi"}
    item, other = office.bring_to("composing"), office.bring_to("composing")
    office.write(item, main_image=own, body=body, **picture)
    office.write(other, main_image=shared, **picture)
    item, other = office.bring_to("live", item), office.bring_to("live", other)
    for photo in (own, shared):
        get_picture(photo, "card")
    serve(document)
    before = [rendition.file.name for rendition in own.renditions.all()]
    kept = {rendition.file.name for rendition in shared.renditions.all()}
    storage = own.renditions.first().file.storage
    assert before
    assert kept

    with django_capture_on_commit_callbacks(execute=True):
        take_down(office, item)

    assert not [name for name in before if storage.exists(name)]
    assert kept == {name for name in kept if storage.exists(name)}
    with pytest.raises(Exception, match="tidak tersedia"):
        serve(document)
    # Opened at the desk again, the files have new names.
    get_picture(own, "card")
    assert not set(before) & {rendition.file.name for rendition in own.renditions.all()}


def test_it_ends_a_running_ralat(office, item, client):
    lead = item.get_page().lead
    item = office.bring_to("ordered", office.open_ralat(item, lead="Draf yang tidak pernah tayang."))
    item = take_down(office, item, **with_notice())
    assert (item.state, item.correcting) == ("taken_down", False)
    assert not item.permits.filter(revoked_at=None).exists()
    assert item.get_draft().lead == lead
    assert item.get_page().current_workflow_state is None
    assert read(client, item)[0].status_code == 410
    with pytest.raises(StepRefused):
        take(item, "publish", office.staf1)
    assert find_first_break() is None


def test_it_comes_back_only_through_rows_five_to_eight(office, item, client):
    first = item.permits.get()
    published = item.get_page().first_published_at
    item = take_down(office, item, **with_notice())
    with pytest.raises(GuardViolation), transaction.atomic():
        first.revision.publish()
    with pytest.raises(StepRefused, match="Status materi sekarang: Diturunkan"):
        take(item, "publish", office.staf1)

    item = take(item, "open_correction", office.sekretaris, {"comment": "Foto diganti."})
    with pytest.raises(StepRefused, match="tidak sedang tayang"):
        take_down(office, item)
    item = take(item, "drop_correction", office.sekretaris, {"comment": "Tunggu."})
    assert item.state == "taken_down"

    item = office.open_ralat(item, "Foto diganti.", main_image=None)
    for state in ("awaiting_correction", "awaiting_verification", "verified", "ordered"):
        item = office.bring_to(state, item)
        assert read(client, item)[0].status_code == 410
    item = office.bring_to("live", item)
    response, text = read(client, item)
    assert response.status_code == 200
    assert "Foto diganti." in text
    assert NOTICE not in text
    assert item.get_page().first_published_at == published
    assert find_first_break() is None


def test_the_register_tells_of_it(office, item):
    item = office.bring_to("live", office.open_ralat(item, "Angka diperbaiki."))
    item = take_down(office, item, **with_notice())
    cells = register.get_rows(register.get_items({}))[0]["cells"]
    assert cells["state"] == "Diturunkan, diralat"
    assert "Angka diperbaiki." in cells["remark"]
    assert cells["remark"].endswith(f"Diturunkan dari tayangan: {REASON}")
    assert cells["published"]


def test_sql_rewrites_no_notice_and_forges_none(office, item):
    permit = item.permits.get()
    forged = {"page_id": item.page_id, "at": timezone.now(), "by": office.admin, "notice": "Palsu."}
    with pytest.raises(IntegrityError, match="catatan penurunan"), transaction.atomic():
        Withdrawal.objects.bulk_create([Withdrawal(permit=permit, is_public=True, **forged)])
    item = take_down(office, item, **with_notice())
    with pytest.raises(IntegrityError), transaction.atomic():
        Withdrawal.objects.update(notice="Palsu.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Withdrawal.objects.all()._raw_delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsPage.objects.update(live=True)
