"""Small things that stand in a scene: people, trees, houses, flags."""

import math

from .canvas import Canvas, mix

SKIN = ("#c58c60", "#a9714b", "#d9a57c", "#8f5d3c")
CLOTHES = ("#2f6f73", "#c8553d", "#e0a63a", "#4f5d95", "#7a9e58", "#8c4a6b", "#f1e6d2")
RED, WHITE = "#c8201f", "#fdfbf7"


def person(canvas: Canvas, x, y, size, clothes, skin=SKIN[0], hat=None, veil=None):
    """Somebody seen from afar, standing at (x, y); ``size`` is the height in fractions of the sheet."""
    width = size * 0.142
    lower = mix(clothes, "#26282e", 0.55)
    if veil:
        canvas.polygon(
            [
                (x - width * 0.62, y - size * 0.36),
                (x + width * 0.62, y - size * 0.36),
                (x + width * 0.80, y),
                (x - width * 0.80, y),
            ],
            lower,
        )
    else:
        canvas.rect(x - width * 0.62, y - size * 0.36, x - width * 0.08, y, lower)
        canvas.rect(x + width * 0.08, y - size * 0.36, x + width * 0.62, y, lower)
    canvas.rect(
        x - width,
        y - size * 0.68,
        x - width * 0.70,
        y - size * 0.30,
        mix(clothes, "#26282e", 0.12),
        radius=width * 0.15,
    )
    canvas.rect(
        x + width * 0.70,
        y - size * 0.68,
        x + width,
        y - size * 0.30,
        mix(clothes, "#26282e", 0.12),
        radius=width * 0.15,
    )
    canvas.rect(x - width * 0.78, y - size * 0.70, x + width * 0.78, y - size * 0.30, clothes, radius=width * 0.35)
    if veil:
        canvas.circle(x, y - size * 0.80, size * 0.092, veil)
        canvas.polygon(
            [(x - width * 0.8, y - size * 0.56), (x + width * 0.8, y - size * 0.56), (x, y - size * 0.88)], veil
        )
    canvas.circle(x, y - size * 0.80, size * 0.068, skin)
    if hat == "caping":
        canvas.polygon(
            [(x - size * 0.16, y - size * 0.83), (x + size * 0.16, y - size * 0.83), (x, y - size * 1.0)], "#e3c88a"
        )
    elif hat == "peci":
        canvas.rect(x - size * 0.058, y - size * 0.95, x + size * 0.058, y - size * 0.85, "#20242b", radius=0.003)


def crowd(canvas: Canvas, x0, x1, y, size, count, rows=1, **looks):
    """Rows of people, further back and smaller in each row behind."""
    for row in range(rows):
        depth = rows - 1 - row
        height = size * (1 - 0.16 * depth)
        for number in range(count):
            x = x0 + (x1 - x0) * (number + 0.5 * (row % 2) + 0.25) / count
            tone = number * 5 + row * 3
            person(
                canvas,
                x,
                y - depth * size * 0.34,
                height,
                looks.get("clothes") or CLOTHES[tone % len(CLOTHES)],
                SKIN[tone % len(SKIN)],
                hat=looks.get("hat"),
                veil=looks.get("veil") if number % 2 else None,
            )


def tree(canvas: Canvas, x, y, size, leaves, trunk="#6d4a2f"):
    canvas.rect(x - size * 0.03, y - size * 0.5, x + size * 0.03, y, trunk)
    for dx, dy, radius, share in ((-0.12, 0.62, 0.17, 0.15), (0.13, 0.66, 0.16, 0.05), (0, 0.85, 0.19, 0.0)):
        canvas.circle(x + dx * size, y - dy * size, radius * size, mix(leaves, "#10301f", share))


def palm(canvas: Canvas, x, y, size, leaves, lean=0.05):
    """A coconut palm; ``lean`` tells how the wind pushes it."""
    curve = [(x + lean * size * (step / 10) ** 2 * 2, y - size * step / 10) for step in range(11)]
    canvas.line(curve, "#7a5a3c", 0.007)
    top_x, top_y = curve[-1]
    for angle in range(-20, 201, 22):
        reach = size * 0.42
        a = math.radians(angle)
        push = lean * size * 1.4
        points = []
        for step in range(9):
            t = step / 8
            points.append(
                (
                    top_x + math.cos(a) * reach * t * 0.7 + push * t * t,
                    top_y - math.sin(a) * reach * t * 0.9 + reach * 0.75 * t * t,
                )
            )
        canvas.line(points, leaves, 0.006)


def joglo(canvas: Canvas, x, y, width, roof, wall, post, open_hall=True):
    """A Javanese hall: the two-stepped roof on posts; (x, y) is the middle of its floor."""
    half = width / 2
    floor, eaves = y - width * 0.04, y - width * 0.38
    if not open_hall:
        canvas.rect(x - half * 0.86, eaves, x + half * 0.86, floor, wall)
        for step in range(-2, 3):
            colour = mix(wall, "#3a2a1c", 0.55) if step else mix(wall, "#3a2a1c", 0.75)
            canvas.rect(
                x + step * half * 0.32 - half * 0.09,
                eaves + width * 0.11,
                x + step * half * 0.32 + half * 0.09,
                floor if step == 0 else floor - width * 0.09,
                colour,
            )
    else:
        canvas.rect(x - half * 0.86, eaves, x + half * 0.86, floor, mix(wall, "#3a2a1c", 0.45))
    for step in range(7):
        px = x - half * 0.86 + half * 1.72 * step / 6
        canvas.rect(px - width * 0.010, eaves, px + width * 0.010, floor, post)
    canvas.polygon(
        [
            (x - half, eaves + width * 0.03),
            (x + half, eaves + width * 0.03),
            (x + half * 0.48, y - width * 0.60),
            (x - half * 0.48, y - width * 0.60),
        ],
        roof,
    )
    canvas.polygon(
        [
            (x - half * 0.48, y - width * 0.60),
            (x + half * 0.48, y - width * 0.60),
            (x + half * 0.26, y - width * 0.86),
            (x - half * 0.26, y - width * 0.86),
        ],
        mix(roof, "#000000", 0.12),
    )
    canvas.rect(x - half * 0.28, y - width * 0.885, x + half * 0.28, y - width * 0.85, mix(roof, "#000000", 0.3))
    canvas.rect(x - half * 0.95, floor, x + half * 0.95, y, mix(wall, "#6b5a48", 0.35))


def flag(canvas: Canvas, x, y, height, blow=1.0):
    """The red-and-white flag on its pole; ``blow`` says how strong the wind is and whither it goes."""
    canvas.rect(x - 0.0025, y - height, x + 0.0025, y, "#d8d2c4")
    canvas.circle(x, y - height, 0.006, "#e3b54a")
    width, deep = 0.13 * blow, height * 0.2
    for top, colour in ((0.0, RED), (0.5, WHITE)):
        upper, lower = [], []
        for step in range(21):
            t = step / 20
            swing = 0.012 * math.sin(t * math.tau * 1.1) * (0.3 + t)
            upper.append((x + width * t, y - height + 0.012 + deep * top + swing))
            lower.append((x + width * t, y - height + 0.012 + deep * (top + 0.5) + swing))
        canvas.polygon(upper + lower[::-1], colour)


def bunting(canvas: Canvas, x0, y0, x1, y1, sag=0.05, flags=14):
    """Red and white pennants on a string."""

    def spot(t):
        return x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + sag * 4 * t * (1 - t)

    canvas.line([spot(step / 30) for step in range(31)], "#8d8577", 0.0012)
    for number in range(flags):
        left, right = spot((number + 0.15) / flags), spot((number + 0.85) / flags)
        middle = spot((number + 0.5) / flags)
        canvas.polygon([left, right, (middle[0], middle[1] + 0.035)], RED if number % 2 else WHITE)
