"""Decode one uploaded picture in a separate process with limits of time and memory.

Started by ``news.images.upload_forms``: picture in; out comes nothing if it may stay as it is, else
a smaller one without metadata. Imports no Django.
"""

import io
import resource
import sys

from PIL import Image, ImageOps

QUALITY = 90


def main() -> None:
    seconds, memory, side = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # The memory limit of this process is the bound.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(io.BytesIO(sys.stdin.buffer.read())) as picture:
        if getattr(picture, "n_frames", 1) != 1:
            raise ValueError("a moving picture")
        is_small, kind, profile = max(picture.size) <= side, picture.format, picture.info.get("icc_profile")
        # Decode a JPEG at a half, a quarter or an eighth of its size where that is enough.
        picture.draft(None, (side, side))
        picture.load()
        if is_small:
            return
        picture.thumbnail((side, side), reducing_gap=2.0)
        ImageOps.exif_transpose(picture, in_place=True)
        for name in set(picture.info) - {"icc_profile", "transparency"}:
            del picture.info[name]
        picture.save(sys.stdout.buffer, kind, quality=QUALITY, icc_profile=profile)


if __name__ == "__main__":
    main()
