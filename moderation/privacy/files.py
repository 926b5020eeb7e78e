"""Examine the images and documents of a page: names, titles, metadata and text.

Findings of a file are cached under the hash of its bytes. They hold no values, so any cache will do.
"""

import hashlib
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from PIL import ExifTags, Image
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage

from moderation.evidence.own_contacts import get_allowed
from moderation.ports.seal import get_media, hash_file
from moderation.scanner.redaction import mask
from moderation.uploads import text_extraction
from moderation.uploads.text_extraction import read_document, read_image_metadata

from ..scanner import Severity, compute_version
from . import pictures
from .findings import PageFinding, examine_text, make_note
from .texts import SourceText

KEPT_SECONDS = 24 * 60 * 60
INSIDE = "isi berkas"
INSIDE_PHOTO = "keterangan di dalam berkas foto"
LOCATION = "Warga tidak melihatnya: keterangan kamera dihapus dari foto yang tayang."


def examine_files(media, allowed, *, is_live: bool = False) -> list[PageFinding]:
    """Return the findings in these images and documents.

    ``is_live``: trust the hash stored at upload, for checks while typing; a step hashes the bytes.
    """
    known = pictures.load(media)
    return [finding for one in media for finding in _examine_media(one, allowed, is_live, known)]


def read_ahead(item) -> None:
    """Read the item's files into the cache before a step takes its locks, because it may be slow.

    Asks the worker for the pictures that were not read. Decides nothing: the step examines the draft's files again.
    """
    content = item.read_newest_content()
    if content is None:
        return
    model: Any = apps.get_model(settings.MODERATED_PAGE_MODEL)
    # Collect the referenced files without checking that their keys still exist.
    media = get_media(model.from_serializable_data(content, check_fks=False))
    allowed = get_allowed() if media else ()
    known = pictures.load(media)
    for one in media:
        _examine_media(one, allowed, False, known)
    pictures.ask(one for one in media if not pictures.is_read(one, hash_file(one.file), known, allowed))


def describe_media(media) -> str:
    """Return a readable name of an image or document, its title masked."""
    kind = "Foto" if isinstance(media, AbstractImage) else "Dokumen"
    return f"{kind} “{mask(media.title)}”"


def _examine_media(media, allowed, is_live, known) -> list[PageFinding]:
    label = describe_media(media)
    # Underscores in file names would hide where a number begins.
    name = PurePath(media.file.name or "").name.replace("_", " ")
    texts = (
        SourceText("file", f"{label}, judul", media.title),
        SourceText("file", f"{label}, nama berkas", name),
    )
    found = [finding for text in texts for finding in examine_text(text, allowed)]
    inside = _examine_content(media, allowed, is_live, known)
    return found + [
        replace(finding, spots=tuple(replace(spot, label=f"{label}, {spot.label}") for spot in finding.spots))
        for finding in inside
    ]


def _examine_content(media, allowed, is_live, readings) -> list[PageFinding]:
    digest = (is_live and media.file_hash) or hash_file(media.file)
    if not digest:
        return [
            make_note("berkas_hilang", "Berkas tidak ditemukan", Severity.WARN, "Unggah kembali berkas itu.", INSIDE)
        ]
    known = "\n".join((compute_version(), text_extraction.compute_version(), *allowed))
    key = f"privacy-file-{type(media).__name__}-{digest}-{hashlib.sha256(known.encode()).hexdigest()[:16]}"
    found = cache.get(key)
    if found is None:
        found = _read(media, allowed, digest)
        cache.set(key, found, KEPT_SECONDS)
    return pictures.add(found, media, "" if is_live else digest, readings, allowed)


def _read(media, allowed, digest) -> list[PageFinding]:
    is_document = isinstance(media, AbstractDocument)
    part = INSIDE if is_document else INSIDE_PHOTO
    with media.file.storage.open(media.file.name) as stream:
        content = read_document(stream, media.file.name) if is_document else read_image_metadata(stream)
    found = examine_text(SourceText("file", part, content.text), allowed)
    if content.problem:
        # It names parts of the file as they are called.
        hint = mask(content.problem)
        found.append(make_note("isi_berkas", "Isi berkas tidak terperiksa", Severity.WARN, hint, part, digest))
    if not is_document and _has_location(media):
        found.append(make_note("lokasi_foto", "Lokasi pengambilan foto", Severity.INFO, LOCATION, part, digest))
    return found


def _has_location(photo) -> bool:
    """Say whether the picture's metadata holds a GPS position."""
    with photo.file.storage.open(photo.file.name) as stream:
        try:
            with Image.open(stream) as image:
                return bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return False  # A file that cannot be opened is reported elsewhere.
