"""Plain texts and tables of text, in the encodings that programs save them in."""

from .cases import Case, nik, phone


def _case(name, words, finds=(), names="", encoding="utf-8"):
    return Case(name, lambda: words.encode(encoding) if isinstance(words, str) else words, tuple(finds), names)


CASES = (
    _case("agenda.txt", "Rapat koordinasi hari Senin, 2 November 2026 pukul 09.00 WIB.\n"),
    _case("daftar.csv", f"Nama;NIK\nParmin;{nik(301)}\n", [nik(301)]),
    _case("daftar-utf16.csv", f"Nama;NIK\nParmin;{nik(302)}\n", [nik(302)], encoding="utf-16"),
    _case("daftar-utf16be.csv", b"\xfe\xff" + f"Nama;No HP\nParmin;{phone(303)[1:]}\n".encode("utf-16-be"), [phone(303)]),
    _case("daftar-bom.csv", f"NIK;Nama\n{nik(304)};Parmin\n", [nik(304)], encoding="utf-8-sig"),
    _case("daftar-windows.csv", f"Nama – alamat;NIK\nParmin;{nik(305)}\n", [nik(305)], encoding="cp1252"),
    _case("daftar-eksponen.csv", f"Nama;NIK\nParmin;{nik(306)[0]},{nik(306)[1:14]}E+15\n", [nik(306)[:14] + "00"]),
    _case("daftar-titik.csv", f"Nama;NIK\nParmin;{nik(307)}.00\n", [nik(307)]),
    _case("markah.txt", f"<p>NIK {nik(308)}</p>", [nik(308)]),
    _case("kosong.txt", "  \n", [], "tidak memuat teks"),
    _case("acak.txt", bytes(range(1, 32)) * 50, [], "Bagian berkas ini"),
)  # fmt: skip
