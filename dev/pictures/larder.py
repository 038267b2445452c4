"""Cheese, charcuterie, chocolate, boxes."""

# Drawings are long lines.
# ruff: noqa: E501

import math
import random

from .emblems import emblem_grape, emblem_moon
from .svg import (
    BASE,
    CREAM,
    DIDOT,
    GOLD,
    INK,
    SANS,
    SERIF,
    SIZE,
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


def board(cx=400, cy=660, rx=330, ry=74, colour="#b98a5a"):
    wood_def, wood = gradient(
        [(0, shade(colour, -0.1)), (0.4, shade(colour, 0.22)), (1, shade(colour, -0.15))]
    )
    rings = "".join(
        path(
            f"M{cx - rx * f} {cy + o}Q{cx} {cy + o + 14} {cx + rx * f} {cy + o}",
            "none",
            f'stroke="{shade(colour, -0.25)}" stroke-width="1.3" opacity=".35"',
        )
        for f, o in ((0.8, -42), (0.92, -24), (0.97, -6), (0.94, 14), (0.84, 32))
    )
    return (
        shadow(cx + 6, cy + 34, rx * 1.02, 0.3, 44)
        + ellipse(cx, cy + 22, rx, ry, shade(colour, -0.42))
        + wood_def
        + ellipse(cx, cy, rx, ry, wood)
        + rings
    )


def holes(seed, box, count, colour, size=(4, 13)):
    rnd = random.Random(seed)
    x0, y0, x1, y1 = box
    return "".join(
        ellipse(x, y, r, r * 0.72, shade(colour, -0.24))
        + ellipse(x + r * 0.12, y + r * 0.16, r * 0.8, r * 0.52, shade(colour, -0.1))
        for x, y, r in (
            (rnd.uniform(x0, x1), rnd.uniform(y0, y1), rnd.uniform(*size)) for _ in range(count)
        )
    )


def cheese_wedge(paste, rind, tag, with_holes=0, tag_colour="#7c2b34"):
    """A wedge lying on a board, its cut face to the front."""
    top = "M170 436L610 372 668 432 226 520Z"
    face = "M170 436L226 520V668L170 576Z"
    front = "M226 520L668 432V580L226 668Z"
    front_def, front_fill = gradient(
        [(0, shade(paste, 0.12)), (0.6, paste), (1, shade(paste, -0.14))]
    )
    clip_def, clip_to = clip(front)
    out = board() + blur(path("M220 672L676 584 700 610 260 690Z", "#3d2712", 'opacity=".5"'), 8)
    out += path(top, shade(paste, 0.34)) + front_def + path(front, front_fill)
    out += path(face, shade(paste, -0.12))
    out += clip_def + f"<g {clip_to}>{holes(tag, (250, 470, 640, 640), with_holes, paste)}</g>"
    out += path("M668 432L610 372 640 380C672 398 690 420 690 438V582Q690 590 668 580Z", rind)
    out += path(
        "M226 668L668 580Q690 590 690 574V586Q688 600 668 600L226 690 166 596V576Z",
        shade(rind, -0.1),
    )
    out += path("M226 668L668 580 668 600 226 690Z", rind)
    # a little flag
    out += rect(392, 262, 5, 150, "#8a6a45", 2)
    out += path("M397 264H566L548 300 566 336H397Z", tag_colour)
    out += text(470, 309, tag, 28, SERIF, CREAM, fit=132)
    return out


def cheese_wheel(rind, paste, name, sub, colour):
    """A wheel with a piece cut out."""
    cx, cy, rx, ry, h = 400, 440, 236, 78, 150
    side_def, side = gradient(
        [
            (0, shade(rind, -0.4)),
            (0.22, shade(rind, 0.06)),
            (0.4, shade(rind, 0.2)),
            (0.7, rind),
            (1, shade(rind, -0.45)),
        ]
    )
    top_def, top = gradient([(0, shade(rind, 0.3)), (1, shade(rind, 0.02))])
    body = f"M{cx - rx} {cy}V{cy + h}A{rx} {ry} 0 0 0 {cx + rx} {cy + h}V{cy}Z"
    out = board(rx=316) + blur(
        ellipse(cx + 8, cy + h + 12, rx * 1.03, ry, "#3d2712", 'opacity=".5"'), 9
    )
    out += side_def + path(body, side) + top_def + ellipse(cx, cy, rx, ry, top)
    out += ellipse(
        cx,
        cy,
        rx * 0.97,
        ry * 0.95,
        "none",
        f'stroke="{shade(rind, 0.45)}" stroke-width="1.5" opacity=".7"',
    )
    # the missing piece, to the front right: the solid part hides what is left of its edge
    ax, ay = cx + rx * math.cos(0.02), cy + ry * math.sin(0.02)
    bx, by = cx + rx * math.cos(1.12), cy + ry * math.sin(1.12)
    gap = f"M{cx} {cy}L{bx} {by}V{by + h + 4}A{rx} {ry} 0 0 0 {cx + rx + 2} {cy + h + 2}V{cy}Z"
    clip_def, clip_to = clip(gap)
    cut_def, cut = gradient([(0, shade(paste, -0.12)), (0.5, shade(paste, 0.12)), (1, paste)])
    inside = path(gap, "#a97d4f") + blur(
        path(f"M{cx} {cy + h}L{bx} {by + h}L{ax} {ay + h}Z", "#3d2712", 'opacity=".5"'), 10
    )
    inside += path(f"M{cx - 90} {cy}V{cy + h}L{ax} {ay + h}V{ay}Z", cut)
    inside += holes(name, (cx + 60, cy + 20, ax - 30, cy + h - 16), 14, paste, (2, 5))
    inside += rect(ax - 12, ay - 2, 14, h + 6, shade(rind, -0.25))
    out += clip_def + cut_def + f"<g {clip_to}>{inside}</g>"
    out += path(
        f"M{cx} {cy}L{ax} {ay}M{cx} {cy}L{bx} {by}",
        "none",
        f'stroke="{shade(paste, 0.4)}" stroke-width="2"',
    )
    # paper on top
    out += f'<g transform="translate({cx - 62} {cy - 8}) scale(1 .34)">'
    out += ellipse(0, 0, 112, 112, colour) + ellipse(
        0, 0, 100, 100, "none", f'stroke="{CREAM}" stroke-width="2"'
    )
    out += text(0, -8, name, 42, DIDOT, CREAM, fit=176) + text(0, 42, sub, 25, SERIF, CREAM)
    return out + "</g>"


def blue_cheese(paste, tag):
    out = cheese_wedge(paste, "#d9cdb4", tag, 0, "#3f5568")
    rnd = random.Random("bleu")
    veins = "".join(
        stroke(
            f"M{x:.0f} {y:.0f}q{rnd.uniform(-16, 16):.0f} {rnd.uniform(-14, 14):.0f} "
            f"{rnd.uniform(-26, 30):.0f} {rnd.uniform(-20, 18):.0f}",
            rnd.choice(("#6f8794", "#55707f", "#8299a0")),
            rnd.uniform(3, 8),
        )
        for x, y in ((rnd.uniform(240, 655), rnd.uniform(455, 650)) for _ in range(46))
    )
    clip_def, clip_to = clip("M226 520L668 432V580L226 668Z")
    top_def, top_to = clip("M170 436L610 372 668 432 226 520Z")
    dots = "".join(
        ellipse(
            rnd.uniform(200, 640),
            rnd.uniform(380, 510),
            rnd.uniform(3, 9),
            3,
            "#7f949c",
            'opacity=".6"',
        )
        for _ in range(34)
    )
    return out.replace(
        '<rect x="392" y="262"',
        f'{clip_def}<g {clip_to} opacity=".8">{blur(veins, 0.8)}</g>{top_def}<g {top_to}>{dots}</g><rect x="392" y="262"',
        1,
    )


def ham():
    """Slices of ham, laid out like a rose."""
    out = board(cy=600, rx=330, ry=150, colour="#a87a4d")
    rnd = random.Random("ham")

    def slice_at(x, y, scale, turn):
        points = [
            (math.cos(a) * (118 + rnd.uniform(-14, 14)), math.sin(a) * (62 + rnd.uniform(-10, 10)))
            for a in (i * math.pi / 5 for i in range(10))
        ]
        d = f"M{(points[0][0] + points[-1][0]) / 2:.0f} {(points[0][1] + points[-1][1]) / 2:.0f}"
        for i, (px, py) in enumerate(points):
            nx, ny = points[(i + 1) % len(points)]
            d += f"Q{px:.0f} {py:.0f} {(px + nx) / 2:.0f} {(py + ny) / 2:.0f}"
        meat_def, meat = gradient([(0, "#c9606a"), (0.5, "#b5424f"), (1, "#963340")])
        streaks = "".join(
            stroke(
                f"M{rnd.uniform(-80, 60):.0f} {rnd.uniform(-36, 36):.0f}q20 {rnd.uniform(-12, 12):.0f} "
                f"{rnd.uniform(30, 54):.0f} {rnd.uniform(-8, 8):.0f}",
                "#f0cfc6",
                rnd.uniform(1.2, 3),
            )
            for _ in range(7)
        )
        clip_def, clip_to = clip(d + "Z")
        piece = blur(path(d + "Z", "#3a1410", 'opacity=".4" transform="translate(4 9)"'), 5)
        piece += path(d + "Z", "#f4ded2") + meat_def
        piece += f'<g transform="translate(4 6) scale(.9 .84)">{path(d + "Z", meat)}</g>'
        piece += f'{clip_def}<g {clip_to} opacity=".8">{streaks}</g>'
        return at(piece, x, y, scale, turn)

    places = [
        (400 + math.cos(a) * 150, 574 + math.sin(a) * 62, 1, math.degrees(a) * 0.4)
        for a in (math.pi + i * math.pi / 4 for i in range(8))
    ]
    places.sort(key=lambda p: p[1])
    for place in places:
        out += slice_at(*place)
    out += slice_at(394, 560, 0.86, -8) + slice_at(412, 546, 0.56, 12)
    # a sprig of rosemary
    sprig = stroke("M0 0C30-40 60-62 112-82", "#5d7047", 4)
    for i in range(9):
        x, y = 8 + i * 12, -12 - i * 8.5
        sprig += stroke(f"M{x} {y}l-6-20M{x} {y}l20 2", "#6f8556", 4)
    out += at(sprig, 560, 700, 1.0, -14)
    # paper tag
    out += at(
        rect(-104, -44, 208, 88, CREAM, 5, 'stroke="#8d2f38" stroke-width="2"')
        + text(0, -8, "PROSCIUTTO", 22, SANS, "#8d2f38", 2, "font-weight:600")
        + text(0, 24, "di montagna · 18 mesi", 20, SERIF, INK, 0, "font-style:italic"),
        400,
        352,
    )
    return out + stroke("M400 396C396 430 392 470 398 520", "#8a6a45", 2)


def salami(colour, name, sub):
    out = board(cy=640, rx=336, ry=88)
    skin_def, skin = gradient(
        [(0, "#f1e7dc"), (0.35, "#e3d2c2"), (0.7, "#b9988a"), (1, "#7d5a52")], vertical=True
    )
    body = "M150 470C150 420 190 396 236 396H560V572H236C190 572 150 548 150 500Z"
    rnd = random.Random("salami")
    clip_def, clip_to = clip(body)
    dust = "".join(
        ellipse(
            rnd.uniform(150, 560),
            rnd.uniform(398, 570),
            rnd.uniform(4, 20),
            rnd.uniform(2, 7),
            rnd.choice(("#fff8ee", "#a5766a")),
            f'opacity="{rnd.uniform(0.12, 0.4):.2f}"',
        )
        for _ in range(90)
    )

    def face(cx, cy, rx, ry):
        fat = "".join(
            ellipse(
                cx + math.cos(a) * d * rx,
                cy + math.sin(a) * d * ry,
                rnd.uniform(3, 9) * rx / 60,
                rnd.uniform(3, 8) * ry / 90,
                "#f2dcd2",
                f'opacity="{rnd.uniform(0.65, 1):.2f}"',
            )
            for a, d in ((rnd.uniform(0, 6.3), rnd.uniform(0.05, 0.86)) for _ in range(46))
        )
        return (
            ellipse(cx, cy, rx, ry, "#d9c3b2")
            + ellipse(cx, cy, rx * 0.93, ry * 0.95, "#9f3b3f")
            + ellipse(cx, cy, rx * 0.9, ry * 0.92, "#a9444a")
            + fat
        )

    whole = blur(
        path("M150 540H570Q600 570 566 586H210Q150 580 150 540Z", "#3d2712", 'opacity=".6"'), 8
    )
    whole += skin_def + path(body, skin) + clip_def + f"<g {clip_to}>{blur(dust, 2)}</g>"
    whole += face(560, 484, 46, 88)
    whole += "".join(
        stroke(f"M{x} {397 if x > 200 else 402}q-14 88 0 {174 if x > 200 else 164}", "#7b6046", 2.6)
        for x in (222, 486)
    )
    whole += stroke("M152 478C120 470 112 500 96 492M152 492C124 496 120 520 100 520", "#7b6046", 4)
    # paper ring
    ring_def, ring = gradient(
        [(0, shade(colour, 0.2)), (0.4, colour), (1, shade(colour, -0.4))], vertical=True
    )
    whole += ring_def + path("M276 395H432Q418 484 432 573H276Q262 484 276 395Z", ring)
    whole += text(348, 478, name, 32, DIDOT, CREAM, fit=132)
    whole += text(348, 508, sub, 18, SERIF, CREAM, 0, "font-style:italic", fit=126)
    out += at(whole, 0, 52)
    for x, y in ((652, 622), (594, 664), (660, 668)):
        out += blur(ellipse(x + 4, y + 10, 62, 30, "#3d2712", 'opacity=".45"'), 5)
        out += ellipse(x, y + 7, 60, 30, "#7d5a52") + face(x, y, 60, 30)
    return out


def chocolate_bar(colour, name, sub, maker):
    cocoa = "#4a2a1c"
    squares = ""
    for row in range(3):
        for col in range(3):
            x, y = 268 + col * 90, 166 + row * 66
            squares += (
                rect(x, y, 86, 62, cocoa, 5)
                + path(f"M{x} {y + 62}V{y}h86l-12 10h-62v42z", shade(cocoa, 0.22))
                + rect(x + 12, y + 10, 62, 42, shade(cocoa, 0.08), 3)
            )
    foil_def, foil = gradient(
        [(0, "#cfc8bd"), (0.3, "#fdfbf6"), (0.5, "#d8d1c6"), (0.8, "#f4f0e8"), (1, "#b9b1a4")]
    )
    wrap_def, wrap = gradient(
        [
            (0, shade(colour, -0.2)),
            (0.15, shade(colour, 0.12)),
            (0.6, colour),
            (1, shade(colour, -0.2)),
        ]
    )
    bar = blur(rect(262, 170, 286, 560, "#1d120c", 6, 'opacity=".45"'), 12) + squares
    bar += foil_def + path(
        "M254 330l20-16 22 12 26-18 30 16 28-14 34 18 30-16 32 14 26-14 54 20V400H254z", foil
    )
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
                at(rect(-1, -44, 2, 9, "#b9a27c"), x, y, 1, i * 15) for i in range(24)
            )
            kind = (row + col * 2) % 4
            sheen = shade(c, 0.28)
            if kind == 0:
                sweet = (
                    ellipse(x, y + 2, 34, 34, shade(c, -0.25))
                    + ellipse(x, y, 33, 33, c)
                    + blur(ellipse(x - 10, y - 12, 11, 8, "#fff", 'opacity=".5"'), 3)
                )
            elif kind == 1:
                sweet = (
                    rect(x - 30, y - 28, 60, 60, shade(c, -0.25), 9)
                    + rect(x - 30, y - 30, 60, 58, c, 9)
                    + "".join(
                        stroke(f"M{x - 26 + i * 13} {y + 24}l18-48", sheen, 2.4) for i in range(4)
                    )
                )
            elif kind == 2:
                sweet = ellipse(x, y, 33, 33, c) + "".join(
                    ellipse(x + rnd.uniform(-24, 24), y + rnd.uniform(-24, 24), 3, 2, "#d7b877")
                    for _ in range(22)
                )
            else:
                sweet = path(
                    f"M{x} {y + 32}C{x - 46} {y} {x - 28} {y - 34} {x} {y - 16}C{x + 28} {y - 34} {x + 46} {y} {x} {y + 32}Z",
                    c,
                ) + blur(ellipse(x - 13, y - 10, 8, 6, "#fff", 'opacity=".45"'), 3)
            out += cup + blur(ellipse(x + 3, y + 6, 35, 34, "#2a1208", 'opacity=".4"'), 4) + sweet
    out += path(
        "M678 470C640 430 690 380 660 330L700 300C730 360 700 420 740 470Z",
        "#a67c3f",
        'opacity="0"',
    )
    return f'<g transform="rotate(4 400 410)">{out}</g>'


def crate(content, name, sub, colour="#c79d68"):
    """A wooden case with what it holds looking out."""
    x, y, w, h = 156, 452, 488, 258
    out = shadow(404, BASE + 2, 262) + rect(x + 8, y - 26, w - 16, 60, shade(colour, -0.55), 3)
    clip_def, clip_to = clip(f"M0 0H{SIZE}V{y + 20}H0Z")
    out += clip_def + f"<g {clip_to}>{content}</g>"
    straw = random.Random("straw")
    out += "".join(
        stroke(
            f"M{sx:.0f} {y + 6}q{straw.uniform(-20, 20):.0f} {straw.uniform(-34, -14):.0f} {straw.uniform(-46, 46):.0f} "
            f"{straw.uniform(-26, 4):.0f}",
            straw.choice(("#e3c98f", "#cfae6d", "#f0dca8")),
            2,
        )
        for sx in (straw.uniform(x + 12, x + w - 12) for _ in range(150))
    )
    for i in range(3):
        board_def, board_fill = gradient(
            [
                (0, shade(colour, -0.12)),
                (0.5, shade(colour, 0.16 - i * 0.05)),
                (1, shade(colour, -0.16)),
            ]
        )
        top = y + i * 86
        out += board_def + rect(x, top, w, 84, board_fill, 3)
        rnd = random.Random(f"{name}{i}")
        out += "".join(
            path(
                f"M{x + 4} {top + oy:.0f}q{w / 3} {rnd.uniform(-9, 9):.0f} {w - 8} {rnd.uniform(-4, 4):.0f}",
                "none",
                f'stroke="{shade(colour, -0.3)}" stroke-width="1" opacity=".4"',
            )
            for oy in range(14, 80, 13)
        )
    out += "".join(rect(px, y, 34, h, shade(colour, -0.2), 2) for px in (x, x + w - 34))
    out += "".join(
        ellipse(px + 17, y + 43 + i * 86, 4, 4, "#6d5435")
        for px in (x, x + w - 34)
        for i in range(3)
    )
    burnt = "#5b3216"
    out += at(emblem_grape(burnt), 400, y + 68, 0.9)
    out += text(400, y + 154, name, 54, DIDOT, burnt, fit=360)
    return out + text(400, y + 200, sub, 22, SANS, burnt, 3, "font-weight:600", fit=370)


def hamper(content, colour, ribbon, name, sub):
    """A card gift box, open, with a ribbon around it."""
    x, y, w, h = 168, 440, 464, 270
    face_def, face = gradient(
        [(0, shade(colour, -0.08)), (0.3, shade(colour, 0.14)), (1, shade(colour, -0.2))]
    )
    rib_def, rib = gradient(
        [(0, shade(ribbon, -0.2)), (0.4, shade(ribbon, 0.25)), (1, shade(ribbon, -0.2))]
    )
    clip_def, clip_to = clip(f"M0 0H{SIZE}V{y + 16}H0Z")
    out = shadow(404, BASE + 2, 254) + path(
        f"M{x + 6} {y}l16-34h{w - 44}l16 34z", shade(colour, -0.5)
    )
    out += clip_def + f"<g {clip_to}>{content}</g>"
    tissue = random.Random("tissue")
    pts = "".join(f"L{x + i * w / 14:.0f} {y - tissue.uniform(8, 46):.0f}" for i in range(1, 14))
    out += path(f"M{x} {y + 8}{pts}L{x + w} {y + 8}Z", "#fbf6ec") + path(
        f"M{x} {y + 10}"
        + "".join(
            f"L{x + (i + 0.5) * w / 13:.0f} {y - tissue.uniform(2, 28):.0f}" for i in range(13)
        )
        + f"L{x + w} {y + 10}Z",
        "#efe6d6",
    )
    out += face_def + rect(x, y, w, h, face, 4) + rib_def + rect(x, y + 176, w, 44, rib)
    bow = path("M0 0C-30-46-110-56-112-14-112 26-40 22 0 0z", shade(ribbon, 0.06)) + path(
        "M0 0C30-46 110-56 112-14 112 26 40 22 0 0z", ribbon
    )
    bow += path(
        "M0 0C-20 30-60 60-84 90l34-6 12 28C-16 80 0 40 0 0zM0 0C20 30 60 60 84 90l-34-6-12 28C16 80 0 40 0 0z",
        shade(ribbon, -0.2),
    )
    bow += path(
        "M-10 2C-40-30-84-36-96-14-84 4-40 8-10 2zM10 2C40-30 84-36 96-14 84 4 40 8 10 2z",
        shade(ribbon, -0.3),
    )
    out += at(bow + rect(-16, -16, 32, 34, shade(ribbon, 0.2), 9), x + w * 0.5, y + 196, 0.78)
    out += text(400, y + 82, name, 58, DIDOT, CREAM, fit=400)
    return out + text(400, y + 128, sub, 19, SANS, CREAM, 3, "font-weight:500", fit=400)


def club_card():
    red_def, red = gradient([(0, "#8a2438"), (0.5, "#6d1a2c"), (1, "#4c101e")])
    card = blur(rect(-262, -152, 536, 334, "#1d120c", 26, 'opacity=".45"'), 16)
    card += red_def + rect(-268, -168, 536, 336, red, 26)
    card += path(
        "M-268 60C-120-60 60 150 268-40V142a26 26 0 0 1-26 26H-242a26 26 0 0 1-26-26Z",
        "#fff",
        'opacity=".05"',
    )
    card += rect(-250, -150, 500, 300, "none", 16, f'stroke="{GOLD}" stroke-width="1.5"')
    card += at(emblem_grape(GOLD), -180, -70, 1.0)
    card += text(-120, -62, "VINUM", 56, SERIF, "#ecd9a8", 10, "", "start")
    card += text(-116, -26, "CLUB", 21, SANS, GOLD, 12, "font-weight:500", "start")
    card += text(
        -214, 82, "Member for twelve months", 27, SERIF, "#ecd9a8", 0, "font-style:italic", "start"
    )
    card += text(
        -214, 118, "15 % ON WINES  ·  FIRST TO TASTE", 14, SANS, GOLD, 2, "font-weight:500", "start"
    )
    second = rect(-268, -168, 536, 336, "#e9dcc0", 26) + rect(
        -250, -150, 500, 300, "none", 16, f'stroke="{GOLD}" stroke-width="1.5"'
    )
    return at(
        blur(rect(-262, -152, 536, 334, "#1d120c", 26, 'opacity=".35"'), 14) + second,
        420,
        376,
        0.98,
        9,
    ) + at(card, 392, 420, 1, -6)


def small(drawing, x, scale=0.62, base=560):
    """A bottle or jar made smaller, to look out of a box."""
    return at(drawing, x - 400 * scale, base - BASE * scale, scale)
