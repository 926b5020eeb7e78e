"""Scenes out of doors: fields, roads, water, hills, weather."""

import math

from .canvas import Canvas, mix, scatter
from .figures import CLOTHES, SKIN, bunting, crowd, flag, joglo, palm, person, tree


def backdrop(canvas: Canvas, sun=(0.74, 0.26), horizon=0.55, phase=0.0):
    """Sky, sun, the far volcano and two chains of hills, as seen towards Mount Lawu."""
    light = canvas.palette
    canvas.gradient(*light.sky, 0, horizon + 0.12)
    canvas.glow(*sun, 0.26, light.sun, 0.55)
    canvas.circle(*sun, 0.042, mix(light.sun, "#ffffff", 0.35))
    canvas.polygon(
        [
            (0.28, horizon + 0.05),
            (0.40, horizon - 0.10),
            (0.485, horizon - 0.20),
            (0.52, horizon - 0.215),
            (0.55, horizon - 0.195),
            (0.585, horizon - 0.20),
            (0.68, horizon - 0.10),
            (0.84, horizon + 0.05),
        ],
        mix(light.far, light.sky[1], 0.35),
    )
    canvas.wave(horizon - 0.01, 0.035, 1.3, mix(light.hills[0], light.sky[1], 0.35), phase)
    canvas.wave(horizon + 0.04, 0.03, 1.9, light.hills[0], phase + 1.4)
    canvas.wave(horizon + 0.085, 0.022, 2.4, light.hills[1], phase + 3.1)


def clouds(canvas: Canvas, colour, seed):
    random = scatter(seed)
    for _number in range(5):
        x, y, size = random.uniform(0.05, 0.95), random.uniform(0.07, 0.27), random.uniform(0.03, 0.06)
        for step in range(-2, 3):
            canvas.oval(
                x + step * size * 0.75 - size,
                y - size * (0.55 - 0.12 * abs(step)),
                x + step * size * 0.75 + size,
                y + size * 0.42,
                colour,
            )


def fields(canvas: Canvas, top, bottom, bands, colours, phase=0.0):
    """Terraces: curved bands that grow wider towards the reader, each with its dyke."""
    for band in range(bands):
        t = band / bands
        y = top + (bottom - top) * t**1.5
        colour = mix(colours[0], colours[1], (band % 3) / 2 if bands > 3 else t)
        canvas.wave(y, 0.012 + 0.03 * t, 0.8, mix(colour, "#2b3d20", 0.28), phase + band * 0.55)
        canvas.wave(y + 0.004 + 0.009 * t, 0.012 + 0.03 * t, 0.8, colour, phase + band * 0.55)


def terraces(canvas: Canvas):
    """Rice terraces with water in the nearest ones."""
    backdrop(canvas, sun=(0.24, 0.24))
    clouds(canvas, mix(canvas.palette.sky[1], "#ffffff", 0.5), 3)
    fields(canvas, 0.60, 0.92, 8, canvas.palette.ground)
    canvas.wave(0.95, 0.04, 0.8, mix(canvas.palette.sky[0], "#ffffff", 0.25), 4.9)
    for number, x in enumerate((0.12, 0.17, 0.86)):
        palm(canvas, x, 0.72 + 0.02 * number, 0.26 + 0.03 * number, mix(canvas.palette.hills[2], "#10301f", 0.2), 0.06)
    for x, y in ((0.42, 0.79), (0.52, 0.82), (0.60, 0.80)):
        person(canvas, x, y, 0.085, CLOTHES[round(x * 50) % 6], hat="caping")


def road(canvas: Canvas):
    """A newly paved village road between fields."""
    backdrop(canvas, phase=2.0)
    clouds(canvas, mix(canvas.palette.sky[1], "#ffffff", 0.6), 8)
    canvas.gradient(*canvas.palette.ground, 0.63, 1)
    for row in range(7):
        y = 0.66 + 0.30 * (row / 7) ** 1.5
        canvas.rect(0, y, 1, y + 0.004 + row * 0.002, mix(canvas.palette.ground[1], "#2b3d20", 0.25))
    canvas.polygon([(0.485, 0.63), (0.515, 0.63), (0.86, 1), (0.16, 1)], "#c9bfae")
    canvas.polygon([(0.489, 0.63), (0.511, 0.63), (0.80, 1), (0.22, 1)], "#a8a297")
    for row in range(9):
        t = (row / 9) ** 2.2
        y, half = 0.64 + 0.36 * t, 0.014 + 0.275 * t
        canvas.line([(0.50 - half * 0.98, y), (0.505 + half * 0.98, y)], "#948e84", 0.001 + 0.002 * t)
    for side in (-1, 1):
        for step in range(5):
            t = (step + 0.4) / 5
            x = 0.50 + side * (0.06 + 0.42 * t**1.6)
            tree(canvas, x, 0.645 + 0.27 * t**1.6, 0.10 + 0.24 * t, canvas.palette.hills[2])
    person(canvas, 0.44, 0.86, 0.16, "#e0a63a", SKIN[1])
    person(canvas, 0.53, 0.84, 0.15, "#4f5d95", SKIN[2], hat="peci")
    person(canvas, 0.58, 0.85, 0.15, "#f1e6d2", SKIN[0], veil="#2f6f73")


def irrigation(canvas: Canvas):
    """People clearing an irrigation canal."""
    backdrop(canvas, sun=(0.18, 0.22), phase=4.2)
    canvas.gradient(*canvas.palette.ground, 0.64, 1)
    fields(canvas, 0.655, 0.80, 5, canvas.palette.ground, 2.0)
    canvas.polygon([(0.62, 0.645), (0.645, 0.645), (0.80, 1), (0.30, 1)], "#b9ab95")
    canvas.polygon([(0.624, 0.645), (0.641, 0.645), (0.745, 1), (0.36, 1)], "#6fa9b4")
    random = scatter(5)
    for _number in range(26):
        t = random.random() ** 0.6
        y = 0.66 + 0.33 * t
        left, right = 0.625 - 0.255 * t, 0.64 + 0.095 * t
        x = random.uniform(left + 0.01 * t, right - 0.05 * t - 0.004)
        canvas.line([(x, y), (x + 0.045 * t + 0.004, y)], "#a9d0d4", 0.001 + 0.0015 * t)
    for x, y, size, colour in (
        (0.30, 0.88, 0.21, 0),
        (0.44, 0.79, 0.15, 1),
        (0.21, 0.97, 0.25, 3),
        (0.78, 0.86, 0.2, 4),
        (0.71, 0.76, 0.13, 2),
        (0.87, 0.95, 0.24, 5),
    ):
        toward = 1 if x < 0.6 else -1
        canvas.line(
            [(x + toward * size * 0.10, y - size * 0.50), (x + toward * size * 0.34, y + size * 0.02)], "#7a5a3c", 0.004
        )
        canvas.polygon(
            [
                (x + toward * size * 0.30, y - size * 0.05),
                (x + toward * size * 0.42, y),
                (x + toward * size * 0.33, y + size * 0.06),
            ],
            "#5b6066",
        )
        person(canvas, x, y, size, CLOTHES[colour], SKIN[colour % 4], hat="caping")
    palm(canvas, 0.06, 0.80, 0.36, mix(canvas.palette.hills[2], "#10301f", 0.15), 0.05)
    palm(canvas, 0.95, 0.74, 0.30, mix(canvas.palette.hills[2], "#10301f", 0.15), -0.04)


def harvest(canvas: Canvas):
    """A farmers' group harvesting ripe rice."""
    backdrop(canvas, sun=(0.66, 0.24), phase=1.0)
    canvas.gradient(*canvas.palette.ground, 0.64, 1)
    random = scatter(11)
    for row in range(9):
        t = (row + 1) / 9
        y = 0.66 + 0.34 * t**1.4
        for number in range(64):
            x = (number + random.random()) / 64
            high = 0.02 + 0.05 * t
            tip = x + random.uniform(-0.008, 0.014) * (1 + t)
            tone = mix(canvas.palette.ground[0], canvas.palette.ground[1], random.random())
            canvas.line([(x, y), (tip, y - high)], tone, 0.0016 + 0.002 * t)
        if row in (2, 4, 6):
            for number in range(3):
                x = 0.16 + 0.30 * number + 0.05 * row - 0.1
                size = 0.13 + 0.025 * row
                person(canvas, x, y + 0.01, size, CLOTHES[(row + number) % 6], SKIN[number], hat="caping")
                canvas.oval(x + size * 0.12, y - size * 0.42, x + size * 0.34, y - size * 0.16, "#f0cf6b")


def ceremony(canvas: Canvas):
    """A flag ceremony on the field, people in rows."""
    backdrop(canvas, sun=(0.80, 0.22), phase=0.6)
    clouds(canvas, mix(canvas.palette.sky[1], "#ffffff", 0.6), 21)
    canvas.gradient(*canvas.palette.ground, 0.64, 1)
    joglo(canvas, 0.80, 0.70, 0.30, "#a5543a", "#efe4cf", "#7a4a2d")
    for x in (0.04, 0.11, 0.60):
        tree(canvas, x, 0.68, 0.2, canvas.palette.hills[2])
    canvas.polygon([(0.28, 0.80), (0.46, 0.80), (0.50, 0.86), (0.24, 0.86)], "#d9d0bf")
    flag(canvas, 0.37, 0.82, 0.66, 1.3)
    crowd(canvas, 0.05, 0.95, 0.985, 0.20, 15, rows=3, clothes="#f4efe4", hat="peci")
    for x in (0.31, 0.37, 0.43):
        person(canvas, x, 0.84, 0.13, "#fdfbf7", SKIN[1], hat="peci")


def youth(canvas: Canvas):
    """Young people on the field at sunrise, under red and white pennants."""
    backdrop(canvas, sun=(0.50, 0.38), phase=5.0)
    canvas.gradient(*canvas.palette.ground, 0.64, 1)
    bunting(canvas, -0.02, 0.10, 0.52, 0.07, 0.06, 15)
    bunting(canvas, 0.48, 0.07, 1.02, 0.12, 0.06, 15)
    flag(canvas, 0.085, 0.80, 0.52, 0.9)
    flag(canvas, 0.80, 0.78, 0.48, 0.9)
    for row, (count, size, y) in enumerate(((11, 0.15, 0.76), (9, 0.20, 0.86), (8, 0.25, 0.985))):
        for number in range(count):
            x = 0.10 + 0.80 * (number + 0.5) / count
            tone = number + row
            person(
                canvas,
                x,
                y,
                size,
                ("#b8302c", "#fdfbf7", "#2f4f6f", "#b8302c")[tone % 4],
                SKIN[tone % 4],
                veil="#fdfbf7" if tone % 3 == 0 else None,
            )


def storm(canvas: Canvas):
    """Strong wind, rain and a slope that has begun to slide."""
    light = canvas.palette
    canvas.gradient(*light.sky, 0, 0.7)
    random = scatter(2)
    for number in range(7):
        x, y = -0.05 + 0.17 * number, 0.06 + 0.05 * (number % 3)
        for step in range(5):
            canvas.circle(
                x + 0.04 * step, y + 0.012 * (step % 2), 0.05, mix(light.sky[0], "#232d36", 0.12 * (step % 3))
            )
    canvas.wave(0.56, 0.04, 1.2, mix(light.hills[0], light.sky[1], 0.3), 1.0)
    canvas.polygon([(0.45, 1), (0.62, 0.55), (0.80, 0.36), (0.92, 0.30), (1, 0.28), (1, 1)], light.hills[1])
    canvas.polygon([(0.60, 0.72), (0.70, 0.47), (0.79, 0.44), (0.83, 0.60), (0.74, 0.90), (0.52, 0.93)], "#8a6a4a")
    for start in (0.64, 0.69, 0.74):
        canvas.line([(start, 0.88), (start + 0.03, 0.70), (start + 0.06, 0.52)], "#6f5238", 0.004)
    canvas.wave(0.84, 0.02, 1.1, light.ground[0], 2.2)
    canvas.wave(0.92, 0.02, 1.4, light.ground[1], 0.4)
    joglo(canvas, 0.24, 0.87, 0.22, "#8c4a35", "#e7dcc6", "#6d4629", open_hall=False)
    for x, y, size in ((0.07, 0.88, 0.36), (0.41, 0.90, 0.42), (0.50, 0.86, 0.30)):
        palm(canvas, x, y, size, mix(light.hills[2], "#0c1f16", 0.2), 0.17)
    for _number in range(190):
        x, y, long = random.uniform(-0.1, 1), random.uniform(0, 1), random.uniform(0.02, 0.055)
        canvas.line([(x, y), (x + long * 0.55, y + long)], mix(light.sky[1], "#ffffff", 0.35), 0.0009)
    for y in (0.34, 0.43, 0.50):
        points = [(0.02 + 0.36 * t / 20, y + 0.018 * math.sin(t / 20 * math.tau * 1.2)) for t in range(21)]
        canvas.line(points, mix(light.sky[1], "#ffffff", 0.5), 0.003)


def village_work(canvas: Canvas):
    """Neighbours repairing a lane between houses."""
    backdrop(canvas, sun=(0.86, 0.20), phase=2.6)
    canvas.gradient(*canvas.palette.ground, 0.64, 1)
    joglo(canvas, 0.16, 0.76, 0.24, "#a5543a", "#f1e6d2", "#6d4629", open_hall=False)
    joglo(canvas, 0.84, 0.74, 0.20, "#8c4a35", "#e9dcc0", "#6d4629", open_hall=False)
    tree(canvas, 0.33, 0.72, 0.24, canvas.palette.hills[2])
    tree(canvas, 0.70, 0.70, 0.20, canvas.palette.hills[2])
    canvas.polygon([(0.47, 0.66), (0.55, 0.66), (0.92, 1), (0.08, 1)], "#c6b394")
    canvas.polygon([(0.49, 0.74), (0.57, 0.74), (0.72, 0.90), (0.40, 0.90)], "#9a948b")
    canvas.oval(0.10, 0.86, 0.30, 0.95, "#a98d66")
    canvas.oval(0.76, 0.84, 0.90, 0.91, "#8f8b85")
    for x, y, size, colour in (
        (0.30, 0.93, 0.22, 1),
        (0.47, 0.85, 0.17, 3),
        (0.60, 0.83, 0.16, 2),
        (0.71, 0.95, 0.23, 0),
        (0.53, 0.97, 0.24, 4),
    ):
        canvas.line([(x + 0.02, y - size * 0.55), (x + size * 0.32, y)], "#7a5a3c", 0.004)
        person(canvas, x, y, size, CLOTHES[colour], SKIN[colour % 4], hat="caping" if colour % 2 else None)


def market(canvas: Canvas):
    """Market stalls with vegetables under striped roofs."""
    backdrop(canvas, sun=(0.5, 0.2), phase=3.3)
    canvas.gradient("#e9dcc0", "#d1bd97", 0.62, 1)
    bunting(canvas, -0.02, 0.16, 1.02, 0.16, 0.07, 26)
    for number, x in enumerate((0.03, 0.36, 0.69)):
        stripes = (("#c8553d", "#fdf3e3"), ("#2f6f73", "#fdf3e3"), ("#e0a63a", "#fdf3e3"))[number]
        for stripe in range(8):
            left, right = x + 0.28 * stripe / 8, x + 0.28 * (stripe + 1) / 8
            canvas.polygon(
                [(left + 0.014, 0.40), (right + 0.014 - 0.004, 0.40), (right, 0.53), (left, 0.53)], stripes[stripe % 2]
            )
            canvas.circle((left + right) / 2, 0.53, 0.0176, stripes[stripe % 2])
        canvas.rect(x + 0.008, 0.53, x + 0.016, 0.84, "#7a5a3c")
        canvas.rect(x + 0.264, 0.53, x + 0.272, 0.84, "#7a5a3c")
        person(canvas, x + 0.10, 0.76, 0.22, CLOTHES[number + 1], SKIN[number], veil=CLOTHES[number + 3])
        person(canvas, x + 0.19, 0.76, 0.21, CLOTHES[number + 2], SKIN[number + 1])
        canvas.rect(x, 0.70, x + 0.28, 0.84, "#b98f63", radius=0.006)
        for crate in range(4):
            left = x + 0.012 + 0.066 * crate
            canvas.rect(left, 0.705, left + 0.058, 0.755, "#8f6a45", radius=0.004)
            for fruit in range(4):
                canvas.circle(
                    left + 0.010 + 0.0128 * fruit,
                    0.703,
                    0.0095,
                    ("#6b9a3f", "#d94f30", "#e8b13a", "#7f4a86")[(crate + number) % 4],
                )
    for x, colour in ((0.20, 3), (0.50, 0), (0.56, 4), (0.84, 5)):
        person(canvas, x, 0.985, 0.27, CLOTHES[colour], SKIN[colour % 4], veil=CLOTHES[6] if colour % 2 else None)
