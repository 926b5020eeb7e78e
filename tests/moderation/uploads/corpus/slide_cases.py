"""Presentations."""

from functools import partial

from .cases import JPEG, Case, nik, phone
from .packages import odf, pptx, relations, rows, slide, xlsx

_FIRST = {"ppt/slides/slide1.xml": slide("Rapat koordinasi")}


def _pptx(name, parts, finds=(), names=""):
    return Case(f"{name}.pptx", partial(pptx, {**_FIRST, **parts}), tuple(finds), names)


def _odp(name, body, finds=(), names="", parts=None):
    return Case(
        f"{name}.odp",
        partial(odf, f'<draw:page draw:name="page1">{body}</draw:page>', "presentation", parts),
        tuple(finds),
        names,
    )


CASES = (
    _pptx("rapat", {}),
    _pptx("salindia", {"ppt/slides/slide2.xml": slide(f"NIK {nik(201)}")}, [nik(201)]),
    _pptx("nama-bagian-bebas", {"ppt/slides/slide.xml": slide(f"NIK {nik(202)}")}, [nik(202)]),
    _pptx("catatan", {"ppt/notesSlides/notesSlide1.xml": slide(f"Hubungi {phone(203)}")}, [phone(203)]),
    _pptx("komentar", {"ppt/comments/modernComment_1.xml": f'<p188:cmLst xmlns:p188="p" xmlns:a="a"><p188:cm id="{{1A2B3C4D-0000-1111-2222-333344445555}}"><p188:txBody><a:p><a:r><a:t>NIK {nik(204)}</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>'}, [nik(204)]),
    _pptx("komentar-lama", {"ppt/comments/comment1.xml": f'<p:cmLst xmlns:p="p"><p:cm authorId="0"><p:text>HP {phone(205)}</p:text></p:cm></p:cmLst>'}, [phone(205)]),
    _pptx("tabel", {"ppt/slides/slide2.xml": slide("Daftar", f"<a:tbl><a:tr><a:tc><a:p><a:r><a:t>No HP</a:t></a:r></a:p></a:tc></a:tr><a:tr><a:tc><a:p><a:r><a:t>{phone(206)[1:]}</a:t></a:r></a:p></a:tc></a:tr></a:tbl>")}, [phone(206)]),
    _pptx("smartart", {"ppt/diagrams/data1.xml": slide(f"NIK {nik(207)}")}, [nik(207)]),
    _pptx("grafik", {"ppt/charts/chart1.xml": f'<c:chartSpace xmlns:c="c"><c:v>NIK {nik(208)}</c:v></c:chartSpace>'}, [nik(208)]),
    _pptx("buku-kerja", {"ppt/embeddings/Microsoft_Excel_Sheet.xlsx": xlsx(rows(("NIK",), (nik(209),)))}, [nik(209)]),
    _pptx("tautan", {"ppt/slides/_rels/slide1.xml.rels": relations(("rId2", f"https://wa.me/62{phone(210)[1:]}"))}, [phone(210)]),
    _pptx("teks-alternatif", {"ppt/slides/slide2.xml": slide("Foto", f'<p:pic><p:nvPicPr><p:cNvPr id="4" name="Gambar 3" descr="KK nomor NIK {nik(211)}"/></p:nvPicPr></p:pic>')}, [nik(211)]),
    _pptx("gambar", {"ppt/media/image1.jpg": JPEG}, [], "gambar yang tidak diperiksa"),
    _pptx("video", {"ppt/media/media1.mp4": bytes(4) + b"ftypmp42" + bytes(40)}, [], "rekaman"),
    _pptx("tata-letak", {"ppt/slideLayouts/slideLayout1.xml": slide(f"Kontak {phone(212)}")}, [phone(212)]),
    Case("kosong.pptx", partial(pptx, {"ppt/slides/slide1.xml": slide("")}), (), "tidak memuat teks"),
    _odp("salindia", f"<draw:frame><draw:text-box><text:p>NIK {nik(220)}</text:p></draw:text-box></draw:frame>", [nik(220)]),
    _odp("gambar", "<text:p>Rapat</text:p>", [], "gambar yang tidak diperiksa", {"Pictures/1.jpg": JPEG}),
)  # fmt: skip
