"""Read the QR code of one picture in a separate process, so that an overload ends only that process.

Started by ``qr`` with limits of time (s), memory (bytes) and size (pixels). Reads the picture from stdin and writes
the code's text to stdout. Exits with ``TOO_LARGE`` or ``UNREADABLE`` on failure. Plain Python.
"""

import io
import resource
import sys

TOO_LARGE, UNREADABLE = 3, 4
#: Size in pixels to which a photo is reduced; a code that fills a card stays readable.
READ_AT = (1600, 1600)
#: Minimum shorter side in pixels when decoding a photo at reduced size.
_DECODE_AT = (800, 800)
_FORMATS = ("JPEG", "PNG", "WEBP")


def main() -> int:
    seconds, memory, pixels = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    import zxingcpp
    from PIL import Image

    # The limit of memory is the bound.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=_FORMATS) as picture:
            # A JPEG is decoded at a half, a quarter or an eighth of its size where that is enough.
            picture.draft("L", _DECODE_AT)
            if picture.width * picture.height > pixels:
                return TOO_LARGE
            grey = picture.convert("L")
        grey.thumbnail(READ_AT)
        codes = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    except MemoryError:
        return TOO_LARGE
    except (OSError, SyntaxError, ValueError):
        return UNREADABLE
    sys.stdout.buffer.write(codes[0].text.encode(errors="replace") if codes else b"")
    return 0


if __name__ == "__main__":
    sys.exit(main())
