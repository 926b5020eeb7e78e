"""Judge pictures: taken at the upload, shown as a person sees the original, silent about camera and place."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pillow_heif
from django.core.exceptions import ValidationError
from PIL import Image

from news.images.pictures import SHAPES
from news.models import Photo
from tests.news.picture_cases import CASES, EXTENSIONS, GPS, expect, make_file, measure_difference, show, upload

#: What is measured of each: a picture as an article shows it, in full colour and size.
SPEC = "max-4096x4096|format-png"
#: Mean difference of a channel of 255, above which a picture does not look as the original.
ALIKE = 6


def list_cases(folder: Path | None) -> Iterator[tuple[str, bytes, Image.Image]]:
    """Yield name, content and what a person sees: of ``a.heic`` in a folder ``a.right.png``, where there is one."""
    if folder is None:
        for kind, mode, turned in CASES:
            name = f"{kind.lower()}-{mode.replace(';', '')}-{turned}.{EXTENSIONS[kind]}"
            yield name, make_file(kind, mode, turned), expect(mode, turned)
        return
    for path in sorted(path for path in folder.iterdir() if not path.name.endswith(".right.png")):
        right = path.with_name(f"{path.stem}.right.png")
        yield path.name, path.read_bytes(), show(right if right.is_file() else path)


def judge_pictures(folder: Path | None) -> dict:
    """Judge each picture; print the misses, return the figures."""
    pillow_heif.register_heif_opener()
    counted, misses = {"files": 0, "taken": 0, "alike": 0, "silent": 0}, []
    for name, content, right in list_cases(folder):
        counted["files"] += 1
        try:
            photo = Photo.objects.create(title=name, file=upload(name, content))
        except ValidationError as refusal:
            misses.append(f"refused: {name}: {' '.join(refusal.messages)}")
            continue
        counted["taken"] += 1
        difference = _measure(photo, right)
        counted["alike"] += difference < ALIKE
        if difference >= ALIKE:
            misses.append(f"differs: {name}: {difference:.1f}")
        told = [spec for spec in SHAPES["main"].specs if _tells(photo.get_rendition(spec).file.read())]
        counted["silent"] += not told
        misses += [f"tells: {name}: {spec}" for spec in told]
    print("pictures: " + ", ".join(f"{name} {count}" for name, count in counted.items()))
    for miss in misses:
        print(f"  {miss}")
    return counted


def _measure(photo, right: Image.Image) -> float:
    shown = show(photo.get_rendition(SPEC).file)
    return measure_difference(shown, right if shown.size == right.size else right.resize(shown.size))


def _tells(content: bytes) -> bool:
    with Image.open(BytesIO(content)) as picture:
        exif = picture.getexif()
    return bool(dict(exif) or exif.get_ifd(GPS) or b"<x:xmpmeta" in content)
