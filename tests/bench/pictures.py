"""What the picture files of one noisy photo of 12 megapixels cost: ``make bench-pictures AGAINST=../older``.

Prints files, bytes and seconds of the processor of all that is made of it for an item, and how alike the two builds'
pictures are that have the same size and format, the least alike pair (SSIM of grey 8 x 8 blocks, Wang et al. 2004).
"""

import os
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from tests.bench import checkouts, figures

#: Of the older build's, at most; and how alike at least.
MOST, LEAST_ALIKE = 0.3, 0.98
SIZE, NOISE = (4000, 3000), 24
BLOCK = 8


def main() -> None:
    """Drive this build, and an older one where a path is given."""
    options = checkouts.read_options(__doc__, rounds=3, quick=1)
    with (
        tempfile.NamedTemporaryFile(suffix=".jpg") as photo,
        checkouts.drive("tests.bench.pictures", options.against) as drivers,
    ):
        _draw().save(photo, "JPEG", quality=92)
        photo.flush()
        told = checkouts.take_turns(drivers, [photo.name], options.rounds)[photo.name]
        alike = _compare_files(told)
    found = []
    for key, unit, most in (("files", "files", None), ("bytes", "bytes", MOST), ("seconds", "s", MOST)):
        value, ratio = checkouts.compare(told, key)
        found.append(figures.judge(f"pictures.{key}", value, unit, ratio=ratio, of_older=most))
    if alike is not None:
        found.append(figures.judge("pictures.alike", alike, "SSIM", least=LEAST_ALIKE))
    figures.report(found)


def _draw() -> Image.Image:
    """Return shapes of every size under a camera's noise."""
    shapes = Image.radial_gradient("L").resize(SIZE)
    for number in range(2, 7):
        cells = Image.effect_mandelbrot((SIZE[0] // number, SIZE[1] // number), (-2, -1.5, 1, 1.5), 60).resize(SIZE)
        shapes = Image.blend(shapes, cells, 0.25)
    noise = [Image.effect_noise(SIZE, NOISE) for _channel in range(3)]
    return Image.merge("RGB", [ImageChops.overlay(shapes, each) for each in noise])


def drive():
    """Return what makes the files of a photo, given its path, for an item that goes live."""
    from django.conf import settings
    from django.core.files.images import ImageFile

    from news.models import Photo
    from tests.bench.drive import import_helper

    try:
        from news.picture_files import prerender
    except ImportError:
        from news import readying as prerender
    office = import_helper("factories").Office.open()
    media = Path(settings.MEDIA_ROOT)
    prerender.make_all()

    def answer(path: str) -> dict:
        with Path(path).open("rb") as stream:
            photo = Photo.objects.create(title="Foto", credit="Dokumentasi", file=ImageFile(stream, name="foto.jpg"))
        item = office.bring_to("composing")
        office.write(item, main_image=photo, main_image_alt="Warga", main_image_credit="Dokumentasi")
        office.bring_to("live", item, channels=[])
        before, start = set(media.rglob("*")), _read_seconds()
        prerender.make_all()
        seconds = _read_seconds() - start
        made = [file for file in media.rglob("*") if file.is_file() and file not in before]
        size = sum(file.stat().st_size for file in made)
        return {"files": len(made), "bytes": size, "seconds": seconds, "paths": list(map(str, made))}

    return answer


def _read_seconds() -> float:
    """Return the processor time of this process and of those that it waited for."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _compare_files(told: dict[str, list[dict]]) -> float | None:
    if checkouts.OLDER not in told:
        return None
    this, older = ({_describe(path): path for path in answers[0]["paths"]} for answers in told.values())
    pairs = [(this[each], older[each]) for each in this.keys() & older.keys()]
    return min(_find_likeness(*(Image.open(path).convert("L") for path in pair)) for pair in pairs)


def _describe(path: str) -> tuple:
    with Image.open(path) as picture:
        return picture.format, picture.size


def _find_likeness(one: Image.Image, other: Image.Image) -> float:
    """Return the mean structural similarity of a quarter of the blocks: 1 for the same picture."""
    brightness, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    found = []
    for left in range(0, one.width - BLOCK + 1, 2 * BLOCK):
        for top in range(0, one.height - BLOCK + 1, 2 * BLOCK):
            box = (left, top, left + BLOCK, top + BLOCK)
            a, b = one.crop(box), other.crop(box)
            of_a, of_b, of_both = ImageStat.Stat(a), ImageStat.Stat(b), _multiply(a, b)
            mean_a, mean_b = of_a.mean[0], of_b.mean[0]
            covariance = of_both - mean_a * mean_b
            found.append(
                (2 * mean_a * mean_b + brightness)
                * (2 * covariance + contrast)
                / ((mean_a**2 + mean_b**2 + brightness) * (of_a.var[0] + of_b.var[0] + contrast))
            )
    return sum(found) / len(found)


def _multiply(one: Image.Image, other: Image.Image) -> float:
    """Return the mean product of two pictures' points."""
    pairs = zip(one.tobytes(), other.tobytes(), strict=True)
    return sum(a * b for a, b in pairs) / (one.width * one.height)


if __name__ == "__main__":
    main()
