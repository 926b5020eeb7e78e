"""Open a large JPEG at a half, a quarter or an eighth of its size: 100 megapixels fit in memory, and little is decoded.

The decoder skips the rest. Only for filters that scale the whole picture, or crop it around its middle: a crop around
a focal point is measured in pixels of the original.
"""

from io import BytesIO

from django.core.files import File
from PIL import Image
from wagtail.images.image_operations import FillOperation, MinMaxOperation

#: Pixels up to which the original is opened at full size.
LARGE = 8_000_000


_ORIENTATION = 0x0112
#: Orientations of a camera that was turned by a quarter.
_TURNED = {5, 6, 7, 8}


def open_reduced(source: File, filter, *, has_focal_point: bool) -> File | None:
    """Return a smaller copy of ``source`` sufficient for ``filter``; None when the original is needed."""
    if not _scales_all(filter, has_focal_point):
        return None
    [operation] = filter.transform_operations
    with Image.open(source) as picture:
        if picture.format != "JPEG" or picture.width * picture.height <= LARGE:
            source.seek(0)
            return None
        wanted = (operation.width, operation.height)
        if picture.getexif().get(_ORIENTATION) in _TURNED:
            wanted = wanted[::-1]
        scales = (wanted[0] / picture.width, wanted[1] / picture.height)
        scale = max(scales) if isinstance(operation, FillOperation) else min(scales)
        picture.draft(picture.mode, (int(picture.width * scale) + 1, int(picture.height * scale) + 1))
        # Keep orientation and colour profile, which the filter applies.
        kept = {name: picture.info[name] for name in ("exif", "icc_profile") if name in picture.info}
        copy = BytesIO()
        picture.save(copy, "JPEG", quality=95, **kept)
    copy.seek(0)
    return File(copy, name=source.name)


def _scales_all(filter, has_focal_point: bool) -> bool:
    if len(filter.transform_operations) != 1:
        return False
    [operation] = filter.transform_operations
    if isinstance(operation, FillOperation):
        return not has_focal_point and not operation.crop_closeness
    return isinstance(operation, MinMaxOperation) and operation.method == "max"
