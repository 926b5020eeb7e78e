"""Hostile input: too long, too large, of a false type. Expect a clear message and no lost data."""

import json
import resource
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Collection
from wagtail.test.utils.form_data import rich_text, streamfield

from moderation.models import AuditEntry, Disposition
from news.models import Attachment, Photo

from .editor import editor_form
from .test_disposition import SHEET

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

TEN_MB = "Warga bekerja bakti. " * (10 * 1024 * 1024 // 21)
TOO_LONG = "ketikan Anda masih ada di sana"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"
#: An emoji of several characters, a right-to-left override, a lone zero-width joiner.
ODD = "Panen 👩🏽‍🌾 raya \u200fayar\u200e di\u200d Buntar"


def edit_address(item):
    return reverse("wagtailadmin_pages:edit", args=[item.page_id])


def press(client, item, action, **data):
    return client.post(reverse("moderation:step", args=[item.pk]), {"action": action, "version": item.version} | data)


def make_huge_png(side=30_000) -> bytes:
    """Return a valid picture of side x side pixels in one colour, well under a megabyte."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    rows = b"".join(packer.compress(row) for _row in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_ten_megabytes_in_a_note_are_answered_in_words(office, log_in):
    item = office.bring_to("composing")
    client = log_in(office.staf1)
    before = (item.version, AuditEntry.objects.count())
    response = press(client, item, "hand_over", comment=TEN_MB)
    assert response.status_code == 413
    assert TOO_LONG in response.content.decode()
    item.refresh_from_db()
    assert (item.version, AuditEntry.objects.count()) == before


def test_ten_megabytes_on_the_sheet_are_answered_in_words(office, log_in):
    client = log_in(office.ppid)
    response = client.post(reverse("moderation:disposition_add"), SHEET | {"instructions": TEN_MB})
    assert response.status_code == 413
    assert TOO_LONG in response.content.decode()
    assert not Disposition.objects.exists()


def test_ten_megabytes_in_the_editor_change_nothing_and_a_script_gets_json(office, log_in):
    item = office.bring_to("composing")
    client = log_in(office.staf1)
    page = item.get_draft()
    body = streamfield([("paragraph", rich_text(f"<p>{TEN_MB}</p>"))])
    for headers in ({}, {"accept": "application/json", "x-requested-with": "XMLHttpRequest"}):
        response = client.post(edit_address(item), editor_form(page, body=body), headers=headers)
        assert response.status_code == 413
        assert TOO_LONG in (response.json()["error_message"] if headers else response.content.decode())
    assert item.get_draft().latest_revision_id == page.latest_revision_id


def test_a_note_that_is_too_long_stays_in_its_field(office, log_in):
    item = office.bring_to("awaiting_correction")
    response = press(log_in(office.sekretaris), item, "return_to_staf", comment="Perbaiki angka. " * 400)
    assert response.status_code == 422
    assert "Alasan paling panjang 5.000 huruf." in response.content.decode()
    assert "Perbaiki angka. " * 400 in response.content.decode()


def test_titles_of_500_characters_are_refused_with_what_was_typed(office, log_in):
    long = "Judul sangat panjang " * 25
    client = log_in(office.ppid)
    response = client.post(reverse("moderation:disposition_add"), SHEET | {"subject": long})
    assert response.status_code == 422
    assert "paling banyak 200 karakter" in response.content.decode()
    assert long.strip() in response.content.decode()
    item = office.bring_to("composing")
    client = log_in(office.staf1)
    page = client.post(edit_address(item), editor_form(item.get_draft(), title=long)).content.decode()
    assert "paling banyak 255 karakter" in page
    assert long.strip() in page


@pytest.mark.parametrize("typed", [MARKUP, ODD], ids=["markup", "odd characters"])
def test_what_is_typed_is_shown_as_typed_and_never_runs(office, log_in, typed):
    item = office.issue(typed, activity_name=typed, activity_place=typed, instructions=typed, source_note=typed)
    item = office.bring_to("composing", item)
    body = [
        ("heading", {"level": "h2", "text": typed}),
        ("quote", {"text": typed, "source": typed}),
        ("paragraph", f"<p>{typed}</p>" if typed == ODD else "<p>Isi.</p>"),
    ]
    office.write(item, title=typed, lead=typed, activity_place=typed, seo_title=typed, body=body)
    client = log_in(office.staf1)
    editor = client.get(edit_address(item)).content.decode()
    item = office.bring_to("awaiting_verification", item)
    worksheet = log_in(office.bidang).get(item.get_absolute_url()).content.decode()
    item = office.bring_to("live", item)
    public = client.get(item.get_page().full_url).content.decode()
    queue = client.get(reverse("moderation:register")).content.decode()
    for shown in (editor, worksheet, public, queue):
        assert MARKUP not in shown
        assert "<img src=x" not in shown
    for shown in (worksheet, public):
        assert (typed if typed == ODD else "&lt;script&gt;alert(1)") in shown


@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
def test_a_picture_of_900_million_dots_is_refused_before_it_is_decoded(office, log_in, many):
    client, content = log_in(office.staf1), make_huge_png()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    message = add_photo(client, "peta.png", content, many)
    assert "Gambar “peta.png” terlalu besar untuk dibuka." in message
    assert not Photo.objects.exists()
    # Decoded, it would take 112 MB in one bit a dot and 2.7 GB in colour.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024


def test_a_picture_of_900_million_dots_is_no_material(office, log_in):
    upload = SimpleUploadedFile("peta.png", make_huge_png())
    response = log_in(office.ppid).post(reverse("moderation:disposition_add"), SHEET | {"files": [upload]})
    assert response.status_code == 422
    assert "Gambar “peta.png” terlalu besar untuk dibuka." in response.content.decode()
    assert SHEET["instructions"] in response.content.decode()


DISGUISED = [
    ("formulir.pdf", b"<!doctype html><script>alert(1)</script>"),
    ("formulir.pdf", b"<?php system($_GET['c']); ?>"),
    ("kegiatan.jpg", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200)),
]


@pytest.mark.parametrize(("name", "content"), DISGUISED)
def test_a_file_in_disguise_is_no_material(office, log_in, name, content):
    response = log_in(office.ppid).post(
        reverse("moderation:disposition_add"), SHEET | {"files": [SimpleUploadedFile(name, content)]}
    )
    assert response.status_code == 422
    assert f"Isi berkas “{name}” tidak sesuai dengan jenisnya" in response.content.decode()
    assert not Disposition.objects.exists()


@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
@pytest.mark.parametrize(("name", "content"), DISGUISED)
def test_a_file_in_disguise_is_neither_document_nor_photo(office, log_in, name, content, many):
    client = log_in(office.staf1)
    if name.endswith(".pdf"):
        assert "tidak sesuai dengan jenisnya (.pdf)" in add(client, "wagtaildocs", name, content, many)
    else:
        assert "tidak sesuai dengan jenisnya (.jpg)" in add_photo(client, name, content, many)
    assert not Attachment.objects.exists()
    assert not Photo.objects.exists()


def add_photo(client, name, content, many):
    return add(client, "wagtailimages", name, content, many)


def add(client, app, name, content, many):
    """Upload through Wagtail's view for one or many files; return the message."""
    upload = SimpleUploadedFile(name, content)
    data = {"title": "Berkas", "collection": Collection.get_first_root_node().pk}
    if many:
        response = client.post(
            reverse(f"{app}:add_multiple"),
            data | {"files[]": upload},
            headers={"x-requested-with": "XMLHttpRequest"},
        )
        return json.loads(response.content)["error_message"]
    response = client.post(reverse(f"{app}:add"), data | {"file": upload})
    assert response.status_code == 200
    return response.content.decode()
