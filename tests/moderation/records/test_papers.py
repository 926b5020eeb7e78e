"""Printed documents: content, access, and escaping of typed text."""

import io
import resource

import pytest
import typst
import zxingcpp
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from moderation import sop
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, OfficeProcedure
from moderation.ports.seal import shorten
from moderation.records import register
from moderation.records.papers import case_file, listing, pdf, sheet
from moderation.records.papers.document import (
    MAX_PAPER,
    Paper,
    PaperTooLarge,
    Paragraph,
    Run,
    as_data,
    make_file_name,
    tidy,
)
from tests.support.factories import make_user
from tests.support.many import multiply_item

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

ITEM_PAPERS = ("sheet", "sheet_pdf", "case_file", "case_file_pdf")
REGISTER_PAPERS = ("register_paper", "register_pdf")
HOSTILE = [
    '#eval("1+1") #panic("x") $x$ *tebal* _miring_ @ref <label> \\ [a] `kode`',
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '"]}; #import "@preview/x:0.1.0"; #read("/etc/passwd")',
    "{{ settings.SECRET_KEY }}{% include 'x' %}",
]
ODD = "Emoji 🌾🙏🏽👨‍👩‍👧 Jawa ꦲꦏ꧀ꦱꦫ Arab العربية 中文 ZWJ\u200d NUL\u0001 kombinasi e\u0301\u0301\u0301 \ue000"


def read_pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def measure_work() -> float:
    """Return the CPU time of this process and its children, which does not depend on the machine's load."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def words(text: str) -> str:
    """Return the text without line ends."""
    return " ".join(text.split())


def read_words(content: bytes) -> str:
    return words(" ".join(page.extract_text() for page in read_pdf(content).pages))


def address(name, item) -> str:
    return reverse(f"moderation:{name}", args=[item.pk])


def make_paper(*blocks, **extra) -> Paper:
    facts = {"title": "Uji", "subtitle": "", "file_name": "uji.pdf", "letterhead": ["Kantor"], "footer": "Kaki"}
    return Paper(**facts | extra, blocks=list(blocks))


# Who gets them, and how


def test_everybody_of_the_desk_reads_every_paper(office, client):
    item = office.bring_to("composing")
    addresses = [
        *(address(name, item) for name in ITEM_PAPERS),
        *(reverse(f"moderation:{name}") for name in REGISTER_PAPERS),
    ]
    for name in ("ppid", "sekretaris", "sekretariat", "staf2", "bidang", "pemantau", "admin"):
        client.force_login(office.people[name])
        for target in addresses:
            assert client.get(target).status_code == 200


def test_no_cache_keeps_a_paper(office, log_in):
    item = office.issue()
    client = log_in(office.pemantau)
    for name in ("sheet", "sheet_pdf"):
        assert {"private", "no-store"} <= set(client.get(address(name, item))["Cache-Control"].split(", "))


def test_nobody_else_gets_a_paper(office, client):
    item = office.issue()
    outsider = make_user("tamu")
    addresses = [
        *(address(name, item) for name in ITEM_PAPERS),
        *(reverse(f"moderation:{name}") for name in REGISTER_PAPERS),
    ]
    for target in addresses:
        assert client.get(target)["Location"].startswith(reverse("wagtailadmin_login"))
    client.force_login(outsider)
    for target in addresses:
        response = client.get(target)
        assert response.status_code in {302, 403}
        assert item.subject not in response.content.decode()


def test_a_paper_is_only_read(office, log_in):
    item = office.issue()
    client = log_in(office.ppid)
    for name in ITEM_PAPERS:
        assert client.post(address(name, item)).status_code == 405
    assert client.get(reverse("moderation:sheet", args=[item.pk + 1000])).status_code == 404


def test_the_pdf_is_a_download_under_a_name_of_its_own(office, log_in):
    item = office.issue()
    response = log_in(office.staf1).get(address("sheet_pdf", item))
    assert response["Content-Type"] == "application/pdf"
    number = item.register_number.replace("/", "-")
    assert response["Content-Disposition"] == f'attachment; filename="lembar-disposisi-{number}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_file_name_holds_nothing_that_a_system_refuses():
    assert make_file_name("lembar-disposisi", "001/487.22/XI/2026") == "lembar-disposisi-001-487.22-XI-2026.pdf"
    assert make_file_name("daftar", 'Cari: ../..\\"\r\nx: y') == "daftar-Cari-..-..-x-y.pdf"
    assert len(make_file_name("x" * 500)) < 130


def test_worksheet_and_register_offer_the_papers(office, log_in):
    item = office.issue()
    client = log_in(office.pemantau)
    worksheet = client.get(item.get_absolute_url()).content.decode()
    assert all(f'href="{address(name, item)}"' in worksheet for name in ITEM_PAPERS)
    listed = client.get(reverse("moderation:register"), {"q": "bakti", "year": item.register_year}).content.decode()
    for name in REGISTER_PAPERS:
        assert f'href="{reverse(f"moderation:{name}")}?q=bakti&amp;year={item.register_year}"' in listed


# The disposition sheet


def test_the_sheet_holds_the_fields_of_the_office_form(office):
    item = office.issue(
        "Publikasi posyandu",
        origin="surat_masuk",
        letter_sender="Puskesmas Mojogedang I",
        letter_number="440/12/2026",
        letter_date="2026-09-01",
        received_date="2026-09-02",
        agenda_number="017",
        priority="segera",
        request="tanggapan",
        instructions="Tulis angka dari bahan.",
    )
    take(item, "forward", office.sekretaris, {"comment": "Segera susun."})
    take(item, "receive", office.sekretariat)
    item = take(item, "assign", office.sekretariat, {"staf": office.staf1.pk})
    text = read_words(pdf.render(sheet.build(item)))
    for expected in (
        "KECAMATAN MOJOGEDANG",
        "LEMBAR DISPOSISI",
        f"Nomor register {item.register_number}",
        "Surat dari Puskesmas Mojogedang I",
        "Diterima tanggal Rabu, 2 September 2026",
        "Nomor surat 440/12/2026",
        "Nomor agenda 017",
        "Tanggal surat Selasa, 1 September 2026",
        "Perihal Publikasi posyandu",
        "☒ Segera",
        "☐ Biasa",
        "☒ Tanggapan dan saran",
        "☒ Sekretariat",
        "☒ Staf Sekretariat: staf1",
        "Tulis angka dari bahan.",
        "Segera susun.",
        "Hardcopy: Map kegiatan di meja Subbagian Umum.",
        "Tanda terima",
        "akun sekretariat",
        "Halaman 1 dari 1",
    ):
        assert expected in text
    # The system's digital marks are not certified signatures, and no document may claim so.
    assert "tanda tangan elektronik" not in text.lower()


def test_each_paraf_can_be_found_in_the_log(office):
    item = take(office.issue(), "forward", office.sekretaris)
    text = read_words(pdf.render(sheet.build(item)))
    entries = AuditEntry.objects.filter(disposition_id=item.pk)
    assert len(entries) == 2
    for entry in entries:
        assert f"akun {entry.actor_name} baris {entry.sequence}, {shorten(entry.hash)}" in text


def test_what_was_taken_back_is_not_ticked_but_told(office):
    item = take(office.issue(), "forward", office.sekretaris)
    item = take(item, "recall_forwarding", office.sekretaris, {"comment": "Salah alamat."})
    text = read_words(pdf.render(sheet.build(item)))
    assert "☐ Sekretariat" in text
    assert sop.get_action("recall_forwarding").done in text


def test_one_person_in_two_roles_is_said(office):
    both = make_user("rangkap", sop.Role.PPID_PEMBANTU, sop.Role.SEKRETARIS)
    office.people["ppid"] = both
    item = take(office.issue(), "forward", both)
    text = read_words(pdf.render(sheet.build(item)))
    assert "rangkap bertindak dalam 2 peran: PPID Pembantu, Sekretaris." in text
    alone = read_words(pdf.render(sheet.build(office.issue())))
    assert "bertindak dalam" not in alone


def test_an_acting_officer_is_named_with_the_decree(office):
    item = office.issue()
    entry = AuditEntry.objects.get(disposition_id=item.pk)
    entry.acting_note = "Plh. PPID Pembantu, SK 800/12/2026"
    assert "Plh. PPID Pembantu, SK 800/12/2026" in str(sheet.make_blocks(item, [entry]))


def test_the_seal_stands_on_the_sheet_once_there_is_a_text(office):
    item = office.issue()
    assert "Sidik isi" not in read_words(pdf.render(sheet.build(item)))
    item = office.bring_to("verified", item)
    seal = AuditEntry.objects.filter(disposition_id=item.pk, action="verify").get().seal
    assert f"Sidik isi naskah: {shorten(seal)}" in read_words(pdf.render(sheet.build(item)))


def test_the_printed_code_leads_to_the_worksheet(office):
    item = office.issue()
    paper = sheet.build(item)
    pages = typst.compile(
        (pdf.TYPESETTER.with_name("paper.typ")).read_bytes(),
        format="png",
        ppi=150,
        sys_inputs={"paper": pdf.encode(paper)},
    )
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(pages if isinstance(pages, bytes) else pages[0])))
    assert code.text == f"{settings.WAGTAILADMIN_BASE_URL}{item.get_absolute_url()}"


# The register


def test_the_paper_register_holds_every_column(office):
    item = office.bring_to("live")
    cells = register.get_rows(register.get_items({}))[0]["cells"]
    printed = [name for _width, names in listing.GROUPS for name in names]
    assert sorted(printed) == sorted(register.COLUMNS)
    reader = read_pdf(pdf.render(listing.build(register.get_items({}), [])))
    text = words(" ".join(page.extract_text() for page in reader.pages))
    for number, heading in enumerate(register.COLUMNS.values(), start=1):
        assert words(f"{heading} ({number})") in text
    assert item.register_number in text
    for name, value in cells.items():
        assert words(str(value)).replace(" ", "") in text.replace(" ", ""), name
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)


def test_the_register_tells_its_filter_its_length_and_its_day(office, log_in):
    office.issue("Posyandu Desa Pendem")
    office.issue("Kerja bakti Desa Buntar")
    query = {"q": "pendem", "year": timezone.localdate().year, "state": "disposed"}
    client = log_in(office.bidang)
    text = read_words(client.get(reverse("moderation:register_pdf"), query).content)
    year = timezone.localdate().year
    assert f"Saringan: Cari: pendem; Tahun: {year}; Status: Disposisi dibuat. Jumlah: 1 baris." in text
    assert "Kerja bakti Desa Buntar" not in text
    assert "Dicetak" in text
    page = client.get(reverse("moderation:register_paper"), query).content.decode()
    assert "Jumlah: 1 baris." in page
    assert "Kerja bakti Desa Buntar" not in page
    whole = read_words(client.get(reverse("moderation:register_pdf")).content)
    assert "Tanpa saringan: seluruh isi. Jumlah: 2 baris." in whole
    none = read_words(client.get(reverse("moderation:register_pdf"), {"q": "tidak ada"}).content)
    assert "Jumlah: 0 baris. Nihil." in none


def test_the_register_ends_with_the_signature_block_of_the_settings(office):
    text = read_words(pdf.render(listing.build(register.get_items({}), [])))
    assert "Sekretaris Kecamatan Mojogedang selaku PPID Pembantu" in text
    procedure = OfficeProcedure.load()
    procedure.signatory_name, procedure.signatory_number = "Dra. Contoh, M.M.", "19700101 199003 2 001"
    procedure.signing_place = "Karanganyar"
    procedure.save()
    text = read_words(pdf.render(listing.build(register.get_items({}), [])))
    assert "Dra. Contoh, M.M. NIP 19700101 199003 2 001" in text
    assert "Karanganyar, " in text


def test_a_thousand_rows_are_numbered_pages_in_the_same_number_of_queries(office, log_in, monkeypatch):
    # This does not test the clock of a busy machine.
    monkeypatch.setattr(pdf, "SECONDS", 600)
    item = office.bring_to("awaiting_correction")
    multiply_item(item, 9)
    client = log_in(office.bidang)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("moderation:register_pdf"))
    multiply_item(item, 990)
    with CaptureQueriesContext(connection) as many:
        started = measure_work()
        response = client.get(reverse("moderation:register_pdf"))
        assert measure_work() - started < 25
    assert len(many) == len(few)
    reader = read_pdf(response.content)
    first, last = (words(reader.pages[place].extract_text()) for place in (0, -1))
    assert "Jumlah: 1.000 baris." in first
    assert f"Halaman 1 dari {len(reader.pages)}" in first
    assert f"Halaman {len(reader.pages)} dari {len(reader.pages)}" in last
    # The table's header is on every page with rows.
    assert "Nomor register (2)" in words(reader.pages[len(reader.pages) // 2].extract_text())
    assert len(response.content) < 10_000_000


def test_more_rows_than_a_paper_holds_ask_for_a_filter(office, log_in, monkeypatch):
    monkeypatch.setattr(listing, "MAX_ROWS", 1)
    office.issue()
    office.issue()
    client = log_in(office.bidang)
    for name in REGISTER_PAPERS:
        response = client.get(reverse(f"moderation:{name}"), {"origin": "kegiatan"})
        assert response["Location"] == f"{reverse('moderation:register')}?origin=kegiatan"
        *_, message = map(str, get_messages(response.wsgi_request))
        assert "memuat 2 baris" in message
        assert "Saring" in message


# The case file


@pytest.fixture
def returned_item(office):
    """An item that Bidang sent back once, corrected, verified and published."""
    item = office.bring_to("awaiting_verification")
    item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Panjang saluran keliru."})
    office.write(
        item,
        office.sekretaris,
        lead="Warga Desa Buntar membersihkan saluran sepanjang 320 meter, Rabu (9/9/2026).",
        title="Judul yang dibetulkan",
    )
    item = take(item, "declare_corrected", office.sekretaris, {"comment": "Sudah dibetulkan."})
    return Disposition.objects.get(pk=office.bring_to("live", item).pk)


def test_the_case_file_tells_the_whole_way(office, returned_item):
    item = returned_item
    text = read_words(pdf.render(case_file.build(item)))
    permit = item.permits.get()
    flat = text.replace(" ", "")
    for expected in (
        "BERKAS MATERI",
        item.register_number,
        "Putaran 1",
        "Putaran 2",
        "Panjang saluran keliru.",
        "Sudah dibetulkan.",
        "sepanjang 320 meter",
        "Judul yang dibetulkan",
        "Klasifikasi ditetapkan Informasi berkala",
        permit.number,
        item.page.full_url,
        shorten(permit.seal),
    ):
        assert expected.replace(" ", "") in flat, expected
    assert permit.seal in flat
    for entry in AuditEntry.objects.filter(disposition_id=item.pk):
        assert entry.hash in flat


def test_corrections_are_marked_in_words_and_in_the_type(office, returned_item):
    blocks = as_data(case_file.build(returned_item))["blocks"]
    tables = [block for block in blocks if block["kind"] == "table" and "Koreksi" in block["caption"]]
    marked = [run for table in tables for row in table["rows"] for run in row[2][0] if run["mark"]]
    assert any(run["mark"] == "ins" and "320 meter" in run["text"] for run in marked)
    assert any(run["mark"] == "del" and "Kerja bakti" in run["text"] for run in marked)
    states = {row[1][0][0]["text"] for table in tables for row in table["rows"]}
    assert states <= {"ditambah", "dihapus", "diubah", "format diubah"}
    assert states


def test_the_checklist_stands_with_its_wording(office, returned_item):
    entry = AuditEntry.objects.get(disposition_id=returned_item.pk, action="verify")
    groups = entry.data["checklist"]["groups"]
    text = read_words(pdf.render(case_file.build(returned_item))).replace(" ", "")
    for group in groups:
        for line in group["items"]:
            assert f"{line['number']}.{line['text']}".replace(" ", "") in text


def test_an_exemption_stands_with_its_ground(office):
    item = office.bring_to("awaiting_verification")
    entry = AuditEntry.objects.filter(disposition_id=item.pk).last()
    entry.action, entry.data = "mark_exempt", {"letter": "h", "ground": "Rahasia pribadi", "period": "5 tahun"}
    shown = str(case_file._make_facts(entry))
    assert all(words in shown for words in ("Rahasia pribadi", "5 tahun", "Pasal 17"))


def test_a_withdrawn_item_says_so(office):
    item = take(office.bring_to("live"), "take_down", office.sekretaris, {"comment": "Foto tanpa persetujuan."})
    text = read_words(pdf.render(case_file.build(item)))
    assert "Penurunan dari tayangan" in text
    assert "Foto tanpa persetujuan." in text


def test_a_case_file_can_be_made_at_every_point(office):
    item = office.issue()
    for state in ("disposed", "composing", "awaiting_correction", "ordered"):
        item = office.bring_to(state, item)
        assert item.state_label in read_words(pdf.render(case_file.build(item)))


def test_what_ended_before_there_was_a_text_has_a_case_file_with_the_reason(office):
    item = take(office.issue(), "cancel", office.ppid, {"comment": "Kegiatan urung."})
    text = read_words(pdf.render(case_file.build(item)))
    assert "Dibatalkan" in text
    assert "Kegiatan urung." in text


def test_many_rounds_are_finished_and_bounded(office, monkeypatch):
    monkeypatch.setattr(case_file, "MAX_COMPARISONS", 1)
    item = office.bring_to("awaiting_verification")
    for number in range(3):
        item = take(item, "return_to_sekretaris", office.bidang, {"comment": f"Perbaikan {number}."})
        office.write(item, office.sekretaris, lead=f"Ringkasan yang ke-{number}.")
        item = take(item, "declare_corrected", office.sekretaris)
    text = read_words(pdf.render(case_file.build(item)))
    assert text.count("Koreksi versi ini tidak dicetak") == 2
    assert "Putaran 4" in text


# Both renderers


def test_the_pdf_is_tagged_titled_indonesian_and_carries_its_fonts(office):
    reader = read_pdf(pdf.render(sheet.build(office.issue())))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "id"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert reader.metadata.title.startswith("Lembar disposisi")
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert any(name.startswith("/FontFile") for name in descriptor)
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_what_looks_like_markup_is_printed_as_it_was_typed(office, log_in):
    item = office.issue(subject=HOSTILE[0][:200], instructions="\n".join(HOSTILE))
    client = log_in(office.ppid)
    printed = read_words(client.get(address("sheet_pdf", item)).content).replace(" ", "")
    for text in HOSTILE:
        assert words(text).replace(" ", "") in printed
    page = client.get(address("sheet", item)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert settings.SECRET_KEY not in page


def test_odd_characters_neither_crash_nor_hide(office):
    content = pdf.render(make_paper(Paragraph([Run(ODD)])))
    text = read_words(content)
    assert "Emoji [U+1F33E]" in text
    assert "Jawa [U+A9B2][U+A98F][U+A9C0]" in text
    assert "[U+E000]" in text
    assert "العربية" in text


def test_marks_that_turn_text_round_are_shown(office, log_in):
    item = office.issue(subject="Bayar \u202e000.1pR\u202c lunas")
    text = read_words(pdf.render(sheet.build(item)))
    assert "Bayar [U+202E]000.1pR[U+202C] lunas" in text
    page = log_in(office.ppid).get(address("sheet", item)).content.decode()
    assert "\u202e" not in page


def test_a_huge_text_ends_in_a_sentence_not_in_a_hung_worker(office):
    item = office.issue()
    item.instructions = "kata " * 2_000_000
    started = measure_work()
    text = read_words(pdf.render(sheet.build(item)))
    assert measure_work() - started < 25
    assert "[dipotong; seluruhnya 10.000.000 karakter, lihat lembar kerja]" in text


def test_a_text_without_places_to_break_is_set():
    texts = ["x" * 30_000, "\n" * 3_000, "\u0301" * 30_000, "a\u0301" * 9_000, "א" * 30_000, "\u200b" * 30_000]
    assert read_pdf(pdf.render(make_paper(*(Paragraph([Run(text)]) for text in texts)))).pages


def test_a_paper_that_is_too_long_is_refused_in_words(office, log_in, monkeypatch):
    monkeypatch.setattr("moderation.records.papers.document.MAX_PAPER", 100)
    item = office.issue()
    client = log_in(office.ppid)
    for name in ITEM_PAPERS:
        response = client.get(address(name, item))
        assert response["Location"] == item.get_absolute_url()
        *_, message = map(str, get_messages(response.wsgi_request))
        assert "terlalu panjang" in message


def test_a_typesetter_that_takes_too_long_is_ended(office, log_in, monkeypatch):
    monkeypatch.setattr(pdf, "SECONDS", 0)
    item = office.issue()
    response = log_in(office.ppid).get(address("sheet_pdf", item))
    assert response["Location"] == item.get_absolute_url()
    *_, message = map(str, get_messages(response.wsgi_request))
    assert "terlalu besar" in message


def test_a_typesetter_that_takes_too_much_memory_is_ended(monkeypatch):
    monkeypatch.setattr(pdf, "MEMORY", 350 * 1024 * 1024)
    blocks = [Paragraph([Run("kata sebelas huruf " * 100)])] * 500
    with pytest.raises(PaperTooLarge, match="terlalu besar"):
        pdf.render(make_paper(*blocks))


def test_the_bound_of_a_paper_is_one_that_the_typesetter_keeps():
    """The longest allowed document is typeset in time, or refused with a message."""
    rows = [Paragraph([Run("kata sebelas huruf " * 2_000)]) for _row in range(MAX_PAPER // 38_000)]
    started = measure_work()
    assert pdf.render(make_paper(*rows)).startswith(b"%PDF")
    assert measure_work() - started < 25


def test_no_text_goes_through_untidied():
    assert tidy("a\x00b\x1bc\u202ed\r\ne") == "a b c[U+202E]d\ne"
    assert len(tidy("x" * 10_000_000)) < 41_000
