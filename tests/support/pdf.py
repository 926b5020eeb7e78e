"""Small PDF files of the tests, written by hand so that they can also be wrong."""

import zlib


def make_pdf(*pages: bytes, info: bytes = b"", filters: bytes = b"/FlateDecode", packed: int = 1) -> bytes:
    """Return a PDF whose pages draw ``pages``, lines of text; ``packed`` times packed."""
    kids = b" ".join(b"%d 0 R" % (10 + 2 * number) for number in range(len(pages)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        4: b"<<%s>>" % info,
    }
    for number, content in enumerate(pages):
        for _time in range(packed):
            content = zlib.compress(content, 9)
        place = 10 + 2 * number
        objects[place] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % (place + 1)
        )
        objects[place + 1] = b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (
            len(content),
            b" ".join([filters] * packed),
            content,
        )
    return write_objects(objects)


def write_objects(objects: dict[int, bytes]) -> bytes:
    """Return a PDF of these objects, with its table of contents."""
    out, table = bytearray(b"%PDF-1.7\n"), bytearray(b"xref\n0 1\n0000000000 65535 f \n")
    for number, content in objects.items():
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    trailer = b"trailer\n<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out + table + trailer % (max(objects) + 1, start))


def draw(words: str) -> bytes:
    """Return what draws a line of text on a page."""
    return b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % words.encode("cp1252")
