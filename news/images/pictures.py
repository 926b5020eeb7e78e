"""Define the sizes and formats of public pictures, and fetch their renditions in one query."""

import functools
import logging
from collections import defaultdict
from dataclasses import dataclass
from types import SimpleNamespace

from wagtail.images import get_image_model
from wagtail.images.models import Filter

from moderation.uploads.damaged_pictures import UNREADABLE
from news.cards.link_preview import SHARE_SPEC

logger = logging.getLogger(__name__)

#: The format of all sizes, and the one of the smallest size for browsers of before 2024 (Edge) or 2022 (Safari).
FORMAT, FALLBACK = "avif", "jpeg"
_FOCAL_POINT = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


@dataclass(frozen=True)
class Shape:
    """One way to show a picture: its resizings, small to large, and its ``sizes`` attribute."""

    resizings: tuple[str, ...]
    sizes: str

    @property
    def sized(self) -> list[str]:
        """The filters of the files that a browser chooses from."""
        return [f"{resizing}|format-{FORMAT}" for resizing in self.resizings]

    @property
    def fallback(self) -> str:
        """The filter of the file for a browser that cannot read the others."""
        return f"{self.resizings[0]}|format-{FALLBACK}"

    @property
    def specs(self) -> list[str]:
        """The filters of all files."""
        return [*self.sized, self.fallback]


SHAPES = {
    "card": Shape(("fill-320x213", "fill-640x427"), "(min-width: 48rem) 15rem, 7rem"),
    "lead": Shape(("fill-720x480", "fill-1200x800"), "(min-width: 64rem) 38rem, calc(100vw - 2rem)"),
    "full": Shape(("max-720x960", "max-1440x1440"), "(min-width: 52rem) 46rem, calc(100vw - 2rem)"),
    "main": Shape(("max-720x960", "max-1440x1440"), "(min-width: 76rem) 71rem, calc(100vw - 2rem)"),
    "tile": Shape(("fill-320x240", "fill-640x480"), "(min-width: 52rem) 22rem, 50vw"),
}
#: The shapes in which a text shows its photos.
IN_TEXT = ("full", "tile")


@dataclass(frozen=True)
class Picture:
    """Data of a ``picture`` element."""

    sources: list[tuple[str, str]]
    url: str
    width: int
    height: int
    sizes: str


def get_renditions_of(*shapes):
    """Return the query for the stored files of these shapes."""
    specs = [SHARE_SPEC, *(spec for shape in shapes for spec in SHAPES[shape].specs)]
    return get_image_model().get_rendition_model().objects.filter(filter_spec__in=specs)


def prefetch(photos, *shapes):
    """Fetch the stored files of many photos in one query, except of photos that have them prefetched."""
    missing = [photo for photo in photos if photo and not hasattr(photo, "prefetched_renditions")]
    if not missing:
        return
    found = defaultdict(list)
    for rendition in get_renditions_of(*shapes).filter(image_id__in={photo.pk for photo in missing}):
        found[rendition.image_id].append(rendition)
    for photo in missing:
        photo.prefetched_renditions = found[photo.pk]


def list_photos(body) -> list:
    """Return the photos in a text."""
    photos = []
    for block in body:
        if block.block_type == "image":
            photos.append(block.value["photo"])
        elif block.block_type == "gallery":
            photos.extend(picture["photo"] for picture in block.value["pictures"])
    return photos


def prefetch_text(photos):
    """Fetch the stored files of the photos in a text, and of given ones, in one query."""
    prefetch(photos, *IN_TEXT)


def _find_prefetched(photo, specs) -> dict | None:
    """Return the prefetched files if complete; Wagtail would query for each filter."""
    focal_point = tuple(getattr(photo, name) for name in _FOCAL_POINT)
    found = {
        each.filter_spec: each
        for each in getattr(photo, "prefetched_renditions", ())
        if each.focal_point_key == _get_focal_point_key(each.filter_spec, focal_point)
    }
    return {spec: found[spec] for spec in specs} if found.keys() >= set(specs) else None


@functools.lru_cache(maxsize=5000)
def _get_focal_point_key(spec: str, focal_point: tuple) -> str:
    return Filter(spec=spec).get_cache_key(SimpleNamespace(**dict(zip(_FOCAL_POINT, focal_point, strict=True))))


def get_picture(photo, name: str) -> Picture | None:
    """Return the picture in this shape, creating missing renditions; None when its file is gone or damaged."""
    shape = SHAPES[name]
    try:
        renditions = _find_prefetched(photo, shape.specs) or photo.get_renditions(*shape.specs)
    except UNREADABLE:
        # The nightly proof alarms too: the file is no longer the verified one.
        logger.exception("Photo %s cannot be shown", photo.pk)
        return None
    # A small original is never enlarged, so both resizings may have the same size.
    sized = {renditions[spec].width: renditions[spec] for spec in shape.sized}.values()
    srcset = ", ".join(f"{each.url} {each.width}w" for each in sized)
    fallback = renditions[shape.fallback]
    return Picture([(f"image/{FORMAT}", srcset)], fallback.url, fallback.width, fallback.height, shape.sizes)
