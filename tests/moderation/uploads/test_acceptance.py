"""Which files are taken as they come, and what the others are told, in one sentence."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Collection

from moderation.uploads import materials
from moderation.uploads.validation import find_document_problem
from news.models import Attachment
from tests.moderation.uploads.corpus.packages import SHEET, WORD, docx, p, pack, w, xlsx
from tests.support.pdf import draw, make_pdf

pytestmark = pytest.mark.db_agnostic

PDF = make_pdf(draw("Daftar hadir"))
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048)
LOCKED = COMPOUND + "EncryptedPackage".encode("utf-16-le")
WRONG = "tidak sesuai dengan jenisnya"


def ask(name, content):
    return find_document_problem(SimpleUploadedFile(name, content)) or ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.pdf", b"\xef\xbb\xbf\r\n" + PDF),
        ("a.pdf", b"\x1b%-12345X@PJL JOB\r\n" + PDF),
        ("a.pdf", PDF + bytes(5000)),
        ("a.pdf", PDF + b"\r\n<!-- dibuat oleh aplikasi surat -->" + b" " * 5000),
        ("a.csv", "Nama;Alamat\n".encode("utf-16")),
        ("a.csv", b"\xfe\xff" + "Nama;Alamat\n".encode("utf-16-be")),
        ("a.txt", "Ringkasan".encode("utf-8-sig")),
        ("a.docx", docx(p("x"))),
        ("a.docx", docx(p("x"), main="word/document2.xml")),
        ("a.xlsx", xlsx("<sheetData/>", place="xl/worksheets/sheet.xml")),
    ],
    ids=str,
)
def test_a_file_as_it_comes_is_taken(name, content):
    assert ask(name, content) == ""
    assert materials.find_problem(SimpleUploadedFile(name, content)) is None


def _types(part, kind):
    kind = f"application/vnd.openxmlformats-officedocument.{kind}"
    return f'<Types><Override ContentType="{kind}" PartName="/{part}"/></Types>'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"MZ" + PDF, WRONG),
        ("a.pdf", b"<html>" + PDF, WRONG),
        ("a.pdf", b" " * 1100 + PDF, WRONG),
        ("a.pdf", PDF[:200], WRONG),
        ("a.csv", "<script>x</script>".encode("utf-16"), WRONG),
        ("a.csv", b"Nama\x00", WRONG),
        ("a.csv", "Nama\x00".encode("utf-16"), WRONG),
        ("a.docx", pack({"[Content_Types].xml": _types("isi.xml", WORD), "word/lain.xml": w("")}), WRONG),
        ("a.docx", pack({"[Content_Types].xml": _types("isi.xml", SHEET), "isi.xml": w("")}), WRONG),
        ("a.docx", docx("", {"[Content_Types].xml": _types("a", "x.document.macroEnabled.main+xml")}), "makro"),
        ("a.docx", LOCKED, "kata sandi"),
        ("a.xlsx", COMPOUND, "Simpan Sebagai"),
        ("a.doc", COMPOUND, "Dokumen Word (.docx)"),
        ("a.xls", COMPOUND, "Buku Kerja Excel (.xlsx)"),
        ("a.ppt", COMPOUND, "Presentasi PowerPoint (.pptx)"),
    ],
    ids=str,
)
def test_a_file_that_is_not_taken_is_told_why(name, content, words):
    assert words in ask(name, content)


@pytest.mark.parametrize("name", ["a.doc", "a.xls", "a.ppt"])
def test_material_of_an_old_kind_is_told_how_to_save_it_anew(name):
    assert "Simpan Sebagai" in materials.find_problem(SimpleUploadedFile(name, COMPOUND))


@pytest.mark.parametrize(
    ("name", "words"),
    [("a.doc", "Simpan Sebagai"), ("a.pdf", WRONG), ("a.docx", "format Office lama"), ("a.rar", "rar")],
)
def test_a_refused_document_gets_one_sentence(office, log_in, name, words):
    client = log_in(office.staf1)
    data = {"title": "Berkas", "collection": Collection.get_first_root_node().pk}
    form = client.post(reverse("wagtaildocs:add"), data | {"file": SimpleUploadedFile(name, COMPOUND)}).context["form"]
    assert [len(errors) for errors in form.errors.values()] == [1]
    assert words in form.errors["file"][0]
    answer = client.post(
        reverse("wagtaildocs:add_multiple"),
        data | {"files[]": SimpleUploadedFile(name, COMPOUND)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert json.loads(answer.content)["error_message"] == form.errors["file"][0]
    assert not Attachment.objects.exists()
