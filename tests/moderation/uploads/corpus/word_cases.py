"""Letters and lists of a word processor."""

from functools import partial

from .cases import JPEG, PNG, Case, nik, phone
from .packages import docx, odf, p, pack, relations, rows, w, xlsx

_LETTER = p("Pemberitahuan kerja bakti hari Minggu di balai desa.")
_PICTURE = "gambar yang tidak diperiksa"


def _del(words, tag="del"):
    inner = "delText" if tag in {"del"} else "t"
    return f'<w:{tag} w:id="7" w:author="Petugas" w:date="2026-11-02T09:00:00Z"><w:r><w:{inner}>{words}</w:{inner}></w:r></w:{tag}>'


def _r(words):
    return f"<w:r><w:t>{words}</w:t></w:r>"


def _table(*lines):
    cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in line) for line in lines)
    return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in cells) + "</w:tbl>"


def _box(words):
    inner = f"<w:txbxContent>{p(words)}</w:txbxContent>"
    return (
        f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{inner}</wps:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


def _image(descr="", title=""):
    return f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="Gambar 1" descr="{descr}" title="{title}"/></wp:inline></w:drawing></w:r></w:p>'


def _chart(*values):
    points = "".join(f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(values))
    return f'<c:chartSpace xmlns:c="x" xmlns:a="y"><c:cat><c:strRef><c:f>Sheet1!$A$2</c:f><c:strCache>{points}</c:strCache></c:strRef></c:cat></c:chartSpace>'


def _smart(words):
    return f'<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:pt modelId="{{1F2A}}"><dgm:t><a:p><a:r><a:t>{words}</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>'


_MHT = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset="utf-8"\r\n'
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><p>NIK {}<=\r\n/p></body></html>\r\n--b--\r\n"
)
_ODT_CHANGES = (
    '<text:tracked-changes><text:changed-region text:id="ct1"><text:deletion><office:change-info><dc:creator>Petugas'
    "</dc:creator><dc:date>2026-11-02T09:00:00</dc:date></office:change-info><text:p>{}</text:p></text:deletion>"
    '</text:changed-region><text:changed-region text:id="ct2"><text:insertion/></text:changed-region></text:tracked-changes>'
    '<text:p>Daftar {}<text:change text:change-id="ct1"/><text:change-start text:change-id="ct2"/>{}<text:change-end '
    'text:change-id="ct2"/></text:p>'
)


def _word(name, body, finds=(), names="", parts=None, main="word/document.xml"):
    return Case(f"{name}.docx", partial(docx, body, parts, main), tuple(finds), names)


def _odt(name, body, finds=(), names="", parts=None, styles=""):
    return Case(f"{name}.odt", partial(odf, body, "text", parts, styles), tuple(finds), names)


CASES = (
    _word("undangan", _LETTER),
    _word("rangka", _LETTER, parts={"word/fontTable.xml": w('<w:font w:name="Times New Roman"><w:panose1 w:val="02020603050405020304"/><w:sig w:usb0="20002A87" w:csb0="000001FF"/></w:font>', "fonts"), "word/theme/theme1.xml": '<a:theme xmlns:a="a"><a:latin typeface="Calibri Light" panose="05020102010507070707"/></a:theme>'}),
    _word("letak", "<w:p><w:r><w:drawing><wp:anchor><wp:positionH><wp:posOffset>33131501</wp:posOffset></wp:positionH><wp:positionV><wp:posOffset>02609001</wp:posOffset></wp:positionV></wp:anchor></w:drawing></w:r><w:r><w:t>Denah</w:t></w:r></w:p>"),
    _word("jumlah", _LETTER, parts={"docProps/app.xml": "<Properties><TotalTime>3313</TotalTime><Pages>150102</Pages><Words>609001</Words></Properties>"}),
    _word("bentuk", _LETTER + '<w:p><w:r><w:pict><v:shape coordsize="21600,21600" path="m0 0 33131501 02609001 l21600 21600 xe" o:gfxdata="UEsDBBQ33131501026090010"/></w:pict></w:r></w:p>'),
    _word("data-xml-id", _LETTER, [nik(48)], parts={"customXml/item1.xml": f"<data><id>{nik(48)}</id></data>"}),
    _word("paragraf", p(f"Peserta: NIK {nik(1)}"), [nik(1)]),
    _word("potongan", f"<w:p>{_r('NIK ' + nik(2)[:6])}{_r(nik(2)[6:])}</w:p>", [nik(2)]),
    _word("tabel", _table(("Nama", "NIK", "No HP"), ("Parmin", nik(3), phone(3)), ("Sutini", nik(4), phone(4))), [nik(3), phone(3), nik(4), phone(4)]),
    _word("tabel-hp-tanpa-nol", _table(("Nama", "No HP"), ("Parmin", phone(5)[1:])), [phone(5)]),
    _word("tabel-bersarang", f"<w:tbl><w:tr><w:tc>{p('Lampiran')}{_table(('NIK', nik(6)))}</w:tc></w:tr></w:tbl>", [nik(6)]),
    _word("word-online", p(f"NIK {nik(7)}"), [nik(7)], main="word/document2.xml"),
    _word("kepala", _LETTER, [nik(8)], parts={"word/header1.xml": w(p(f"NIK {nik(8)}"), "hdr")}),
    _word("kaki", _LETTER, [phone(9)], parts={"word/footer3.xml": w(p(f"Hubungi {phone(9)}"), "ftr")}),
    _word("catatan-kaki", _LETTER, [nik(10)], parts={"word/footnotes.xml": w(f'<w:footnote w:id="1">{p("NIK " + nik(10))}</w:footnote>', "footnotes")}),
    _word("catatan-akhir", _LETTER, [nik(11)], parts={"word/endnotes.xml": w(f'<w:endnote w:id="1">{p(nik(11))}</w:endnote>', "endnotes")}),
    _word("komentar", _LETTER, [phone(12)], parts={"word/comments.xml": w(f'<w:comment w:id="0" w:author="Petugas">{p("telp " + phone(12))}</w:comment>', "comments")}),
    _word("komentar-baru", _LETTER, [nik(13)], parts={"word/comments2.xml": w(f'<w:comment w:id="0">{p(nik(13))}</w:comment>', "comments")}),
    _word("kotak-teks", _LETTER + _box(f"NIK {nik(14)}"), [nik(14)]),
    _word("smartart", _LETTER, [nik(15)], parts={"word/diagrams/data1.xml": _smart(f"NIK {nik(15)}")}),
    _word("grafik", _LETTER, [nik(16), phone(16)], parts={"word/charts/chart1.xml": _chart(f"Parmin {nik(16)}", f"HP {phone(16)}")}),
    _word("grafik-angka", _LETTER, [nik(17)[:14] + "00"], parts={"word/charts/chart1.xml": _chart(f"{nik(17)[0]}.{nik(17)[1:14]}E15")}),
    _word("buku-kerja-tertanam", _LETTER, [nik(18)], parts={"word/embeddings/Microsoft_Excel_Worksheet.xlsx": xlsx(rows(("NIK",), (nik(18),)))}),
    _word("dokumen-tertanam", _LETTER, [nik(19)], parts={"word/embeddings/Microsoft_Word_Document1.docx": docx(p(f"NIK {nik(19)}"))}),
    _word("objek-lama-tertanam", _LETTER, [], "Bagian berkas ini", parts={"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)}),
    _word("tautan-wa", _LETTER, [phone(20)], parts={"word/_rels/document.xml.rels": relations(("rId5", f"https://wa.me/62{phone(20)[1:]}"))}),
    _word("tautan-wa-pesan", _LETTER, [nik(21)], parts={"word/_rels/document.xml.rels": relations(("rId5", f"https://wa.me/?text=NIK%20{nik(21)}"))}),
    _word("tautan-telepon", _LETTER, [phone(22)], parts={"word/_rels/document.xml.rels": relations(("rId5", f"tel:+62{phone(22)[1:]}"))}),
    _word("tautan-surel", _LETTER, ["parmin.contoh@gmail.com"], parts={"word/_rels/document.xml.rels": relations(("rId5", "mailto:parmin.contoh%40gmail.com"))}),
    _word("bidang-tautan", f'<w:p><w:r><w:instrText xml:space="preserve"> HYPERLINK "https://wa.me/62{phone(23)[1:]}" </w:instrText></w:r>{_r("Hubungi kami")}</w:p>', [phone(23)]),
    _word("teks-alternatif", _LETTER + _image(descr=f"KTP Parmin, NIK {nik(24)}"), [nik(24)]),
    _word("judul-gambar", _LETTER + _image(title=nik(25)), [nik(25)]),
    _word("gambar", _LETTER + _image(), [], _PICTURE, parts={"word/media/image1.png": PNG}),
    _word("hanya-gambar", _image(), [], _PICTURE, parts={"word/media/image1.jpeg": JPEG}),
    _word("gambar-emf", _LETTER, [], _PICTURE, parts={"word/media/image1.emf": b"\x01\x00\x00\x00" + bytes(36) + b" EMF" + bytes(40)}),
    _word("gambar-svg", _LETTER, [nik(26)], _PICTURE, parts={"word/media/image1.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><text>{nik(26)}</text></svg>'}),
    _word("rekaman", _LETTER, [], "rekaman", parts={"word/media/media1.mp4": bytes(4) + b"ftypisom" + bytes(40)}),
    _word("sifat-khusus", _LETTER, [nik(27)], parts={"docProps/custom.xml": f'<Properties xmlns:vt="v"><property name="NIK pemohon" pid="2"><vt:lpwstr>{nik(27)}</vt:lpwstr></property></Properties>'}),
    _word("sifat-inti", _LETTER, [phone(28)], parts={"docProps/core.xml": f"<cp:coreProperties xmlns:cp='c' xmlns:dc='d'><dc:description>Hubungi {phone(28)}</dc:description></cp:coreProperties>"}),
    _word("perusahaan", _LETTER, [phone(29)], parts={"docProps/app.xml": f"<Properties><Application>Microsoft Office Word</Application><Manager>Parmin {phone(29)}</Manager><Company>Kantor</Company></Properties>"}),
    _word("variabel", _LETTER, [nik(30)], parts={"word/settings.xml": w(f'<w:docVars><w:docVar w:name="Nik" w:val="{nik(30)}"/></w:docVars><w:rsids><w:rsid w:val="00812345"/></w:rsids>', "settings")}),
    _word("glosarium", _LETTER, [nik(31)], parts={"word/glossary/document.xml": w(f"<w:docParts>{p('NIK ' + nik(31))}</w:docParts>", "glossaryDocument")}),
    _word("data-xml", _LETTER, [nik(32)], parts={"customXml/item1.xml": f"<data><pemohon><nik>{nik(32)}</nik></pemohon></data>"}),
    _word("daftar-pilihan", _LETTER + f'<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="Parmin {nik(33)}" w:value="1"/></w:dropDownList></w:sdtPr><w:sdtContent>{p("Pilih")}</w:sdtContent></w:sdt>', [nik(33)]),
    _word("mht", _LETTER, [nik(34)], parts={"word/afchunk.mht": _MHT.format(nik(34))}),
    _word("html-tertanam", _LETTER, [nik(35)], parts={"word/afchunk.html": f"<html><body>NIK <b>{nik(35)[:8]}</b>{nik(35)[8:]}</body></html>"}),
    _word("hapusan", f"<w:p>{_r('Peserta: ')}{_del('NIK ' + nik(36))}{_r('satu orang')}</w:p>", [nik(36)]),
    _word("sisipan-di-tengah", f"<w:p>{_r('NIK ' + nik(37)[:8])}{_del('99')}{_del(nik(37)[8:], 'ins')}</w:p>", [nik(37)]),
    _word("hapusan-di-tengah", f"<w:p>{_r('NIK ' + nik(38)[:10])}{_del('xx', 'ins')}{_del(nik(38)[10:])}</w:p>", [nik(38)]),
    _word("pindahan", f"<w:p><w:moveFrom>{_r('NIK ' + nik(39))}</w:moveFrom></w:p><w:p><w:moveTo>{_r('selesai')}</w:moveTo></w:p>", [nik(39)]),
    _word("tanda-paragraf-dihapus", f"<w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>{_r('NIK ' + nik(40)[:9])}</w:p><w:p>{_r(nik(40)[9:])}</w:p>", [nik(40)]),
    _word("tersembunyi", f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>NIK {nik(41)}</w:t></w:r></w:p>", [nik(41)]),
    _word("simbol", "<w:p>" + _r("NIK " + nik(42)[:-1]) + f'<w:r><w:sym w:font="Symbol" w:char="F0{0x30 + int(nik(42)[-1]):02X}"/></w:r></w:p>', [nik(42)]),
    _word("tanda-hubung-tetap", f"<w:p><w:r><w:t>HP {phone(43)[:4]}</w:t><w:noBreakHyphen/><w:t>{phone(43)[4:8]}</w:t><w:noBreakHyphen/><w:t>{phone(43)[8:]}</w:t></w:r></w:p>", [phone(43)]),
    _word("utf-16", "", [nik(44)], parts={"word/header1.xml": w(p(f"NIK {nik(44)}"), "hdr").replace("UTF-8", "UTF-16").encode("utf-16")}),
    _word("bagian-rusak", _LETTER, [nik(45)], "rusak", parts={"word/header1.xml": f"<w:hdr><w:p>NIK {nik(45)}</w:hdr>"}),
    _word("bagian-asing", _LETTER, [], "Bagian berkas ini", parts={"word/data.dat": bytes(range(256)) * 8}),
    _word("huruf-tertanam", _LETTER, parts={"word/fonts/font1.odttf": bytes(range(256)) * 8, "docProps/thumbnail.jpeg": JPEG}),
    _word("kosong", p(""), [], "tidak memuat teks", parts={"docProps/core.xml": "<a><dc:title xmlns:dc='d'>Daftar hadir kegiatan</dc:title></a>"}),
    _word("pdf-tertanam", _LETTER, [], "Bagian berkas ini", parts={"word/embeddings/oleObject2.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1%PDF-1.7"}),
    _word("pengarang-perubahan", f'<w:p><w:ins w:author="Petugas HP {phone(46)}">{_r("teks")}</w:ins></w:p>', [phone(46)]),
    _word("jenis-isi-saja", p(f"NIK {nik(47)}"), [nik(47)], main="isi/naskah.xml"),
    Case("berkas-kosong.docx", partial(pack, {"[Content_Types].xml": "<Types/>"}), (), "tidak memuat teks"),
    _odt("surat", "<text:p>Pemberitahuan kerja bakti.</text:p>"),
    _odt("paragraf", f"<text:p>NIK {nik(50)}</text:p>", [nik(50)]),
    _odt("potongan", f"<text:p>NIK {nik(51)[:5]}<text:span>{nik(51)[5:]}</text:span></text:p>", [nik(51)]),
    _odt("spasi", f"<text:p>NIK<text:s text:c=\"3\"/>{nik(52)}<text:tab/>HP<text:line-break/>{phone(52)}</text:p>", [nik(52), phone(52)]),
    _odt("catatan", f"<text:p>Daftar<office:annotation><dc:creator>Petugas</dc:creator><text:p>telp {phone(53)}</text:p></office:annotation></text:p>", [phone(53)]),
    _odt("kepala", "<text:p>Daftar</text:p>", [nik(54)], styles=f"<style:header><text:p>NIK {nik(54)}</text:p></style:header>"),
    _odt("tautan", f'<text:p><text:a xlink:href="https://wa.me/62{phone(55)[1:]}">Hubungi</text:a></text:p>', [phone(55)]),
    _odt("teks-alternatif", f"<text:p>Denah<draw:frame draw:name=\"a\"><svg:desc>KTP, NIK {nik(56)}</svg:desc></draw:frame></text:p>", [nik(56)]),
    _odt("gambar", "<text:p>Denah</text:p>", [], _PICTURE, parts={"Pictures/1000.png": PNG}),
    _odt("hapusan", _ODT_CHANGES.format(nik(57), "NIK ", "sudah dihapus"), [nik(57)]),
    _odt("sisipan", _ODT_CHANGES.format("belum ada", "NIK ", nik(58)), [nik(58)]),
    _odt("hapusan-di-tengah", _ODT_CHANGES.format(nik(59)[7:], "NIK " + nik(59)[:7], "xx"), [nik(59)]),
    _odt("sifat-khusus", "<text:p>Daftar</text:p>", [nik(60)], parts={"meta.xml": f'<office:document-meta xmlns:office="o" xmlns:meta="m"><meta:user-defined meta:name="NIK">{nik(60)}</meta:user-defined></office:document-meta>'}),
    _odt("objek", "<text:p>Daftar</text:p>", [nik(61)], parts={"Object 1/content.xml": f'<office:document-content xmlns:office="o" xmlns:text="t"><text:p>NIK {nik(61)}</text:p></office:document-content>', "ObjectReplacements/Object 1": PNG}),
    _odt("objek-gambar", "<text:p>Daftar</text:p>", [], _PICTURE, parts={"ObjectReplacements/Object 7": PNG}),
    _odt("terkunci", "<text:p>x</text:p>", [], "kata sandi", parts={"content.xml": bytes(range(256)), "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="m"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'}),
    _odt("tabel", f"<table:table><table:table-row><table:table-cell><text:p>Nama</text:p></table:table-cell><table:table-cell><text:p>No HP</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Parmin</text:p></table:table-cell><table:table-cell><text:p>{phone(62)[1:]}</text:p></table:table-cell></table:table-row></table:table>", [phone(62)]),
    _odt("isian", f'<text:p>Nama <text:text-input text:description="NIK {nik(63)}">isi</text:text-input></text:p>', [nik(63)]),
)  # fmt: skip
