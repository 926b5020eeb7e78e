"""PDF files, written by hand: what stands on a page, over it, behind it and before it."""

import io
from functools import partial

from pypdf import PdfReader, PdfWriter

from tests.support.pdf import draw, make_pdf, write_objects

from .cases import JPEG, Case, nik, phone
from .packages import docx, p

_HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
_LETTER = draw("Pemberitahuan kerja bakti hari Minggu di balai desa.")
_PICTURE = (
    b"<</Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8/Length 64>>stream\n"
    + bytes(64)
    + b"\nendstream"
)
_SCAN, _SEEN, _LETTERS, _INNER = (
    "halaman berupa gambar",
    "gambar yang tidak diperiksa",
    "Huruf di halaman",
    "Bagian berkas ini",
)


def stream(content: bytes, more: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(content), content)


def form(words: str, more: bytes = b"") -> bytes:
    """Return a drawing of one line, as stamps have it."""
    return stream(draw(words), b"/Type/XObject/Subtype/Form/BBox[0 0 200 50]/Resources<</Font<</F1 3 0 R>>>>" + more)


def make(content=_LETTER, page=b"", catalog=b"", info=b"", fonts=b"", objects=b"", more=None, resources=b"") -> bytes:
    """Return a PDF of one page; the other objects begin at number 20."""
    return write_objects({
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Kids[10 0 R]/Count 1>>",
        3: _HELVETICA,
        4: b"<<%s>>" % info,
        10: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 11 0 R%s/Resources<</Font<</F1 3 0 R%s>>/XObject<<%s>>%s>>>>"
        % (page, fonts, objects, resources),
        11: stream(content),
        **(more or {}),
    })  # fmt: skip


def _pdf(name, finds=(), names="", **parts):
    return Case(f"{name}.pdf", partial(make, **parts), tuple(finds), names)


def _note(name, entries, finds=(), names="", more=None, **others):
    note = b"<</Type/Annot/Rect[50 50 250 100]%s>>" % entries
    return _pdf(name, finds, names, page=b"/Annots[20 0 R]", more={20: note, **(more or {})}, **others)


def _text(words: str) -> bytes:
    return b"(%s)" % words.encode("cp1252")


def _field(name, more, finds=(), names="", extra=None):
    return _pdf(
        name,
        finds,
        names,
        catalog=b"/AcroForm<</Fields[20 0 R]/DR<</Font<</F1 3 0 R>>>>>>",
        more={20: b"<</T(isian)%s>>" % more, **(extra or {})},
    )


def _type0(words: str) -> bytes:
    codes = "".join(f"{ord(char) - 29:04X}" for char in words)
    return b"BT /F2 12 Tf 72 700 Td <%s> Tj ET" % codes.encode()


_TYPE0 = {
    30: b"<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Arial/Encoding/Identity-H/DescendantFonts[31 0 R]>>",
    31: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+Arial/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 32 0 R/DW 500>>",
    32: b"<</Type/FontDescriptor/FontName/AAAAAA+Arial/Flags 4/FontBBox[0 0 1 1]/ItalicAngle 0/Ascent 1/Descent 0/CapHeight 1/StemV 1>>",
}
_CMAP = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <0000> <FFFF> "
    b"endcodespacerange 1 beginbfrange <0003> <005D> <0020> endbfrange endcmap end end"
)
_TYPE3 = {
    30: b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 33/LastChar 34/Widths[1 1]"
    b"/CharProcs<</g1 31 0 R/g2 31 0 R>>/Encoding<</Type/Encoding/Differences[33/g1/g2]>>>>",
    31: stream(b"1 0 d0 0 0 1 1 re f"),
}
_DIFFERENT = {
    30: b"<</Type/Font/Subtype/TrueType/BaseFont/AAAAAA+Arial/FirstChar 1/LastChar 20/Encoding<</Type/Encoding/Differences[65/G10/G11/G12/G13/G14/G15]>>>>"
}


def _attach(name: bytes, content: bytes, link=b"/Names<</EmbeddedFiles<</Names[(a) 20 0 R]>>>>"):
    return {
        "catalog": link,
        "more": {
            20: b"<</Type/Filespec/F(%s)/UF(%s)/EF<</F 21 0 R>>>>" % (name, name),
            21: stream(content, b"/Type/EmbeddedFile"),
        },
    }


def _rewrite(before: bytes, number: int, content: bytes) -> bytes:
    """Save a PDF anew as programs do: one object changed at its end, the older one left where it was."""
    start = int(before.rsplit(b"startxref", 1)[1].split()[0])
    place = len(before)
    body = before + b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size 40/Root 1 0 R/Info 4 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return body + table % (number, place, start, len(body))


def _encrypt(content: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(password, owner_password="pemilik", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _image(width, height, more=b""):
    return b"q %d 0 0 %d 0 0 cm /Im1 Do Q\n%s" % (width, height, more)


_IMAGES = {"objects": b"/Im1 30 0 R/Fm1 31 0 R", "more": {30: _PICTURE, 31: form("Halaman 1")}}
_XMP = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='r'><rdf:Description xmlns:dc='d' dc:creator='{}'><dc:title><rdf:Alt><rdf:li>{}</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
_XFA = "<xdp:xdp xmlns:xdp='x'><xfa:datasets xmlns:xfa='y'><pemohon><nik>{}</nik></pemohon></xfa:datasets></xdp:xdp>"
_CURVES = b"0 0 m " + b"1 1 2 2 3 3 c " * 500 + b"f"

CASES = (
    _pdf("undangan"),
    _pdf("tanggal-dan-kunci", info=b"/CreationDate(D:20261102090000+07'00')/ModDate(D:33131501026090)"),
    _pdf("halaman", [nik(401)], content=draw(f"Peserta: NIK {nik(401)}")),
    _pdf("dua-baris", [nik(402), phone(402)], content=draw(f"NIK {nik(402)}") + b"\n" + b"BT /F1 12 Tf 72 600 Td (HP %s) Tj ET" % phone(402).encode()),
    _pdf("bentuk-tergambar", [nik(403)], content=b"q /Fm1 Do Q", objects=b"/Fm1 31 0 R", more={31: form(f"NIK {nik(403)}")}),
    _pdf("judul", [nik(404)], info=b"/Title (NIK %s)" % nik(404).encode()),
    _pdf("kata-kunci-khusus", [phone(405)], info=b"/Kontak (HP %s)" % phone(405).encode()),
    _note("catatan-tempel", b"/Subtype/Text/Contents" + _text(f"NIK {nik(406)}"), [nik(406)]),
    _note("teks-bebas", b"/Subtype/FreeText/DA(/F1 12 Tf)/Contents" + _text(f"Hubungi {phone(407)}"), [phone(407)]),
    _note("teks-bebas-kaya", b"/Subtype/FreeText/RC" + _text(f"<body><p>NIK {nik(408)}</p></body>"), [nik(408)]),
    _note("stempel", b"/Subtype/Stamp/AP<</N 21 0 R>>", [nik(409)], more={21: form(f"NIK {nik(409)}")}),
    _note("stempel-keadaan", b"/Subtype/Widget/FT/Btn/AS/Ya/AP<</N<</Ya 21 0 R>>>>", [nik(410)], more={21: form(f"NIK {nik(410)}")}),
    _note("stempel-huruf-bersama", b"/Subtype/Widget/FT/Tx/AP<</N 21 0 R>>", [nik(411)], catalog=b"/AcroForm<</Fields[]/DR<</Font<</F1 3 0 R>>>>>>", more={21: stream(draw(f"NIK {nik(411)}"), b"/Subtype/Form/BBox[0 0 200 50]")}),
    _note("stempel-gambar", b"/Subtype/Stamp/AP<</N 21 0 R>>", [], _SEEN, more={21: stream(b"200 0 0 50 0 0 cm /Im1 Do", b"/Subtype/Form/BBox[0 0 200 50]/Resources<</XObject<</Im1 30 0 R>>>>"), 30: _PICTURE}),
    _note("pengarang-catatan", b"/Subtype/Highlight/T" + _text(f"Petugas HP {phone(412)}"), [phone(412)]),
    _note("tautan-wa", b"/Subtype/Link/A<</S/URI/URI(https://wa.me/62%s)>>" % phone(413)[1:].encode(), [phone(413)]),
    _note("tautan-wa-pesan", b"/Subtype/Link/A<</S/URI/URI(https://wa.me/?text=NIK%%20%s)>>" % nik(414).encode(), [nik(414)]),
    _note("tautan-telepon", b"/Subtype/Link/A<</S/URI/URI(tel:%s)>>" % phone(415).encode(), [phone(415)]),
    _note("suara", b"/Subtype/Sound/Sound 21 0 R", [], "rekaman", more={21: stream(bytes(20))}),
    _note("lampiran-catatan", b"/Subtype/FileAttachment/FS 21 0 R", [nik(416)], more={21: b"<</Type/Filespec/F(d.txt)/EF<</F 22 0 R>>>>", 22: stream(b"NIK " + nik(416).encode(), b"/Type/EmbeddedFile")}),
    _field("isian-teks", b"/FT/Tx/V" + _text(f"NIK {nik(417)}"), [nik(417)]),
    _field("isian-hp", b"/FT/Tx/TU(Nomor HP)/V(%s)" % phone(418).encode(), [phone(418)]),
    _field("pilihan", b"/FT/Ch/Ff 131072/V(Parmin %s)/Opt[(Sutini)]" % nik(419).encode(), [nik(419)]),
    _field("pilihan-lain", b"/FT/Ch/Opt[[(a)(Parmin NIK %s)][(b)(Sutini HP %s)]]" % (nik(420).encode(), phone(420).encode()), [nik(420), phone(420)]),
    _field("daftar-terpilih", b"/FT/Ch/V[(NIK %s)(HP %s)]" % (nik(421).encode(), phone(421).encode()), [nik(421), phone(421)]),
    _field("nilai-bawaan", b"/FT/Tx/DV" + _text(f"NIK {nik(422)}"), [nik(422)]),
    _field("anak-isian", b"/Kids[21 0 R]", [nik(423)], extra={21: b"<</Parent 20 0 R/T(nik)/FT/Tx/V(%s)>>" % nik(423).encode()}),
    _field("nama-isian", b"/FT/Tx/V 21 0 R", [nik(424)], extra={21: stream(b"NIK " + nik(424).encode())}),
    _field("tombol", b"/FT/Btn/MK<</CA(Hubungi %s)>>" % phone(425).encode(), [phone(425)]),
    _pdf("xfa", [nik(426)], catalog=b"/AcroForm<</Fields[]/XFA 20 0 R>>", more={20: stream(_XFA.format(nik(426)).encode())}),
    _pdf("xfa-potongan", [nik(427)], catalog=b"/AcroForm<</Fields[]/XFA[(a) 20 0 R (b) 21 0 R]>>", more={20: stream(_XFA.format(nik(427))[:70].encode()), 21: stream(_XFA.format(nik(427))[70:].encode())}),
    _pdf("xmp", [nik(428)], catalog=b"/Metadata 20 0 R", more={20: stream(_XMP.format("Petugas", f"NIK {nik(428)}").encode(), b"/Type/Metadata/Subtype/XML")}),
    _pdf("xmp-atribut", [phone(429)], catalog=b"/Metadata 20 0 R", more={20: stream(_XMP.format(f"Petugas {phone(429)}", "Daftar").encode(), b"/Type/Metadata/Subtype/XML")}),
    _pdf("penanda", [nik(430)], catalog=b"/Outlines 20 0 R", more={20: b"<</First 21 0 R/Last 21 0 R>>", 21: b"<</Title(NIK %s)/Parent 20 0 R>>" % nik(430).encode()}),
    _pdf("penanda-utf16", [nik(431)], catalog=b"/Outlines 20 0 R", more={20: b"<</First 21 0 R>>", 21: b"<</Title<FEFF%s>>>" % f"NIK {nik(431)}".encode("utf-16-be").hex().encode()}),
    _pdf("penanda-tautan", [phone(432)], catalog=b"/Outlines 20 0 R", more={20: b"<</First 21 0 R>>", 21: b"<</Title(Kontak)/A<</S/URI/URI(https://wa.me/62%s)>>>>" % phone(432)[1:].encode()}),
    _pdf("teks-alternatif", [nik(433)], catalog=b"/StructTreeRoot<</K 20 0 R>>", more={20: b"<</S/Figure/Alt(KTP NIK %s)>>" % nik(433).encode()}),
    _pdf("lampiran-teks", [nik(434)], **_attach(b"daftar.txt", b"NIK " + nik(434).encode())),
    _pdf("lampiran-word", [nik(435)], **_attach(b"daftar.docx", docx(p(f"NIK {nik(435)}")))),
    _pdf("lampiran-pdf", [nik(436)], **_attach(b"daftar.pdf", make(draw(f"NIK {nik(436)}")))),
    _pdf("lampiran-gambar", [], _SEEN, **_attach(b"ktp.jpg", JPEG)),
    _pdf("lampiran-asing", [], "daftar.rar", **_attach(b"daftar.rar", b"Rar!\x1a\x07\x01\x00" + bytes(200))),
    _pdf("lampiran-af", [nik(437)], **_attach(b"d.csv", b"Nama;NIK\nParmin;" + nik(437).encode(), b"/AF[20 0 R]")),
    _pdf("nama-lampiran", [nik(438)], **_attach(b"KTP " + nik(438).encode() + b".txt", b"isi")),
    _pdf("skrip", [nik(439)], catalog=b"/OpenAction<</S/JavaScript/JS(app.alert\\('NIK %s'\\))>>" % nik(439).encode()),
    Case("versi-lama.pdf", lambda: _rewrite(make(draw(f"NIK {nik(440)}")), 11, stream(_LETTER)), (nik(440),)),
    Case("versi-lama-dua.pdf", lambda: _rewrite(_rewrite(make(draw(f"NIK {nik(441)}")), 11, stream(draw(f"HP {phone(441)}"))), 11, stream(_LETTER)), (nik(441), phone(441))),
    Case("ditandatangani.pdf", lambda: _rewrite(make(), 4, b"<</Title(Surat)>>")),
    Case("versi-lama-pindaian.pdf", lambda: _rewrite(make(_image(595, 842), **_IMAGES), 11, stream(_LETTER)), (), _INNER),
    _pdf("tanpa-tounicode", [], _LETTERS, content=_LETTER + b"\n" + _type0(f"NIK {nik(442)}"), fonts=b"/F2 30 0 R", more=_TYPE0),
    _pdf("dengan-tounicode", [nik(443)], content=_LETTER + b"\n" + _type0(f"NIK {nik(443)}"), fonts=b"/F2 30 0 R", more={**_TYPE0, 30: _TYPE0[30][:-2] + b"/ToUnicode 33 0 R>>", 33: stream(_CMAP)}),
    _pdf("huruf-tak-terpakai", fonts=b"/F2 30 0 R", more=_TYPE0),
    _pdf("huruf-tergambar", [], _LETTERS, content=b"BT /F2 12 Tf 72 700 Td (!\\042!) Tj ET", fonts=b"/F2 30 0 R", more=_TYPE3),
    _pdf("nama-huruf-asing", [], _LETTERS, content=b"BT /F2 12 Tf 72 700 Td (ABC) Tj ET", fonts=b"/F2 30 0 R", more=_DIFFERENT),
    _pdf("tanda-kendali", [], _LETTERS, content=draw("Daftar ") + b" BT /F1 12 Tf 72 600 Td <131415161718> Tj ET"),
    _pdf("pindaian", [], _SCAN, content=_image(595, 842), **_IMAGES),
    _pdf("pindaian-nomor", [], _SCAN, content=_image(595, 842, draw("Halaman 1")), **_IMAGES),
    _pdf("pindaian-stempel", [], _SCAN, content=_image(560, 800, draw("SALINAN SESUAI ASLI")), **_IMAGES),
    _pdf("pindaian-dalam-bentuk", [], _SCAN, content=b"q /Fm1 Do Q " + draw("1"), objects=b"/Fm1 31 0 R", more={30: _PICTURE, 31: stream(b"595 0 0 842 0 0 cm /Im1 Do", b"/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</Im1 30 0 R>>>>")}),
    _pdf("pindaian-lajur", [], _SCAN, content=b"".join(b"q 595 0 0 84 0 %d cm /Im1 Do Q " % (n * 84) for n in range(10)) + draw("1"), **_IMAGES),
    _pdf("pindaian-sebaris", [], _SCAN, content=b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q " + draw("Halaman 1")),
    _pdf("pindaian-ocr", [nik(444)], _SCAN, content=_image(595, 842, b"3 Tr " + draw(f"NIK {nik(444)}")), **_IMAGES),
    _pdf("foto-kecil", [nik(445)], _SEEN, content=_image(200, 120, draw(f"NIK {nik(445)}")), **_IMAGES),
    _pdf("titik-gambar", content=_image(8, 8, _LETTER), **_IMAGES),
    _pdf("garis-luar", [], _SCAN, content=_CURVES + draw("1")),
    _pdf("pola-gambar", [], _SEEN, content=b"/Pattern cs /P1 scn 0 0 595 842 re f " + _LETTER, resources=b"/Pattern<</P1 31 0 R>>", more={30: _PICTURE, 31: stream(b"8 0 0 8 0 0 cm /Im1 Do", b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 8 8]/XStep 8/YStep 8/Resources<</XObject<</Im1 30 0 R>>>>")}),
    _pdf("halaman-kosong", [], "tidak memuat teks", content=b""),
    Case("halaman-bergaris.pdf", lambda: make_pdf(draw("Daftar"), b"0 0 m 9 9 l S"), (), "halaman 2"),
    Case("terkunci.pdf", lambda: _encrypt(make(draw("Daftar")), "rahasia"), (), "kata sandi"),
    Case("terkunci-pemilik.pdf", lambda: _encrypt(make(draw(f"NIK {nik(446)}")), ""), (nik(446),)),
    Case("awalan.pdf", lambda: b"\r\n\x00\x00junk\n" + make(draw(f"NIK {nik(447)}")), (nik(447),)),
    Case("akhiran.pdf", lambda: make(draw(f"NIK {nik(448)}")) + b"\x00" * 3000, (nik(448),)),
    Case("akhiran-teks.pdf", lambda: make() + b"\nHP %s\n" % phone(449).encode(), (phone(449),)),
    Case("rusak.pdf", lambda: make()[:300], (), "rusak"),
)  # fmt: skip
