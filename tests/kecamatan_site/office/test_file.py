"""The office's file: read whole or refused with each mistake by its line and key, in Indonesian."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from kecamatan_site.settings.office_file import CONTRASTS, KEYS, OfficeFileWrong, compare_colours, read_office

pytestmark = pytest.mark.db_agnostic

FIRST = settings.BASE_DIR / "kecamatan.toml"
CONTOH = Path(__file__).parent / "contoh.toml"


def change(folder, *changes):
    """Return a copy of Contoh's file with the changes, and its emblem beside it."""
    text = CONTOH.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    (folder / "lambang.png").write_bytes((CONTOH.parent / "lambang.png").read_bytes())
    path = folder / "kecamatan.toml"
    path.write_text(text)
    return path


def test_both_files_are_read_whole():
    office = read_office(CONTOH)
    assert (office.name, office.domain, office.district_count) == ("Kecamatan Contoh", "contoh.teladankab.example", 5)
    assert [village.code for village in office.villages] == ["99.01.02.2001", "99.01.02.2002", "99.01.02.2003"]
    assert office.address_line == "Jalan Teladan Nomor 1, Contoh"
    assert office.fill(["{desa[1]}, {desa[4]}", {"a": "{TEMPAT}: {jumlah_desa}"}]) == [
        "Sukamaju, Sukamaju",
        {"a": "CONTOH: 3"},
    ]
    assert read_office(FIRST) == settings.OFFICE_FACTS
    with pytest.raises(KeyError, match="dusun"):
        office.fill("{dusun}")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            [('nama = "Kecamatan Contoh"', "nama = 7")],
            ["baris 6, [kantor] nama: ", "teks 1 sampai 60 huruf", "tertulis 7."],
        ),
        ([('nama = "Kecamatan Contoh"', f'nama = "{"x" * 61}"')], ["baris 6, [kantor] nama: ", "1 sampai 60"]),
        ([('"Kecamatan Contoh"', '"<b>Contoh</b>"')], ["baris 6, [kantor] nama: ", "tanpa < >"]),
        ([('"Kecamatan Contoh"', '"Kecamatan {desa}"')], ["baris 6, [kantor] nama: ", "{ }"]),
        ([('nama = "Kecamatan Contoh"\n', "")], ["baris 5, [kantor] nama: ", "belum ada"]),
        ([("nama = ", "namaa = ")], ["baris 6, [kantor] namaa: tidak dikenal.", 'maksudnya "nama"']),
        ([("[sop]", "[sopp]")], ["[sopp]: tidak dikenal.", 'maksudnya "[sop]"', "[sop] nomor: "]),
        ([("domain = ", "situs = ")], ["baris 2, situs: tidak dikenal."]),
        (
            [('"contoh.teladankab.example"', '"https://contoh.example"')],
            ["baris 2, domain: ", "kecamatan.example.go.id"],
        ),
        ([('"99.01.02"', '"990102"')], ["baris 12, [kantor] kode_wilayah: ", 'bentuk seperti "31.01.01"', '"990102"']),
        ([("jumlah_kecamatan = 5", 'jumlah_kecamatan = "5"')], ["baris 11, ", "tanpa tanda kutip"]),
        ([('"lambang.png"', '"lambang.svg"')], ["[kantor] lambang: ", ".png"]),
        ([('"lambang.png"', '"tidak-ada.png"')], ["[kantor] lambang: ", "tidak-ada.png tidak ditemukan"]),
        ([('["Warta", "Layanan Warga"', '["Warta", "WARTA"')], ["baris 3, kategori: ", "hanya sekali"]),
        ([('2002 = "Mekarsari"', '1002 = "Mekarsari"')], ["[desa] 1002: ", "2001 dan seterusnya"]),
        ([("Mekarsari", "sukamaju")], ["[desa]: ", "hanya sekali", "sukamaju"]),
        ([('dasar = "#14463a"', 'dasar = "hijau"')], ["[warna] dasar: ", '"#224466"']),
        ([('tautan = "#0f5b48"', 'tautan = "#8fe0c8"')], ["[warna] tautan: ", "kontras 4.5:1", "1."]),
    ],
)
def test_a_mistake_is_named_by_line_and_key(tmp_path, changes, told):
    with pytest.raises(OfficeFileWrong) as caught:
        read_office(change(tmp_path, *changes))
    for words in told:
        assert words in str(caught.value)


def test_all_mistakes_are_named_at_once(tmp_path):
    path = change(tmp_path, ("99.01.02", "9"), ("dasar = ", "dasarr = "), ("2001", "21"))
    with pytest.raises(OfficeFileWrong) as caught:
        read_office(path)
    found = re.findall(r"^  - (?:baris \d+, )?(.+?): ", str(caught.value), re.M)
    assert found == ["[kantor] kode_wilayah", "[warna] dasar", "[desa] 21", "[warna] dasarr"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[kantor]\nnama = Kecamatan Contoh\n", "baris 2, kolom 8"),
        (b'nama = "a"\nnama = "b"\n', "setiap kunci satu kali"),
        (b'nama = "Kecamatan \xff"\n', "bukan teks UTF-8"),
        (None, "tidak dapat dibaca: No such file"),
    ],
)
def test_a_file_that_is_none_says_where(tmp_path, content, told):
    path = tmp_path / "kecamatan.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OfficeFileWrong, match=re.escape(told)) as caught:
        read_office(path)
    assert str(path) in str(caught.value)


def test_a_start_with_a_wrong_file_stops_without_a_traceback(tmp_path):
    path = change(tmp_path, ('"99.01.02"', '"9"'))
    said = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"OFFICE_FILE": str(path), "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.test"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert said.returncode == 1
    assert said.stderr.splitlines()[0] == f"Berkas kantor {path} belum benar:"
    assert "[kantor] kode_wilayah" in said.stderr
    assert "Traceback" not in said.stderr


def test_the_papers_that_colours_are_compared_with_are_those_of_the_style_sheet():
    css = (settings.BASE_DIR / "home" / "static" / "home" / "site.css").read_text()
    tokens = dict(re.findall(r"--(on-indigo-soft|on-gold|tint): (#\w+);", css.split("@media", 1)[0]))
    dark = re.search(r"dark\) \{.*?--raised: (#\w+);", css, re.S)[1]
    names = {key.name for key in KEYS if key.table == "warna"}
    assert {name for name, *_rest in CONTRASTS} == names
    assert {other for _name, other, *_rest in CONTRASTS} == {*tokens.values(), dark}
    assert round(compare_colours("#ffffff", "#000000"), 2) == 21
    assert round(compare_colours("#777777", "#ffffff"), 2) == 4.48


def test_every_page_has_the_colours_and_its_policy_allows_them_alone():
    html = Template("{% load home_tags %}{% get_colours as colours %}{{ colours.css }}").render(Context())
    assert html == settings.OFFICE_FACTS.colours.css
    assert set(re.findall(r"var\(--(office-[\w-]+)\)", _read_css())) == set(re.findall(r"--(office-[\w-]+):", html))
    assert "'sha256-" in settings.PUBLIC_HEADERS["Content-Security-Policy"].split("style-src")[1].split(";")[0]


def _read_css():
    return "".join(path.read_text() for path in (settings.BASE_DIR / "home" / "static" / "home").glob("*.css"))
