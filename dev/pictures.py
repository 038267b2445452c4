"""Draw the pictures of the demo shop.

Every picture is an SVG made of a few shapes (bottles, jars, cheeses, boxes), rendered by a
headless Chromium in one go and saved as small JPEG or PNG files in ``static/demo``::

    python dev/pictures.py              # draw everything again
    python dev/pictures.py --sheet FILE # one contact sheet only, to look at

Needs Pillow, Chromium and the fonts EB Garamond, Old Standard, Dancing Script and Montserrat.
"""

import argparse
import io
import math
import random
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "demo"
SIZE = 800  # of the drawing
SAVED = 600  # of the picture
SERIF = "EB Garamond"
DIDOT = "Old Standard TT"
SCRIPT = "Dancing Script"
SANS = "Montserrat"

CREAM, PAPER, INK, GOLD = "#f6efdf", "#fbf8f1", "#2b2523", "#b08d4a"

# Backgrounds by family: light in the middle, darker around, and the table below.
GROUNDS = {
    "red": ("#f7f1ea", "#e6d9cb", "#d9c8b6"),
    "white": ("#f8f7f1", "#e9e6da", "#dad6c4"),
    "sparkling": ("#f5f5f3", "#dfe2e2", "#cfd4d5"),
    "rose": ("#fbf5f2", "#efdfd8", "#e2cdc4"),
    "sweet": ("#f9f4ea", "#ecdfc8", "#decdb0"),
    "reserve": ("#51433d", "#241d1c", "#191413"),
    "oil": ("#f7f5ec", "#e6e3d1", "#d6d2ba"),
    "cheese": ("#f9f5ea", "#ece2cc", "#dfd1b4"),
    "meat": ("#f8f2ee", "#e9dcd4", "#dac8bd"),
    "sweets": ("#f5efe9", "#e2d3c6", "#d0bcab"),
    "gift": ("#f5efee", "#e0d0cf", "#cfb9b8"),
}


class Ids:
    """Unique ids for gradients and clips, since all pictures share one page."""

    count = 0

    @classmethod
    def new(cls, prefix="i"):
        cls.count += 1
        return f"{prefix}{cls.count}"


# ---------------------------------------------------------------------------------------
# Small helpers
# ---------------------------------------------------------------------------------------


def shade(colour, amount):
    """Return ``colour`` lightened (amount > 0, to 1) or darkened (amount < 0, to -1)."""
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    goal = 255 if amount > 0 else 0
    return "#" + "".join(f"{round(c + (goal - c) * abs(amount)):02x}" for c in rgb)


def gradient(stops, vertical=False, radial=False):
    """Return ``(definition, url)`` of a gradient of ``(offset, colour[, opacity])`` stops."""
    name = Ids.new("g")
    body = "".join(
        f'<stop offset="{s[0]}" stop-color="{s[1]}" stop-opacity="{s[2] if len(s) > 2 else 1}"/>'
        for s in stops
    )
    if radial:
        tag, where = "radialGradient", 'cx=".5" cy=".42" r=".7"'
    else:
        tag = "linearGradient"
        where = 'x1="0" y1="0" x2="0" y2="1"' if vertical else 'x1="0" y1="0" x2="1" y2="0"'
    return f'<defs><{tag} id="{name}" {where}>{body}</{tag}></defs>', f"url(#{name})"


def clip(shape):
    """Return ``(definition, attribute)`` clipping to a path."""
    name = Ids.new("c")
    return (
        f'<defs><clipPath id="{name}"><path d="{shape}"/></clipPath></defs>',
        f'clip-path="url(#{name})"',
    )


def blur(content, amount):
    return f'<g style="filter:blur({amount}px)">{content}</g>'


def text(x, y, content, size, font=SERIF, fill=INK, space=0, style="", anchor="middle", fit=0):
    """One line of text, made smaller by the page's script until it fits ``fit``."""
    x += space / 2 if anchor == "middle" else 0
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-family="{font}" font-size="{size}"'
        f' fill="{fill}" letter-spacing="{space}" style="{style}" data-fit="{fit}">{content}</text>'
    )


def rect(x, y, w, h, fill, r=0, extra=""):
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" fill="{fill}" {extra}/>'


def ellipse(cx, cy, rx, ry, fill, extra=""):
    return f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}" fill="{fill}" {extra}/>'


def path(d, fill="none", extra=""):
    return f'<path d="{d}" fill="{fill}" {extra}/>'


def at(content, x=0, y=0, scale=1, turn=0):
    return f'<g transform="translate({x} {y}) rotate({turn}) scale({scale})">{content}</g>'


def ground(family):
    """The background: a soft light on the wall, a table."""
    light, dark, table = GROUNDS[family]
    wall_def, wall = gradient([(0, light), (1, dark)], radial=True)
    table_def, top = gradient([(0, table, 0), (0.35, table, 0.75), (1, table, 0.25)], vertical=True)
    return wall_def + rect(0, 0, SIZE, SIZE, wall) + table_def + rect(0, 610, SIZE, 190, top)


def shadow(cx, y, width, dark=0.34, height=15):
    return blur(ellipse(cx, y, width, height, "#1d120c", f'opacity="{dark}"'), 9) + blur(
        ellipse(cx, y - 1, width * 0.86, height * 0.45, "#1d120c", f'opacity="{dark + 0.1}"'), 3
    )


# ---------------------------------------------------------------------------------------
# Emblems on labels: line drawings about 100 wide and 70 high, around (0, 0)
# ---------------------------------------------------------------------------------------


def _stroke(d, colour, width=2.2):
    return path(d, extra=f'stroke="{colour}" stroke-width="{width}" stroke-linecap="round" '
                         'stroke-linejoin="round"')


def emblem_sun(c):
    rays = "".join(
        f"M{math.cos(a) * 24:.1f} {math.sin(a) * 24:.1f}L{math.cos(a) * r:.1f} {math.sin(a) * r:.1f}"
        for a, r in ((i * math.pi / 10, 38 if i % 2 else 31) for i in range(20))
    )
    return ellipse(0, 0, 17, 17, c) + _stroke(rays, c, 2)


def emblem_tower(c):
    return path(
        "M-46 30V2l-3 0 12-16 12 16h-3v8h12V-14h-4l16-22 16 22h-4v24h12V2h-3l12-16 12 16h-3v28z"
        "M-7 30V16a7 7 0 0 1 14 0v14z", c, 'fill-rule="evenodd"'
    ) + _stroke("M-58 33H58", c)


def emblem_leaf(c):
    leaf = (
        "M0 34C-3 24-8 20-16 22-22 24-28 19-27 12-36 12-40 4-34-3-38-8-34-17-26-16"
        "-26-24-18-29-11-25-9-33-4-36 0-37 4-36 9-33 11-25 18-29 26-24 26-16 34-17 38-8 34-3"
        " 40 4 36 12 27 12 28 19 22 24 16 22 8 20 3 24 0 34z"
    )
    veins = "M0 28V-24M0 12L-18 0M0 12L18 0M0 0L-15-14M0 0L15-14"
    return path(leaf, c) + _stroke(veins, CREAM, 1.6)


def emblem_bird(c):
    return path(
        "M-44-8C-28-22-10-20 0-6 10-20 28-22 44-8 30-13 16-10 9 2L14 26 0 13-14 26-9 2"
        "C-16-10-30-13-44-8z", c
    )


def emblem_hills(c):
    return (
        ellipse(14, -14, 12, 12, c)
        + _stroke("M-54 26C-34-6-18-6-2 14 12-4 30-4 54 26", c, 2.6)
        + _stroke("M-40 26C-28 10-18 8-6 26M-22 26C-16 16-10 16-4 26M8 26C16 10 28 8 40 26", c, 1.6)
    )


def emblem_moon(c):
    return path("M10-34A34 34 0 1 0 34 14 28 28 0 0 1 10-34z", c) + _stroke(
        "M30-26v10M25-21h10", c, 2
    )


def emblem_key(c):
    return _stroke("M-20 0H40M28 0v11M37 0v13", c, 4.5) + path(
        "M-34-14a14 14 0 1 0 .1 28 14 14 0 1 0-.1-28m0 8a6 6 0 1 1 0 12 6 6 0 1 1 0-12", c
    )


def emblem_tree(c):
    crowns = "".join(
        ellipse(x, y, r, r * 0.82, c)
        for x, y, r in ((0, -18, 20), (-20, -8, 15), (20, -8, 15), (-8, -26, 13), (10, -24, 13))
    )
    return crowns + path("M-4 0L-6 28H-14L14 28H6L4 0z", c) + _stroke("M-30 30H30", c)


def emblem_drops(c):
    drop = "M0-18C6-8 11-2 11 5A11 11 0 0 1-11 5C-11-2-6-8 0-18z"
    return "".join(at(path(drop, c), x, y, s) for x, y, s in ((-24, 8, 1), (0, -10, 1.15), (24, 8, 1)))


def emblem_crown(c):
    return path("M-34 18L-40-14-18 2 0-24 18 2 40-14 34 18z", c) + _stroke("M-33 26H33", c, 4) + "".join(
        ellipse(x, y, 4, 4, c) for x, y in ((-40, -18), (0, -29), (40, -18))
    )


def emblem_olive(c):
    stem = _stroke("M-44 20C-16 8 8-2 44-20", c, 2.2)
    leaves = "".join(
        at(path("M0 0C6-10 20-12 28-2 18 5 8 6 0 0z", c), x, y, 0.85, t)
        for x, y, t in ((-30, 14, -70), (-30, 14, 40), (-8, 5, -75), (-6, 4, 35), (16, -6, -78),
                        (18, -7, 28), (38, -17, -30))
    )
    return stem + leaves + ellipse(-4, 22, 8, 10, c) + ellipse(24, 10, 7, 9, c)


def emblem_lake(c):
    return _stroke("M-46 8L-22-22-6-2 12-26 46 8", c, 2.4) + "".join(
        _stroke(f"M{-46 + i * 6} {16 + i * 8}q7.5-5 15 0t15 0 15 0 15 0", c, 1.8) for i in range(3)
    )


def emblem_boat(c):
    return path("M-44 10C-30 24 28 24 46 2 30 12-20 14-44 10z", c) + path(
        "M2 4V-32C22-26 26-10 22 2z", c
    ) + _stroke("M0 8V-36", c, 2.4)


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
    return berries + _stroke("M0-28C0-36 6-40 12-40M0-30C-8-42-22-42-28-36", c, 2.4)


EMBLEMS = {name[7:]: drawing for name, drawing in globals().items() if name.startswith("emblem_")}


# ---------------------------------------------------------------------------------------
# Bottles
# ---------------------------------------------------------------------------------------

# name: (top, neck end, shoulder end, half body, half neck, how round the shoulder is)
FORMS = {
    "bordeaux": (92, 258, 322, 88, 28, "high"),
    "burgundy": (96, 224, 446, 98, 28, "slope"),
    "champagne": (84, 214, 452, 102, 31, "slope"),
    "flute": (62, 196, 498, 80, 27, "slope"),
    "port": (112, 270, 340, 94, 30, "high"),
    "half": (196, 330, 392, 66, 24, "high"),
    "magnum": (40, 236, 312, 112, 34, "high"),
    "magnum_slope": (40, 188, 470, 120, 35, "slope"),
    "magnum_champagne": (36, 190, 470, 124, 38, "slope"),
}
BASE = 712


def bottle_path(form, base=BASE, cx=400):
    top, neck, sh, bw, nw, curve = FORMS[form]
    r = 16
    if curve == "high":
        left = f"C{cx - nw} {neck + 34} {cx - bw} {neck + 12} {cx - bw} {sh}"
        right = f"C{cx + bw} {neck + 12} {cx + nw} {neck + 34} {cx + nw} {neck}"
    else:
        h = sh - neck
        left = f"C{cx - nw - 1} {neck + h * .42} {cx - bw} {sh - h * .5} {cx - bw} {sh}"
        right = f"C{cx + bw} {sh - h * .5} {cx + nw + 1} {neck + h * .42} {cx + nw} {neck}"
    bulge = ""
    back = f"L{cx + nw} {top + 4}"
    if form == "port":
        bulge = f"C{cx - nw - 14} {top + 70} {cx - nw - 14} {neck - 40} {cx - nw} {neck}"
        back = f"C{cx + nw + 14} {neck - 40} {cx + nw + 14} {top + 70} {cx + nw} {top + 44}V{top + 4}"
    start = f"M{cx - nw} {top + 4}" + (f"V{top + 44}{bulge}" if bulge else f"V{neck}")
    return (
        f"{start}{left}V{base - r}Q{cx - bw} {base} {cx - bw + r} {base}"
        f"Q{cx} {base + 7} {cx + bw - r} {base}Q{cx + bw} {base} {cx + bw} {base - r}V{sh}{right}{back}"
        f"Q{cx + nw} {top} {cx + nw - 4} {top}H{cx - nw + 4}Q{cx - nw} {top} {cx - nw} {top + 4}Z"
    )


def label_shape(x, y, w, h, sag=7, arch=False):
    """A label around a cylinder seen slightly from above."""
    if arch:
        rise = h * 0.24
        return (
            f"M{x} {y + rise}C{x} {y - 4} {x + w} {y - 4} {x + w} {y + rise}V{y + h}"
            f"Q{x + w / 2} {y + h + 2 * sag} {x} {y + h}Z"
        )
    return (
        f"M{x} {y}Q{x + w / 2} {y + 2 * sag} {x + w} {y}V{y + h}"
        f"Q{x + w / 2} {y + h + 2 * sag} {x} {y + h}Z"
    )


def label(x, y, w, h, *, style, colour, emblem, maker, name, year, origin, paper=None):
    """One front label; ``style`` is the layout, a bar in ``name`` starts a second line."""
    cx = x + w / 2
    fore, accent = INK, colour
    paper = paper or {"dark": "#1f1b1d", "block": colour, "band": PAPER}.get(style, CREAM)
    if style in ("dark", "block"):
        fore, accent = CREAM, (GOLD if style == "dark" else CREAM)
    shape = label_shape(x, y, w, h, arch=style == "arch")
    clip_def, clip_to = clip(shape)
    mark, lines, inner = EMBLEMS[emblem](accent), name.split("|"), w - 44
    caps = partial(text, font=SANS, space=1.2, style="font-weight:600", fit=inner)
    lower = partial(text, font=SERIF, fill=fore, style="font-style:italic", fit=inner)
    title = partial(text, font=DIDOT, fit=inner + 4)
    dated = f"{origin} {year}".strip()
    out = path(shape, paper)
    if style == "band":
        band = y + h * 0.47
        out += f"<g {clip_to}>{path(label_shape(x, band, w, h * 0.25), colour)}</g>"
        out += at(mark, cx, y + h * 0.28, w / 200)
        out += title(cx, band + h * 0.125 + 18, name, 34, fill=CREAM)
        out += caps(cx, y + h * 0.875, maker.upper(), 12)
        out += lower(cx, y + h * 0.965, dated, 17)
    elif style == "script":
        out += at(mark, cx, y + h * 0.24, w / 210)
        out += text(cx, y + h * 0.60, name, 48, SCRIPT, accent, style="font-weight:700", fit=inner + 8)
        out += _stroke(f"M{cx - 26} {y + h * .71}H{cx + 26}", accent, 1.2)
        out += caps(cx, y + h * 0.83, maker.upper(), 12)
        out += lower(cx, y + h * 0.93, dated, 17)
    else:
        if style == "classic":
            for gap, thick in ((7, 1.6), (11, 0.7)):
                out += path(label_shape(x + gap, y + gap + 1, w - 2 * gap, h - 2 * gap - 2), "none",
                            f'stroke="{accent}" stroke-width="{thick}"')
        if style == "dark":
            out += path(label_shape(x, y + 9, w, 3), accent)
            out += path(label_shape(x, y + h - 12, w, 3), accent)
        two = len(lines) > 1
        out += at(mark, cx, y + h * (0.2 if two else 0.27 if style == "arch" else 0.23) + 8,
                  min(w, h) / (225 if two or style == "arch" else 205))
        out += caps(cx, y + h * (0.45 if two else 0.51), maker.upper(), 12, fill=fore)
        for i, line in enumerate(lines):
            out += title(cx, y + h * ((0.58 if two else 0.675) + i * 0.135), line, 28 if two else 38,
                         fill=accent if style in ("classic", "arch") else fore)
        if year:
            out += text(cx, y + h * 0.83, year, 22, SERIF, fore, 3, fit=inner)
        out += lower(cx, y + h * 0.925, origin, 16)
    side_def, side = gradient(
        [(0, "#000", 0.46), (0.1, "#000", 0.16), (0.26, "#fff", 0.14), (0.42, "#fff", 0),
         (0.72, "#000", 0.03), (0.9, "#000", 0.18), (1, "#000", 0.5)]
    )
    return clip_def + side_def + out + path(shape, side)


def bottle(form, glass, foil, *, wine=None, level=0.5, wide=0.97, height=190, drop=0.0, **front):
    """A bottle standing on the table.

    :param str glass: colour of the glass
    :param str foil: colour of the capsule
    :param str wine: colour of the wine when the glass is clear enough to see it
    """
    top, neck, sh, bw, nw, curve = FORMS[form]
    cx, d = 400, bottle_path(form)
    clip_def, clip_to = clip(d)
    tint = wine or glass
    body_def, body = gradient([
        (0, shade(tint, -0.62)), (0.05, shade(tint, -0.3)), (0.13, shade(tint, 0.12)),
        (0.3, tint), (0.62, shade(tint, -0.14)), (0.86, shade(tint, -0.42)),
        (0.95, shade(tint, -0.1)), (1, shade(tint, -0.62)),
    ])
    foil_def, cap = gradient([
        (0, shade(foil, -0.5)), (0.16, shade(foil, -0.05)), (0.28, shade(foil, 0.42)),
        (0.42, foil), (0.75, shade(foil, -0.25)), (1, shade(foil, -0.55)),
    ])
    inside = rect(cx - bw - 2, top, bw * 2 + 4, BASE - top + 12, body)
    if wine:
        fill = top + (neck - top) * level + 30
        air_def, air = gradient([
            (0, shade(glass, -0.45)), (0.2, shade(glass, 0.35)), (0.5, shade(glass, 0.12)),
            (0.8, shade(glass, -0.1)), (1, shade(glass, -0.5)),
        ])
        inside += air_def + rect(cx - nw - 2, top, nw * 2 + 4, fill - top, air)
        inside += ellipse(cx, fill, nw, 4, shade(wine, 0.3))
    # the punt, the floor of the glass
    floor_def, floor = gradient([(0, "#000", 0), (1, "#000", 0.45)], vertical=True)
    inside += floor_def + rect(cx - bw, BASE - 60, bw * 2, 70, floor)
    # light along the contour
    glow = path(d, "none", 'stroke="#fff" stroke-width="13"')
    def contour(sx, opacity, side):
        half = clip(f"M{cx - 200 if side < 0 else cx + 8} 0h192v{BASE - 34}h-192z")
        return half[0] + (
            f'<g {half[1]} opacity="{opacity}"><g transform="translate({cx * (1 - sx)} 0) '
            f'scale({sx} 1)">{blur(glow, 3.2)}</g></g>'
        )
    shine = contour(0.78, 0.42 if not wine else 0.5, -1) + contour(0.9, 0.14, 1)
    inside += shine
    # capsule
    cap_end = neck - (30 if curve == "high" else -6)
    if "champagne" in form:
        cap_end = neck + 64
    inside += f'{foil_def}{path(label_shape(cx - bw, top - 40, bw * 2, cap_end - top + 40, 4), cap)}'
    if "champagne" in form:
        inside += path(label_shape(cx - bw, cap_end - 58, bw * 2, 46, 5), shade(foil, -0.35),
                       'opacity=".55"')
        inside += "".join(
            _stroke(f"M{cx - nw + 6 + i * 9} {top + 34}L{cx - nw + 2 + i * 10.5} {cap_end - 62}",
                    shade(foil, 0.5), 0.9) for i in range(6)
        )
    else:
        inside += rect(cx - nw - 4, top + 26, nw * 2 + 8, 2.4, "#000", 0, 'opacity=".22"')
        inside += path(label_shape(cx - bw, cap_end - 12, bw * 2, 2, 4), shade(foil, 0.5), 'opacity=".55"')
    out = shadow(cx + 10, BASE + 3, bw * 1.12)
    out += clip_def + body_def + f"<g {clip_to}>{inside}</g>"
    # lip, or cork cage
    if "champagne" in form:
        out += foil_def + path(
            f"M{cx - nw + 2} {top + 30}C{cx - nw - 9} {top + 22} {cx - nw - 7} {top - 8} {cx - nw + 6} {top - 14}"
            f"H{cx + nw - 6}C{cx + nw + 7} {top - 8} {cx + nw + 9} {top + 22} {cx + nw - 2} {top + 30}Z", cap)
    else:
        out += rect(cx - nw - 2.5, top + 4, nw * 2 + 5, 20, cap, 4)
    lw = bw * 2 * wide
    ly = sh + (BASE - sh - height) * (0.46 + drop)
    out += label(cx - lw / 2, ly, lw, height, **front)
    # one last reflection over glass and paper
    out += f'<g {clip_to}>{blur(rect(cx - bw * .86, sh - 4, bw * .1, BASE - sh - 40, "#fff", 5, "opacity=.16"), 3)}</g>'
    return out


# ---------------------------------------------------------------------------------------
# Oil and vinegar, jars
# ---------------------------------------------------------------------------------------


def oil_bottle(glass, colour, **front):
    cx = 400
    d = (f"M{cx - 24} 150V250C{cx - 24} 292 {cx - 92} 286 {cx - 92} 338V690Q{cx - 92} {BASE} {cx - 70} {BASE}"
         f"H{cx + 70}Q{cx + 92} {BASE} {cx + 92} 690V338C{cx + 92} 286 {cx + 24} 292 {cx + 24} 250V150Z")
    clip_def, clip_to = clip(d)
    body_def, body = gradient([
        (0, shade(glass, -0.55)), (0.08, shade(glass, -0.1)), (0.16, shade(glass, 0.34)), (0.22, glass),
        (0.55, shade(glass, -0.1)), (0.8, shade(glass, -0.3)), (0.93, shade(glass, 0.18)),
        (1, shade(glass, -0.55)),
    ])
    steel_def, steel = gradient([(0, "#6b6a66"), (0.3, "#f3f1ec"), (0.6, "#b7b4ac"), (1, "#5c5a55")])
    wood_def, wood = gradient([(0, "#7a5a38"), (0.35, "#cda877"), (1, "#6d4d2d")])
    glow = blur(path(d, "none", 'stroke="#fff" stroke-width="12"'), 3.2)
    out = shadow(cx + 8, BASE + 3, 106) + clip_def + body_def
    out += f"<g {clip_to}>{rect(cx - 94, 140, 188, 590, body)}"
    out += (f'<g opacity=".4" transform="translate({cx * .18} 0) scale(.82 1)">{glow}</g></g>')
    out += wood_def + rect(cx - 22, 96, 44, 46, wood, 7) + steel_def + rect(cx - 29, 138, 58, 26, steel, 4)
    out += label(cx - 80, 380, 160, 230, colour=colour, **front)
    return out


def oil_tin(colour, light, maker, name, origin):
    x, y, w, h, dx, dy = 268, 206, 232, 506, 52, 34
    side_def, side = gradient([(0, shade(colour, -0.25)), (1, shade(colour, -0.5))])
    face_def, face = gradient([(0, shade(colour, -0.12)), (0.2, shade(colour, 0.22)), (0.5, colour),
                               (1, shade(colour, -0.15))])
    top_def, lid = gradient([(0, "#b9a26c"), (0.5, "#eadcb2"), (1, "#a38a52")])
    out = shadow(420, BASE + 2, 170) + side_def + face_def + top_def
    out += path(f"M{x + w} {y}l{dx} {-dy}V{BASE - dy}L{x + w} {BASE}Z", side)
    out += path(f"M{x} {y}l{dx} {-dy}h{w}l{-dx} {dy}Z", lid)
    out += rect(x, y, w, h, face, 3)
    out += path(f"M{x + 60} {y - 12}l-6-40q4-10 38-10t38 10l-6 40z", "#3a332c") + ellipse(
        x + 92, y - 52, 38, 9, "#574c41")
    out += rect(x, y, w, 9, lid) + rect(x, BASE - 9, w, 9, lid)
    cx = x + w / 2
    out += path(f"M{x + 22} {y + 190}C{x + 22} {y + 70} {x + w - 22} {y + 70} {x + w - 22} {y + 190}V{y + 392}"
                f"H{x + 22}Z", light)
    out += at(emblem_olive(colour), cx, y + 172, 1.15)
    out += text(cx, y + 246, maker.upper(), 12, SANS, colour, 1.6, "font-weight:700", fit=168)
    for i, line in enumerate(name.split("|")):
        out += text(cx, y + 288 + i * 34, line, 34, DIDOT, INK, fit=170)
    out += text(cx, y + 368, origin, 15, SERIF, INK, 0, "font-style:italic")
    out += text(cx, y + 448, "EXTRA VIRGIN · 500 ML", 11.5, SANS, light, 2, "font-weight:600")
    return out


def flask(glass, foil, colour, **front):
    cx = 400
    d = (f"M{cx - 22} 226V356C{cx - 22} 400 {cx - 128} 430 {cx - 128} 566C{cx - 128} 650 {cx - 110} {BASE} "
         f"{cx - 84} {BASE}H{cx + 84}C{cx + 110} {BASE} {cx + 128} 650 {cx + 128} 566C{cx + 128} 430 "
         f"{cx + 22} 400 {cx + 22} 356V226Z")
    clip_def, clip_to = clip(d)
    body_def, body = gradient([(0, shade(glass, -0.6)), (0.12, shade(glass, 0.2)), (0.32, glass),
                               (0.75, shade(glass, -0.35)), (0.94, shade(glass, 0.16)), (1, shade(glass, -0.6))])
    wax_def, wax = gradient([(0, shade(foil, -0.5)), (0.3, shade(foil, 0.35)), (0.6, foil), (1, shade(foil, -0.5))])
    glow = blur(path(d, "none", 'stroke="#fff" stroke-width="13"'), 3.5)
    out = shadow(cx + 8, BASE + 3, 136) + clip_def + body_def
    out += f"<g {clip_to}>{rect(cx - 130, 200, 260, 530, body)}"
    out += f'<g opacity=".38" transform="translate({cx * .2} 0) scale(.8 1)">{glow}</g></g>'
    out += wax_def + path(f"M{cx - 27} 300V196Q{cx - 27} 182 {cx} 182T{cx + 27} 196V300Q{cx + 20} 322 {cx + 14} 304"
                          f"Q{cx + 4} 296 {cx - 4} 312T{cx - 27} 300Z", wax)
    out += label(cx - 88, 478, 176, 168, colour=colour, **front)
    return out


def jar(content, colour, lid, name, maker, origin, emblem):
    cx, top, bw = 400, 300, 142
    d = (f"M{cx - bw + 18} {top}C{cx - bw} {top + 18} {cx - bw} {top + 30} {cx - bw} {top + 50}V{BASE - 26}"
         f"Q{cx - bw} {BASE} {cx - bw + 30} {BASE}H{cx + bw - 30}Q{cx + bw} {BASE} {cx + bw} {BASE - 26}V{top + 50}"
         f"C{cx + bw} {top + 30} {cx + bw} {top + 18} {cx + bw - 18} {top}Z")
    clip_def, clip_to = clip(d)
    body_def, body = gradient([(0, shade(content, -0.45)), (0.1, shade(content, 0.1)), (0.35, content),
                               (0.8, shade(content, -0.25)), (1, shade(content, -0.55))])
    lid_def, metal = gradient([(0, shade(lid, -0.45)), (0.2, shade(lid, 0.1)), (0.32, shade(lid, 0.5)),
                               (0.5, lid), (1, shade(lid, -0.5))])
    rnd = random.Random(name)
    bits = "".join(
        ellipse(rnd.uniform(cx - bw, cx + bw), rnd.uniform(top + 44, BASE), rnd.uniform(5, 17),
                rnd.uniform(4, 11), shade(content, rnd.choice((-0.3, 0.22, 0.34))),
                f'opacity=".55" transform="rotate({rnd.uniform(-30, 30):.0f} {cx} 500)"')
        for _ in range(70)
    )
    out = shadow(cx + 8, BASE + 3, bw * 1.08) + clip_def + body_def
    out += f'<g {clip_to}>{rect(cx - bw, top, bw * 2, 430, "#cfc6b4")}{rect(cx - bw, top + 9, bw * 2, 430, body)}'
    out += blur(bits, 1.2)
    out += blur(rect(cx - bw + 20, top + 30, 20, 350, "#fff", 9, 'opacity=".5"'), 4)
    out += blur(rect(cx + bw - 26, top + 30, 9, 350, "#fff", 5, 'opacity=".3"'), 3) + "</g>"
    out += lid_def + rect(cx - bw + 8, top - 62, bw * 2 - 16, 66, metal, 8)
    out += "".join(rect(cx - bw + 14 + i * 15.5, top - 22, 3, 22, "#000", 1, 'opacity=".12"') for i in range(17))
    out += label(cx - bw * 0.86, top + 108, bw * 1.72, 220, style="arch", colour=colour, emblem=emblem,
                 maker=maker, name=name, year="", origin=origin)
    return out


# ---------------------------------------------------------------------------------------
# Cheese and charcuterie
# ---------------------------------------------------------------------------------------


def board(cx=400, cy=660, rx=330, ry=74, colour="#b98a5a"):
    wood_def, wood = gradient([(0, shade(colour, -0.1)), (0.4, shade(colour, 0.22)), (1, shade(colour, -0.15))])
    rings = "".join(
        path(f"M{cx - rx * f} {cy + o}Q{cx} {cy + o + 14} {cx + rx * f} {cy + o}", "none",
             f'stroke="{shade(colour, -0.25)}" stroke-width="1.3" opacity=".35"')
        for f, o in ((0.8, -42), (0.92, -24), (0.97, -6), (0.94, 14), (0.84, 32))
    )
    return (shadow(cx + 6, cy + 34, rx * 1.02, 0.3, 44) + ellipse(cx, cy + 22, rx, ry, shade(colour, -0.42))
            + wood_def + ellipse(cx, cy, rx, ry, wood) + rings)


def holes(seed, box, count, colour, size=(4, 13)):
    rnd = random.Random(seed)
    x0, y0, x1, y1 = box
    return "".join(
        ellipse(x, y, r, r * 0.72, shade(colour, -0.24))
        + ellipse(x + r * .12, y + r * .16, r * .8, r * .52, shade(colour, -0.1))
        for x, y, r in (
            (rnd.uniform(x0, x1), rnd.uniform(y0, y1), rnd.uniform(*size)) for _ in range(count))
    )


def cheese_wedge(paste, rind, tag, with_holes=0, tag_colour="#7c2b34"):
    """A wedge lying on a board, its cut face to the front."""
    top = "M170 436L610 372 668 432 226 520Z"
    face = "M170 436L226 520V668L170 576Z"
    front = "M226 520L668 432V580L226 668Z"
    front_def, front_fill = gradient([(0, shade(paste, 0.12)), (0.6, paste), (1, shade(paste, -0.14))])
    clip_def, clip_to = clip(front)
    out = board() + blur(path("M220 672L676 584 700 610 260 690Z", "#3d2712", 'opacity=".5"'), 8)
    out += path(top, shade(paste, 0.34)) + front_def + path(front, front_fill)
    out += path(face, shade(paste, -0.12))
    out += clip_def + f'<g {clip_to}>{holes(tag, (250, 470, 640, 640), with_holes, paste)}</g>'
    out += path("M668 432L610 372 640 380C672 398 690 420 690 438V582Q690 590 668 580Z", rind)
    out += path("M226 668L668 580Q690 590 690 574V586Q688 600 668 600L226 690 166 596V576Z", shade(rind, -0.1))
    out += path("M226 668L668 580 668 600 226 690Z", rind)
    # a little flag
    out += rect(392, 262, 5, 150, "#8a6a45", 2)
    out += path("M397 264H566L548 300 566 336H397Z", tag_colour)
    out += text(470, 309, tag, 28, SERIF, CREAM, fit=132)
    return out


def cheese_wheel(rind, paste, name, sub, colour):
    """A wheel with a piece cut out."""
    cx, cy, rx, ry, h = 400, 440, 236, 78, 150
    side_def, side = gradient([(0, shade(rind, -0.4)), (0.22, shade(rind, 0.06)), (0.4, shade(rind, 0.2)),
                               (0.7, rind), (1, shade(rind, -0.45))])
    top_def, top = gradient([(0, shade(rind, 0.3)), (1, shade(rind, 0.02))])
    body = f"M{cx - rx} {cy}V{cy + h}A{rx} {ry} 0 0 0 {cx + rx} {cy + h}V{cy}Z"
    out = board(rx=316) + blur(ellipse(cx + 8, cy + h + 12, rx * 1.03, ry, "#3d2712", 'opacity=".5"'), 9)
    out += side_def + path(body, side) + top_def + ellipse(cx, cy, rx, ry, top)
    out += ellipse(cx, cy, rx * 0.97, ry * 0.95, "none", f'stroke="{shade(rind, 0.45)}" stroke-width="1.5" opacity=".7"')
    # the missing piece, to the front right: the solid part hides what is left of its edge
    ax, ay = cx + rx * math.cos(0.02), cy + ry * math.sin(0.02)
    bx, by = cx + rx * math.cos(1.12), cy + ry * math.sin(1.12)
    gap = f"M{cx} {cy}L{bx} {by}V{by + h + 4}A{rx} {ry} 0 0 0 {cx + rx + 2} {cy + h + 2}V{cy}Z"
    clip_def, clip_to = clip(gap)
    cut_def, cut = gradient([(0, shade(paste, -0.12)), (0.5, shade(paste, 0.12)), (1, paste)])
    inside = path(gap, "#a97d4f") + blur(path(f"M{cx} {cy + h}L{bx} {by + h}L{ax} {ay + h}Z", "#3d2712", 'opacity=".5"'), 10)
    inside += path(f"M{cx - 90} {cy}V{cy + h}L{ax} {ay + h}V{ay}Z", cut)
    inside += holes(name, (cx + 60, cy + 20, ax - 30, cy + h - 16), 14, paste, (2, 5))
    inside += rect(ax - 12, ay - 2, 14, h + 6, shade(rind, -0.25))
    out += clip_def + cut_def + f"<g {clip_to}>{inside}</g>"
    out += path(f"M{cx} {cy}L{ax} {ay}M{cx} {cy}L{bx} {by}", "none", f'stroke="{shade(paste, .4)}" stroke-width="2"')
    # paper on top
    out += f'<g transform="translate({cx - 62} {cy - 8}) scale(1 .34)">'
    out += ellipse(0, 0, 112, 112, colour) + ellipse(0, 0, 100, 100, "none", f'stroke="{CREAM}" stroke-width="2"')
    out += text(0, -8, name, 42, DIDOT, CREAM, fit=176) + text(0, 42, sub, 25, SERIF, CREAM)
    return out + "</g>"


def blue_cheese(paste, tag):
    out = cheese_wedge(paste, "#d9cdb4", tag, 0, "#3f5568")
    rnd = random.Random("bleu")
    veins = "".join(
        _stroke(f"M{x:.0f} {y:.0f}q{rnd.uniform(-16, 16):.0f} {rnd.uniform(-14, 14):.0f} "
                f"{rnd.uniform(-26, 30):.0f} {rnd.uniform(-20, 18):.0f}", rnd.choice(("#6f8794", "#55707f", "#8299a0")),
                rnd.uniform(3, 8))
        for x, y in ((rnd.uniform(240, 655), rnd.uniform(455, 650)) for _ in range(46))
    )
    clip_def, clip_to = clip("M226 520L668 432V580L226 668Z")
    top_def, top_to = clip("M170 436L610 372 668 432 226 520Z")
    dots = "".join(ellipse(rnd.uniform(200, 640), rnd.uniform(380, 510), rnd.uniform(3, 9), 3, "#7f949c", 'opacity=".6"')
                   for _ in range(34))
    return out.replace(
        '<rect x="392" y="262"',
        f'{clip_def}<g {clip_to} opacity=".8">{blur(veins, .8)}</g>{top_def}<g {top_to}>{dots}</g><rect x="392" y="262"',
        1)


def ham():
    """Slices of ham, laid out like a rose."""
    out = board(cy=600, rx=330, ry=150, colour="#a87a4d")
    rnd = random.Random("ham")

    def slice_at(x, y, scale, turn):
        points = [(math.cos(a) * (118 + rnd.uniform(-14, 14)), math.sin(a) * (62 + rnd.uniform(-10, 10)))
                  for a in (i * math.pi / 5 for i in range(10))]
        d = f"M{(points[0][0] + points[-1][0]) / 2:.0f} {(points[0][1] + points[-1][1]) / 2:.0f}"
        for i, (px, py) in enumerate(points):
            nx, ny = points[(i + 1) % len(points)]
            d += f"Q{px:.0f} {py:.0f} {(px + nx) / 2:.0f} {(py + ny) / 2:.0f}"
        meat_def, meat = gradient([(0, "#c9606a"), (0.5, "#b5424f"), (1, "#963340")])
        streaks = "".join(
            _stroke(f"M{rnd.uniform(-80, 60):.0f} {rnd.uniform(-36, 36):.0f}q20 {rnd.uniform(-12, 12):.0f} "
                    f"{rnd.uniform(30, 54):.0f} {rnd.uniform(-8, 8):.0f}", "#f0cfc6", rnd.uniform(1.2, 3))
            for _ in range(7))
        clip_def, clip_to = clip(d + "Z")
        piece = blur(path(d + "Z", "#3a1410", 'opacity=".4" transform="translate(4 9)"'), 5)
        piece += path(d + "Z", "#f4ded2") + meat_def
        piece += f'<g transform="translate(4 6) scale(.9 .84)">{path(d + "Z", meat)}</g>'
        piece += f'{clip_def}<g {clip_to} opacity=".8">{streaks}</g>'
        return at(piece, x, y, scale, turn)

    places = [(400 + math.cos(a) * 150, 574 + math.sin(a) * 62, 1, math.degrees(a) * 0.4)
              for a in (math.pi + i * math.pi / 4 for i in range(8))]
    places.sort(key=lambda p: p[1])
    for place in places:
        out += slice_at(*place)
    out += slice_at(394, 560, 0.86, -8) + slice_at(412, 546, 0.56, 12)
    # a sprig of rosemary
    sprig = _stroke("M0 0C30-40 60-62 112-82", "#5d7047", 4)
    for i in range(9):
        x, y = 8 + i * 12, -12 - i * 8.5
        sprig += _stroke(f"M{x} {y}l-6-20M{x} {y}l20 2", "#6f8556", 4)
    out += at(sprig, 560, 700, 1.0, -14)
    # paper tag
    out += at(rect(-104, -44, 208, 88, CREAM, 5, 'stroke="#8d2f38" stroke-width="2"')
              + text(0, -8, "PROSCIUTTO", 22, SANS, "#8d2f38", 2, "font-weight:600")
              + text(0, 24, "di montagna · 18 mesi", 20, SERIF, INK, 0, "font-style:italic"), 400, 352)
    return out + _stroke("M400 396C396 430 392 470 398 520", "#8a6a45", 2)


def salami(colour, name, sub):
    out = board(cy=640, rx=336, ry=88)
    skin_def, skin = gradient([(0, "#f1e7dc"), (0.35, "#e3d2c2"), (0.7, "#b9988a"), (1, "#7d5a52")], vertical=True)
    body = "M150 470C150 420 190 396 236 396H560V572H236C190 572 150 548 150 500Z"
    rnd = random.Random("salami")
    clip_def, clip_to = clip(body)
    dust = "".join(ellipse(rnd.uniform(150, 560), rnd.uniform(398, 570), rnd.uniform(4, 20), rnd.uniform(2, 7),
                           rnd.choice(("#fff8ee", "#a5766a")), f'opacity="{rnd.uniform(.12, .4):.2f}"')
                   for _ in range(90))

    def face(cx, cy, rx, ry):
        fat = "".join(
            ellipse(cx + math.cos(a) * d * rx, cy + math.sin(a) * d * ry, rnd.uniform(3, 9) * rx / 60,
                    rnd.uniform(3, 8) * ry / 90, "#f2dcd2", f'opacity="{rnd.uniform(.65, 1):.2f}"')
            for a, d in ((rnd.uniform(0, 6.3), rnd.uniform(0.05, 0.86)) for _ in range(46)))
        return (ellipse(cx, cy, rx, ry, "#d9c3b2") + ellipse(cx, cy, rx * .93, ry * .95, "#9f3b3f")
                + ellipse(cx, cy, rx * .9, ry * .92, "#a9444a") + fat)

    whole = blur(path("M150 540H570Q600 570 566 586H210Q150 580 150 540Z", "#3d2712", 'opacity=".6"'), 8)
    whole += skin_def + path(body, skin) + clip_def + f"<g {clip_to}>{blur(dust, 2)}</g>"
    whole += face(560, 484, 46, 88)
    whole += "".join(
        _stroke(f"M{x} {397 if x > 200 else 402}q-14 88 0 {174 if x > 200 else 164}", "#7b6046", 2.6) for x in (222, 486))
    whole += _stroke("M152 478C120 470 112 500 96 492M152 492C124 496 120 520 100 520", "#7b6046", 4)
    # paper ring
    ring_def, ring = gradient([(0, shade(colour, 0.2)), (0.4, colour), (1, shade(colour, -0.4))], vertical=True)
    whole += ring_def + path("M276 395H432Q418 484 432 573H276Q262 484 276 395Z", ring)
    whole += text(348, 478, name, 32, DIDOT, CREAM, fit=132)
    whole += text(348, 508, sub, 18, SERIF, CREAM, 0, "font-style:italic", fit=126)
    out += at(whole, 0, 52)
    for x, y in ((652, 622), (594, 664), (660, 668)):
        out += blur(ellipse(x + 4, y + 10, 62, 30, "#3d2712", 'opacity=".45"'), 5)
        out += ellipse(x, y + 7, 60, 30, "#7d5a52") + face(x, y, 60, 30)
    return out


# ---------------------------------------------------------------------------------------
# Chocolate, boxes, card
# ---------------------------------------------------------------------------------------


def chocolate_bar(colour, name, sub, maker):
    cocoa = "#4a2a1c"
    squares = ""
    for row in range(3):
        for col in range(3):
            x, y = 268 + col * 90, 166 + row * 66
            squares += rect(x, y, 86, 62, cocoa, 5) + path(
                f"M{x} {y + 62}V{y}h86l-12 10h-62v42z", shade(cocoa, 0.22)) + rect(
                x + 12, y + 10, 62, 42, shade(cocoa, 0.08), 3)
    foil_def, foil = gradient([(0, "#cfc8bd"), (0.3, "#fdfbf6"), (0.5, "#d8d1c6"), (0.8, "#f4f0e8"), (1, "#b9b1a4")])
    wrap_def, wrap = gradient([(0, shade(colour, -0.2)), (0.15, shade(colour, 0.12)), (0.6, colour), (1, shade(colour, -0.2))])
    bar = blur(rect(262, 170, 286, 560, "#1d120c", 6, 'opacity=".45"'), 12) + squares
    bar += foil_def + path("M254 330l20-16 22 12 26-18 30 16 28-14 34 18 30-16 32 14 26-14 54 20V400H254z", foil)
    bar += wrap_def + rect(252, 366, 296, 352, wrap, 4)
    bar += rect(268, 382, 264, 320, "none", 2, f'stroke="{GOLD}" stroke-width="1.6"')
    bar += at(emblem_moon(GOLD), 400, 446, 0.95)
    bar += text(400, 518, maker.upper(), 14, SANS, CREAM, 2, "font-weight:600", fit=230)
    bar += text(400, 586, name, 56, DIDOT, CREAM, fit=230)
    bar += text(400, 632, sub, 22, SERIF, CREAM, 0, "font-style:italic", fit=230)
    bar += text(400, 680, "100 g", 18, SERIF, GOLD)
    return f'<g transform="rotate(-7 400 440)">{bar}</g>'


def pralines(colour):
    out = blur(rect(132, 190, 548, 480, "#1d120c", 12, 'opacity=".4"'), 16)
    out += rect(122, 170, 556, 480, colour, 12) + rect(138, 186, 524, 448, shade(colour, -0.3), 8)
    out += rect(148, 196, 504, 428, "#efe4d2", 6)
    rnd = random.Random("pralines")
    tones = ("#3c2116", "#55301f", "#6b4028", "#4a2a1c", "#e9d8bd")
    for row in range(4):
        for col in range(5):
            x, y = 200 + col * 100, 250 + row * 106
            c = tones[(row * 3 + col * 2) % 5]
            cup = ellipse(x, y, 44, 44, "#d9c7a8") + "".join(
                at(rect(-1, -44, 2, 9, "#b9a27c"), x, y, 1, i * 15) for i in range(24))
            kind = (row + col * 2) % 4
            sheen = shade(c, 0.28)
            if kind == 0:
                sweet = ellipse(x, y + 2, 34, 34, shade(c, -.25)) + ellipse(x, y, 33, 33, c) + blur(
                    ellipse(x - 10, y - 12, 11, 8, "#fff", 'opacity=".5"'), 3)
            elif kind == 1:
                sweet = rect(x - 30, y - 28, 60, 60, shade(c, -.25), 9) + rect(x - 30, y - 30, 60, 58, c, 9) + "".join(
                    _stroke(f"M{x - 26 + i * 13} {y + 24}l18-48", sheen, 2.4) for i in range(4))
            elif kind == 2:
                sweet = ellipse(x, y, 33, 33, c) + "".join(
                    ellipse(x + rnd.uniform(-24, 24), y + rnd.uniform(-24, 24), 3, 2, "#d7b877") for _ in range(22))
            else:
                sweet = path(f"M{x} {y + 32}C{x - 46} {y} {x - 28} {y - 34} {x} {y - 16}C{x + 28} {y - 34} {x + 46} {y} {x} {y + 32}Z",
                             c) + blur(ellipse(x - 13, y - 10, 8, 6, "#fff", 'opacity=".45"'), 3)
            out += cup + blur(ellipse(x + 3, y + 6, 35, 34, "#2a1208", 'opacity=".4"'), 4) + sweet
    out += path("M678 470C640 430 690 380 660 330L700 300C730 360 700 420 740 470Z", "#a67c3f", 'opacity="0"')
    return f'<g transform="rotate(4 400 410)">{out}</g>'


def crate(content, name, sub, colour="#c79d68"):
    """A wooden case with what it holds looking out."""
    x, y, w, h = 156, 452, 488, 258
    out = shadow(404, BASE + 2, 262) + rect(x + 8, y - 26, w - 16, 60, shade(colour, -0.55), 3)
    clip_def, clip_to = clip(f"M0 0H{SIZE}V{y + 20}H0Z")
    out += clip_def + f"<g {clip_to}>{content}</g>"
    straw = random.Random("straw")
    out += "".join(
        _stroke(f"M{sx:.0f} {y + 6}q{straw.uniform(-20, 20):.0f} {straw.uniform(-34, -14):.0f} {straw.uniform(-46, 46):.0f} "
                f"{straw.uniform(-26, 4):.0f}", straw.choice(("#e3c98f", "#cfae6d", "#f0dca8")), 2)
        for sx in (straw.uniform(x + 12, x + w - 12) for _ in range(150)))
    for i in range(3):
        board_def, board_fill = gradient([(0, shade(colour, -0.12)), (0.5, shade(colour, 0.16 - i * .05)), (1, shade(colour, -0.16))])
        top = y + i * 86
        out += board_def + rect(x, top, w, 84, board_fill, 3)
        rnd = random.Random(f"{name}{i}")
        out += "".join(
            path(f"M{x + 4} {top + oy:.0f}q{w / 3} {rnd.uniform(-9, 9):.0f} {w - 8} {rnd.uniform(-4, 4):.0f}", "none",
                 f'stroke="{shade(colour, -0.3)}" stroke-width="1" opacity=".4"') for oy in range(14, 80, 13))
    out += "".join(rect(px, y, 34, h, shade(colour, -0.2), 2) for px in (x, x + w - 34))
    out += "".join(ellipse(px + 17, y + 43 + i * 86, 4, 4, "#6d5435") for px in (x, x + w - 34) for i in range(3))
    burnt = "#5b3216"
    out += at(emblem_grape(burnt), 400, y + 68, 0.9)
    out += text(400, y + 154, name, 54, DIDOT, burnt, fit=360)
    return out + text(400, y + 200, sub, 22, SANS, burnt, 3, "font-weight:600", fit=370)


def hamper(content, colour, ribbon, name, sub):
    """A card gift box, open, with a ribbon around it."""
    x, y, w, h = 168, 440, 464, 270
    face_def, face = gradient([(0, shade(colour, -0.08)), (0.3, shade(colour, 0.14)), (1, shade(colour, -0.2))])
    rib_def, rib = gradient([(0, shade(ribbon, -0.2)), (0.4, shade(ribbon, 0.25)), (1, shade(ribbon, -0.2))])
    clip_def, clip_to = clip(f"M0 0H{SIZE}V{y + 16}H0Z")
    out = shadow(404, BASE + 2, 254) + path(f"M{x + 6} {y}l16-34h{w - 44}l16 34z", shade(colour, -0.5))
    out += clip_def + f"<g {clip_to}>{content}</g>"
    tissue = random.Random("tissue")
    pts = "".join(f"L{x + i * w / 14:.0f} {y - tissue.uniform(8, 46):.0f}" for i in range(1, 14))
    out += path(f"M{x} {y + 8}{pts}L{x + w} {y + 8}Z", "#fbf6ec") + path(
        f"M{x} {y + 10}" + "".join(f"L{x + (i + .5) * w / 13:.0f} {y - tissue.uniform(2, 28):.0f}" for i in range(13))
        + f"L{x + w} {y + 10}Z", "#efe6d6")
    out += face_def + rect(x, y, w, h, face, 4) + rib_def + rect(x, y + 176, w, 44, rib)
    bow = path("M0 0C-30-46-110-56-112-14-112 26-40 22 0 0z", shade(ribbon, 0.06)) + path(
        "M0 0C30-46 110-56 112-14 112 26 40 22 0 0z", ribbon)
    bow += path("M0 0C-20 30-60 60-84 90l34-6 12 28C-16 80 0 40 0 0zM0 0C20 30 60 60 84 90l-34-6-12 28C16 80 0 40 0 0z",
                shade(ribbon, -0.2))
    bow += path("M-10 2C-40-30-84-36-96-14-84 4-40 8-10 2zM10 2C40-30 84-36 96-14 84 4 40 8 10 2z", shade(ribbon, -0.3))
    out += at(bow + rect(-16, -16, 32, 34, shade(ribbon, 0.2), 9), x + w * 0.5, y + 196, 0.78)
    out += text(400, y + 82, name, 58, DIDOT, CREAM, fit=400)
    return out + text(400, y + 128, sub, 19, SANS, CREAM, 3, "font-weight:500", fit=400)


def club_card():
    red_def, red = gradient([(0, "#8a2438"), (0.5, "#6d1a2c"), (1, "#4c101e")])
    card = blur(rect(-262, -152, 536, 334, "#1d120c", 26, 'opacity=".45"'), 16)
    card += red_def + rect(-268, -168, 536, 336, red, 26)
    card += path("M-268 60C-120-60 60 150 268-40V142a26 26 0 0 1-26 26H-242a26 26 0 0 1-26-26Z", "#fff", 'opacity=".05"')
    card += rect(-250, -150, 500, 300, "none", 16, f'stroke="{GOLD}" stroke-width="1.5"')
    card += at(emblem_grape(GOLD), -180, -70, 1.0)
    card += text(-120, -62, "VINUM", 56, SERIF, "#ecd9a8", 10, "", "start")
    card += text(-116, -26, "CLUB", 21, SANS, GOLD, 12, "font-weight:500", "start")
    card += text(-214, 82, "Member for twelve months", 27, SERIF, "#ecd9a8", 0, "font-style:italic", "start")
    card += text(-214, 118, "15 % ON WINES  ·  FIRST TO TASTE", 14, SANS, GOLD, 2, "font-weight:500", "start")
    second = rect(-268, -168, 536, 336, "#e9dcc0", 26) + rect(-250, -150, 500, 300, "none", 16,
                                                             f'stroke="{GOLD}" stroke-width="1.5"')
    return at(blur(rect(-262, -152, 536, 334, "#1d120c", 26, 'opacity=".35"'), 14) + second, 420, 376, 0.98, 9) + at(
        card, 392, 420, 1, -6)


def small(drawing, x, scale=0.62, base=560):
    """A bottle or jar made smaller, to look out of a box."""
    return at(drawing, x - 400 * scale, base - BASE * scale, scale)


# ---------------------------------------------------------------------------------------
# The catalogue: file name -> (background, drawing)
# ---------------------------------------------------------------------------------------

GREEN, DARK, AMBER, CLEAR = "#2f4a2c", "#1c241b", "#5a4a1e", "#c9d0b8"

BOTTLES = {
    # reds
    "cote_grives": ("red", "burgundy", DARK, "#6d1f2b", dict(
        style="classic", colour="#7c2b34", emblem="bird", maker="Domaine des Trois Sources",
        name="Côte des Grives", year="2021", origin="Bourgogne Pinot Noir")),
    "belmaure": ("red", "bordeaux", "#17211a", "#5a1622", dict(
        style="classic", colour="#5a1622", emblem="tower", maker="Château",
        name="Belmaure", year="2020", origin="Bordeaux Supérieur")),
    "sette_ore": ("red", "bordeaux", DARK, "#c9a24b", dict(
        style="block", colour="#8c2f26", emblem="sun", maker="Cascina Valdoro",
        name="Sette Ore", year="2022", origin="Barbera d’Alba")),
    "torre_zorzal": ("red", "bordeaux", "#1c1f1b", "#9c7a2e", dict(
        style="band", colour="#8b1e2d", emblem="tower", maker="Torre del Zorzal",
        name="Crianza", year="2020", origin="Rioja")),
    "kalkstein": ("red", "burgundy", "#20271d", "#d9d2c3", dict(
        style="minimal", colour="#3d4a52", emblem="hills", maker="Weingut Amselgrund",
        name="Spätburgunder|Kalkstein", year="2021", origin="Baden", paper="#f7f4ee")),
    "ribeira_tinto": ("red", "bordeaux", "#191c1c", "#1f3a4d", dict(
        style="band", colour="#1f3a4d", emblem="boat", maker="Quinta da Ribeira Alta",
        name="Douro Tinto", year="2021", origin="Douro")),
    "garrigue": ("red", "burgundy", "#1d261c", "#4d5a34", dict(
        style="script", colour="#6a3a4c", emblem="leaf", maker="Mas Soledre",
        name="Garrigue", year="2022", origin="Languedoc")),
    # whites
    "schiefer": ("white", "flute", GREEN, "#c9b36a", dict(
        style="minimal", colour="#2c5a63", emblem="hills", maker="Weingut Amselgrund",
        name="Riesling|Schieferterrassen", year="2023", origin="Mosel Kabinett", paper="#f5f2e6")),
    "chablis": ("white", "burgundy", "#7d8a4e", "#e8d9a6", dict(
        style="classic", colour="#8a7430", emblem="drops", maker="Domaine des Trois Sources",
        name="Chablis", year="2022", origin="Les Murets Blancs")),
    "loess": ("white", "bordeaux", "#55703a", "#f0ead8", dict(
        style="block", colour="#c99a2e", emblem="sun", maker="Weingut Hochrain",
        name="Grüner Veltliner", year="2023", origin="Löss · Kamptal")),
    "silex": ("white", "burgundy", "#8c9558", "#2e4a45", dict(
        style="arch", colour="#2e4a45", emblem="tree", maker="Domaine Vieux-Noyer",
        name="Sancerre", year="2023", origin="Cuvée Silex")),
    "bretema": ("white", "flute", "#6f8a52", "#2f6b8a", dict(
        style="script", colour="#2f6b8a", emblem="boat", maker="Pazo de Brétema",
        name="Albariño", year="2023", origin="Rías Baixas", paper="#f4f7f7")),
    "chasselas": ("white", "bordeaux", "#9aa15a", "#b23a3a", dict(
        style="band", colour="#35618a", emblem="lake", maker="Cave du Rivage",
        name="Chasselas", year="2023", origin="Lavaux")),
    "pinot_gris": ("white", "flute", "#5d6f2f", "#8a2f3a", dict(
        style="classic", colour="#8a2f3a", emblem="rose", maker="Maison Osthalden",
        name="Pinot Gris", year="2022", origin="Alsace")),
    # sparkling
    "delmont_brut": ("sparkling", "champagne", "#243322", "#c7a24f", dict(
        style="classic", colour="#a17e35", emblem="crown", maker="Delmont-Vallière",
        name="Brut Réserve", year="", origin="Champagne", paper="#fbf7ea")),
    "delmont_blanc": ("sparkling", "champagne", "#3d4a26", "#e9e4d6", dict(
        style="arch", colour="#86743f", emblem="crown", maker="Delmont-Vallière",
        name="Blanc de Blancs", year="2016", origin="Champagne", paper="#fdfcf7")),
    "prosecco": ("sparkling", "champagne", "#3b5a3e", "#8aa9b5", dict(
        style="script", colour="#3a6a7d", emblem="star", maker="Ca’ Serenella",
        name="Prosecco", year="Extra Dry", origin="Valdobbiadene", paper="#f3f7f6")),
    "cremant": ("sparkling", "champagne", "#2c3d2a", "#8a2f3a", dict(
        style="band", colour="#8a2f3a", emblem="rose", maker="Maison Osthalden",
        name="Crémant Brut", year="", origin="Alsace")),
    # rosé
    "cigale": ("rose", "burgundy", "#f0d9d0", "#e8e2da", dict(
        style="script", colour="#c0647a", emblem="sun", maker="Mas Soledre",
        name="Cigale", year="2024", origin="Provence Rosé", paper="#fffaf6"), "#eda692"),
    "rosado": ("rose", "bordeaux", "#f0cfc9", "#c4455a", dict(
        style="block", colour="#c4455a", emblem="bird", maker="Torre del Zorzal",
        name="Rosado", year="2024", origin="Navarra"), "#e0788a"),
    # sweet and fortified
    "tawny": ("sweet", "port", "#2a1a14", "#1f1512", dict(
        style="dark", colour="#b08d4a", emblem="boat", maker="Quinta da Ribeira Alta",
        name="Tawny Port", year="10 years", origin="Vila Nova de Gaia")),
    "lamignac": ("sweet", "half", "#e2c27a", "#b8892f", dict(
        style="classic", colour="#8f6a1e", emblem="key", maker="Château Lamignac",
        name="Sauternes", year="2017", origin="37.5 cl", paper="#fbf4dd"), "#d9a02c"),
    "px": ("sweet", "port", "#23130f", "#6d2f1c", dict(
        style="arch", colour="#7a3a1c", emblem="grape", maker="Bodega San Telmar",
        name="Pedro Ximénez", year="", origin="Jerez dulce · 50 cl")),
    # reserve and magnums
    "falco": ("reserve", "bordeaux", "#2a2320", "#7c2230", dict(
        style="classic", colour="#7c2230", emblem="bird", maker="Cascina Valdoro",
        name="Bricco del Falco", year="2018", origin="Barolo")),
    "falco_magnum": ("reserve", "magnum", "#2a2320", "#b08d4a", dict(
        style="dark", colour="#b08d4a", emblem="bird", maker="Cascina Valdoro",
        name="Bricco del Falco|Riserva", year="2016", origin="Barolo · Magnum")),
    "grand_vin": ("reserve", "bordeaux", "#232a24", "#b08d4a", dict(
        style="arch", colour="#5a1622", emblem="tower", maker="Château Belmaure",
        name="Grand Vin", year="2010", origin="Pomerol", paper="#f3e8cc")),
    "aubepine": ("reserve", "burgundy", "#2c2f25", "#a07c3a", dict(
        style="minimal", colour="#4a3a20", emblem="rose", maker="Clos de l’Aubépine",
        name="Grand Cru", year="2015", origin="Côte de Nuits", paper="#f6eed8")),
    "octave": ("reserve", "magnum_champagne", "#2b3328", "#b8964e", dict(
        style="dark", colour="#b08d4a", emblem="crown", maker="Delmont-Vallière",
        name="Cuvée Octave", year="2008", origin="Champagne · Magnum")),
}


def draw_bottle(key, **more):
    _family, form, glass, foil, front, *wine = BOTTLES[key]
    height = {"half": 178, "champagne": 172}.get(form, 236 if "magnum" in form else 200)
    return bottle(form, glass, foil, wine=wine[0] if wine else None, height=height, **{**front, **more})


def draw_six():
    keys = ("garrigue", "belmaure", "cote_grives", "torre_zorzal", "kalkstein", "ribeira_tinto")
    return crate("".join(small(draw_bottle(k), 206 + i * 78, 0.64, 636) for i, k in enumerate(keys)),
                 "Six reds", "DISCOVERY CASE · VINUM")


def draw_aperitivo():
    content = small(draw_bottle("prosecco"), 280, 0.72, 640) + small(draw_bottle("cigale"), 410, 0.7, 640)
    content += small(JARS["terrine"][1](), 530, 0.52, 560)
    return hamper(content, "#35554f", "#c9a24b", "Aperitivo", "FOR AN EVENING ON THE TERRACE")


def draw_fireside():
    content = small(draw_bottle("tawny"), 306, 0.76, 660) + small(draw_bottle("px"), 420, 0.72, 650)
    content += at(chocolate_bar("#3a2440", "72 %", "Madagascar", "Atelier Nuit Douce"), 415, 190, 0.42, 8)
    return hamper(content, "#6d1f2b", "#d9b877", "Fireside", "PORT · SHERRY · CHOCOLATE")


JARS = {
    "terrine": ("meat", partial(
        jar, "#b5805a", "#6d3a22", "#c9a24b", "Terrine de canard", "La Table d’Hortense", "à l’Armagnac", "leaf")),
    "fig_mustard": ("oil", partial(
        jar, "#7a3f4a", "#5a2a3a", "#e2d9c6", "Figs in balsamico", "Acetaia Bellarosa", "220 g", "tree")),
}

CATALOGUE = {key: (spec[0], partial(draw_bottle, key)) for key, spec in BOTTLES.items()} | JARS | {
    "belmaure_magnum": ("red", partial(
        bottle, "magnum", "#17211a", "#5a1622", height=236, **{**BOTTLES["belmaure"][4], "origin": "Bordeaux · Magnum"})),
    "delmont_magnum": ("sparkling", partial(
        bottle, "magnum_champagne", "#243322", "#c7a24f", height=206,
        **{**BOTTLES["delmont_brut"][4], "origin": "Champagne · Magnum"})),
    "monteluce": ("oil", partial(
        oil_bottle, "#3f4f22", "#4a5a24", style="arch", emblem="olive", maker="Frantoio Monteluce",
        name="Olio nuovo", year="", origin="Toscana · 50 cl")),
    "picual": ("oil", partial(
        oil_tin, "#2f5a3c", CREAM, "Almazara Los Tordos", "Picual|temprano", "Jaén · cosecha 2024")),
    "balsamico": ("oil", partial(
        flask, "#2a1a16", "#7a1f2a", "#5a1f26", style="classic", emblem="crown", maker="Acetaia Bellarosa",
        name="Balsamico", year="8 anni", origin="Modena · 25 cl")),
    "comte": ("cheese", partial(cheese_wedge, "#e9c46f", "#a8743a", "Comté 24", 3)),
    "gruyere": ("cheese", partial(cheese_wedge, "#efd79a", "#8f6238", "Alpage", 12, "#a23a3a")),
    "pecorino": ("cheese", partial(cheese_wheel, "#8a6a3c", "#f3e3b8", "Pecorino", "stagionato", "#35553f")),
    "bleu": ("cheese", partial(blue_cheese, "#f3ead2", "Bleu")),
    "prosciutto": ("meat", ham),
    "saucisson": ("meat", partial(salami, "#35553f", "Saucisson", "aux noisettes")),
    "chocolate": ("sweets", partial(chocolate_bar, "#3a2440", "72 %", "Madagascar", "Atelier Nuit Douce")),
    "pralines": ("sweets", partial(pralines, "#6d1f2b")),
    "box_six": ("gift", draw_six),
    "box_aperitivo": ("gift", draw_aperitivo),
    "box_fireside": ("gift", draw_fireside),
    "club": ("gift", club_card),
}


def product_svg(key, size=SIZE):
    family, drawing = CATALOGUE[key]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
            f'viewBox="0 0 {SIZE} {SIZE}">{ground(family)}{drawing()}</svg>')


# ---------------------------------------------------------------------------------------
# The brand: logo, hero of the home page, marks of some customers, icon of the addon
# ---------------------------------------------------------------------------------------

WINE = "#7b1e34"


def svg(width, height, content, box=None):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="{box or f"0 0 {width} {height}"}">{content}</svg>')


def draw_logo():
    return svg(520, 150, at(emblem_grape(WINE), 74, 84, 1.55) + text(
        146, 106, "VINUM", 104, SERIF, WINE, 12, "", "start"))


def draw_hero():
    """Vineyards in the morning."""
    width, height = 1920, 720
    rnd = random.Random("hero")
    sky_def, sky = gradient([(0, "#f3d9bd"), (0.5, "#f8e7d2"), (1, "#fdf5e8")], vertical=True)
    out = sky_def + rect(0, 0, width, height, sky)
    out += blur(ellipse(1420, 250, 190, 190, "#fff6df", 'opacity=".9"'), 40) + ellipse(1420, 250, 74, 74, "#fffaf0")
    far = "M0 380C220 300 380 330 560 290 760 250 900 330 1100 300 1320 262 1500 330 1920 270V720H0Z"
    mid = "M0 440C260 390 420 430 700 380 960 340 1180 420 1440 380 1640 350 1780 390 1920 370V720H0Z"
    out += path(far, "#d9bfae") + path(mid, "#c3a58c")
    # village on the ridge
    def house(x, y, s, roof="#a3543f"):
        return at(path("M-30 0V-30H30V0z", "#f3e6d2") + path("M-36-28L0-54 36-28z", roof) + rect(-7, -18, 10, 18, "#b99a7c"),
                  x, y, s)
    out += "".join(house(x, y, s) for x, y, s in ((1180, 392, .8), (1236, 396, .62), (1120, 398, .6), (1290, 396, .5)))
    out += at(path("M-14 0V-86H14V0z", "#efe0ca") + path("M-19-84L0-124 19-84z", "#a3543f"), 1206, 384, .78)
    for x, y, s in ((1340, 392, 1), (1366, 390, .8), (1068, 396, .8), (1046, 398, 1), (1390, 388, .95)):
        out += at(path("M0 0C-14-26-12-70 0-96 12-70 14-26 0 0z", "#5f6a4a"), x, y, s)
    # slopes with rows of vines
    slopes = (
        ("M0 520C300 430 620 420 960 452 1260 480 1560 420 1920 440V720H0Z", "#b9a566", "#7f8a48", 470, 15, 9),
        ("M0 600C240 520 560 486 900 520 1240 556 1600 500 1920 520V720H0Z", "#a89a55", "#6c7a3e", 545, 20, 14),
    )
    for shape, soil, vine, top, step, thick in slopes:
        clip_def, clip_to = clip(shape)
        rows = ""
        for i in range(-34, 90):
            x = i * 44
            rows += _stroke(f"M{960 + (x - 960) * .52:.0f} {top - 90}Q{x * .96:.0f} {top + 40} {x + (x - 960) * .5:.0f} 740",
                            vine, thick * .8)
        out += path(shape, soil) + clip_def + f'<g {clip_to}>{rows}</g>'
        light_def, light = gradient([(0, "#fff3d0", .35), (.4, "#fff3d0", 0), (1, "#3a2b18", .25)], vertical=True)
        out += light_def + f'<g {clip_to}>{rect(0, top - 90, width, 400, light)}</g>'
    # the nearest row, leaf by leaf
    front = path("M0 690C500 640 1300 650 1920 684V720H0Z", "#5b4a2c")
    for i in range(420):
        x = rnd.uniform(-20, width + 20)
        y = 672 - 26 * math.sin(x / width * math.pi) + rnd.gauss(0, 16)
        front += at(path("M0 16C-3 10-8 9-13 9-12 3-16 1-14-4-8-4-6-10 0-13 6-10 8-4 14-4 16 1 12 3 13 9 8 9 3 10 0 16z",
                         rnd.choice(("#56652f", "#6b7a38", "#7f8b45", "#93994f", "#8a4a35"))), round(x), round(y),
                    round(rnd.uniform(.8, 1.7), 2), round(rnd.uniform(-60, 60)))
    for i in range(26):
        out_x = rnd.uniform(0, width)
        front += at(emblem_grape("#4a1a35"), round(out_x), round(690 - 26 * math.sin(out_x / width * math.pi)), .5,
                    round(rnd.uniform(-12, 12)))
    out += front
    # a veil on the left, where the words stand
    veil_def, veil = gradient([(0, "#fdf5e8", .82), (.45, "#fdf5e8", .25), (.7, "#fdf5e8", 0)])
    return svg(width, height, out + veil_def + rect(0, 0, width, height, veil))


def draw_mark(colour, emblem, name, sub, paper=CREAM):
    return svg(256, 256, rect(0, 0, 256, 256, paper) + at(EMBLEMS[emblem](colour), 128, 92, 1.35) + text(
        128, 186, name, 44, DIDOT, colour, fit=220) + text(128, 218, sub, 16, SANS, colour, 3, "font-weight:600", fit=200))


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
        return ellipse(0, -62, 44, 44, colour) + path("M-78 62V48C-78 8-44-6 0-6S78 8 78 48V62Q78 76 64 76H-64Q-78 76-78 62Z", dark)
    tag = path("M-40-26H18L44 0 18 26H-40A10 10 0 0 1-50 16V-16A10 10 0 0 1-40-26Z", "#ffc24a") + ellipse(
        22, 0, 7, 7, "#8f1f3f") + rect(-38, -10, 40, 7, "#8f1f3f", 3) + rect(-38, 4, 28, 7, "#8f1f3f", 3)
    return svg(256, 256, at(person("#1bb6a8", "#0f8f88"), 72, 128, .78) + at(person("#6c7df2", "#4a55cf"), 184, 128, .78)
               + at(person("#f2557b", "#b3224f"), 128, 158, 1.04) + at(tag, 150, 202, 1.15, -14))


# ---------------------------------------------------------------------------------------
# Rendering
# ---------------------------------------------------------------------------------------


PAGE = "<meta charset=utf-8><style>*{margin:0}svg{display:block}</style>"
FIT = """<script>
for (const line of document.querySelectorAll("text[data-fit]")) {
    const width = line.getComputedTextLength(), fit = parseFloat(line.dataset.fit);
    if (fit && width > fit) {
        const size = parseFloat(line.getAttribute("font-size")) * fit / width;
        line.setAttribute("font-size", size);
        line.setAttribute("letter-spacing", line.getAttribute("letter-spacing") * fit / width);
    }
}
</script>"""


def render(html, width, height, transparent=False):
    """Return the Pillow image of a page."""
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        page.write_text(f"{PAGE}{html}{FIT}", "utf-8")
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-background-networking", f"--window-size={width},{height}",
             *(["--default-background-color=00000000"] if transparent else []),
             f"--screenshot={shot}", page.as_uri()],
            check=True, capture_output=True, timeout=300,
        )
        return Image.open(io.BytesIO(shot.read_bytes())).convert("RGBA" if transparent else "RGB")


def render_grid(svgs, cell, columns):
    rows = math.ceil(len(svgs) / columns)
    html = f'<div style="display:grid;grid-template-columns:repeat({columns},{cell}px)">{"".join(svgs)}</div>'
    return render(html, cell * columns, cell * rows)


def draw_products():
    keys = list(CATALOGUE)
    for start in range(0, len(keys), 16):
        chunk = keys[start : start + 16]
        sheet = render_grid([product_svg(key) for key in chunk], SIZE, 4)
        for i, key in enumerate(chunk):
            x, y = i % 4 * SIZE, i // 4 * SIZE
            picture = sheet.crop((x, y, x + SIZE, y + SIZE)).resize((SAVED, SAVED), Image.LANCZOS)
            picture.save(TARGET / f"{key}.jpg", quality=86, optimize=True, progressive=True)


def draw_brand():
    def save(name, page, width, height):
        picture = render(page, width, height, transparent=True)
        picture.quantize(192, dither=Image.Dither.NONE).save(TARGET / name, optimize=True)

    save("logo.png", draw_logo(), 520, 150)
    for name, spec in MARKS.items():
        save(f"{name}.png", draw_mark(*spec), 256, 256)
    render(draw_hero(), 1920, 720).save(TARGET / "hero.jpg", quality=82, optimize=True, progressive=True)
    description = ROOT / "static" / "description"
    description.mkdir(parents=True, exist_ok=True)
    icon = draw_icon()
    render(icon, 256, 256, transparent=True).save(description / "icon.png", optimize=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sheet", type=Path, help="draw one contact sheet only")
    parser.add_argument("--only", nargs="*", help="file names without extension, for the sheet")
    options = parser.parse_args()
    if options.sheet:
        keys = options.only or list(CATALOGUE)
        cell = 400 if len(keys) <= 16 else 260
        render_grid([product_svg(key, cell) for key in keys], cell, 4 if cell == 400 else 7).save(options.sheet)
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    draw_products()
    draw_brand()


if __name__ == "__main__":
    main()
