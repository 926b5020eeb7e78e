"""Pictures as cameras, phones and scanners write them, and what a person sees of each."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageOps, ImageStat

from news.images.upload_forms import PhotoField

#: Container → the modes in which cameras, phones and scanners write it.
MODES = {
    "JPEG": ("RGB", "L", "CMYK"),
    "MPO": ("RGB",),
    "PNG": ("RGB", "RGBA", "L", "LA", "P", "1", "I;16"),
    "WEBP": ("RGB", "RGBA"),
    "HEIF": ("RGB", "RGBA", "L"),
    "AVIF": ("RGB", "RGBA"),
}
EXTENSIONS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "heic", "AVIF": "avif"}
#: Upright, mirrored, upside down, and held either way.
ORIENTATIONS = (1, 2, 3, 6, 8)
CASES = [(kind, mode, turned) for kind, modes in MODES.items() for mode in modes for turned in ORIENTATIONS]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GPS = 0x8825
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">Rumah pelapor</x:xmpmeta>'


def draw_scene() -> Image.Image:
    """Return a picture of which every turn looks different."""
    scene = Image.linear_gradient("L").resize((120, 80)).convert("RGB")
    pen = ImageDraw.Draw(scene)
    pen.rectangle((0, 0, 59, 39), fill=(190, 60, 40))
    pen.rectangle((80, 50, 119, 79), fill=(30, 80, 170))
    return scene


def make_mode(scene: Image.Image, mode: str) -> Image.Image:
    """Return the scene in this mode; grey of 16 bits uses all of them."""
    if mode == "I;16":
        wide = scene.convert("L").point(lambda value: value * 257, "I")
        return wide.convert("I;16")
    return scene.convert(mode, dither=Image.Dither.NONE) if mode == "1" else scene.convert(mode)


def make_file(kind: str, mode: str, turned: int, **more) -> bytes:
    """Return a file as a device writes it: with camera, place and orientation."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Kamera", turned
    exif.get_ifd(GPS)[2] = (7.0, 34.0, 17.0)
    stream, picture = BytesIO(), make_mode(draw_scene(), mode)
    if kind == "MPO":
        more |= {"save_all": True, "append_images": [Image.new("RGB", picture.size, "black")]}
    if kind in ("JPEG", "WEBP", "AVIF"):
        more |= {"xmp": XMP}
    picture.save(stream, kind, exif=exif.tobytes(), **({} if kind == "PNG" else {"quality": 95}), **more)
    return stream.getvalue()


def upload(name: str, content: bytes):
    return PhotoField().to_python(SimpleUploadedFile(name, content))


def show(content) -> Image.Image:
    """Return what a person sees of a file."""
    with Image.open(content) as picture:
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    canvas = Image.new("RGBA", upright.size, "white")
    canvas.alpha_composite(upright.convert("RGBA"))
    return canvas.convert("RGB")


def expect(mode: str, turned: int) -> Image.Image:
    """Return what a person sees of the device's file."""
    picture = draw_scene() if mode == "I;16" else make_mode(draw_scene(), mode).convert("RGB")
    stream, exif = BytesIO(), Image.Exif()
    exif[0x0112] = turned
    (picture.convert("L").convert("RGB") if mode == "I;16" else picture).save(stream, "PNG", exif=exif)
    return show(stream)


def measure_difference(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference of two pictures a channel, 0 to 255."""
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)
