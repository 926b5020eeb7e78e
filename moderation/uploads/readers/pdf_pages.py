"""Read one page of a PDF: its words and its stamps; name its pictures and the letters that no table explains."""

import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject
from pypdf._codecs import adobe_glyphs
from pypdf.generic import ContentStream, DictionaryObject, NameObject, StreamObject

from .parts import LETTERS, PICTURE, SCAN, SILENT, TEXT, Part

#: Shares of the page: from here on pictures cover it; below, they are dots and lines.
_COVERED, _SEEN = 0.5, 0.002
_MAX_OPERATIONS = 400_000
_DEEPEST = 8
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_FEW = 3
_PAINTING = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"Do", b"INLINE IMAGE"})
_CURVES = frozenset({b"c", b"v", b"y"})
#: Letters turned into outlines have some ten curves each.
_MANY_CURVES, _LITTLE_TEXT = 400, 200
_KNOWN_GLYPH = re.compile(r"/(?:uni[0-9A-F]{4}|u[0-9A-F]{4,6}|\.notdef)")

Matrix = tuple[float, float, float, float, float, float]


def read_page(page: PageObject, number: int, shared: DictionaryObject | None) -> Iterator[Part]:
    """Yield the words of a page and of the stamps on it, then what on it was not read.

    ``shared`` are the fonts that the form fields of the document share.
    """
    fonts = _Fonts()
    stamps = list(_find_stamps(page, shared))
    words = [page.extract_text(visitor_text=fonts.look)]
    words += [page.extract_xform_text(stamp, visitor_text=fonts.look) for stamp, _size in stamps]
    yield Part(TEXT, "\n".join(words) + "\n")
    text = "".join(words).strip()
    drawing = _Drawing(page, is_wordless=len(text) < _LITTLE_TEXT)
    for stamp, size in stamps:
        drawing.follow(stamp, size)
    if fonts.is_unread or _is_garbled(text):
        yield Part(LETTERS, str(number))
    if drawing.covered >= _COVERED or (drawing.curves >= _MANY_CURVES and len(text) < _LITTLE_TEXT):
        yield Part(SCAN, str(number))
    elif drawing.covered >= _SEEN:
        yield Part(PICTURE, str(number))
    elif drawing.paints and not text:
        yield Part(SILENT, str(number))


def _is_garbled(text: str) -> bool:
    """Say whether letters came out as signs that stand for nothing."""
    return len(_CONTROL.findall(text)) >= _FEW or len(_PRIVATE.findall(text)) * 5 > len(text) > 0


def _find_stamps(page: PageObject, shared) -> Iterator[tuple[Any, Matrix]]:
    """Yield each drawing of an annotation or a form field, and how it is scaled."""
    for note in page.annotations or ():
        note = note.get_object()
        appearances = note.get("/AP") if isinstance(note, DictionaryObject) else None
        for one in (appearances.get_object() or {}).values() if appearances is not None else ():
            one = one.get_object()
            states = (
                [one] if isinstance(one, StreamObject) else one.values() if isinstance(one, DictionaryObject) else ()
            )
            for stamp in (state.get_object() for state in states):
                if isinstance(stamp, StreamObject):
                    if "/Resources" not in stamp and shared is not None:
                        stamp[NameObject("/Resources")] = shared
                    yield stamp, _fit(stamp.get("/BBox"), note.get("/Rect"))


def _fit(box, place) -> Matrix:
    """Return how a drawing is scaled into its place on the page."""
    if box is None or place is None:
        return _IDENTITY
    (left, low, right, high), (west, south, east, north) = map(_read_numbers, (box, place))
    return ((east - west) / ((right - left) or 1), 0.0, 0.0, (north - south) / ((high - low) or 1), 0.0, 0.0)


def _read_numbers(values) -> list[float]:
    return [float(value.get_object()) for value in values.get_object()]


class _Fonts:
    """Look at the fonts in which a text is set."""

    def __init__(self):
        self.is_unread = False
        self._known: dict[int, bool] = {}

    def look(self, text, _matrix, _text_matrix, font, _size) -> None:
        if font is None or not text.strip():
            return
        if id(font) not in self._known:
            self._known[id(font)] = _is_unexplained(font)
        self.is_unread = self.is_unread or self._known[id(font)]


def _is_unexplained(font: DictionaryObject) -> bool:
    """Say whether nothing in the file says which letters the codes of a font stand for (ISO 32000-2, 9.10.2)."""
    if "/ToUnicode" in font:
        return False
    encoding = font.get("/Encoding")
    encoding = encoding.get_object() if encoding is not None else None
    if font.get("/Subtype") == "/Type0":
        return not (isinstance(encoding, NameObject) and "Uni" in encoding)
    if not isinstance(encoding, DictionaryObject):
        return font.get("/Subtype") == "/Type3"
    names = [name for name in encoding.get("/Differences", ()) if isinstance(name, NameObject)]
    unknown = [name for name in names if name not in adobe_glyphs and not _KNOWN_GLYPH.fullmatch(name)]
    return len(unknown) * 5 > len(names)


class _Drawing:
    """What is drawn on a page beside letters: how much of it pictures cover, and how many curves there are."""

    def __init__(self, page: PageObject, is_wordless: bool):
        self._pdf = page.pdf
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        self._size = abs(width * height) or 1.0
        self.covered, self.curves, self.paints = 0.0, 0, False
        self._room = _MAX_OPERATIONS
        content = page.get_contents()
        resources = page.get("/Resources")
        if content is not None and (is_wordless or b"BI" in content.get_data() or _has_pictures(resources, _DEEPEST)):
            self._draw(content, resources, _IDENTITY, _DEEPEST)

    def follow(self, form: StreamObject, matrix: Matrix, depth: int = _DEEPEST) -> None:
        """Draw a form or a stamp as it is placed."""
        inner = form.get("/Matrix")
        if inner is not None:
            matrix = _multiply(tuple(_read_numbers(inner)), matrix)
        self._draw(ContentStream(form, self._pdf), form.get("/Resources"), matrix, depth)

    def _draw(self, content: ContentStream, resources, matrix: Matrix, depth: int) -> None:
        resources = resources.get_object() if resources is not None else {}
        objects = resources.get("/XObject", {})
        objects = objects.get_object() if objects else {}
        kept: list[Matrix] = []
        for operands, operator in content.operations:
            self._room -= 1
            if self._room < 0:
                # Nobody draws so much without drawing a picture of something.
                self.covered = 1.0
                return
            self.paints = self.paints or operator in _PAINTING
            self.curves += operator in _CURVES
            if operator == b"q":
                kept.append(matrix)
            elif operator == b"Q":
                matrix = kept.pop() if kept else matrix
            elif operator == b"cm" and len(operands) == 6:
                matrix = _multiply(tuple(map(float, operands)), matrix)
            elif operator == b"INLINE IMAGE":
                self._cover(matrix)
            elif operator == b"Do" and operands and operands[0] in objects:
                self._place(objects[operands[0]], matrix, depth)
        if any(_has_pictures(pattern.get_object().get("/Resources"), 2) for pattern in _get_patterns(resources)):
            self.covered = max(self.covered, _SEEN)

    def _place(self, drawn, matrix: Matrix, depth: int) -> None:
        if drawn.get("/Subtype") == "/Image":
            self._cover(matrix)
        elif depth > 0:
            self.follow(drawn, matrix, depth - 1)

    def _cover(self, matrix: Matrix) -> None:
        self.covered += min(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / self._size, 1.0)


def _get_patterns(resources) -> list:
    patterns = resources.get("/Pattern")
    return list(patterns.get_object().values()) if patterns is not None else []


def _has_pictures(resources, depth: int) -> bool:
    """Say whether these resources, or those of the forms and patterns among them, hold a picture."""
    if resources is None or not depth:
        return False
    resources = resources.get_object()
    objects = resources.get("/XObject")
    drawn = [*(objects.get_object().values() if objects is not None else ()), *_get_patterns(resources)]
    for one in drawn:
        one = one.get_object()
        if one.get("/Subtype") == "/Image" or _has_pictures(one.get("/Resources"), depth - 1):
            return True
    return False


def _multiply(first, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
