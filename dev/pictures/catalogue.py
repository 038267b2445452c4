"""What is drawn for which product: file name -> (ground, drawing)."""

import csv
from functools import partial
from pathlib import Path

from .bottles import bottle, flask, jar, oil_bottle, oil_tin
from .larder import (
    blue_cheese,
    cheese_wedge,
    cheese_wheel,
    chocolate_bar,
    club_card,
    crate,
    ham,
    hamper,
    pralines,
    salami,
    small,
)
from .svg import CREAM, SIZE, at, ground, svg

LABEL = ("style", "colour", "emblem", "maker", "name", "year", "origin", "paper")

with Path(__file__).with_name("bottles.csv").open(encoding="utf-8", newline="") as _table:
    BOTTLES = {row.pop("file"): row for row in csv.DictReader(_table)}


def draw_bottle(key):
    row = BOTTLES[key]
    form = row["form"]
    heights = {"half": 178, "champagne": 172, "magnum_champagne": 206}
    height = heights.get(form, 236 if "magnum" in form else 200)
    front = {column: row[column] for column in LABEL}
    return bottle(form, row["glass"], row["foil"], wine=row["wine"], height=height, **front)


terrine = partial(
    jar,
    *("#b5805a", "#6d3a22", "#c9a24b"),
    *("Terrine de canard", "La Table d’Hortense", "à l’Armagnac", "leaf"),
)
nuit_douce = partial(chocolate_bar, "#3a2440", "72 %", "Madagascar", "Atelier Nuit Douce")


def box_six():
    keys = ("garrigue", "belmaure", "cote_grives", "torre_zorzal", "kalkstein", "ribeira_tinto")
    content = (small(draw_bottle(key), 206 + i * 78, 0.64, 636) for i, key in enumerate(keys))
    return crate("".join(content), "Six reds", "DISCOVERY CASE · VINUM")


def box_aperitivo():
    content = small(draw_bottle("prosecco"), 280, 0.72, 640)
    content += small(draw_bottle("cigale"), 410, 0.7, 640) + small(terrine(), 530, 0.52, 560)
    return hamper(content, "#35554f", "#c9a24b", "Aperitivo", "FOR AN EVENING ON THE TERRACE")


def box_fireside():
    content = small(draw_bottle("tawny"), 306, 0.76, 660) + small(draw_bottle("px"), 420, 0.72, 650)
    content += at(nuit_douce(), 415, 190, 0.42, 8)
    return hamper(content, "#6d1f2b", "#d9b877", "Fireside", "PORT · SHERRY · CHOCOLATE")


def monteluce():
    return oil_bottle(
        *("#3f4f22", "#4a5a24"),
        style="arch",
        emblem="olive",
        maker="Frantoio Monteluce",
        name="Olio nuovo",
        year="",
        origin="Toscana · 50 cl",
    )


def picual():
    words = ("Almazara Los Tordos", "Picual|temprano", "Jaén · cosecha 2024")
    return oil_tin("#2f5a3c", CREAM, *words)


def balsamico():
    return flask(
        *("#2a1a16", "#7a1f2a", "#5a1f26"),
        style="classic",
        emblem="crown",
        maker="Acetaia Bellarosa",
        name="Balsamico",
        year="8 anni",
        origin="Modena · 25 cl",
    )


def fig_mustard():
    colours = ("#7a3f4a", "#5a2a3a", "#e2d9c6")
    return jar(*colours, "Figs in balsamico", "Acetaia Bellarosa", "220 g", "tree")


CATALOGUE = {key: (row["ground"], partial(draw_bottle, key)) for key, row in BOTTLES.items()}
CATALOGUE |= {
    "monteluce": ("oil", monteluce),
    "picual": ("oil", picual),
    "balsamico": ("oil", balsamico),
    "fig_mustard": ("oil", fig_mustard),
    "comte": ("cheese", partial(cheese_wedge, "#e9c46f", "#a8743a", "Comté 24", 3)),
    "gruyere": ("cheese", partial(cheese_wedge, "#efd79a", "#8f6238", "Alpage", 12, "#a23a3a")),
    "pecorino": (
        "cheese",
        partial(cheese_wheel, "#8a6a3c", "#f3e3b8", "Pecorino", "stagionato", "#35553f"),
    ),
    "bleu": ("cheese", partial(blue_cheese, "#f3ead2", "Bleu")),
    "prosciutto": ("meat", ham),
    "saucisson": ("meat", partial(salami, "#35553f", "Saucisson", "aux noisettes")),
    "terrine": ("meat", terrine),
    "chocolate": ("sweets", nuit_douce),
    "pralines": ("sweets", partial(pralines, "#6d1f2b")),
    "box_six": ("gift", box_six),
    "box_aperitivo": ("gift", box_aperitivo),
    "box_fireside": ("gift", box_fireside),
    "club": ("gift", club_card),
}


def product_svg(key, size=SIZE):
    """:return: the picture of a product as SVG of that size"""
    family, drawing = CATALOGUE[key]
    return svg(size, size, ground(family) + drawing(), f"0 0 {SIZE} {SIZE}")
