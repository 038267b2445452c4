"""The brand: logo, home page, marks of some customers, icon of the addon."""

# Drawings are long lines.
# ruff: noqa: E501

import math
import random

from .emblems import EMBLEMS, emblem_grape
from .svg import (
    CREAM,
    DIDOT,
    SANS,
    SERIF,
    at,
    blur,
    clip,
    ellipse,
    gradient,
    path,
    rect,
    stroke,
    svg,
    text,
)

WINE = "#7b1e34"


def draw_logo():
    return svg(
        520,
        150,
        at(emblem_grape(WINE), 74, 84, 1.55)
        + text(146, 106, "VINUM", 104, SERIF, WINE, 12, "", "start"),
    )


def draw_hero():
    """Vineyards in the morning."""
    width, height = 1920, 720
    rnd = random.Random("hero")
    sky_def, sky = gradient([(0, "#f3d9bd"), (0.5, "#f8e7d2"), (1, "#fdf5e8")], vertical=True)
    out = sky_def + rect(0, 0, width, height, sky)
    out += blur(ellipse(1420, 250, 190, 190, "#fff6df", 'opacity=".9"'), 40) + ellipse(
        1420, 250, 74, 74, "#fffaf0"
    )
    far = (
        "M0 380C220 300 380 330 560 290 760 250 900 330 1100 300 1320 262 1500 330 1920 270V720H0Z"
    )
    mid = (
        "M0 440C260 390 420 430 700 380 960 340 1180 420 1440 380 1640 350 1780 390 1920 370V720H0Z"
    )
    out += path(far, "#d9bfae") + path(mid, "#c3a58c")

    # village on the ridge
    def house(x, y, s, roof="#a3543f"):
        return at(
            path("M-30 0V-30H30V0z", "#f3e6d2")
            + path("M-36-28L0-54 36-28z", roof)
            + rect(-7, -18, 10, 18, "#b99a7c"),
            x,
            y,
            s,
        )

    out += "".join(
        house(x, y, s)
        for x, y, s in ((1180, 392, 0.8), (1236, 396, 0.62), (1120, 398, 0.6), (1290, 396, 0.5))
    )
    out += at(
        path("M-14 0V-86H14V0z", "#efe0ca") + path("M-19-84L0-124 19-84z", "#a3543f"),
        1206,
        384,
        0.78,
    )
    for x, y, s in (
        (1340, 392, 1),
        (1366, 390, 0.8),
        (1068, 396, 0.8),
        (1046, 398, 1),
        (1390, 388, 0.95),
    ):
        out += at(path("M0 0C-14-26-12-70 0-96 12-70 14-26 0 0z", "#5f6a4a"), x, y, s)
    # slopes with rows of vines
    slopes = (
        (
            "M0 520C300 430 620 420 960 452 1260 480 1560 420 1920 440V720H0Z",
            "#b9a566",
            "#7f8a48",
            470,
            9,
        ),
        (
            "M0 600C240 520 560 486 900 520 1240 556 1600 500 1920 520V720H0Z",
            "#a89a55",
            "#6c7a3e",
            545,
            14,
        ),
    )
    for shape, soil, vine, top, thick in slopes:
        clip_def, clip_to = clip(shape)
        rows = ""
        for i in range(-34, 90):
            x = i * 44
            rows += stroke(
                f"M{960 + (x - 960) * 0.52:.0f} {top - 90}Q{x * 0.96:.0f} {top + 40} {x + (x - 960) * 0.5:.0f} 740",
                vine,
                thick * 0.8,
            )
        out += path(shape, soil) + clip_def + f"<g {clip_to}>{rows}</g>"
        light_def, light = gradient(
            [(0, "#fff3d0", 0.35), (0.4, "#fff3d0", 0), (1, "#3a2b18", 0.25)], vertical=True
        )
        out += light_def + f"<g {clip_to}>{rect(0, top - 90, width, 400, light)}</g>"
    # the nearest row, leaf by leaf
    front = path("M0 690C500 640 1300 650 1920 684V720H0Z", "#5b4a2c")
    for _leaf in range(420):
        x = rnd.uniform(-20, width + 20)
        y = 672 - 26 * math.sin(x / width * math.pi) + rnd.gauss(0, 16)
        front += at(
            path(
                "M0 16C-3 10-8 9-13 9-12 3-16 1-14-4-8-4-6-10 0-13 6-10 8-4 14-4 16 1 12 3 13 9 8 9 3 10 0 16z",
                rnd.choice(("#56652f", "#6b7a38", "#7f8b45", "#93994f", "#8a4a35")),
            ),
            round(x),
            round(y),
            round(rnd.uniform(0.8, 1.7), 2),
            round(rnd.uniform(-60, 60)),
        )
    for _grape in range(26):
        out_x = rnd.uniform(0, width)
        front += at(
            emblem_grape("#4a1a35"),
            round(out_x),
            round(690 - 26 * math.sin(out_x / width * math.pi)),
            0.5,
            round(rnd.uniform(-12, 12)),
        )
    out += front
    # a veil on the left, where the words stand
    veil_def, veil = gradient(
        [(0, "#fdf5e8", 0.94), (0.3, "#fdf5e8", 0.82), (0.5, "#fdf5e8", 0.3), (0.68, "#fdf5e8", 0)]
    )
    return svg(width, height, out + veil_def + rect(0, 0, width, height, veil))


def draw_mark(colour, emblem, name, sub, paper=CREAM):
    return svg(
        256,
        256,
        rect(0, 0, 256, 256, paper)
        + at(EMBLEMS[emblem](colour), 128, 92, 1.35)
        + text(128, 186, name, 44, DIDOT, colour, fit=220)
        + text(128, 218, sub, 16, SANS, colour, 3, "font-weight:600", fit=200),
    )


MARKS = {
    "mark_luna": ("#e8c98a", "moon", "Luna", "TRATTORIA", "#1f2f46"),
    "mark_bellevue": ("#2f5a63", "lake", "Bellevue", "HOTEL", "#eef3f1"),
    "mark_weinwinkel": ("#f6efdf", "grape", "Weinwinkel", "WEINBAR", "#6d1f2b"),
    "mark_orangerie": ("#4d5a34", "tree", "Orangerie", "RESTAURANT", "#f4efe2"),
    "mark_txoko": ("#b23a2f", "sun", "El Txoko", "TABERNA", "#fbf1e0"),
    "mark_kestrel": ("#2b2b33", "bird", "The Kestrel", "BISTRO", "#ece7dd"),
}


def draw_icon():
    """Three people, the one in front with a tag: a customer of a type."""

    def person(colour, dark):
        return ellipse(0, -62, 44, 44, colour) + path(
            "M-78 62V48C-78 8-44-6 0-6S78 8 78 48V62Q78 76 64 76H-64Q-78 76-78 62Z", dark
        )

    tag = (
        path("M-40-26H18L44 0 18 26H-40A10 10 0 0 1-50 16V-16A10 10 0 0 1-40-26Z", "#ffc24a")
        + ellipse(22, 0, 7, 7, "#8f1f3f")
        + rect(-38, -10, 40, 7, "#8f1f3f", 3)
        + rect(-38, 4, 28, 7, "#8f1f3f", 3)
    )
    return svg(
        256,
        256,
        at(person("#1bb6a8", "#0f8f88"), 72, 128, 0.78)
        + at(person("#6c7df2", "#4a55cf"), 184, 128, 0.78)
        + at(person("#f2557b", "#b3224f"), 128, 158, 1.04)
        + at(tag, 150, 202, 1.15, -14),
    )
