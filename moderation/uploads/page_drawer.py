"""Draw one page of a PDF as PNG, or count its pages, in a process of its own: PDF in, picture or number out.

Started by ``moderation.uploads.page_pictures`` with limits of time and memory, because it opens a file of somebody
else's. Imports no Django and reads no other file.
"""

import io
import resource
import sys
import tempfile
from pathlib import Path

import typst
from pypdf import PdfReader

#: Points and pixels: sharp on a telephone, and a page of A4 below 300 kB.
_WIDTH, _PIXELS_PER_INCH = 595, 120
_PAGE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("file.pdf", page: {}, width: {}pt)'


def main() -> None:
    seconds, memory, number = map(int, sys.argv[1:])
    # Drawing runs on several cores, so CPU time exceeds wall time.
    resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds, 2 * seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    content = sys.stdin.buffer.read()
    sys.stdout.buffer.write(draw(content, number) if number else count(content))


def count(content: bytes) -> bytes:
    return str(len(PdfReader(io.BytesIO(content)).pages)).encode()


def draw(content: bytes, number: int) -> bytes:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "file.pdf").write_bytes(content)
        page = Path(folder) / "page.typ"
        page.write_text(_PAGE.format(number, _WIDTH))
        return typst.compile(page, format="png", ppi=_PIXELS_PER_INCH, font_paths=fonts, ignore_system_fonts=True)


if __name__ == "__main__":
    main()
