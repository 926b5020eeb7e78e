"""Decode one uploaded picture in a separate process with limits of time and memory, and make it fit to keep.

Started by ``news.images.upload_forms``: picture in; out comes nothing if it may stay as it is, else a picture that
looks the same, upright, without metadata: at most as large as asked, 8 bits a channel, sRGB where it was CMYK, the
first where the file holds several (MPO of Samsung, iPhone and cameras), JPEG or PNG where it was HEIC, HEIF or AVIF.
Imports no Django.
"""

import io
import resource
import sys

import pillow_heif
from PIL import Image, ImageCms, ImageOps

QUALITY = 90
#: Formats that the site keeps as they come.
KEPT = ("JPEG", "PNG", "WEBP")
#: Modes that every rendition can be made of.
PLAIN = ("RGB", "RGBA", "L")
#: Formats whose further pictures are moments of a film; others hold depth, gain map or preview beside the first.
FILMS = ("GIF", "PNG", "WEBP", "AVIF")
#: Colour space of a profile that fits each mode.
SPACES = {"RGB": "RGB ", "RGBA": "RGB ", "L": "GRAY", "CMYK": "CMYK"}


def main() -> None:
    seconds, memory, side = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # The memory limit of this process is the bound.
    Image.MAX_IMAGE_PIXELS = None
    pillow_heif.register_heif_opener()
    with Image.open(io.BytesIO(sys.stdin.buffer.read())) as picture:
        if picture.format in FILMS and getattr(picture, "n_frames", 1) != 1:
            raise ValueError("a moving picture")
        kind = picture.format
        is_fit = max(picture.size) <= side and kind in KEPT and picture.mode in PLAIN and has_fitting_profile(picture)
        # Decode a JPEG at a half, a quarter or an eighth of its size where that is enough.
        picture.draft(None, (side, side))
        picture.load()
        if not is_fit:
            write(picture, kind, side)


def write(picture: Image.Image, kind: str | None, side: int) -> None:
    """Write the picture as the site keeps it."""
    picture.thumbnail((side, side), reducing_gap=2.0)
    ImageOps.exif_transpose(picture, in_place=True)
    picture = make_plain(picture)
    for name in set(picture.info) - {"icc_profile", "transparency"}:
        del picture.info[name]
    if kind not in KEPT:
        kind = "PNG" if picture.mode == "RGBA" else "JPEG"
    profile = picture.info.get("icc_profile") if has_fitting_profile(picture) else None
    picture.save(sys.stdout.buffer, kind, quality=QUALITY, icc_profile=profile)


def has_fitting_profile(picture: Image.Image) -> bool:
    """Say whether the picture has no profile, or one of its own colour space."""
    profile = picture.info.get("icc_profile")
    if not profile:
        return True
    try:
        space = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.xcolor_space
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False
    return space == SPACES.get(picture.mode)


def make_plain(picture: Image.Image) -> Image.Image:
    """Return the picture with 8 bits a channel, in one of ``PLAIN``."""
    if picture.mode.startswith("I"):
        # 16 bits of grey, which a plain conversion would cut at 255.
        return picture.point(lambda value: value * (1 / 257)).convert("L")
    if picture.mode == "CMYK":
        return make_rgb(picture)
    if picture.mode in PLAIN:
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def make_rgb(picture: Image.Image) -> Image.Image:
    """Return a CMYK picture in sRGB, by its own profile where it has one that fits."""
    if picture.info.get("icc_profile") and has_fitting_profile(picture):
        source = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
        plan = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), "CMYK", "RGB")
        shown = ImageCms.applyTransform(picture, plan) or picture
    else:
        shown = picture.convert("RGB")
    shown.info.pop("icc_profile", None)
    return shown


if __name__ == "__main__":
    main()
