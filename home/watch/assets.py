"""The files that pages load: scripts, styles, pictures, documents, each compared with what the site has stored."""

import hashlib
from urllib.parse import unquote

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.urls import Resolver404, resolve

from moderation.uploads.whole_files import StoreFailed
from news.models import Attachment

from . import manifest

ASPECT = "isi berkas yang dimuat"


def list_assets(html: str) -> set[str]:
    """Return the paths of this site's files that a page loads or offers."""
    soup = BeautifulSoup(html, "html.parser")
    found = {str(tag[name]) for tag in soup.find_all(True) for name in ("src", "href") if tag.has_attr(name)}
    for tag in soup.find_all(srcset=True):
        found |= {part.split()[0] for part in str(tag["srcset"]).split(",") if part.split()}
    ours = (settings.STATIC_URL, settings.MEDIA_URL, "/dokumen/")
    return {address for address in (each.removeprefix(settings.SITE_URL) for each in found) if address.startswith(ours)}


class Files:
    """What the files of pages should be, by the manifest and the media folder."""

    def __init__(self):
        self.noted = manifest.read()

    def get_digest(self, path: str) -> str | None:
        """Return the digest of the file behind a path, None where none is known."""
        place = unquote(path.partition("?")[0])
        if place.startswith(settings.STATIC_URL):
            return self.noted.get(f"static/{place.removeprefix(settings.STATIC_URL)}")
        is_document = place.startswith("/dokumen/")
        name = _find_document(place) if is_document else place.removeprefix(settings.MEDIA_URL)
        return _digest(name) if name else None


def _find_document(place: str) -> str | None:
    try:
        key = resolve(place).kwargs.get("document_id")
    except Resolver404:
        return None
    document = Attachment.objects.filter(pk=key).first()
    return document.file.name if document else None


def _digest(name: str) -> str | None:
    try:
        with default_storage.open(name) as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except (OSError, StoreFailed, SuspiciousOperation):
        return None
