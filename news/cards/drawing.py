"""Draw a card: compute the layout, then paint the background, then the text."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urlsplit

import segno
from PIL import Image, ImageDraw, ImageOps
from wagtail.images.models import Filter

from moderation.uploads.damaged_pictures import UNREADABLE

from . import lettering, ornaments
from .brand import Brand
from .content import CardContent
from .lettering import BLACK, BOLD, MEDIUM

#: Increase when the drawing changes, so that cached cards are not served.
VERSION = 3
#: Bytes; WhatsApp shows no larger picture beside a link.
MAX_BYTES = 295_000
MIME = "image/jpeg"
_QUALITIES = (90, 84, 78, 70, 60, 48, 36, 24)

INVITATION = "Pindai kode atau baca di situs resmi"
WHITE, SOFT = (255, 255, 255), (205, 213, 234)
#: The row of triangles at the foot.
_EDGE = 18
_QUIET = 4


@dataclass(frozen=True)
class Shape:
    """One kind of card: its size and the space for its parts, in pixels."""

    name: str
    label: str
    width: int
    height: int
    margin: int
    mark: int
    code: int
    small: int
    title_sizes: range
    title_room: int
    #: With a picture the text gets less room.
    title_sizes_on_photo: range
    title_room_on_photo: int
    #: Whether words and picture stand side by side.
    is_wide: bool = False


SQUARE = Shape("kotak", "Kartu kotak", 1080, 1080, 64, 84, 264, 30, range(104, 45, -2), 460, range(68, 41, -2), 300)
LINK = Shape("tautan", "Kartu tautan", 1200, 630, 56, 72, 264, 26, range(74, 29, -2), 270, range(60, 29, -2), 270, True)
SHAPES = {shape.name: shape for shape in (SQUARE, LINK)}
#: On a wide card the words end and the picture begins here.
_COLUMN = 0.6


@dataclass(frozen=True)
class Line:
    """One line of text: where it begins on its baseline, and how it is drawn."""

    text: str
    x: int
    baseline: int
    size: int
    weight: int
    colour: tuple[int, int, int]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Bounding box: left, top, right, bottom."""
        font = lettering.get_font(self.size, self.weight)
        left, top, right, bottom = font.getbbox(self.text, anchor="ls")
        return self.x + int(left), self.baseline + int(top), self.x + int(right), self.baseline + int(bottom)


@dataclass
class Layout:
    """Positions of all parts of one card."""

    shape: Shape
    has_photo: bool
    lines: list[Line] = field(default_factory=list)
    mark: tuple[int, int] = (0, 0)
    #: Behind the name where the picture is: left, top, right, bottom.
    plate: tuple[int, int, int, int] = (0, 0, 0, 0)
    code: tuple[int, int, int] = (0, 0, 0)
    #: Where the words of the item begin; a short line stands above them.
    text_top: int = 0
    #: Where the picture is seen: left, top, right, bottom.
    window: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def text_right(self) -> int:
        """Right edge of the title's column."""
        shape = self.shape
        if not shape.is_wide:
            return shape.width - shape.margin
        return round(shape.width * _COLUMN) if self.has_photo else self.code[0] - 40


def draw(content: CardContent, brand: Brand, shape: Shape, load_photo: Callable | None = None) -> bytes:
    """Return the card as JPEG without metadata, small enough for WhatsApp's preview of a link.

    ``load_photo(width, height)`` returns the picture cut to this size, None when its file is gone.
    """
    layout = arrange(content, brand, shape, has_photo=load_photo is not None)
    photo = None
    if load_photo is not None:
        left, top, right, bottom = layout.window
        photo = load_photo(right - left, bottom - top)
        if photo is None:
            layout = arrange(content, brand, shape, has_photo=False)
    card = paint_ground(layout, photo)
    paint_brand(card, layout, brand)
    paint_code(card, layout, content.link)
    paint_lines(card, layout)
    return _encode(card)


def arrange(content: CardContent, brand: Brand, shape: Shape, *, has_photo: bool) -> Layout:
    """Compute the positions and the font sizes that fit."""
    layout = Layout(shape, has_photo, mark=(shape.margin, shape.margin))
    bottom = shape.height - _EDGE - shape.margin + 8
    layout.code = (shape.width - shape.margin - shape.code, bottom - shape.code, shape.code)
    _arrange_brand(layout, brand)
    _arrange_title(layout, content, _arrange_foot(layout, content, bottom))
    if shape.is_wide:
        layout.window = (round(shape.width * _COLUMN) - 100, 0, shape.width, shape.height)
    else:
        layout.window = (0, 0, shape.width, layout.text_top + 40)
    return layout


def _arrange_brand(layout, brand) -> None:
    shape = layout.shape
    left, top = shape.margin + shape.mark + 24, shape.margin
    room = (layout.text_right if shape.is_wide else shape.width - shape.margin - 24) - left
    name, size = lettering.fit_line(lettering.clean(brand.name, 120), room, range(shape.small + 8, 19, -1), BOLD)
    line, line_size = lettering.fit_line(lettering.clean(brand.line, 120), room, range(shape.small - 4, 13, -1), MEDIUM)
    if line:
        lines = [
            Line(name, left, top + round(shape.mark * 0.46), size, BOLD, WHITE),
            Line(line, left, top + round(shape.mark * 0.88), line_size, MEDIUM, WHITE),
        ]
    else:
        lines = [Line(name, left, top + round(shape.mark * 0.64), size, BOLD, WHITE)]
    layout.lines += lines
    right = max(line.box[2] for line in lines)
    layout.plate = (shape.margin - 20, top - 20, right + 28, top + shape.mark + 20)


def _arrange_foot(layout, content, bottom) -> int:
    """Place the date and the site's name beside the code; return the title's lower limit."""
    shape = layout.shape
    room = min(layout.code[0] - 40, layout.text_right) - shape.margin
    host = lettering.clean(urlsplit(content.link).hostname or "", 120)
    at = bottom - 8
    if host:
        host, size = lettering.fit_line(host, room, range(shape.small, 15, -1), BOLD)
        layout.lines.append(Line(host, shape.margin, at, size, BOLD, WHITE))
        if not shape.is_wide:
            at -= round(shape.small * 1.4)
            words, size = lettering.fit_line(INVITATION, room, range(shape.small - 4, 15, -1), MEDIUM)
            layout.lines.append(Line(words, shape.margin, at, size, MEDIUM, SOFT))
        at -= round(shape.small * 1.8)
    if content.date:
        date, size = lettering.fit_line(content.date, room, range(shape.small + 6, 17, -1), BOLD)
        layout.lines.append(Line(date, shape.margin, at, size, BOLD, ornaments.get_palette().ornament))
        at -= size
    return at - 28 if shape.is_wide else min(at, layout.code[1]) - 40


def _arrange_title(layout, content, bottom) -> None:
    shape = layout.shape
    width = layout.text_right - shape.margin
    label, label_size = lettering.fit_line(lettering.clean(content.label), width, range(shape.small, 17, -1), BOLD)
    label_room = round(label_size * 2) if label else 0
    free = bottom - layout.mark[1] - shape.mark - label_room - (40 if shape.is_wide else 88)
    sizes, room = shape.title_sizes, shape.title_room
    if layout.has_photo:
        sizes, room = shape.title_sizes_on_photo, shape.title_room_on_photo
    lines, size = lettering.fit(lettering.clean(content.title), width, min(room, free), sizes, BLACK)
    step = lettering.get_line_height(size)
    first = bottom - round(size * 0.24) - step * (len(lines) - 1)
    layout.lines += [Line(text, shape.margin, first + step * row, size, BLACK, WHITE) for row, text in enumerate(lines)]
    top = first - round(size * 0.78)
    if label:
        baseline = top - round(label_size * 0.9)
        layout.lines.append(Line(label, shape.margin, baseline, label_size, BOLD, ornaments.get_palette().ornament))
        top = baseline - label_size
    layout.text_top = top - 16


def paint_ground(layout: Layout, photo: Image.Image | None) -> Image.Image:
    """Paint the background: the pattern, and the picture under a scrim near the text."""
    shape = layout.shape
    size = (shape.width, shape.height)
    palette = ornaments.get_palette()
    ground = Image.new("RGB", size, palette.ground)
    ground.paste(palette.deep, mask=_spread(size, [(0, 0), (1, 255)]))
    thread = ornaments.draw_kawung(*size, cell=shape.small * 6, strength=30)
    ground.paste(palette.ornament, mask=_multiply(thread, _spread(size, [(0, 255), (0.5, 150), (1, 30)])))
    if photo is not None:
        left, top, right, bottom = layout.window
        photo = ImageOps.fit(photo.convert("RGB"), (right - left, bottom - top), Image.Resampling.LANCZOS)
        ground.paste(photo, (left, top), _make_scrim(layout))
        if not shape.is_wide:
            plate = Image.new("L", size)
            ImageDraw.Draw(plate).rounded_rectangle(layout.plate, radius=16, fill=226)
            ground.paste(palette.deep, mask=plate)
    ground.paste(palette.ornament, (0, shape.height - _EDGE), ornaments.draw_tumpal(shape.width, _EDGE))
    pen = ImageDraw.Draw(ground)
    pen.rectangle((shape.margin, layout.text_top, shape.margin + 72, layout.text_top + 5), fill=palette.ornament)
    return ground


def _make_scrim(layout) -> Image.Image:
    """Return the picture's opacity mask: opaque away from the text, nearly transparent behind it."""
    left, top, right, bottom = layout.window
    width, height = right - left, bottom - top
    if layout.shape.is_wide:
        # The same gradient, rotated.
        column = _spread((height, width), [(0, 0), (0.16, 20), (0.46, 255), (1, 255)])
        return column.transpose(Image.Transpose.ROTATE_90)
    return _spread((width, height), [(0, 255), (max(0, 1 - 210 / height), 255), (1 - 56 / height, 26), (1, 0)])


def _spread(size, stops) -> Image.Image:
    """Return a vertical gradient mask; a stop is (fraction of the height, value)."""
    height = size[1]
    column = Image.new("L", (1, height))
    column.putdata([round(_read_stops(stops, row / height)) for row in range(height)])
    return column.resize(size)


def _read_stops(stops, part) -> float:
    for (start, low), (end, high) in pairwise(stops):
        if part < end:
            return low + (high - low) * (part - start) / (end - start)
    return stops[-1][1]


def _multiply(one, other) -> Image.Image:
    return Image.composite(one, Image.new("L", one.size), other)


def paint_brand(card: Image.Image, layout: Layout, brand: Brand) -> None:
    """Paint the office's logo into the corner, or the site's mark."""
    side = layout.shape.mark
    logo = load_picture(brand.logo, f"max-{side * 2}x{side * 2}|format-png") if brand.logo else None
    if logo is None:
        mark = ornaments.draw_mark(side, ornaments.get_palette())
    else:
        # Keep the logo's proportions, on a background that contrasts with it.
        mark = Image.new("RGBA", (side, side))
        ImageDraw.Draw(mark).rounded_rectangle((0, 0, side - 1, side - 1), radius=side // 10, fill=WHITE)
        logo = ImageOps.contain(logo.convert("RGBA"), (side - 10, side - 10), Image.Resampling.LANCZOS)
        mark.alpha_composite(logo, ((side - logo.width) // 2, (side - logo.height) // 2))
    card.paste(mark, layout.mark, mark)


def load_picture(photo, spec: str) -> Image.Image | None:
    """Return a picture resized by Wagtail without storing a rendition; None when its file is gone."""
    try:
        with photo.generate_rendition_file(Filter(spec)) as file, Image.open(file) as picture:
            picture.load()
            return picture
    except UNREADABLE:
        return None


def paint_code(card: Image.Image, layout: Layout, link: str) -> None:
    """Draw the URL's QR code on white, each module a whole number of pixels."""
    if not link:
        return
    left, top, side = layout.code
    code = segno.make(link, error="m", micro=False)
    modules = code.symbol_size(border=_QUIET)[0]
    if modules * 3 > side:
        # A long URL: lower error correction for larger modules.
        code = segno.make(link, error="l", micro=False)
        modules = code.symbol_size(border=_QUIET)[0]
    scale = max(side // modules, 2)
    stream = io.BytesIO()
    code.save(stream, kind="png", scale=scale, border=_QUIET)
    drawn = Image.open(stream).convert("RGB")
    # The rest of the panel is quiet zone too; a code too large for it extends up and left.
    side = max(side, drawn.width)
    left, top = left + layout.code[2] - side, top + layout.code[2] - side
    ImageDraw.Draw(card).rounded_rectangle((left, top, left + side - 1, top + side - 1), radius=14, fill=WHITE)
    card.paste(drawn, (left + (side - drawn.width) // 2, top + (side - drawn.height) // 2))


def paint_lines(card: Image.Image, layout: Layout) -> None:
    """Draw the text lines."""
    pen = ImageDraw.Draw(card)
    for line in layout.lines:
        font = lettering.get_font(line.size, line.weight)
        pen.text((line.x, line.baseline), line.text, fill=line.colour, font=font, anchor="ls")


def _encode(card: Image.Image) -> bytes:
    """Return the best JPEG below the size limit, without metadata."""
    for quality in _QUALITIES:
        stream = io.BytesIO()
        card.save(stream, "JPEG", quality=quality, subsampling=0 if quality > 50 else 2, optimize=True)
        if stream.tell() <= MAX_BYTES:
            break
    return stream.getvalue()
