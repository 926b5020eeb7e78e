"""Small office files: Word, Excel and PowerPoint (OOXML), and OpenDocument."""

import io
import zipfile

MAIN = "application/vnd.openxmlformats-officedocument."
WORD = MAIN + "wordprocessingml.document.main+xml"
SHEET = MAIN + "spreadsheetml.sheet.main+xml"
SLIDES = MAIN + "presentationml.presentation.main+xml"
_W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_O = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"),
        ("meta", "meta"), ("svg", "svg-compatible"),
    )
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Petugas</dc:creator><dc:title>Daftar</dc:title>'
    "</cp:coreProperties>"
)


def pack(parts: dict[str, str | bytes]) -> bytes:
    """Return an archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def _types(main: str, kind: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{kind}"/></Types>'
    )


def w(body: str, root: str = "document") -> str:
    """Return a part of a Word file."""
    inner = f"<w:body>{body}</w:body>" if root == "document" else body
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{root} {_W}>{inner}</w:{root}>'


def p(words: str) -> str:
    """Return a paragraph of Word."""
    return f'<w:p w14:paraId="1A2B3C4D" w:rsidR="00812345"><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def docx(body: str, parts: dict[str, str | bytes] | None = None, main: str = "word/document.xml") -> bytes:
    """Return a Word file with this body."""
    return pack({
        "[Content_Types].xml": _types(main, WORD), "docProps/core.xml": _CORE,
        main: w(body), "word/styles.xml": w('<w:style><w:name w:val="Body Text Indent 2"/></w:style>', "styles"),
        **(parts or {}),
    })  # fmt: skip


def relations(*targets: tuple[str, str]) -> str:
    """Return the relations of a part, each a key and an address outside."""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="{key}" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
            f'Target="{target}" TargetMode="External"/>'
            for key, target in targets
        )
        + "</Relationships>"
    )


def s(body: str, root: str = "worksheet") -> str:
    """Return a part of a workbook."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><{root} {_S}>{body}</{root}>'


def rows(*lines: tuple[str, ...]) -> str:
    """Return the rows of a sheet: a cell is a text in the cell, or markup that begins with "<c"."""
    out = []
    for number, line in enumerate(lines, 1):
        cells = [
            cell
            if cell.startswith("<c")
            else f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for place, cell in enumerate(line)
        ]
        out.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f"<sheetData>{''.join(out)}</sheetData>"


def xlsx(
    sheet: str, parts: dict[str, str | bytes] | None = None, place: str = "xl/worksheets/sheet1.xml", book: str = ""
) -> bytes:
    """Return a workbook of one sheet."""
    return pack({
        "[Content_Types].xml": _types("xl/workbook.xml", SHEET), "docProps/core.xml": _CORE,
        "xl/workbook.xml": s(book or '<sheets><sheet name="Daftar" sheetId="1"/></sheets>', "workbook"),
        place: s(sheet), **(parts or {}),
    })  # fmt: skip


def slide(words: str, extra: str = "") -> str:
    """Return a slide with one line."""
    return (
        f'<p:sld {_W}><p:cSld><p:spTree><p:sp><p:nvSpPr><p:cNvPr id="2" name="Judul 1"/></p:nvSpPr><p:txBody>'
        f"<a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>{extra}</p:spTree></p:cSld></p:sld>"
    )


def pptx(parts: dict[str, str | bytes]) -> bytes:
    """Return a presentation of these parts, with a master full of instructions."""
    return pack({
        "[Content_Types].xml": _types("ppt/presentation.xml", SLIDES), "docProps/core.xml": _CORE,
        "ppt/presentation.xml": f'<p:presentation {_W}><p:sldSz cx="12192000" cy="6858000"/></p:presentation>',
        "ppt/slideMasters/slideMaster1.xml": slide("Klik untuk mengedit gaya judul"), **parts,
    })  # fmt: skip


def odf(body: str, kind: str = "text", parts: dict[str, str | bytes] | None = None, styles: str = "") -> bytes:
    """Return an OpenDocument file: text, spreadsheet or presentation."""
    return pack({
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f'<?xml version="1.0"?><office:document-content {_O}><office:body><office:{kind}>{body}'
        f"</office:{kind}></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {_O}>{styles}</office:document-styles>",
        "meta.xml": f"<office:document-meta {_O}><office:meta><dc:creator>Petugas</dc:creator></office:meta>"
        "</office:document-meta>",
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="manifest"/>',
        "Thumbnails/thumbnail.png": b"\x89PNG\r\n\x1a\n",
        **(parts or {}),
    })  # fmt: skip
