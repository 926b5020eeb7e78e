"""Draw flat landscapes: shapes in fractions of the canvas, antialiased, deterministic."""

import io
import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1600, 1000
#: Factor of supersampling.
SCALE = 2


@dataclass(frozen=True)
class Palette:
    """Colours of a scene: sky from top to horizon, sun, mountains from far to near, ground."""

    sky: tuple[str, str]
    sun: str
    far: str
    hills: tuple[str, str, str]
    ground: tuple[str, str]
    accent: str


PALETTES = {
    "morning": Palette(
        ("#f9d9b8", "#fdf3e3"),
        "#f3a65a",
        "#9db8b5",
        ("#7aa396", "#558a79", "#3a6f5f"),
        ("#8fb573", "#5f9257"),
        "#c8553d",
    ),
    "noon": Palette(
        ("#9fd0dd", "#eaf6f1"),
        "#fff3c4",
        "#8fb3bd",
        ("#7fae8c", "#5a9470", "#3c7857"),
        ("#a3c76f", "#6aa352"),
        "#d9643a",
    ),
    "evening": Palette(
        ("#5d6f9e", "#f7c59f"),
        "#f78154",
        "#7d7aa5",
        ("#69658f", "#57507a", "#433c61"),
        ("#8f8a5f", "#5d6246"),
        "#f2b134",
    ),
    "harvest": Palette(
        ("#f4cf7b", "#fdf1cf"),
        "#f08a4b",
        "#b7a07c",
        ("#a9a35f", "#8c8f4a", "#6b763d"),
        ("#e8b94a", "#c98f2d"),
        "#a63d2f",
    ),
    "storm": Palette(
        ("#4d5d6c", "#a9b6b8"),
        "#8d9ca3",
        "#6d7f86",
        ("#5f7672", "#48615c", "#344b47"),
        ("#6f8a62", "#4a6548"),
        "#e0b04b",
    ),
    "indoors": Palette(
        ("#efe2cc", "#f8f0e0"),
        "#f6d58a",
        "#d8c4a2",
        ("#b98f63", "#94663f", "#6d4629"),
        ("#c9a477", "#a77f55"),
        "#b23a32",
    ),
}


class Canvas:
    """A picture being drawn. Coordinates run from 0 to 1 both ways."""

    def __init__(self, palette: Palette):
        self.palette = palette
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        self.draw = ImageDraw.Draw(self.image)

    def at(self, x, y):
        return x * WIDTH * SCALE, y * HEIGHT * SCALE

    def polygon(self, points, fill):
        self.draw.polygon([self.at(x, y) for x, y in points], fill=fill)

    def rect(self, x0, y0, x1, y1, fill, radius=0.0):
        box = [*self.at(x0, y0), *self.at(x1, y1)]
        if radius:
            self.draw.rounded_rectangle(box, radius * WIDTH * SCALE, fill=fill)
        else:
            self.draw.rectangle(box, fill=fill)

    def circle(self, x, y, radius, fill):
        """Draw a circle; ``radius`` is a fraction of the width."""
        cx, cy = self.at(x, y)
        r = radius * WIDTH * SCALE
        self.draw.ellipse([cx - r, cy - r, cx + r, cy + r], fill=fill)

    def oval(self, x0, y0, x1, y1, fill):
        self.draw.ellipse([*self.at(x0, y0), *self.at(x1, y1)], fill=fill)

    def line(self, points, fill, width=0.002):
        self.draw.line(
            [self.at(x, y) for x, y in points], fill=fill, width=max(1, round(width * WIDTH * SCALE)), joint="curve"
        )

    def gradient(self, top, bottom, y0=0.0, y1=1.0):
        """Fill a band of the whole width with a vertical gradient."""
        height = max(1, round((y1 - y0) * HEIGHT * SCALE))
        strip = Image.new("RGB", (1, 64))
        strip.putdata([mix(top, bottom, step / 63) for step in range(64)])
        band = strip.resize((WIDTH * SCALE, height), Image.Resampling.BILINEAR)
        self.image.paste(band, (0, round(y0 * HEIGHT * SCALE)))

    def glow(self, x, y, radius, colour, strength=0.5):
        """Draw a soft light that fades outwards."""
        # The gradient is darkest in the corners; cut it off at the inscribed circle.
        mask = Image.radial_gradient("L").point(lambda value: round(max(0, 255 - value * 1.45) * strength))
        side = round(radius * 2 * WIDTH * SCALE)
        cx, cy = self.at(x, y)
        light = Image.new("RGB", (side, side), colour)
        corner = round(cx - side / 2), round(cy - side / 2)
        self.image.paste(light, corner, mask.resize((side, side), Image.Resampling.BICUBIC))

    def wave(self, base, height, waves, fill, phase=0.0, down_to=1.0):
        """Draw a rolling hill from edge to edge, made of two waves."""
        points = []
        for step in range(81):
            x = step / 80
            slow = math.sin(waves * math.tau * x + phase)
            quick = math.sin(waves * 2.3 * math.tau * x + phase * 1.7)
            points.append((x, base - height * (0.65 * slow + 0.35 * quick)))
        self.polygon([*points, (1, down_to), (0, down_to)], fill)

    def jpeg(self) -> bytes:
        """Return the finished picture."""
        out = io.BytesIO()
        self.image.reduce(SCALE).save(out, "JPEG", quality=84)
        return out.getvalue()


def scatter(seed: int) -> Random:
    """Return pseudo-random numbers that are the same at every run."""
    return Random(seed)  # noqa: S311 - drops of rain, not keys


def rgb(colour):
    if isinstance(colour, tuple):
        return colour
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def mix(first, second, share):
    """Return the colour at ``share`` (0 to 1) of the way from the first to the second."""
    return tuple(round(a + (b - a) * share) for a, b in zip(rgb(first), rgb(second), strict=True))
