"""Cache drawn cards: a folder for each seal, a file for each drawing.

A missing file is drawn again. File names are digests of all that a drawing depends on, so an outdated
file is never read.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from . import drawing
from .brand import Brand, get_brand
from .content import CardContent

#: Length of the seal's prefix in URLs and folder names.
SHORT = 12


def get_card(seal: str, shape: drawing.Shape, link: str, get_content: Callable[[], CardContent]) -> Path:
    """Return the card's file for a sealed version, drawing it if it is missing."""
    brand = get_brand()
    path = _get_folder(seal) / f"{shape.name}-{_describe(shape, link, brand)}.jpg"
    if not path.exists():
        _write(path, draw(get_content(), shape, brand))
        for old in path.parent.glob(f"{shape.name}-*.jpg"):
            if old != path:
                old.unlink(missing_ok=True)
    return path


def draw(content: CardContent, shape: drawing.Shape, brand: Brand | None = None) -> bytes:
    """Draw a card without storing it."""
    photo = content.load_photo()
    load = None if photo is None else lambda width, height: drawing.load_picture(photo, _cut(width, height))
    return drawing.draw(content, brand or get_brand(), shape, load)


def forget(seal: str) -> None:
    """Remove the cards of a version that is no longer live."""
    shutil.rmtree(_get_folder(seal), ignore_errors=True)


def _get_folder(seal: str) -> Path:
    return Path(settings.CARDS_ROOT) / seal[:SHORT]


def _describe(shape, link, brand) -> str:
    """Return a digest of everything but the seal that the drawing depends on."""
    text = json.dumps([drawing.VERSION, shape.name, link, *brand.key])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _cut(width, height) -> str:
    return f"fill-{width}x{height}|format-jpeg|jpegquality-95"


def _write(path: Path, content: bytes) -> None:
    """Write the file atomically, so that concurrent readers see all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    # mkstemp creates files readable by their owner only.
    scratch = Path(name)
    scratch.chmod(0o644)
    scratch.replace(path)
