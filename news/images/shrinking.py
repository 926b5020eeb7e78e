"""Open a large JPEG at a half, a quarter or an eighth of its size, so that 100 megapixels fit in memory.

The decoder skips the rest. Only for filters that scale the whole picture: a crop around the focal
point is measured in pixels of the original.
"""

from io import BytesIO

from django.core.files import File
from PIL import Image
from wagtail.images.image_operations import MinMaxOperation

#: Pixels up to which the original is opened at full size.
LARGE = 8_000_000


def open_reduced(source: File, filter) -> File | None:
    """Return a smaller copy of ``source`` sufficient for ``filter``; None when the original is needed."""
    operations = filter.transform_operations
    if len(operations) != 1 or not isinstance(operations[0], MinMaxOperation) or operations[0].method != "max":
        return None
    with Image.open(source) as picture:
        if picture.format != "JPEG" or picture.width * picture.height <= LARGE:
            source.seek(0)
            return None
        scale = min(operations[0].width / picture.width, operations[0].height / picture.height)
        picture.draft(picture.mode, (int(picture.width * scale) + 1, int(picture.height * scale) + 1))
        # Keep orientation and colour profile, which the filter applies.
        kept = {name: picture.info[name] for name in ("exif", "icc_profile") if name in picture.info}
        copy = BytesIO()
        picture.save(copy, "JPEG", quality=95, **kept)
    copy.seek(0)
    return File(copy, name=source.name)
