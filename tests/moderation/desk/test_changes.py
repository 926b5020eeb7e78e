"""Comparisons on the worksheet: chosen by URL, readable without colour, for the desk only."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from moderation.chain.transitions import take
from moderation.evidence import audit
from moderation.records.item_history import get_entries
from moderation.review.changes.screen import build_screen
from tests.support.factories import make_photo, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

TEXT = "<p>Tim memeriksa 14 buku administrasi bersama perangkat desa.</p>"


@pytest.fixture
def item(office):
    """An item that Bidang returned and the Sekretaris has corrected."""
    item = office.bring_to("composing")
    office.write(item, body=[("paragraph", TEXT)], main_image=make_photo(), main_image_alt="Rak", main_image_credit="K")
    item = take(item, "hand_over", office.staf1)
    page = item.get_draft()
    page.activity_place = "Balai Desa Buntar"
    page.save_revision(user=office.sekretaris)
    item = take(item, "declare_corrected", office.sekretaris)
    item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Angka tidak cocok dengan bahan."})
    page = item.get_draft()
    page.body = [("paragraph", TEXT.replace("14", "11").replace("perangkat desa", "<b>perangkat</b> desa"))]
    page.main_image = make_photo("Foto pengganti", "blue")
    page.save_revision(user=office.sekretaris)
    return take(item, "declare_corrected", office.sekretaris)


def read(client, item, query=""):
    response = client.get(item.get_absolute_url() + query)
    assert response.status_code == 200
    _start, found, rest = response.content.decode().partition('id="perubahan"')
    return rest.partition('aria-labelledby="naskah"')[0] if found else ""


def test_the_verifier_reads_what_changed_since_the_return(office, log_in, item):
    shown = read(log_in(office.bidang), item)
    assert "Sejak keputusan Anda, " in shown
    assert "(putaran 1)" in shown
    assert (
        'Tim memeriksa <span class="changes-word">diubah</span><span class="w-sr-only"> dari</span> '
        '<del class="changes-removed">14</del><span class="changes-arrow" aria-hidden="true"> → </span>'
        '<span class="w-sr-only"> menjadi </span><ins class="changes-added">11</ins> buku'
    ) in shown
    assert "format diubah: tebal ditambahkan" in shown
    assert "Semula: Saluran irigasi" in shown
    assert "Menjadi: Foto pengganti" in shown


def test_the_first_reader_is_told_that_all_is_new(office, log_in):
    item = office.bring_to("awaiting_correction")
    shown = read(log_in(office.sekretaris), item)
    assert "Belum ada versi sebelumnya; seluruh isi baru bagi Anda." in shown
    assert "Sejak konsep Staf" not in shown
    assert "Belum ada versi sebelumnya" not in read(log_in(office.sekretaris), office.bring_to("composing"))


def test_the_sekretaris_sees_own_corrections_against_the_text_of_the_staf(office, log_in):
    item = office.bring_to("awaiting_correction")
    office.write(item, user=office.sekretaris, title="Kerja bakti yang lain")
    shown = read(log_in(office.sekretaris), item).replace("\n", " ")
    assert "Judul diubah" in shown
    assert "Sejak konsep Staf" in shown
    assert "Belum ada versi sebelumnya" not in shown


def test_whole_text_or_changes_only_by_link(office, log_in, item):
    client = log_in(office.bidang)
    only, whole = read(client, item), read(client, item, "?tampil=naskah")
    assert "bagian formulir tidak berubah" in only
    assert "Warga Desa Buntar membersihkan" not in only
    assert "bagian formulir tidak berubah" not in whole
    assert "Warga Desa Buntar membersihkan" in whole
    assert 'href="?tampil=naskah#perubahan"' in only
    assert 'href="?#perubahan"' in whole


@pytest.mark.parametrize(
    "query",
    [
        "?sejak=putaran",
        "?sejak=ngawur",
        "?sejak=",
        "?sejak=%00",
        "?sejak=9&sejak=8",
        f"?sejak={'x' * 3000}",
        "?tampil=%22%3E",
    ],
)
def test_what_is_not_offered_counts_as_not_asked(office, log_in, item, query):
    assert "Sejak keputusan Anda" in read(log_in(office.bidang), item, query)


def test_a_choice_keeps_the_rest_of_the_address(office, log_in, item):
    shown = read(log_in(office.pemantau), item, "?sejak=konsep&tampil=naskah&lain=%3Cb%3E")
    assert 'href="?sejak=putaran&amp;tampil=naskah&amp;lain=%3Cb%3E#perubahan"' in shown


def test_the_observer_reads_it_and_an_outsider_does_not(office, log_in, item):
    assert "Sejak putaran 1" in read(log_in(office.pemantau), item)
    picture = reverse("moderation:picture", args=[item.pk, item.get_draft().main_image_id])
    assert log_in(office.pemantau).get(picture).status_code == 302
    outsider = log_in(make_user("orang-luar"))
    for address in (item.get_absolute_url(), picture):
        response = outsider.get(address)
        assert response.status_code in {302, 403}
        assert "perubahan" not in response.content.decode()
        assert "/media/" not in response.headers.get("Location", "")


def test_pictures_that_are_gone_are_not_found(office, log_in, item):
    client = log_in(office.bidang)
    photo = item.get_draft().main_image
    assert client.get(reverse("moderation:picture", args=[item.pk, 99_999])).status_code == 404
    assert client.get(reverse("moderation:picture", args=[99_999, photo.pk])).status_code == 404
    photo.file.storage.delete(photo.file.name)
    # Wagtail caches renditions by the picture's key, which other tests have used.
    cache.clear()
    assert client.get(reverse("moderation:picture", args=[item.pk, photo.pk])).status_code == 404
    assert "Menjadi: Foto pengganti" in read(client, item)


def test_a_version_that_is_gone_is_told(office, log_in, item):
    """The log names a revision that the database lacks, as after restoring a backup."""
    audit.append(action="verify", disposition=item, user=office.bidang, revision_id=987_654)
    shown = read(log_in(office.bidang), item)
    assert "Versi lama tidak lagi disimpan, sehingga perubahannya tidak dapat ditampilkan." in shown


def test_markup_in_a_text_is_only_text(office, log_in):
    item = office.bring_to("awaiting_correction")
    office.write(item, user=office.sekretaris, title='<script>alert(1)</script>"', lead="<img src=x onerror=y>")
    shown = read(log_in(office.sekretaris), item)
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;" in shown


def test_a_refused_step_shows_the_changes_too(office, log_in, item):
    response = log_in(office.bidang).post(
        reverse("moderation:step", args=[item.pk]), {"action": "return_to_sekretaris", "version": item.version}
    )
    assert response.status_code == 422
    assert "Sejak keputusan Anda" in response.content.decode()


def test_ten_megabytes_do_not_hang_the_worksheet(office, log_in):
    item = office.bring_to("awaiting_correction")
    page = item.get_draft()
    page.body = [("paragraph", f"<p>{'kata ' * 2_000_000}</p>")]
    page.save_revision(user=office.sekretaris)
    shown = read(log_in(office.sekretaris), item)
    assert "10000007 karakter" in shown
    assert len(shown) < 200_000


def make_item(office, count):
    item = office.bring_to("composing")
    photos = [make_photo(f"Foto {count}.{number}") for number in range(count)]
    picture = {"alt": "Rak", "caption": "", "credit": "K"}
    body = [("paragraph", f'<p>Alinea {n} <a linktype="page" id="1">x</a></p>') for n in range(count)]
    body += [("image", picture | {"photo": photo}) for photo in photos]
    body += [("gallery", {"title": "", "pictures": [picture | {"photo": photo} for photo in photos]})]
    office.write(item, body=body)
    item = take(item, "hand_over", office.staf1)
    changed = [(kind, value.replace("Alinea", "Paragraf") if kind == "paragraph" else value) for kind, value in body]
    office.write(item, user=office.sekretaris, body=changed[::-1])
    return item


def test_queries_do_not_grow_with_blocks_and_pictures(office):
    counts = []
    for count in (2, 12):
        item = make_item(office, count)
        page = item.get_draft()
        with CaptureQueriesContext(connection) as queries:
            screen = build_screen(item, office.sekretaris, page, get_entries(item), QueryDict("tampil=naskah"))
        assert len(screen.changes.changed[0].parts) > count
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
