"""Read a PDF: its pages, then every text its objects hold, then its earlier versions (ISO 32000-2)."""

import io
import itertools
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    StreamObject,
    TextStringObject,
)

from .markup import UNREADABLE, Words, strip_tags
from .parts import AROUND, BROKEN, CUT, INNER, LOCKED, MEDIA, TEXT, Part, clean_address, is_words
from .pdf_pages import read_page

Reader = Callable[[bytes, str, int], Iterator[Part]]
MAX_PAGES = 500
_MAX_OBJECTS = 300_000
_MAX_REVISIONS = 6
#: What transfers leave around a file.
_PADDING = b"\x00 \r\n\t\f"
_OLD_VERSION = "versi lama"
#: Keys under which nothing lies that a person reads, or what is read elsewhere.
_UNSEEN = frozenset(
    [
        "/Parent",
        "/P",
        "/Prev",
        "/ID",
        "/DA",
        "/CreationDate",
        "/ModDate",
        "/LastModified",
        "/M",
        "/ByteRange",
        "/Cert",
        "/Lang",
        "/Font",
        "/ColorSpace",
        "/ExtGState",
        "/Shading",
        "/Thumb",
        "/Perms",
        "/XRefStm",
        "/Encrypt",
        "/Length",
        "/NM",
        "/OutputIntents",
        "/ParentTree",
        "/IDTree",
        "/B",
    ]
)
_SHOWN_BY_PROGRAMS = frozenset({"/Sound", "/Movie", "/Screen", "/RichMedia", "/3D"})
#: Where one saving ended and the next began; 0 stands in files made for viewing page by page.
_SAVED = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
#: What pypdf leaves out with no more than a word in its log.
_LEFT_OUT = ("Impossible to decode XFormObject", "Exceeded", "Detected cyclic")


class _Omissions(logging.Handler):
    """Count what the library leaves out of a text."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += str(record.msg).startswith(_LEFT_OUT)


def read_pdf(content: bytes, depth: int, read_inner: Reader) -> Iterator[Part]:
    """Yield the words of the file as it is, then what its earlier versions had beside them."""
    log, omissions = logging.getLogger("pypdf"), _Omissions()
    log.addHandler(omissions)
    log.propagate = False
    try:
        yield from _read_file(content, depth, read_inner)
    finally:
        log.removeHandler(omissions)
    if omissions.count:
        yield Part(BROKEN, "PDF")


def _read_file(content: bytes, depth: int, read_inner: Reader) -> Iterator[Part]:
    body, outside = _trim(content)
    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        yield Part(LOCKED)
        return
    known: set[str] = set()
    for part in _Document(reader, depth, read_inner).read():
        known.add(part.value)
        yield part
    for junk in outside:
        if junk.strip(_PADDING):
            yield from read_inner(junk.strip(_PADDING), "di luar PDF", depth)
    yield from _read_earlier(body, known, depth, read_inner)


def _read_earlier(body: bytes, known: set[str], depth: int, read_inner: Reader) -> Iterator[Part]:
    """Yield what earlier versions had that is not ``known``; what is unread in them is named as theirs."""
    saved = [found for found in _SAVED.finditer(body) if int(found[1]) and int(found[1]) < found.start()][:-1]
    for found in saved[-_MAX_REVISIONS:]:
        earlier = PdfReader(io.BytesIO(body[: found.end()]))
        if earlier.is_encrypted and not earlier.decrypt(""):
            yield Part(INNER, _OLD_VERSION)
            continue
        for part in _Document(earlier, depth, read_inner).read():
            if part.value not in known:
                known.add(part.value)
                yield part if part.kind in {TEXT, AROUND} else Part(INNER, _OLD_VERSION)
    if len(saved) > _MAX_REVISIONS:
        yield Part(INNER, _OLD_VERSION)


def _trim(content: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    """Return the PDF itself and the bytes before its header and after its end."""
    start = max(content.find(b"%PDF-"), 0)
    end = content.rfind(b"%%EOF")
    end = len(content) if end < start else end + len(b"%%EOF")
    return content[start:end], (content[:start], content[end:])


class _Document:
    """One version of a PDF."""

    def __init__(self, reader: PdfReader, depth: int, read_inner: Reader):
        self._reader, self._depth, self._read_inner = reader, depth, read_inner
        self._known: set[tuple[int, int]] = set()
        self._names: list[str] = []

    def read(self) -> Iterator[Part]:
        reader = self._reader
        fields = reader.root_object.get("/AcroForm")
        shared = fields.get_object().get("/DR") if fields is not None else None
        for number, page in enumerate(itertools.islice(reader.pages, MAX_PAGES), 1):
            yield from read_page(page, number, shared)
        if len(reader.pages) > MAX_PAGES:
            yield Part(CUT)
        yield from self._walk()

    def _walk(self) -> Iterator[Part]:
        """Yield every text that an object of the file holds, whatever it is for."""
        waiting: list[tuple[str, object]] = [("/Root", self._reader.root_object)]
        if "/Info" in self._reader.trailer:
            waiting.append(("/Info", self._reader.trailer["/Info"]))
        count = 0
        while waiting:
            count += 1
            if count > _MAX_OBJECTS:
                yield Part(CUT)
                return
            key, value = waiting.pop()
            if isinstance(value, IndirectObject):
                reference = (value.idnum, value.generation)
                if reference in self._known:
                    continue
                self._known.add(reference)
                value = value.get_object()
            if isinstance(value, (TextStringObject, ByteStringObject)):
                yield from _read_string(key, value)
            elif isinstance(value, ArrayObject):
                if key == "/XFA":
                    yield from _read_form(value)
                else:
                    waiting += [(key, entry) for entry in reversed(value)]
            elif isinstance(value, DictionaryObject):
                yield from self._read_dictionary(key, value)
                waiting += [
                    (name, entry)
                    for name, entry in reversed(value.items())
                    if name not in _UNSEEN and not (name == "/Contents" and "/ByteRange" in value)
                ]

    def _read_dictionary(self, key: str, value: DictionaryObject) -> Iterator[Part]:
        if isinstance(value, StreamObject):
            yield from self._read_stream(key, value)
        elif value.get("/Subtype") in _SHOWN_BY_PROGRAMS or value.get("/S") in {"/Sound", "/Movie", "/Rendition"}:
            yield Part(MEDIA)
        elif isinstance(value.get("/T"), str) and isinstance(entry := value.get("/V"), (str, ArrayObject)):
            # The name of a field says what its value is.
            entries = [entry] if isinstance(entry, str) else [one for one in entry if isinstance(one, str)]
            yield Part(TEXT, "\n".join(f"{value['/T']}: {one}" for one in entries) + "\n\n")
        if isinstance(name := value.get("/UF", value.get("/F")), str) and "/EF" in value:
            self._names.append(name)

    def _read_stream(self, key: str, stream: StreamObject) -> Iterator[Part]:
        kind = stream.get("/Type")
        if kind == "/EmbeddedFile":
            name = self._names.pop() if self._names else "lampiran"
            yield from self._read_inner(stream.get_data(), name, self._depth)
        elif kind == "/Metadata" or key == "/XFA":
            yield from _read_xml(stream.get_data())
        elif key in {"/JS", "/RC", "/V", "/DV"}:
            yield Part(AROUND, strip_tags(stream.get_data().decode("utf-8", "replace")) + "\n\n")
        elif stream.get("/PatternType") == 1:
            yield Part(AROUND, self._reader.pages[0].extract_xform_text(cast("Any", stream)) + "\n\n")


def _read_string(key: str, value: TextStringObject | ByteStringObject) -> Iterator[Part]:
    words = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
    words = clean_address(words)
    if is_words("", words) and not words.startswith("D:"):
        yield Part(AROUND, (strip_tags(words) if key == "/RC" else words) + "\n\n\n")


def _read_form(pieces: ArrayObject) -> Iterator[Part]:
    """Read a form of the XML kind, which is stored in pieces under their names."""
    streams = [piece.get_object() for piece in pieces]
    yield from _read_xml(b"".join(piece.get_data() for piece in streams if isinstance(piece, StreamObject)))


def _read_xml(content: bytes) -> Iterator[Part]:
    words = Words()
    try:
        words.feed(content)
    except UNREADABLE:
        yield Part(AROUND, strip_tags(content.decode("utf-8", "replace")))
    yield from words.get_parts(AROUND)
