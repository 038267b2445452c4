"""Emblems on labels: line drawings about 100 wide and 70 high, around (0, 0)."""

# Drawings are long lines.
# ruff: noqa: E501

import math

from .svg import CREAM, at, ellipse, path, stroke


def emblem_sun(c):
    rays = "".join(
        f"M{math.cos(a) * 24:.1f} {math.sin(a) * 24:.1f}L{math.cos(a) * r:.1f} {math.sin(a) * r:.1f}"
        for a, r in ((i * math.pi / 10, 38 if i % 2 else 31) for i in range(20))
    )
    return ellipse(0, 0, 17, 17, c) + stroke(rays, c, 2)


def emblem_tower(c):
    return path(
        "M-46 30V2l-3 0 12-16 12 16h-3v8h12V-14h-4l16-22 16 22h-4v24h12V2h-3l12-16 12 16h-3v28z"
        "M-7 30V16a7 7 0 0 1 14 0v14z",
        c,
        'fill-rule="evenodd"',
    ) + stroke("M-58 33H58", c)


def emblem_leaf(c):
    leaf = (
        "M0 34C-3 24-8 20-16 22-22 24-28 19-27 12-36 12-40 4-34-3-38-8-34-17-26-16"
        "-26-24-18-29-11-25-9-33-4-36 0-37 4-36 9-33 11-25 18-29 26-24 26-16 34-17 38-8 34-3"
        " 40 4 36 12 27 12 28 19 22 24 16 22 8 20 3 24 0 34z"
    )
    veins = "M0 28V-24M0 12L-18 0M0 12L18 0M0 0L-15-14M0 0L15-14"
    return path(leaf, c) + stroke(veins, CREAM, 1.6)


def emblem_bird(c):
    return path(
        "M-44-8C-28-22-10-20 0-6 10-20 28-22 44-8 30-13 16-10 9 2L14 26 0 13-14 26-9 2C-16-10-30-13-44-8z",
        c,
    )


def emblem_hills(c):
    return (
        ellipse(14, -14, 12, 12, c)
        + stroke("M-54 26C-34-6-18-6-2 14 12-4 30-4 54 26", c, 2.6)
        + stroke("M-40 26C-28 10-18 8-6 26M-22 26C-16 16-10 16-4 26M8 26C16 10 28 8 40 26", c, 1.6)
    )


def emblem_moon(c):
    return path("M10-34A34 34 0 1 0 34 14 28 28 0 0 1 10-34z", c) + stroke(
        "M30-26v10M25-21h10", c, 2
    )


def emblem_key(c):
    return stroke("M-20 0H40M28 0v11M37 0v13", c, 4.5) + path(
        "M-34-14a14 14 0 1 0 .1 28 14 14 0 1 0-.1-28m0 8a6 6 0 1 1 0 12 6 6 0 1 1 0-12", c
    )


def emblem_tree(c):
    crowns = "".join(
        ellipse(x, y, r, r * 0.82, c)
        for x, y, r in ((0, -18, 20), (-20, -8, 15), (20, -8, 15), (-8, -26, 13), (10, -24, 13))
    )
    return crowns + path("M-4 0L-6 28H-14L14 28H6L4 0z", c) + stroke("M-30 30H30", c)


def emblem_drops(c):
    drop = "M0-18C6-8 11-2 11 5A11 11 0 0 1-11 5C-11-2-6-8 0-18z"
    return "".join(
        at(path(drop, c), x, y, s) for x, y, s in ((-24, 8, 1), (0, -10, 1.15), (24, 8, 1))
    )


def emblem_crown(c):
    return (
        path("M-34 18L-40-14-18 2 0-24 18 2 40-14 34 18z", c)
        + stroke("M-33 26H33", c, 4)
        + "".join(ellipse(x, y, 4, 4, c) for x, y in ((-40, -18), (0, -29), (40, -18)))
    )


def emblem_olive(c):
    stem = stroke("M-44 20C-16 8 8-2 44-20", c, 2.2)
    leaves = "".join(
        at(path("M0 0C6-10 20-12 28-2 18 5 8 6 0 0z", c), x, y, 0.85, t)
        for x, y, t in (
            (-30, 14, -70),
            (-30, 14, 40),
            (-8, 5, -75),
            (-6, 4, 35),
            (16, -6, -78),
            (18, -7, 28),
            (38, -17, -30),
        )
    )
    return stem + leaves + ellipse(-4, 22, 8, 10, c) + ellipse(24, 10, 7, 9, c)


def emblem_lake(c):
    return stroke("M-46 8L-22-22-6-2 12-26 46 8", c, 2.4) + "".join(
        stroke(f"M{-46 + i * 6} {16 + i * 8}q7.5-5 15 0t15 0 15 0 15 0", c, 1.8) for i in range(3)
    )


def emblem_boat(c):
    return (
        path("M-44 10C-30 24 28 24 46 2 30 12-20 14-44 10z", c)
        + path("M2 4V-32C22-26 26-10 22 2z", c)
        + stroke("M0 8V-36", c, 2.4)
    )


def emblem_rose(c):
    petals = "".join(at(ellipse(0, -17, 12, 15, c), turn=i * 72) for i in range(5))
    inner = "".join(at(ellipse(0, -7, 5, 7, CREAM), turn=36 + i * 72) for i in range(5))
    return petals + inner + ellipse(0, 0, 4, 4, c)


def emblem_star(c):
    pts = " ".join(
        f"{math.sin(i * math.pi / 8) * r:.1f},{-math.cos(i * math.pi / 8) * r:.1f}"
        for i, r in ((i, 34 if i % 4 == 0 else (20 if i % 2 == 0 else 9)) for i in range(16))
    )
    return f'<polygon points="{pts}" fill="{c}"/>'


def emblem_grape(c):
    rows = ((-22, (-21, -7, 7, 21)), (-10, (-14, 0, 14)), (2, (-7, 7)), (14, (0,)))
    berries = "".join(ellipse(x, y, 7.4, 7.4, c) for y, xs in rows for x in xs)
    return berries + stroke("M0-28C0-36 6-40 12-40M0-30C-8-42-22-42-28-36", c, 2.4)


EMBLEMS = {name[7:]: drawing for name, drawing in globals().items() if name.startswith("emblem_")}
