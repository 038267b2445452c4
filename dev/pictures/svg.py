"""SVG in a few words: shapes, gradients, text, and the ground everything stands on."""

SIZE = 800  # every product is drawn in a square of this size
BASE = 712  # the line on which things stand
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


def stroke(d, colour, width=2.2):
    line = f'stroke="{colour}" stroke-width="{width}" stroke-linecap="round"'
    return path(d, extra=f'{line} stroke-linejoin="round"')


def svg(width, height, content, box=None):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="{box or f"0 0 {width} {height}"}">{content}</svg>'
    )
