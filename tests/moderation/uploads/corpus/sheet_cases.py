"""Workbooks: what a cell shows, what it stores, and what lies behind it."""

from functools import partial

from .cases import PNG, Case, nik, phone
from .packages import docx, odf, p, relations, rows, s, xlsx

_PLAIN = rows(("Nama", "Tugas"), ("Parmin", "Panitia"))
_PICTURE = "gambar yang tidak diperiksa"


def _styles(*codes):
    own = "".join(f'<numFmt numFmtId="{164 + number}" formatCode="{code}"/>' for number, code in enumerate(codes))
    used = "".join(f'<xf numFmtId="{164 + number}"/>' for number in range(len(codes)))
    return {
        "xl/styles.xml": s(
            f'<numFmts>{own}</numFmts><cellXfs><xf numFmtId="0"/>{used}<xf numFmtId="14"/></cellXfs>', "styleSheet"
        )
    }


def _n(value, style=0, formula=""):
    return f'<c s="{style}">{f"<f>{formula}</f>" if formula else ""}<v>{value}</v></c>'


def _shared(*texts):
    return {"xl/sharedStrings.xml": s("".join(f"<si>{text}</si>" for text in texts), "sst")}


def _xlsx(name, sheet, finds=(), names="", parts=None, **options):
    return Case(f"{name}.xlsx", partial(xlsx, sheet, parts, **options), tuple(finds), names)


def _cell(words, stored="", repeated=1):
    value = f' office:value-type="float" office:value="{stored}"' if stored else ""
    times = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-cell{value}{times}><text:p>{words}</text:p></table:table-cell>"


def _ods(name, *lines, finds=(), names="", before="", parts=None, styles="", table="Daftar"):
    body = "".join(f"<table:table-row>{''.join(line)}</table:table-row>" for line in lines)
    body = f'{before}<table:table table:name="{table}">{body}</table:table>'
    return Case(f"{name}.ods", partial(odf, body, "spreadsheet", parts, styles), tuple(finds), names)


def _sci(digits):
    return f"{digits[0]}.{digits[1:]}E+{len(digits) - 1}"


_HIDDEN = '<sheets><sheet name="Daftar" sheetId="1"/><sheet name="{}" sheetId="2" state="hidden"/></sheets>'
_NAMES = '<sheets><sheet name="Daftar" sheetId="1"/></sheets><definedNames><definedName name="kontak" comment="{}">"{}"</definedName></definedNames>'

CASES = (
    _xlsx("anggaran", rows(("Uraian", "Jumlah"), ("Sewa tenda", _n(1500000)), ("Konsumsi", _n(12500000)))),
    _xlsx("angka", rows(("Nomor", "Hari", "Satuan", "Harga", "Jumlah"), *((_n(n), _n(12 + n), _n(3400 + n), _n(150000 + n), _n(1800000 + n)) for n in range(20)))),
    _xlsx("kode-rekening", rows(("Kode", "Uraian"), ("5.1.02.01.01.0024", "Belanja makan"), ("33.13.15.2001", "Desa"))),
    _xlsx("daftar", rows(("Nama", "NIK"), ("Parmin", nik(101)), ("Sutini", nik(102))), [nik(101), nik(102)]),
    _xlsx("teks-bersama", rows(("Nama", '<c t="s"><v>0</v></c>'), ("Parmin", '<c t="s"><v>1</v></c>')), [nik(103)], parts=_shared("<t>NIK</t>", f"<r><t>{nik(103)[:5]}</t></r><r><t>{nik(103)[5:]}</t></r>")),
    _xlsx("teks-bersama-dahulu", rows(('<c t="s"><v>0</v></c>',), ('<c t="s"><v>1</v></c>',)), [phone(104)], parts=_shared("<t>No HP</t>", f"<t>{phone(104)[1:]}</t>")),
    _xlsx("teks-tak-terpakai", _PLAIN, [nik(105)], parts=_shared(f"<t>NIK {nik(105)}</t>")),
    _xlsx("nama-lembar-berkas", rows(("NIK",), (nik(106),)), [nik(106)], place="xl/worksheets/sheet.xml"),
    _xlsx("nama-lembar-bebas", rows(("No HP",), (_n(phone(107)[1:]),)), [phone(107)], place="xl/worksheets/data-warga.xml"),
    _xlsx("nik-angka", rows(("NIK",), (_n(nik(108)[:15] + "0"),)), [nik(108)[:15] + "0"]),
    _xlsx("nik-eksponen", rows(("NIK",), (_n(_sci(nik(109)[:14] + "00")),)), [nik(109)[:14] + "00"]),
    _xlsx("hp-eksponen", rows(("No HP",), (_n(_sci(phone(110)[1:])),)), [phone(110)]),
    _xlsx("hp-format-nol", rows(("Kontak",), (_n(phone(111)[1:], 1),)), [phone(111)], parts=_styles("000000000000")),
    _xlsx("hp-format-awalan", rows(("Kontak",), (_n(phone(112)[1:], 1),)), [phone(112)], parts=_styles("&quot;0&quot;#")),
    _xlsx("hp-format-62", rows(("Kontak",), (_n(phone(113)[1:], 1),)), [phone(113)], parts=_styles("&quot;+62&quot;0")),
    _xlsx("hp-format-garis", rows(("Kontak",), (_n(phone(114)[1:], 1),)), [phone(114)], parts=_styles("0000\\-0000\\-0000")),
    _xlsx("rumus-nilai", rows(("Kontak",), (f'<c t="str"><f>"08"&amp;A9</f><v>{phone(115)}</v></c>',)), [phone(115)]),
    _xlsx("rumus-tautan", rows(("Kontak",), (f'<c t="str"><f>HYPERLINK("https://wa.me/62{phone(116)[1:]}","Hubungi")</f><v>Hubungi</v></c>',)), [phone(116)]),
    _xlsx("tautan", _PLAIN + '<hyperlinks><hyperlink ref="A1" id="rId1"/></hyperlinks>', [phone(117)], parts={"xl/worksheets/_rels/sheet1.xml.rels": relations(("rId1", f"https://wa.me/62{phone(117)[1:]}"))}),
    _xlsx("tautan-petunjuk", _PLAIN + f'<hyperlinks><hyperlink ref="A1" location="B1" tooltip="NIK {nik(118)}" display="Parmin"/></hyperlinks>', [nik(118)]),
    _xlsx("komentar", _PLAIN, [nik(119)], parts={"xl/comments1.xml": s(f'<authors><author>Petugas</author></authors><commentList><comment ref="A1"><text><r><t>NIK {nik(119)[:6]}</t></r><r><t>{nik(119)[6:]}</t></r></text></comment></commentList>', "comments")}),
    _xlsx("komentar-berutas", _PLAIN, [phone(120)], parts={"xl/threadedComments/threadedComment1.xml": f'<ThreadedComments xmlns="t"><threadedComment ref="A1" dT="2026-11-02T09:00:00.00" personId="{{1A2B3C4D-0000-1111-2222-333344445555}}" id="{{1A2B3C4D-0000-1111-2222-333344445556}}"><text>Hubungi {phone(120)}</text></threadedComment></ThreadedComments>'}),
    _xlsx("orang-komentar", _PLAIN, ["parmin.contoh@gmail.com"], parts={"xl/persons/person.xml": '<personList xmlns="t"><person displayName="Parmin" id="{1A2B3C4D-0000-1111-2222-333344445555}" userId="parmin.contoh@gmail.com" providerId="AD"/></personList>'}),
    _xlsx("nama-lembar", _PLAIN, [nik(121)], book=_HIDDEN.format(f"NIK {nik(121)}")),
    _xlsx("nama-lembar-hp", _PLAIN, [phone(122)], book=_HIDDEN.format(f"Parmin {phone(122)}")),
    _xlsx("nama-tertentu", _PLAIN, [nik(123), phone(123)], book=_NAMES.format(f"HP {phone(123)}", nik(123))),
    _xlsx("lembar-tersembunyi", _PLAIN, [nik(124)], parts={"xl/worksheets/sheet2.xml": s(rows(("NIK",), (nik(124),)))}),
    _xlsx("pivot-tembolok", _PLAIN, [nik(125), phone(125)], parts={"xl/pivotCache/pivotCacheDefinition1.xml": s(f'<cacheFields><cacheField name="NIK"><sharedItems><s v="{nik(125)}"/></sharedItems></cacheField><cacheField name="No HP"><sharedItems><s v="{phone(125)[1:]}"/></sharedItems></cacheField></cacheFields>', "pivotCacheDefinition")}),
    _xlsx("pivot-rekaman", _PLAIN, [nik(126)], parts={"xl/pivotCache/pivotCacheRecords1.xml": s(f'<r><s v="Parmin"/><s v="{nik(126)}"/><x v="0"/></r>', "pivotCacheRecords")}),
    _xlsx("pivot-angka", _PLAIN, [nik(127)[:14] + "00"], parts={"xl/pivotCache/pivotCacheRecords1.xml": s(f'<r><n v="{_sci(nik(127)[:14] + "00")}"/></r>', "pivotCacheRecords")}),
    _xlsx("validasi-daftar", _PLAIN + f'<dataValidations><dataValidation prompt="Isi NIK, misalnya {nik(128)}"><formula1>"Parmin {phone(128)},Sutini"</formula1></dataValidation></dataValidations>', [nik(128), phone(128)]),
    _xlsx("kepala-cetak", _PLAIN + f"<headerFooter><oddHeader>&amp;CDaftar NIK {nik(129)}</oddHeader></headerFooter>", [nik(129)]),
    _xlsx("kotak-teks", _PLAIN, [nik(130)], parts={"xl/drawings/drawing1.xml": f'<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:sp><xdr:txBody><a:p><a:r><a:t>NIK {nik(130)}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>'}),
    _xlsx("vml", _PLAIN, [nik(131)], parts={"xl/drawings/vmlDrawing1.vml": f'<xml xmlns:v="v"><v:textbox><div style="text-align:left"><br>NIK {nik(131)}</div></v:textbox></xml>'}),
    _xlsx("grafik", _PLAIN, [nik(132)], parts={"xl/charts/chart1.xml": f'<c:chartSpace xmlns:c="c"><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>NIK {nik(132)}</c:v></c:pt></c:strCache></c:strRef></c:tx></c:chartSpace>'}),
    _xlsx("tautan-luar", _PLAIN, [nik(133)], parts={"xl/externalLinks/externalLink1.xml": s(f'<externalBook><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>{nik(133)}</v></cell></row></sheetData></sheetDataSet></externalBook>', "externalLink")}),
    _xlsx("gambar", _PLAIN, [], _PICTURE, parts={"xl/media/image1.png": PNG}),
    _xlsx("teks-alternatif", _PLAIN, [nik(134)], parts={"xl/drawings/drawing1.xml": f'<xdr:wsDr xmlns:xdr="x"><xdr:pic><xdr:cNvPr id="2" name="Gambar 1" descr="KTP NIK {nik(134)}"/></xdr:pic></xdr:wsDr>'}),
    _xlsx("perubahan", _PLAIN, [nik(135)], parts={"xl/revisions/revisionLog1.xml": s(f'<rcc rId="1" sId="1"><oc r="A1" t="inlineStr"><is><t>NIK {nik(135)}</t></is></oc></rcc>', "revisions")}),
    _xlsx("pengaturan-pencetak", _PLAIN, parts={"xl/printerSettings/printerSettings1.bin": bytes(range(256)) * 3}),
    _xlsx("lembar-biner", _PLAIN, [], "Bagian berkas ini", parts={"xl/worksheets/sheet2.bin": bytes(range(256)) * 3}),
    _xlsx("sifat-khusus", _PLAIN, [phone(136)], parts={"docProps/custom.xml": f'<Properties xmlns:vt="v"><property name="Kontak" pid="2"><vt:lpwstr>{phone(136)}</vt:lpwstr></property></Properties>'}),
    _xlsx("dokumen-tertanam", _PLAIN, [nik(137)], parts={"xl/embeddings/Microsoft_Word_Document.docx": docx(p(f"NIK {nik(137)}"))}),
    _xlsx("tanggal-lahir", rows(("Nama", "Tanggal lahir"), ("Parmin", _n(24837, 1))), ["31/12/1967"], parts=_styles("dd/mm/yyyy")),
    _xlsx("kolom-jauh", f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Nama</t></is></c><c r="XFD1" t="inlineStr"><is><t>{nik(138)}</t></is></c></row></sheetData>', [nik(138)]),
    _xlsx("kosong", "<sheetData/>", [], "tidak memuat teks", book='<sheets><sheet name="Sheet1"/></sheets>'),
    _xlsx("kosong-bergambar", "<sheetData/>", [], _PICTURE, parts={"xl/media/image1.png": PNG}),
    _ods("anggaran", (_cell("Sewa tenda"), _cell("Rp1.500.000", "1500000"))),
    _ods("daftar", (_cell("Nama"), _cell("NIK")), (_cell("Parmin"), _cell(nik(150))), finds=[nik(150)]),
    _ods("nik-tersimpan", (_cell("NIK"),), (_cell("3,31E+15", _sci(nik(151)[:14] + "00")),), finds=[nik(151)[:14] + "00"]),
    _ods("nik-tersimpan-panjang", (_cell("NIK"),), (_cell("3,31E+15", nik(152)[:15] + "0"),), finds=[nik(152)[:15] + "0"]),
    _ods("hp-tersimpan", (_cell("Nama"), _cell("No HP")), (_cell("Parmin"), _cell("8,13E+10", phone(153)[1:])), finds=[phone(153)]),
    _ods("hp-tampak", (_cell("No HP"),), (_cell(phone(154), phone(154)[1:]),), finds=[phone(154)]),
    _ods("kolom-berulang", (_cell("Nama"), _cell("", repeated=3), _cell("No HP")), (_cell("Parmin"), _cell("", repeated=3), _cell(phone(155)[1:])), finds=[phone(155)]),
    _ods("nama-lembar", (_cell("Nama"),), finds=[nik(156)], table=f"NIK {nik(156)}"),
    _ods("komentar", (f"<table:table-cell><office:annotation><text:p>NIK {nik(157)}</text:p></office:annotation><text:p>Parmin</text:p></table:table-cell>",), finds=[nik(157)]),
    _ods("rumus", (f'<table:table-cell table:formula="of:=HYPERLINK(&quot;https://wa.me/62{phone(158)[1:]}&quot;;&quot;Hubungi&quot;)"><text:p>Hubungi</text:p></table:table-cell>',), finds=[phone(158)]),
    _ods("perubahan", (_cell("Parmin"),), finds=[nik(159)], before=f'<table:tracked-changes><table:cell-content-change><table:previous><table:change-track-table-cell><text:p>NIK {nik(159)}</text:p></table:change-track-table-cell></table:previous></table:cell-content-change></table:tracked-changes>'),
    _ods("validasi", (_cell("Parmin"),), finds=[nik(160)], before=f'<table:content-validations><table:content-validation table:condition="of:cell-content-is-in-list(&quot;NIK {nik(160)}&quot;)"/></table:content-validations>'),
    _ods("gambar", (_cell("Parmin"),), names=_PICTURE, parts={"Pictures/1.png": PNG}),
    _ods("kosong", (_cell(""),), names="tidak memuat teks", styles="<text:p><text:sheet-name>???</text:sheet-name></text:p><text:p>Halaman 1</text:p>", table="Lembar1"),
)  # fmt: skip
