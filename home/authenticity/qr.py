"""Reads the link out of a photographed or saved card; the picture is kept nowhere."""

import zxingcpp
from PIL import Image, UnidentifiedImageError

#: What a phone's camera makes, with room.
LARGEST_FILE = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
#: A code that fills a card is still read at this size, and a large photo costs no more than a small one.
READ_AT = (2000, 2000)
_FORMATS = ("JPEG", "PNG", "WEBP")


class UnreadablePicture(ValueError):
    """The file is no picture that can be read; the message is for the reader."""


def read_code(file) -> str:
    """Return the text of the QR code in a picture, "" where there is none."""
    if file.size > LARGEST_FILE:
        raise UnreadablePicture("Gambar terlalu besar. Kirim gambar paling besar 12 MB.")
    try:
        with Image.open(file, formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnreadablePicture("Gambar terlalu besar. Kirim gambar dengan ukuran lebih kecil.")
            picture.draft("L", READ_AT)
            grey = picture.convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, UnreadablePicture):
            raise
        raise UnreadablePicture("Berkas ini bukan gambar JPEG, PNG, atau WebP yang dapat dibaca.") from error
    grey.thumbnail(READ_AT)
    codes = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)
    return codes[0].text if codes else ""
