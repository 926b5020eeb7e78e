"""The demo's texts: dates that agree with their weekdays, the office's spelling, nobody's data; and its pictures."""

import io
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

import home
from home.demo import pictures, replay
from home.demo.content import correct, list_pictures, read_items, read_moment
from home.starter.text_notation import read_blocks
from moderation import sop
from moderation.scanner import Severity, scan
from news.models.page import LEAD_LENGTH

pytestmark = pytest.mark.db_agnostic

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ITEMS = read_items()
BY_TITLE = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.title)
#: Items of the demo, and where the story of each ends.
EXPECTED = {
    "Musrenbang Kecamatan Mojogedang Bahas Usulan Prioritas Tahun 2027": "publish",
    "Posyandu Desa Pendem Layani Penimbangan Balita": "publish",
    "Kecamatan Pantau Penggunaan Dana Desa Tahap I di Desa Gentungan": "publish",
    "Penyaluran BLT Dana Desa di Desa Kaliboto Berlangsung Tertib": "publish",
    "Upacara HUT Ke-81 Republik Indonesia Tingkat Kecamatan": "publish",
    "Pelatihan Pemasaran Digital bagi Pelaku UMKM Se-Kecamatan": "publish",
    "Kerja Bakti Bersihkan Saluran Irigasi di Desa Buntar": "publish",
    "Rapat Koordinasi Kepala Desa Triwulan III": "verify",
    "Penyuluhan Pencegahan Stunting bagi Kader Posyandu": "order",
    "Perekaman KTP-el Keliling di Desa Munggur": "declare_corrected",
    "Monitoring Administrasi Desa Pojok": "return_to_sekretaris",
    "Peringatan Hari Sumpah Pemuda di Lapangan Kecamatan": "hand_over",
    "Panen Padi Kelompok Tani Desa Sewurejo": "assign",
    "Peringatan Hari Pahlawan Tingkat Kecamatan": "issue",
    "Imbauan Kewaspadaan Angin Kencang dan Tanah Longsor": "publish",
    "Daftar Penerima Bantuan Pangan di Desa Ngadirejo": "write",
}
#: Spellings to avoid, and numbers that would be somebody's.
MISSPELT = re.compile(
    r"\b(?:jum'at|pebruari|nopember|antrian|ijin|praktek|resiko|silahkan|sekedar|di (?:koreksi|publikasikan|laksanakan)"
    r"|kerjasama|terimakasih|\d\d:\d\d|jam \d\d[.:]\d\d|Rp \d)\b|(?<!SP4N-LAPOR)!",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?:\+?62|\b0)8[1-9][\d .-]{6,}|\(0271\)|0271-\d")
LONG_NUMBER = re.compile(r"\d{16}")


def all_words(item):
    """Return everything of an item that somebody will read, as it stands at the end."""
    words = [item.title, item.lead, item.text, *item.channel_texts.values(), *item.picture.values(), *item.tags]
    words += [item.ralat.get("note", ""), item.notice, *item.urgent.values(), *item.exemption.values()]
    words += [str(value) for value in item.disposition.values()] + list(item.material.values())
    return "\n".join(words)


def test_every_item_of_the_domain_is_there_and_ends_where_it_should():
    ends = {item.title: item.steps[-1].action for item in ITEMS}
    assert {title: ends.get(title) for title in EXPECTED} == EXPECTED


def test_the_stories_reach_every_state_an_item_can_wait_in():
    ends = [next(step.action for step in reversed(item.steps) if step.action not in replay.SAVES) for item in ITEMS]
    reached = {sop.get_action(action).to for action in ends}
    everything = {state.code for state in sop.STATES}
    # An item is done when its posts are sent; the replay has the worker send them.
    assert reached | {"done"} == everything


def test_two_items_never_share_the_moment_that_names_them():
    moments = [item.issued_at for item in ITEMS]
    assert len(set(moments)) == len(moments)


@BY_TITLE
def test_weekdays_agree_with_dates(item):
    found = re.findall(r"(\w+) \((\d{1,2})/(\d{1,2})/(\d{4})\)", all_words(item))
    for day, *numbers in found:
        number, month, year = map(int, numbers)
        assert DAYS[date(year, month, number).weekday()] == day
    assert found or not item.text


@BY_TITLE
def test_the_office_works_on_working_days_and_never_before_the_activity(item):
    assert all(before.at < after.at for before, after in pairwise(item.steps))
    workdays = [step.at.weekday() < 5 and 7 <= step.at.hour < 16 for step in item.steps]
    assert all(workdays)
    activity = item.disposition.get("activity_date")
    assert activity is None or item.issued_at.date() >= activity
    # What is still to come is announced before it comes.
    assert not item.starts_at or item.steps[-1].at < read_moment(item.starts_at)


@BY_TITLE
def test_every_return_and_every_end_has_its_reason(item):
    for step in item.steps:
        if step.action not in replay.SAVES and sop.get_action(step.action).needs_reason:
            assert step.note


@BY_TITLE
def test_texts_are_complete_and_fit(item):
    assert item.category in settings.OFFICE_FACTS.categories
    assert item.classification in dict(sop.CLASSIFICATIONS)
    assert len(item.lead) <= LEAD_LENGTH
    assert all(slip["right"] in item.text for slip in item.slips)
    for change in item.ralat.get("changes", ()):
        assert change["before"] in item.lead + item.text
        assert change["after"] in correct(item, item.lead + item.text)
    if item.text:
        kinds = [kind for kind, _value in read_blocks(item.text)]
        assert kinds[0] == "paragraph"
        assert kinds.count("paragraph") >= 3


@BY_TITLE
def test_spelling_is_that_of_the_office(item):
    assert not MISSPELT.findall(all_words(item))


@BY_TITLE
def test_nobodys_number_stands_in_a_text(item):
    words = all_words(item)
    assert not PHONE.search(words)
    # One item is wrong on purpose; its numbers name a kecamatan that does not exist.
    numbers = LONG_NUMBER.findall(words)
    assert bool(numbers) == (item.title == "Daftar Penerima Bantuan Pangan di Desa Ngadirejo")
    assert all(number.startswith("331399") for number in numbers)


@BY_TITLE
def test_the_check_stops_the_wrong_item_and_no_other(item):
    stopped = {finding.code for finding in scan(all_words(item)) if finding.severity is Severity.BLOCK}
    wrong = item.title == "Daftar Penerima Bantuan Pangan di Desa Ngadirejo"
    assert stopped == ({"nik"} if wrong else set())


def test_the_item_that_is_wrong_on_purpose_never_leaves_the_staf():
    (item,) = [item for item in ITEMS if LONG_NUMBER.search(item.text)]
    assert "hand_over" not in {step.action for step in item.steps}


def test_blocks_of_every_kind_are_read():
    gallery = "[galeri] G\n[a] b | c\n[d] e | f"
    blocks = ["Satu & dua.", "## Judul", "> Kata. -- Camat", "- a\n- b", "[x] Alt. | Ket.", gallery]
    text = "\n\n".join(blocks)
    kinds = [kind for kind, _value in read_blocks(text)]
    assert kinds == ["paragraph", "heading", "quote", "paragraph", "image", "gallery"]
    assert read_blocks(text)[0][1] == "<p>Satu &amp; dua.</p>"
    assert len(read_blocks(text)[-1][1]["pictures"]) == 2


def test_every_picture_that_an_item_shows_can_be_drawn():
    assert {name for item in ITEMS for name in list_pictures(item)} <= set(pictures.PICTURES)


def test_pictures_are_the_same_at_every_run_and_no_two_are_alike():
    drawn = {name: pictures.draw(name) for name in pictures.PICTURES}
    assert len(set(drawn.values())) == len(drawn)
    for name, content in drawn.items():
        image = Image.open(io.BytesIO(content))
        assert (image.format, image.size) == ("JPEG", (1600, 1000)), name
    assert all(pictures.draw(name) == content for name, content in drawn.items())


#: The laws that somebody looked up; a number that is not here was checked by nobody.
LAWS = {"UU 14/2008", "UU 27/2022", "PP 61/2010", "Perbup Karanganyar 24/2017"}
LAWS |= {"Perki 1/2010", "Perki 2/2010", "Perki 1/2013", "Perki 1/2021", "PermenPANRB 14/2017"}
LAW = re.compile(r"\b(?:UU|PP|Per[A-Za-z]+|Kep[a-z]+)(?: [A-Z][a-z]+)? (?:Nomor )?\d+(?:/| Tahun )\d{4}")
#: An article that is none of those of UU 14/2008 that were looked up.
ARTICLE_OF_LAW = re.compile(
    r"\b(?:pasal|ayat) (?!(?:17|22|35|36|37|38)(?: ayat \(\d\)(?: dan \(\d\))?(?: huruf g)?)?,? UU 14/2008)\d", re.I
)


@pytest.mark.parametrize("folder", ["starter", "demo"])
def test_only_laws_that_were_checked_are_named(folder):
    files = (Path(home.__file__).parent / folder / "data").glob("*.toml")
    texts = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert texts
    assert set(LAW.findall(texts)) <= LAWS
    assert not ARTICLE_OF_LAW.search(texts)
