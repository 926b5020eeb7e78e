#!/usr/bin/env bash
# pillow-heif 1.8.1: a picture saved as HEIF with a PIL Image.Exif object loses its orientation; with bytes it is turned.
#
# Telephones store portrait photos lying down and say so in the orientation tag. Pillow's own plugins take the same
# object for JPEG and AVIF and keep the tag. Here HEIF turns the pixels of the picture (as its format wants it) only
# where the metadata are given as bytes; given as an object, the tag becomes 1 and the photo lies on its side for good,
# without an error.
# Turn the pixels (ImageOps.exif_transpose) before saving, or pass exif.tobytes().
#
# Seen: size of a 64 x 32 picture with orientation 6 when read again, and its tag
#   HEIF, Exif object  (64, 32) 1
#   HEIF, bytes        (32, 64) 1
#   JPEG, Exif object  (64, 32) 6
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow-heif==1.8.1 pillow==12.2.0
found=$("$folder/venv/bin/python" - <<'PYTHON'
import io

import pillow_heif
from PIL import ExifTags, Image

pillow_heif.register_heif_opener()
exif = Image.Exif()
exif[ExifTags.Base.Orientation] = 6
for form, name, given in (("HEIF", "Exif object", exif), ("HEIF", "bytes", exif.tobytes()), ("JPEG", "Exif object", exif)):
    stored = io.BytesIO()
    Image.new("RGB", (64, 32), "navy").save(stored, form, exif=given)
    read = Image.open(stored)
    print(f"{form + ', ' + name:<18} {read.size} {read.getexif()[ExifTags.Base.Orientation]}")
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
HEIF, Exif object  (64, 32) 1
HEIF, bytes        (32, 64) 1
JPEG, Exif object  (64, 32) 6
SEEN
