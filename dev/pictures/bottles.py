"""Bottles and jars, and the labels on them."""

# Drawings are long lines.
# ruff: noqa: E501

import random
from functools import partial

from .emblems import EMBLEMS, emblem_olive
from .svg import (
    BASE,
    CREAM,
    DIDOT,
    GOLD,
    INK,
    PAPER,
    SANS,
    SCRIPT,
    SERIF,
    at,
    blur,
    clip,
    ellipse,
    gradient,
    path,
    rect,
    shade,
    shadow,
    stroke,
    text,
)

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


def bottle_path(form, base=BASE, cx=400):
    top, neck, sh, bw, nw, curve = FORMS[form]
    r = 16
    if curve == "high":
        left = f"C{cx - nw} {neck + 34} {cx - bw} {neck + 12} {cx - bw} {sh}"
        right = f"C{cx + bw} {neck + 12} {cx + nw} {neck + 34} {cx + nw} {neck}"
    else:
        h = sh - neck
        left = f"C{cx - nw - 1} {neck + h * 0.42} {cx - bw} {sh - h * 0.5} {cx - bw} {sh}"
        right = f"C{cx + bw} {sh - h * 0.5} {cx + nw + 1} {neck + h * 0.42} {cx + nw} {neck}"
    bulge = ""
    back = f"L{cx + nw} {top + 4}"
    if form == "port":
        bulge = f"C{cx - nw - 14} {top + 70} {cx - nw - 14} {neck - 40} {cx - nw} {neck}"
        back = (
            f"C{cx + nw + 14} {neck - 40} {cx + nw + 14} {top + 70} {cx + nw} {top + 44}V{top + 4}"
        )
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
    return f"M{x} {y}Q{x + w / 2} {y + 2 * sag} {x + w} {y}V{y + h}Q{x + w / 2} {y + h + 2 * sag} {x} {y + h}Z"


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
        out += text(
            cx, y + h * 0.60, name, 48, SCRIPT, accent, style="font-weight:700", fit=inner + 8
        )
        out += stroke(f"M{cx - 26} {y + h * 0.71}H{cx + 26}", accent, 1.2)
        out += caps(cx, y + h * 0.83, maker.upper(), 12)
        out += lower(cx, y + h * 0.93, dated, 17)
    else:
        if style == "classic":
            for gap, thick in ((7, 1.6), (11, 0.7)):
                out += path(
                    label_shape(x + gap, y + gap + 1, w - 2 * gap, h - 2 * gap - 2),
                    "none",
                    f'stroke="{accent}" stroke-width="{thick}"',
                )
        if style == "dark":
            out += path(label_shape(x, y + 9, w, 3), accent)
            out += path(label_shape(x, y + h - 12, w, 3), accent)
        two = len(lines) > 1
        out += at(
            mark,
            cx,
            y + h * (0.2 if two else 0.27 if style == "arch" else 0.23) + 8,
            min(w, h) / (225 if two or style == "arch" else 205),
        )
        out += caps(cx, y + h * (0.45 if two else 0.51), maker.upper(), 12, fill=fore)
        for i, line in enumerate(lines):
            out += title(
                cx,
                y + h * ((0.58 if two else 0.675) + i * 0.135),
                line,
                28 if two else 38,
                fill=accent if style in ("classic", "arch") else fore,
            )
        if year:
            out += text(cx, y + h * 0.83, year, 22, SERIF, fore, 3, fit=inner)
        out += lower(cx, y + h * 0.925, origin, 16)
    side_def, side = gradient(
        [
            (0, "#000", 0.46),
            (0.1, "#000", 0.16),
            (0.26, "#fff", 0.14),
            (0.42, "#fff", 0),
            (0.72, "#000", 0.03),
            (0.9, "#000", 0.18),
            (1, "#000", 0.5),
        ]
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
    body_def, body = gradient(
        [
            (0, shade(tint, -0.62)),
            (0.05, shade(tint, -0.3)),
            (0.13, shade(tint, 0.12)),
            (0.3, tint),
            (0.62, shade(tint, -0.14)),
            (0.86, shade(tint, -0.42)),
            (0.95, shade(tint, -0.1)),
            (1, shade(tint, -0.62)),
        ]
    )
    foil_def, cap = gradient(
        [
            (0, shade(foil, -0.5)),
            (0.16, shade(foil, -0.05)),
            (0.28, shade(foil, 0.42)),
            (0.42, foil),
            (0.75, shade(foil, -0.25)),
            (1, shade(foil, -0.55)),
        ]
    )
    inside = rect(cx - bw - 2, top, bw * 2 + 4, BASE - top + 12, body)
    if wine:
        fill = top + (neck - top) * level + 30
        air_def, air = gradient(
            [
                (0, shade(glass, -0.45)),
                (0.2, shade(glass, 0.35)),
                (0.5, shade(glass, 0.12)),
                (0.8, shade(glass, -0.1)),
                (1, shade(glass, -0.5)),
            ]
        )
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
    inside += (
        f"{foil_def}{path(label_shape(cx - bw, top - 40, bw * 2, cap_end - top + 40, 4), cap)}"
    )
    if "champagne" in form:
        inside += path(
            label_shape(cx - bw, cap_end - 58, bw * 2, 46, 5), shade(foil, -0.35), 'opacity=".55"'
        )
        inside += "".join(
            stroke(
                f"M{cx - nw + 6 + i * 9} {top + 34}L{cx - nw + 2 + i * 10.5} {cap_end - 62}",
                shade(foil, 0.5),
                0.9,
            )
            for i in range(6)
        )
    else:
        inside += rect(cx - nw - 4, top + 26, nw * 2 + 8, 2.4, "#000", 0, 'opacity=".22"')
        inside += path(
            label_shape(cx - bw, cap_end - 12, bw * 2, 2, 4), shade(foil, 0.5), 'opacity=".55"'
        )
    out = shadow(cx + 10, BASE + 3, bw * 1.12)
    out += clip_def + body_def + f"<g {clip_to}>{inside}</g>"
    # lip, or cork cage
    if "champagne" in form:
        out += foil_def + path(
            f"M{cx - nw + 2} {top + 30}C{cx - nw - 9} {top + 22} {cx - nw - 7} {top - 8} {cx - nw + 6} {top - 14}"
            f"H{cx + nw - 6}C{cx + nw + 7} {top - 8} {cx + nw + 9} {top + 22} {cx + nw - 2} {top + 30}Z",
            cap,
        )
    else:
        out += rect(cx - nw - 2.5, top + 4, nw * 2 + 5, 20, cap, 4)
    lw = bw * 2 * wide
    ly = sh + (BASE - sh - height) * (0.46 + drop)
    out += label(cx - lw / 2, ly, lw, height, **front)
    # one last reflection over glass and paper
    out += f"<g {clip_to}>{blur(rect(cx - bw * 0.86, sh - 4, bw * 0.1, BASE - sh - 40, '#fff', 5, 'opacity=.16'), 3)}</g>"
    return out


def oil_bottle(glass, colour, **front):
    cx = 400
    d = (
        f"M{cx - 24} 150V250C{cx - 24} 292 {cx - 92} 286 {cx - 92} 338V690Q{cx - 92} {BASE} {cx - 70} {BASE}"
        f"H{cx + 70}Q{cx + 92} {BASE} {cx + 92} 690V338C{cx + 92} 286 {cx + 24} 292 {cx + 24} 250V150Z"
    )
    clip_def, clip_to = clip(d)
    body_def, body = gradient(
        [
            (0, shade(glass, -0.55)),
            (0.08, shade(glass, -0.1)),
            (0.16, shade(glass, 0.34)),
            (0.22, glass),
            (0.55, shade(glass, -0.1)),
            (0.8, shade(glass, -0.3)),
            (0.93, shade(glass, 0.18)),
            (1, shade(glass, -0.55)),
        ]
    )
    steel_def, steel = gradient(
        [(0, "#6b6a66"), (0.3, "#f3f1ec"), (0.6, "#b7b4ac"), (1, "#5c5a55")]
    )
    wood_def, wood = gradient([(0, "#7a5a38"), (0.35, "#cda877"), (1, "#6d4d2d")])
    glow = blur(path(d, "none", 'stroke="#fff" stroke-width="12"'), 3.2)
    out = shadow(cx + 8, BASE + 3, 106) + clip_def + body_def
    out += f"<g {clip_to}>{rect(cx - 94, 140, 188, 590, body)}"
    out += f'<g opacity=".4" transform="translate({cx * 0.18} 0) scale(.82 1)">{glow}</g></g>'
    out += (
        wood_def
        + rect(cx - 22, 96, 44, 46, wood, 7)
        + steel_def
        + rect(cx - 29, 138, 58, 26, steel, 4)
    )
    out += label(cx - 80, 380, 160, 230, colour=colour, **front)
    return out


def oil_tin(colour, light, maker, name, origin):
    x, y, w, h, dx, dy = 268, 206, 232, 506, 52, 34
    side_def, side = gradient([(0, shade(colour, -0.25)), (1, shade(colour, -0.5))])
    face_def, face = gradient(
        [
            (0, shade(colour, -0.12)),
            (0.2, shade(colour, 0.22)),
            (0.5, colour),
            (1, shade(colour, -0.15)),
        ]
    )
    top_def, lid = gradient([(0, "#b9a26c"), (0.5, "#eadcb2"), (1, "#a38a52")])
    out = shadow(420, BASE + 2, 170) + side_def + face_def + top_def
    out += path(f"M{x + w} {y}l{dx} {-dy}V{BASE - dy}L{x + w} {BASE}Z", side)
    out += path(f"M{x} {y}l{dx} {-dy}h{w}l{-dx} {dy}Z", lid)
    out += rect(x, y, w, h, face, 3)
    out += path(f"M{x + 60} {y - 12}l-6-40q4-10 38-10t38 10l-6 40z", "#3a332c") + ellipse(
        x + 92, y - 52, 38, 9, "#574c41"
    )
    out += rect(x, y, w, 9, lid) + rect(x, BASE - 9, w, 9, lid)
    cx = x + w / 2
    out += path(
        f"M{x + 22} {y + 190}C{x + 22} {y + 70} {x + w - 22} {y + 70} {x + w - 22} {y + 190}V{y + 392}H{x + 22}Z",
        light,
    )
    out += at(emblem_olive(colour), cx, y + 172, 1.15)
    out += text(cx, y + 246, maker.upper(), 12, SANS, colour, 1.6, "font-weight:700", fit=168)
    for i, line in enumerate(name.split("|")):
        out += text(cx, y + 288 + i * 34, line, 34, DIDOT, INK, fit=170)
    out += text(cx, y + 368, origin, 15, SERIF, INK, 0, "font-style:italic")
    out += text(cx, y + 448, "EXTRA VIRGIN · 500 ML", 11.5, SANS, light, 2, "font-weight:600")
    return out


def flask(glass, foil, colour, **front):
    cx = 400
    d = (
        f"M{cx - 22} 226V356C{cx - 22} 400 {cx - 128} 430 {cx - 128} 566C{cx - 128} 650 {cx - 110} {BASE} "
        f"{cx - 84} {BASE}H{cx + 84}C{cx + 110} {BASE} {cx + 128} 650 {cx + 128} 566C{cx + 128} 430 "
        f"{cx + 22} 400 {cx + 22} 356V226Z"
    )
    clip_def, clip_to = clip(d)
    body_def, body = gradient(
        [
            (0, shade(glass, -0.6)),
            (0.12, shade(glass, 0.2)),
            (0.32, glass),
            (0.75, shade(glass, -0.35)),
            (0.94, shade(glass, 0.16)),
            (1, shade(glass, -0.6)),
        ]
    )
    wax_def, wax = gradient(
        [(0, shade(foil, -0.5)), (0.3, shade(foil, 0.35)), (0.6, foil), (1, shade(foil, -0.5))]
    )
    glow = blur(path(d, "none", 'stroke="#fff" stroke-width="13"'), 3.5)
    out = shadow(cx + 8, BASE + 3, 136) + clip_def + body_def
    out += f"<g {clip_to}>{rect(cx - 130, 200, 260, 530, body)}"
    out += f'<g opacity=".38" transform="translate({cx * 0.2} 0) scale(.8 1)">{glow}</g></g>'
    out += wax_def + path(
        f"M{cx - 27} 300V196Q{cx - 27} 182 {cx} 182T{cx + 27} 196V300Q{cx + 20} 322 {cx + 14} 304"
        f"Q{cx + 4} 296 {cx - 4} 312T{cx - 27} 300Z",
        wax,
    )
    out += label(cx - 88, 478, 176, 168, colour=colour, **front)
    return out


def jar(content, colour, lid, name, maker, origin, emblem):
    cx, top, bw = 400, 300, 142
    d = (
        f"M{cx - bw + 18} {top}C{cx - bw} {top + 18} {cx - bw} {top + 30} {cx - bw} {top + 50}V{BASE - 26}"
        f"Q{cx - bw} {BASE} {cx - bw + 30} {BASE}H{cx + bw - 30}Q{cx + bw} {BASE} {cx + bw} {BASE - 26}V{top + 50}"
        f"C{cx + bw} {top + 30} {cx + bw} {top + 18} {cx + bw - 18} {top}Z"
    )
    clip_def, clip_to = clip(d)
    body_def, body = gradient(
        [
            (0, shade(content, -0.45)),
            (0.1, shade(content, 0.1)),
            (0.35, content),
            (0.8, shade(content, -0.25)),
            (1, shade(content, -0.55)),
        ]
    )
    lid_def, metal = gradient(
        [
            (0, shade(lid, -0.45)),
            (0.2, shade(lid, 0.1)),
            (0.32, shade(lid, 0.5)),
            (0.5, lid),
            (1, shade(lid, -0.5)),
        ]
    )
    rnd = random.Random(name)
    bits = "".join(
        ellipse(
            rnd.uniform(cx - bw, cx + bw),
            rnd.uniform(top + 44, BASE),
            rnd.uniform(5, 17),
            rnd.uniform(4, 11),
            shade(content, rnd.choice((-0.3, 0.22, 0.34))),
            f'opacity=".55" transform="rotate({rnd.uniform(-30, 30):.0f} {cx} 500)"',
        )
        for _ in range(70)
    )
    out = shadow(cx + 8, BASE + 3, bw * 1.08) + clip_def + body_def
    out += f"<g {clip_to}>{rect(cx - bw, top, bw * 2, 430, '#cfc6b4')}{rect(cx - bw, top + 9, bw * 2, 430, body)}"
    out += blur(bits, 1.2)
    out += blur(rect(cx - bw + 20, top + 30, 20, 350, "#fff", 9, 'opacity=".5"'), 4)
    out += blur(rect(cx + bw - 26, top + 30, 9, 350, "#fff", 5, 'opacity=".3"'), 3) + "</g>"
    out += lid_def + rect(cx - bw + 8, top - 62, bw * 2 - 16, 66, metal, 8)
    out += "".join(
        rect(cx - bw + 14 + i * 15.5, top - 22, 3, 22, "#000", 1, 'opacity=".12"')
        for i in range(17)
    )
    out += label(
        cx - bw * 0.86,
        top + 108,
        bw * 1.72,
        220,
        style="arch",
        colour=colour,
        emblem=emblem,
        maker=maker,
        name=name,
        year="",
        origin=origin,
    )
    return out
