"""Say by its first bytes what a content is, and let the reader of its kind read it."""

import re
from collections.abc import Iterator

from .mail import read_html, read_mail
from .markup import read_markup
from .office import read_package
from .parts import AROUND, INNER, MEDIA, PICTURE, TEXT, Part
from .pdf import read_pdf

#: How deep a file may lie in a file: a table in a letter in a PDF, and one more.
_DEEPEST = 4
_PICTURE = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|BM|II\*\x00|MM\x00\*|RIFF....WEBP|....ftyp(?:hei|mif|avif)|\xd7\xcd\xc6\x9a"
    rb"|\x01\x00\x00\x00.{36} EMF|II\xbc|\x01\x00\x09\x00\x00\x03",
    re.DOTALL,
)
_MEDIA = re.compile(
    rb"ID3|\xff[\xfb\xf3\xf2]|RIFF....(?:WAVE|AVI )|OggS|....ftyp|\x1aE\xdf\xa3|0&\xb2u|fLaC", re.DOTALL
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\x00?\s*<")
_HTML = re.compile(rb"(?i)(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|meta|table|p|div)\b")
_MAIL = re.compile(rb"(?i)\s*(?:mime-version|from|content-type|message-id|date|subject):")
#: What Office wrote before 2007, and what it wraps objects in.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = re.compile(rb"%PDF-")
#: Bytes in which a PDF's header is looked for, as Acrobat does (ISO 32000, annex H).
_HEADER_REACH = 1024
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")


def read_content(content: bytes, name: str, depth: int = 0) -> Iterator[Part]:
    """Yield the texts of a content, and the name of each part that was not read."""
    if depth >= _DEEPEST or content.startswith(_COMPOUND):
        yield Part(INNER, name)
    elif name.lower().endswith((".txt", ".csv")):
        # Shown as it is written, whatever it looks like.
        yield from _read_plain(content, name)
    elif content.startswith(b"PK\x03\x04"):
        yield from read_package(content, name, depth, read_inner)
    elif _PICTURE.match(content):
        yield Part(PICTURE)
    elif _MEDIA.match(content):
        yield Part(MEDIA)
    elif _HEADER.search(content, 0, _HEADER_REACH):
        yield from read_pdf(content, depth, read_inner)
    elif _MAIL.match(content) and re.search(rb"(?i)mime-version:", content[:4096]):
        yield from read_mail(content, name, depth, read_inner)
    elif _HTML.match(content):
        yield from read_html(content)
    elif _MARKUP.match(content):
        yield from read_markup(content, name)
    else:
        yield from _read_plain(content, name)


def read_inner(content: bytes, name: str, depth: int) -> Iterator[Part]:
    """Read a file inside a file: what is unread in it is named by its own name."""
    unread = set()
    for part in read_content(content, name, depth + 1):
        if part.kind in {TEXT, AROUND, PICTURE, MEDIA}:
            yield Part(part.kind, part.value if part.kind in {TEXT, AROUND} else "")
        elif part.kind not in unread:
            unread.add(part.kind)
            yield Part(INNER, name)
    yield Part(TEXT, "\n\n")


def _read_plain(content: bytes, name: str) -> Iterator[Part]:
    text = decode(content)
    if len(_CONTROL.findall(text[:20_000])) > len(text[:20_000]) // 50:
        yield Part(INNER, name)
    else:
        yield Part(TEXT, text)


def decode(content: bytes) -> str:
    """Return a plain text in the encoding of its first bytes, else in UTF-8, else as Windows writes it."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
