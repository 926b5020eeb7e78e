"""Scenes under a roof or close by: meetings, services, a table, a shelf."""

import math

from .canvas import Canvas, mix
from .figures import CLOTHES, SKIN, bunting, crowd, flag, joglo, person, tree
from .scenes import backdrop, clouds


def _room(canvas: Canvas):
    light = canvas.palette
    canvas.gradient(*light.sky, 0, 0.72)
    canvas.gradient(*light.ground, 0.70, 1)
    canvas.rect(0, 0.694, 1, 0.706, light.hills[1])


def hall(canvas: Canvas):
    """A large meeting in the hall, seen from the back rows."""
    light = canvas.palette
    _room(canvas)
    for x in (0.10, 0.30, 0.70, 0.90):
        canvas.rect(x - 0.055, 0.18, x + 0.055, 0.52, "#bcd9d4", radius=0.012)
        canvas.rect(x - 0.055, 0.36, x + 0.055, 0.52, "#8fb58d", radius=0.0)
        canvas.rect(x - 0.003, 0.18, x + 0.003, 0.52, light.hills[1])
        canvas.rect(x - 0.055, 0.345, x + 0.055, 0.353, light.hills[1])
    canvas.polygon([(0, 0), (1, 0), (1, 0.06), (0.5, 0.13), (0, 0.06)], light.hills[1])
    for x in (0.0, 0.2, 0.8, 1.0):
        canvas.rect(x - 0.016, 0.04, x + 0.016, 0.74, light.hills[2])
    canvas.rect(0.37, 0.20, 0.63, 0.50, "#fdfbf7", radius=0.008)
    for step, (height, colour) in enumerate(
        ((0.10, "#2f6f73"), (0.16, "#e0a63a"), (0.13, "#c8553d"), (0.21, "#2f6f73"))
    ):
        canvas.rect(0.41 + 0.05 * step, 0.46 - height, 0.44 + 0.05 * step, 0.46, colour)
    canvas.rect(0.395, 0.46, 0.605, 0.466, "#7d7468")
    for x in (0.40, 0.47, 0.54, 0.61):
        person(canvas, x, 0.66, 0.19, CLOTHES[round(x * 100) % 6], SKIN[round(x * 100) % 4], hat="peci")
    canvas.rect(0.34, 0.585, 0.67, 0.70, light.hills[1], radius=0.006)
    canvas.rect(0.34, 0.585, 0.67, 0.60, "#fdfbf7", radius=0.004)
    flag(canvas, 0.255, 0.70, 0.36, 0.55)
    crowd(canvas, -0.02, 0.98, 1.05, 0.26, 12, rows=3, veil="#e9dcc0")


def table_talk(canvas: Canvas):
    """Village heads around an oval table, seen from above."""
    light = canvas.palette
    canvas.gradient(mix(light.ground[0], "#ffffff", 0.25), light.ground[0], 0, 1)
    for column in range(9):
        for row in range(6):
            if (column + row) % 2:
                canvas.rect(
                    column / 8 - 0.0625,
                    row / 5 - 0.1,
                    column / 8 + 0.0625,
                    row / 5 + 0.1,
                    mix(light.ground[0], "#ffffff", 0.12),
                )
    seats = 14
    for seat in range(seats):
        angle = math.tau * (seat + 0.5) / seats
        x, y = 0.5 + 0.40 * math.cos(angle), 0.5 + 0.40 * math.sin(angle)
        canvas.circle(x, y, 0.056, mix(light.hills[2], "#000000", 0.1))
        canvas.oval(x - 0.055, y - 0.062, x + 0.055, y + 0.062, CLOTHES[seat % 6])
        canvas.circle(x, y, 0.026, "#1f2328" if seat % 3 else "#e9dcc0")
    canvas.oval(0.165, 0.19, 0.835, 0.83, mix(light.hills[2], "#000000", 0.25))
    canvas.oval(0.165, 0.175, 0.835, 0.81, light.hills[0])
    canvas.oval(0.30, 0.325, 0.70, 0.66, mix(light.ground[0], "#ffffff", 0.1))
    for number in range(7):
        angle = math.tau * number / 7
        canvas.circle(0.5 + 0.10 * math.cos(angle), 0.49 + 0.09 * math.sin(angle), 0.028, "#6fa05a")
    canvas.circle(0.5, 0.49, 0.045, "#c8553d")
    for seat in range(seats):
        angle = math.tau * (seat + 0.5) / seats
        x, y = 0.5 + 0.265 * math.cos(angle), 0.49 + 0.245 * math.sin(angle)
        canvas.rect(x - 0.021, y - 0.024, x + 0.021, y + 0.024, "#fdfbf7")
        for line in range(3):
            canvas.rect(x - 0.015, y - 0.014 + 0.011 * line, x + 0.012, y - 0.011 + 0.011 * line, "#b9b2a5")
        canvas.circle(x + 0.037, y, 0.009, "#f4efe4")
        canvas.circle(x + 0.037, y, 0.006, "#8c5a34")


def posyandu(canvas: Canvas):
    """Mothers with small children at the weighing post."""
    backdrop(canvas, sun=(0.16, 0.2), phase=1.7)
    canvas.gradient(*canvas.palette.ground, 0.64, 1)
    joglo(canvas, 0.62, 0.86, 0.62, "#a5543a", "#f6ead2", "#7a4a2d")
    tree(canvas, 0.12, 0.80, 0.42, canvas.palette.hills[2])
    tree(canvas, 0.975, 0.78, 0.30, canvas.palette.hills[2])
    bunting(canvas, 0.34, 0.60, 0.90, 0.60, 0.03, 16)
    canvas.line([(0.62, 0.61), (0.62, 0.67)], "#5b6066", 0.004)
    canvas.circle(0.62, 0.685, 0.017, "#e7e3da")
    canvas.circle(0.62, 0.685, 0.011, "#2f6f73")
    canvas.line([(0.62, 0.70), (0.597, 0.76), (0.643, 0.76), (0.62, 0.70)], "#5b6066", 0.003)
    canvas.oval(0.588, 0.745, 0.652, 0.815, "#e0a63a")
    canvas.circle(0.62, 0.735, 0.017, SKIN[2])
    person(canvas, 0.54, 0.90, 0.28, "#f4f7f5", SKIN[0], veil="#2f6f73")
    canvas.rect(0.74, 0.76, 0.90, 0.86, "#b98f63", radius=0.004)
    canvas.rect(0.755, 0.735, 0.80, 0.762, "#fdfbf7")
    person(canvas, 0.84, 0.87, 0.24, "#8c4a6b", SKIN[1], veil="#f1e6d2")
    canvas.rect(0.74, 0.79, 0.90, 0.88, "#b98f63", radius=0.004)
    for number, x in enumerate((0.22, 0.32, 0.42)):
        person(canvas, x, 0.97, 0.29, CLOTHES[number + 1], SKIN[number], veil=CLOTHES[(number + 4) % 7])
        canvas.circle(x + 0.028, 0.845, 0.017, SKIN[(number + 2) % 4])
        canvas.oval(x + 0.008, 0.855, x + 0.052, 0.925, CLOTHES[(number + 5) % 7])


def queue(canvas: Canvas):
    """Residents waiting in line before the village hall."""
    backdrop(canvas, sun=(0.9, 0.2), phase=0.2)
    clouds(canvas, mix(canvas.palette.sky[1], "#ffffff", 0.6), 31)
    canvas.gradient("#e2d3b3", "#cbb68c", 0.64, 1)
    joglo(canvas, 0.30, 0.82, 0.52, "#8c4a35", "#f6ead2", "#6d4629")
    tree(canvas, 0.68, 0.74, 0.28, canvas.palette.hills[2])
    tree(canvas, 0.93, 0.76, 0.36, canvas.palette.hills[2])
    flag(canvas, 0.60, 0.80, 0.44, 0.8)
    person(canvas, 0.20, 0.86, 0.20, "#c9a36a", SKIN[1], hat="peci")
    person(canvas, 0.29, 0.86, 0.19, "#c9a36a", SKIN[2], veil="#7a4a2d")
    canvas.rect(0.14, 0.77, 0.36, 0.86, "#94663f", radius=0.004)
    for number in range(9):
        x = 0.42 + 0.064 * number
        size = 0.20 + 0.010 * number
        person(
            canvas,
            x,
            0.90 + 0.008 * number,
            size,
            CLOTHES[number % 7],
            SKIN[number % 4],
            veil=CLOTHES[(number + 2) % 7] if number % 2 else None,
            hat="peci" if number % 4 == 0 else None,
        )


def workshop(canvas: Canvas):
    """A training: laptops on a table, small goods ready to be photographed."""
    light = canvas.palette
    _room(canvas)
    canvas.rect(0.32, 0.10, 0.68, 0.47, "#3f4a57", radius=0.012)
    canvas.rect(0.335, 0.125, 0.665, 0.445, "#eaf3f1", radius=0.006)
    points = [(0.37, 0.39), (0.43, 0.34), (0.49, 0.36), (0.55, 0.26), (0.63, 0.18)]
    canvas.line(points, "#2f8f7f", 0.008)
    for x, y in points:
        canvas.circle(x, y, 0.011, "#e0743a")
    person(canvas, 0.76, 0.72, 0.44, "#2f6f73", SKIN[0], veil="#c8553d")
    for side in (0.10, 0.90):
        canvas.rect(side - 0.035, 0.60, side + 0.035, 0.72, "#b5643f", radius=0.01)
        for leaf in range(-3, 4):
            canvas.line([(side, 0.61), (side + leaf * 0.022, 0.40 + 0.018 * abs(leaf))], "#5d8f55", 0.011)
    crowd(canvas, 0.02, 0.92, 0.93, 0.27, 7, rows=1, veil="#f1e6d2")
    canvas.polygon([(0, 0.86), (1, 0.86), (1.06, 1), (-0.06, 1)], light.hills[0])
    canvas.rect(0, 0.855, 1, 0.872, mix(light.hills[0], "#ffffff", 0.25))
    for number, x in enumerate((0.10, 0.38, 0.66, 0.90)):
        canvas.polygon([(x - 0.065, 0.80), (x + 0.065, 0.80), (x + 0.07, 0.905), (x - 0.07, 0.905)], "#4a5563")
        canvas.polygon([(x - 0.10, 0.935), (x + 0.10, 0.935), (x + 0.07, 0.905), (x - 0.07, 0.905)], "#7d8894")
        canvas.circle(x, 0.855, 0.012, ("#e0a63a", "#c8553d", "#8fc3a5", "#f1e6d2")[number])
    for number, x in enumerate((0.235, 0.27, 0.52, 0.555, 0.78)):
        canvas.rect(
            x - 0.013,
            0.85,
            x + 0.013,
            0.945,
            ("#c8553d", "#e0a63a", "#7a9e58", "#8c4a6b", "#2f6f73")[number],
            radius=0.005,
        )
        canvas.rect(x - 0.008, 0.835, x + 0.008, 0.855, "#f4efe4")


def healthy_plate(canvas: Canvas):
    """Food for small children on a mat, seen from above."""
    light = canvas.palette
    canvas.gradient("#d9b98a", "#c79f6b", 0, 1)
    for column in range(26):
        canvas.rect(column / 25 - 0.003, 0, column / 25 + 0.003, 1, "#b98d58")
        for row in range(17):
            if (column + row) % 2:
                canvas.rect(column / 25, row / 16 - 0.03, (column + 1) / 25, row / 16 + 0.03, "#cfa873")
    canvas.circle(0.50, 0.53, 0.262, mix(light.hills[2], "#000000", 0.15))
    canvas.circle(0.50, 0.515, 0.26, "#fdfaf2")
    canvas.circle(0.50, 0.515, 0.215, "#f3ecdd")
    canvas.circle(0.435, 0.43, 0.088, "#ffffff")
    for number in range(40):
        angle, reach = number * 2.4, 0.078 * math.sqrt(number / 40)
        canvas.oval(
            0.435 + reach * math.cos(angle) - 0.008,
            0.43 + reach * 1.6 * math.sin(angle) - 0.006,
            0.435 + reach * math.cos(angle) + 0.008,
            0.43 + reach * 1.6 * math.sin(angle) + 0.006,
            "#efe9dc",
        )
    for number in range(22):
        angle, reach = number * 2.4, 0.075 * math.sqrt(number / 22)
        canvas.circle(
            0.575 + reach * math.cos(angle),
            0.42 + reach * 1.5 * math.sin(angle),
            0.020,
            ("#5d9a48", "#74b053", "#447d3a")[number % 3],
        )
    canvas.oval(0.40, 0.62, 0.53, 0.78, "#fffdf6")
    canvas.circle(0.465, 0.70, 0.030, "#f2b233")
    canvas.oval(0.545, 0.60, 0.695, 0.70, "#b9702f")
    canvas.polygon([(0.69, 0.65), (0.73, 0.60), (0.73, 0.70)], "#b9702f")
    canvas.circle(0.575, 0.64, 0.006, "#3b2413")
    for number in range(6):
        canvas.circle(0.36 + 0.013 * number, 0.60 + 0.02 * (number % 3), 0.020, "#e8843a")
    canvas.circle(0.155, 0.28, 0.098, "#fdfaf2")
    canvas.circle(0.155, 0.28, 0.082, "#c8553d")
    for number in range(14):
        angle, reach = number * 2.4, 0.065 * math.sqrt(number / 14)
        canvas.circle(
            0.155 + reach * math.cos(angle),
            0.28 + reach * 1.6 * math.sin(angle),
            0.013,
            ("#e07a4f", "#8f3b26")[number % 2],
        )
    canvas.circle(0.855, 0.24, 0.075, "#eef4f2")
    canvas.circle(0.855, 0.24, 0.063, "#fffefa")
    for number in range(3):
        points = [
            (0.80 + 0.028 * number + 0.035 * math.sin(step / 10 * 2.2), 0.66 + 0.24 * step / 10) for step in range(11)
        ]
        canvas.line(points, ("#f0c63f", "#e8b62c", "#f6d462")[number], 0.026)
    canvas.rect(0.12, 0.56, 0.135, 0.94, "#a9743f", radius=0.006)
    canvas.oval(0.098, 0.48, 0.157, 0.64, "#a9743f")


def mobile_service(canvas: Canvas):
    """The service car under a tree, with a desk and a camera before it."""
    backdrop(canvas, sun=(0.3, 0.2), phase=3.9)
    clouds(canvas, mix(canvas.palette.sky[1], "#ffffff", 0.6), 44)
    canvas.gradient("#dccfae", "#c2b087", 0.64, 1)
    tree(canvas, 0.90, 0.80, 0.52, canvas.palette.hills[2])
    tree(canvas, 0.05, 0.76, 0.36, canvas.palette.hills[2])
    canvas.oval(0.40, 0.85, 0.92, 0.91, "#a8966c")
    canvas.polygon(
        [(0.42, 0.52), (0.44, 0.46), (0.76, 0.46), (0.86, 0.64), (0.91, 0.68), (0.91, 0.84), (0.42, 0.84)], "#f7f5ef"
    )
    canvas.polygon([(0.42, 0.68), (0.91, 0.72), (0.91, 0.78), (0.42, 0.78)], "#c8553d")
    canvas.polygon([(0.42, 0.78), (0.91, 0.78), (0.91, 0.80), (0.42, 0.80)], "#e0a63a")
    for left, right in ((0.45, 0.53), (0.545, 0.625), (0.64, 0.72)):
        canvas.rect(left, 0.505, right, 0.63, "#7fa9b5", radius=0.006)
    canvas.polygon([(0.74, 0.505), (0.772, 0.505), (0.835, 0.635), (0.74, 0.635)], "#7fa9b5")
    for x in (0.51, 0.81):
        canvas.circle(x, 0.84, 0.042, "#2a2d31")
        canvas.circle(x, 0.84, 0.021, "#c9c6bf")
    canvas.polygon([(0.07, 0.44), (0.40, 0.44), (0.44, 0.54), (0.03, 0.54)], "#2f6f73")
    canvas.rect(0.045, 0.54, 0.052, 0.92, "#8d8577")
    canvas.rect(0.418, 0.54, 0.425, 0.92, "#8d8577")
    person(canvas, 0.30, 0.90, 0.27, "#c9a36a", SKIN[1], hat="peci")
    canvas.rect(0.22, 0.77, 0.40, 0.785, "#7a5a3c")
    canvas.rect(0.23, 0.785, 0.39, 0.92, "#94663f")
    canvas.polygon([(0.245, 0.70), (0.285, 0.70), (0.29, 0.77), (0.24, 0.77)], "#3f4a57")
    canvas.line([(0.185, 0.76), (0.165, 0.94)], "#3f4a57", 0.004)
    canvas.line([(0.185, 0.76), (0.205, 0.94)], "#3f4a57", 0.004)
    canvas.rect(0.168, 0.715, 0.204, 0.762, "#20242b", radius=0.004)
    canvas.circle(0.170, 0.738, 0.012, "#5b6066")
    canvas.rect(0.055, 0.60, 0.125, 0.80, "#c8201f")
    person(canvas, 0.09, 0.96, 0.28, "#4f5d95", SKIN[2])
    for number, x in enumerate((0.55, 0.62, 0.69)):
        person(canvas, x, 0.985, 0.27, CLOTHES[number + 3], SKIN[number], veil=CLOTHES[6] if number % 2 else None)


def archive(canvas: Canvas):
    """Folders in order on the shelves of a village office, and a table with ledgers."""
    light = canvas.palette
    canvas.gradient(*light.sky, 0, 1)
    canvas.rect(0.06, 0.07, 0.94, 0.72, light.hills[2], radius=0.006)
    colours = ("#2f6f73", "#c8553d", "#e0a63a", "#4f5d95", "#7a9e58", "#8c4a6b")
    for shelf in range(3):
        top = 0.095 + 0.208 * shelf
        canvas.rect(0.075, top, 0.925, top + 0.185, mix(light.hills[2], "#000000", 0.35))
        x, number = 0.085, shelf * 3
        while x < 0.885:
            wide = 0.028 + 0.006 * ((number * 7) % 3)
            high = 0.150 + 0.012 * ((number * 5) % 3)
            if (number * 11) % 17 == 5:
                x += 0.05
            colour = colours[(number // 3 + shelf) % 6]
            canvas.rect(x, top + 0.185 - high, x + wide, top + 0.185, colour, radius=0.003)
            canvas.rect(
                x + wide * 0.22, top + 0.185 - high * 0.78, x + wide * 0.78, top + 0.185 - high * 0.42, "#f6efe0"
            )
            canvas.circle(x + wide / 2, top + 0.185 - high * 0.20, wide * 0.16, mix(colour, "#000000", 0.4))
            x += wide + 0.004
            number += 1
    canvas.gradient(light.ground[0], light.ground[1], 0.78, 1)
    canvas.rect(0, 0.775, 1, 0.79, mix(light.ground[0], "#ffffff", 0.3))
    canvas.polygon([(0.10, 0.95), (0.30, 0.95), (0.32, 0.83), (0.14, 0.83)], "#fdfbf7")
    canvas.polygon([(0.30, 0.95), (0.52, 0.95), (0.48, 0.83), (0.32, 0.83)], "#f3ecdd")
    for line in range(5):
        y = 0.85 + 0.019 * line
        canvas.line([(0.15 - 0.006 * line, y), (0.295, y)], "#b9b2a5", 0.0015)
        canvas.line([(0.335, y), (0.475 + 0.007 * line, y)], "#b9b2a5", 0.0015)
    canvas.line([(0.53, 0.93), (0.60, 0.83)], "#2f4f6f", 0.006)
    for number in range(4):
        canvas.rect(
            0.66 + 0.004 * number,
            0.915 - 0.028 * number,
            0.90 - 0.007 * number,
            0.942 - 0.028 * number,
            colours[number],
            radius=0.003,
        )
    canvas.circle(0.60, 0.89, 0.022, "#f4efe4")
    canvas.circle(0.60, 0.885, 0.016, "#8c5a34")
