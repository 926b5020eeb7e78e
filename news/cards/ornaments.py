"""Draw the card's ornaments: the site's mark, the kawung pattern and the tumpal border."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from PIL import Image, ImageDraw

#: The shapes of home/static/home/mark.svg, in a square of 64.
_UNITS = 64
#: One petal of four: a corner, and two curves to the opposite one.
_PETAL = (((30, 30), (16, 30), (9, 23), (9, 9)), ((9, 9), (23, 9), (30, 16), (30, 30)))
_SEED = (19.5, 19.5, 3)
#: Supersampling factor, because Pillow does not antialias.
_SMOOTH = 4
#: How much of the ground's light is left at its darkest.
_DARKEST = 0.53


@dataclass(frozen=True)
class Palette:
    """The card's colours as red, green and blue: its ground, where that is darkest, and the ornaments."""

    ground: tuple[int, int, int]
    deep: tuple[int, int, int]
    ornament: tuple[int, int, int]


def get_palette() -> Palette:
    """Return the office's colours."""
    colours = settings.OFFICE_FACTS.colours
    red, green, blue = ground = colours.get_rgb("ground")
    deep = (round(red * _DARKEST), round(green * _DARKEST), round(blue * _DARKEST))
    return Palette(ground, deep, colours.get_rgb("ornament"))


@cache
def draw_mark(size: int, palette: Palette) -> Image.Image:
    """Return the site's mark on its own ground, transparent at the rounded corners."""
    scale = size * _SMOOTH / _UNITS
    mark = Image.new("RGBA", (size * _SMOOTH, size * _SMOOTH))
    pen = ImageDraw.Draw(mark)
    pen.rounded_rectangle((0, 0, mark.width - 1, mark.height - 1), radius=6 * scale, fill=palette.ornament)
    _draw_flower(pen, scale, palette.ground, palette.ornament)
    return mark.resize((size, size), Image.Resampling.LANCZOS)


@cache
def draw_kawung(width: int, height: int, cell: int, strength: int) -> Image.Image:
    """Return the kawung pattern as a mask."""
    scale = cell * 2 / (_UNITS - 14)
    tile = Image.new("L", (cell * 2, cell * 2))
    shifted = Image.new("L", (round(_UNITS * scale), round(_UNITS * scale)))
    _draw_flower(ImageDraw.Draw(shifted), scale, strength, 0)
    start = round(7 * scale)
    tile.paste(shifted.crop((start, start, start + tile.width, start + tile.height)))
    tile = tile.resize((cell, cell), Image.Resampling.LANCZOS)
    mask = Image.new("L", (width, height))
    for left in range(0, width, cell):
        for top in range(0, height, cell):
            mask.paste(tile, (left, top))
    return mask


@cache
def draw_tumpal(width: int, height: int) -> Image.Image:
    """Return the tumpal border, a row of triangles, as a mask."""
    mask = Image.new("L", (width * _SMOOTH, height * _SMOOTH))
    pen = ImageDraw.Draw(mask)
    step = height * _SMOOTH
    for left in range(0, mask.width, step):
        pen.polygon([(left, mask.height), (left + step / 2, 0), (left + step, mask.height)], fill=255)
    return mask.resize((width, height), Image.Resampling.LANCZOS)


def _draw_flower(pen, scale, colour, seed_colour) -> None:
    for turn in range(4):
        points = [point for curve in _PETAL for point in _trace(curve)]
        pen.polygon([_turn(x, y, turn, scale) for x, y in points], fill=colour)
        x, y = _turn(*_SEED[:2], turn, scale)
        radius = _SEED[2] * scale
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=seed_colour)


def _turn(x, y, turn, scale) -> tuple[float, float]:
    """Mirror a point of the first petal into one of the four quadrants."""
    return (_UNITS - x if turn % 2 else x) * scale, (_UNITS - y if turn > 1 else y) * scale


def _trace(curve, steps=24) -> list[tuple[float, float]]:
    """Return points on a cubic Bézier curve."""
    points = []
    for step in range(steps):
        t = step / steps
        weights = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        points.append(tuple(sum(w * p[axis] for w, p in zip(weights, curve, strict=True)) for axis in (0, 1)))
    return points
