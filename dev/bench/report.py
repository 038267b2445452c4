"""Figures and tables."""

import os
from statistics import median

from ..console import Failure, say


def rounds(default):
    """How often to measure: what the user said with ``N=``, or the default.

    :rtype: int
    """
    number = os.environ.get("N")
    if not number:
        return default
    if not number.isdigit() or int(number) < 1:
        raise Failure(f"N={number} is not a number of rounds.")
    return int(number)


def ratio(ours, theirs):
    """How many times as long ours takes: the median over the rounds.

    Both are measured one right after the other in each round, so what else goes on in the machine
    at that moment concerns both, and mostly cancels.

    :param list[float] ours: time of each round
    :param list[float] theirs: the same
    :rtype: float
    """
    return median(our / their for our, their in zip(ours, theirs, strict=True))


def table(columns, rows):
    """Print a table.

    :param list[str] columns: headings; those that start with ``<`` are of words, the others of
        numbers
    :param rows: tuples of cells; ``None`` for a line between groups
    """
    names = [column.lstrip("<") for column in columns]
    cells = [[str(cell) for cell in row] for row in rows if row]
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]

    def show(row):
        say(
            "  ".join(
                cell.ljust(width) if column.startswith("<") else cell.rjust(width)
                for column, cell, width in zip(columns, row, widths, strict=True)
            ).rstrip()
        )

    rule = ["-" * width for width in widths]
    show(names)
    show(rule)
    for row in rows:
        show([str(cell) for cell in row] if row else rule)
