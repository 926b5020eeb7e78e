"""The scanner finds what its table lists, says nothing about an office's own numbers, and cannot be slowed down."""

import re
import time
from itertools import cycle, islice, pairwise

import pytest

from moderation.scanner import RULES, Severity, labels, scan
from moderation.scanner.source import read

from .personal_data.cases import FOLDER, read_cases
from .scanner_cases import FOUND, SILENT

pytestmark = pytest.mark.db_agnostic

NIK = "3313150101800001"
#: Shown by the first letters of their words.
IN_WORDS = {
    "tanggal_lahir", "alamat_rt_rw", "alamat_rumah", "koordinat_rumah", "identitas_anak_hukum", "data_anak",
    "kesehatan_perorangan", "pelat_nomor",
}  # fmt: skip


def strip_marks(marked):
    """Return the text without « and », and the places between them."""
    parts = re.split("[«»]", marked)
    places, length = [], 0
    for number, part in enumerate(parts):
        if number % 2:
            places.append((length, length + len(part)))
        length += len(part)
    return "".join(parts), places


def test_there_are_enough_cases():
    assert len(FOUND) + len(SILENT) >= 200
    assert len(SILENT) >= 100
    assert {code for _text, codes, _why in FOUND for code in codes.split()} <= {rule.code for rule in RULES}
    assert len({text for text, *_rest in (*FOUND, *SILENT)}) == len(FOUND) + len(SILENT)


@pytest.mark.parametrize(("marked", "codes", "why"), FOUND)
def test_found(marked, codes, why):
    text, places = strip_marks(marked)
    findings = scan(text)
    assert [finding.code for finding in findings] == codes.split(), why
    assert [(finding.start, finding.end) for finding in findings] == places, why


@pytest.mark.parametrize(("text", "why"), SILENT)
def test_silent(text, why):
    assert [(finding.code, text[finding.start : finding.end]) for finding in scan(text)] == [], why


# What leaves the memory ---------------------------------------------------------------------------------------


def test_the_mask_of_a_nik():
    (finding,) = scan(f"NIK {NIK}")
    assert (finding.label, finding.severity, finding.masked) == ("NIK", Severity.BLOCK, "3313********0001")
    assert finding.severity.label == "Blokir"


@pytest.mark.parametrize(("marked", "codes", "why"), FOUND)
def test_no_full_value_survives(marked, codes, why):
    """Neither the mask nor what a traceback prints holds a whole word or four hidden digits in a row."""
    text, _places = strip_marks(marked)
    for finding in scan(text):
        shown = f"{finding.masked} {finding!r}"
        assert finding.value not in shown
        original = text[finding.start : finding.end]
        assert original not in shown
        if finding.code in IN_WORDS:
            assert not re.search(r"\d", finding.masked)
            assert not set(re.findall(r"\w{4,}", original)) & set(re.findall(r"\w{4,}", finding.masked))
        else:
            assert "**" in finding.masked


def test_the_same_number_is_known_again_in_any_dress():
    values = {
        scan(f"HP {dress}")[0].value for dress in ("081234567890", "+62 812-3456-7890", "６２８１２３４５６７８９０")
    }
    assert values == {"081234567890"}
    first, second = scan(f"NIK {NIK}")[0], scan("NIK 33.13.15.010180.0001")[0]
    assert first.digest(b"key") == second.digest(b"key") != first.digest(b"another key")
    assert NIK not in first.digest(b"key")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_hint_says_what_to_do(rule):
    assert re.match(r"(Hapus|Periksa|Pastikan|Pertimbangkan|NIP tidak) .*\.$", rule.hint)
    assert "!" not in rule.hint


def test_the_severities_are_those_of_the_domain():
    by_severity = {severity: {rule.code for rule in RULES if rule.severity == severity} for severity in Severity}
    assert by_severity == {
        Severity.BLOCK: {
            "nik", "kk", "nik_atau_kk", "npwp", "nomor_hp", "nomor_wa", "rekening", "tanggal_lahir",
            "identitas_anak_hukum", "paspor", "bpjs", "sim", "akta_sipil", "koordinat_rumah",
        },
        Severity.WARN: {
            "angka_16_digit", "nip", "telepon", "surel", "alamat_rt_rw", "data_anak", "kesehatan_perorangan",
            "alamat_rumah", "nisn",
        },
        Severity.INFO: {"pelat_nomor"},
    }  # fmt: skip


# One place, one finding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"NPWP {NIK[:15]}", "npwp"),
        (f"Rekening BRI, NIK {NIK}", "nik"),
        ("BRI 081234567890", "nomor_hp"),
        ("NIP 198510052023212014 rekening BRI", "nip"),
        ("Bank Jateng (0271) 495123", "telepon"),
        ("https://wa.me/6281234567890", "nomor_wa"),
    ],
)
def test_the_more_specific_finding_wins(text, code):
    assert [finding.code for finding in scan(text)] == [code]


def test_findings_are_in_the_order_of_the_text_and_never_overlap():
    text = "\n".join(strip_marks(marked)[0] for marked, *_rest in FOUND)
    findings = scan(text)
    assert len(findings) >= len(FOUND)
    assert all(one.end <= other.start for one, other in pairwise(findings))


# The office's own contacts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entry", ["0812-3456-7890", "+62 812 3456 7890", "6281234567890", "（０８１２）３４５６７８９０"]
)
@pytest.mark.parametrize("text", ["WA 081234567890", "wa.me/6281234567890", "+62 812-3456-7890", "rek 0812 3456 7890"])
def test_the_offices_own_number_passes(entry, text):
    assert scan(text)
    assert scan(text, allowed=[entry]) == []


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("(0271) 495123", "Telp. 0271-495123 atau +62 271 495123"),
        ("Kecamatan.Mojogedang@gmail.com ", "surel kecamatan.mojogedang@gmail.com"),
        ("1234-01-012345-53-1", "rekening BRI 123401012345531"),
    ],
)
def test_other_contacts_of_the_office(entry, text):
    assert scan(text)
    assert scan(text, allowed=[entry]) == []


def test_the_allow_list_lets_nothing_else_pass():
    allowed = ["081234567890", "", "0", "-", NIK]
    text = f"WA 081234567890, WA 081234567891, NIK {NIK}"
    assert [finding.code for finding in scan(text, allowed=allowed)] == ["nomor_hp", "nik"]


# Time -----------------------------------------------------------------------------------------------------------

#: What would make a careless pattern try again and again.
HOSTILE = [
    "1", "0", "3313", NIK, f"{NIK} ", "0 0 ", "1 1 ", "0 8 1 ", "081", "1.", "1.111.", "3-", "2021 ", "11/2/2026 ",
    "08.15-", "-7.1234 ", "1\u200b", "\u200b", "1\u0336", "３３１３", "\ufdfa", "😀", "a@", "@", "a.", "a@a.", "%+-.",
    "a [at] ", "anak ", "rek ", "rek 12345678 ", "lahir ", "lahir 1 mei ", "usia ", "anak usia 12 tahun ",
    "anak usia 12 tahun korban. ", "Bapak ", "Bapak Slamet ", "Bapak Slamet sakit. ", "A", "Aa ", "A. ", "Aa (1) ",
    "\n", " ", ". ", "(", "((1))", "rt 1 ", "RT 1 RW 1 ", "AD 1234 XY ", "wa.me/", "api.whatsapp.com/send?a=1&",
    "://1234567890123456", "npwp 1234567890 ", "1234 5678 9012 3456 ", "198001012005011001 ", "pukul ", "rp",
    "siswa ", "Siswa Aa ", "lahir korban ", "korban anak 12 tahun ", "rumah jl. a no. 1 ", "o8",
    "paspor ", "akta lahir no ",
    "nama hp\n", "HP\n81 ", "Aa, sakit ", "1/1 desa ", "0271 ", "telp ", "bernama ", "<b>", "{[(", "\x00", "\ud800",
]  # fmt: skip


def fill(unit, length):
    return "".join(islice(cycle(unit), length))


def measure(text):
    """Return the processor's time, not the clock's: other programs are not the scanner's fault."""
    start = time.process_time()
    scan(text)
    return time.process_time() - start


@pytest.mark.parametrize("unit", HOSTILE)
def test_the_time_grows_with_the_length_alone(unit):
    """Eight times the text takes about eight times the time; where a pattern goes back and forth it is sixty-four."""
    small, large = fill(unit, 5_000), fill(unit, 40_000)
    for _attempt in range(4):
        if measure(large) < 20 * max(measure(small), 0.001):
            return
    pytest.fail("the time grows faster than the text")


@pytest.mark.parametrize("unit", [f"{NIK} ", "0 8 1 ", "a@a.", "RT 1 RW 1 ", "Bapak Slamet sakit. ", None])
def test_a_million_characters_within_two_seconds(unit):
    text = fill(unit, 1_000_000) if unit else "".join(map(chr, range(0x20, 0xF4260)))
    for _attempt in range(5):
        if measure(text) < 2:
            return
    pytest.fail("a million characters take more than two seconds")


def test_a_number_at_the_end_of_a_flood_is_still_found():
    for unit in HOSTILE:
        text = f"{fill(unit, 2_000)}\n\nNIK: 3313154505920003"
        assert ("nik", "3313154505920003") in {(finding.code, finding.value) for finding in scan(text)}, unit


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "\x00", "\ud800", "1", "@", "NIK"])
def test_next_to_nothing(text):
    assert scan(text) == []


def test_no_label_before_a_number_is_missed_for_a_word_that_the_lexicon_lacks():
    told = "\n".join(case.text for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path))
    source = read(told + re.sub(r"[^a-z0-9. ]+", " 12345678 ", labels._LABEL.pattern))
    for number in re.finditer(r"(?<![a-z\d])\d", source.low):
        place = number.start()
        written = labels._LABEL.finditer(source.low, max(0, place - labels.REACH), place)
        assert labels.get_labels(source, place) == [
            labels.Label(match.lastgroup, place - match.end()) for match in written
        ]
