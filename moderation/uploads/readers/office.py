"""Read an office file: every part of its archive, whatever it is called (ISO/IEC 29500, ISO/IEC 26300)."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator

from .markup import read_markup
from .parts import AROUND, CUT, INNER, LOCKED, PICTURE, TEXT, Part
from .sheets import Workbook, is_sheet

Reader = Callable[[bytes, str, int], Iterator[Part]]
#: Bytes unpacked of one archive, whatever sizes it declares.
_MAX_UNPACKED = 48 * 1024 * 1024
_MAX_PARTS = 5000
#: Parts that show nothing of their own: fonts, settings of printers, small pictures of what is read anyway.
_UNSEEN = re.compile(
    r"(?i)(?:.*/)?(?:Thumbnails/.*|thumbnail\.\w+|printerSettings\d*\.bin|layout-cache|mimetype|\[Content_Types\]\.xml)$"
    r"|_xmlsignatures/.*|META-INF/(?:manifest|documentsignatures)\.xml|.*\.(?:odttf|ttf|otf|ttc|fntdata)$|.*/$"
)
#: OpenDocument keeps a picture of each chart beside the chart.
_REPLACEMENT = re.compile(r"(?:.*/)?ObjectReplacements/(?P<object>[^/]+)$")
#: Parts that are properties or patterns: words of theirs are no content.
_AROUND = re.compile(
    r"(?i)(?:.*\.rels|docProps/.*|(?:.*/)?(?:meta|settings)\.xml|(?:word|xl|ppt)/(?:styles|settings|webSettings|fontTable|"
    r"numbering|theme/.*|slideMasters/.*|slideLayouts/.*|notesMasters/.*|handoutMasters/.*|presProps|viewProps|tableStyles"
    r"|stylesWithEffects)(?:\.xml)?|(?:.*/)?Configurations2/.*|manifest\.rdf|customXml/itemProps\d*\.xml)$"
)
_ENCRYPTED = re.compile(rb"<(?:manifest:)?encryption-data\b")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\x00?\s*<")
_WEB = re.compile(r"(?i).*\.(?:html?|mht|mhtml)$")
_STYLES_OF_SHEETS = re.compile(rb"opendocument\.(?:spreadsheet|presentation)")


def read_package(content: bytes, name: str, depth: int, read_inner: Reader) -> Iterator[Part]:
    """Yield the words of every part; name pictures, recordings and whatever else is no text."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield Part(INNER, name)
        return
    with package:
        members = package.infolist()
        if len(members) > _MAX_PARTS:
            yield Part(CUT)
        yield from _Package(package, members[:_MAX_PARTS], depth, read_inner).read()


class _Package:
    def __init__(self, package: zipfile.ZipFile, members: list[zipfile.ZipInfo], depth: int, read_inner: Reader):
        self._package, self._members, self._depth, self._read_inner = package, members, depth, read_inner
        self._names = {member.filename for member in members}
        self._room = _MAX_UNPACKED
        self._is_locked = self._is_pattern = False

    def read(self) -> Iterator[Part]:
        self._look_around()
        if self._is_locked:
            yield Part(LOCKED)
            return
        sheets: list[tuple[str, bytes]] = []
        book = Workbook()
        for member in self._members:
            if _UNSEEN.fullmatch(member.filename) or self._is_replaced(member.filename):
                continue
            content = self._unpack(member)
            if content is None:
                yield Part(INNER, member.filename)
            elif is_sheet(content):
                sheets.append((member.filename, content))
            elif not book.take(content):
                yield from self._read_part(member.filename, content)
            if self._room <= 0:
                yield Part(CUT)
                break
        # Cells name their texts by number: all of those come first.
        for name, content in sheets:
            yield from book.read_sheet(content, name)
        yield from book.read_unused()

    def _look_around(self) -> None:
        for member in self._members:
            if member.filename in {"META-INF/manifest.xml", "mimetype"}:
                content = self._unpack(member) or b""
                self._is_locked = self._is_locked or bool(_ENCRYPTED.search(content))
                self._is_pattern = self._is_pattern or bool(_STYLES_OF_SHEETS.search(content))

    def _is_replaced(self, name: str) -> bool:
        found = _REPLACEMENT.fullmatch(name)
        return found is not None and f"{found['object']}/content.xml" in self._names

    def _unpack(self, member: zipfile.ZipInfo) -> bytes | None:
        """Return a part, no more than there is room for; None for one that cannot be unpacked."""
        try:
            with self._package.open(member) as stream:
                content = stream.read(max(self._room, 0))
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, zlib.error, ValueError):
            return None
        self._room -= len(content)
        return content

    def _read_part(self, name: str, content: bytes) -> Iterator[Part]:
        if not content:
            return
        if _MARKUP.match(content) and not _WEB.fullmatch(name):
            is_around = _AROUND.fullmatch(name) or (self._is_pattern and name.endswith("styles.xml"))
            yield from read_markup(content, name, AROUND if is_around else TEXT)
            # Drawn, not written: its letters may be outlines.
            if name.lower().endswith(".svg"):
                yield Part(PICTURE)
        else:
            yield from self._read_inner(content, name, self._depth)
