"""Pages of the shop on two servers: time and queries, by page, visitor and number of products."""

import re
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from ..console import Failure, Step, say
from . import client, report

VISITORS = {"guest": None, "customer": "bench"}
MAX_RATIO = 1.05
MAX_QUERIES = 2
COLUMNS = [
    *("<page", "<visitor", "products", "bare ms", "with ms", "ratio", "cpu"),
    *("bare queries", "with queries", "+queries", "<misses"),
]


@dataclass
class Row:
    """A page for a visitor, on both servers."""

    page: str
    visitor: str
    products: int
    bare: list = field(default_factory=list)  # a Cost for each round
    ours: list = field(default_factory=list)
    visits: tuple = ()  # functions that open the page without, and with the addon
    queries: list = field(default_factory=list)  # what only one side asks, in words

    def visit(self, ours_first):
        """Open the page on both sides; the second may pay for what the first leaves behind."""
        sides = list(zip(self.visits, (self.bare, self.ours), strict=False))
        for visit, costs in reversed(sides) if ours_first else sides:
            costs.append(visit().cost)

    def compare_queries(self):
        """Find out which queries only one side makes."""
        bare, ours = (_traced(visit) for visit in self.visits)
        for sign, these, those in (("+", ours, bare), ("-", bare, ours)):
            for text, lines in these.items():
                if (number := len(lines) - len(those.get(text, ()))) > 0:
                    self.queries.append((f"{sign}{number}", text, sorted(set(lines) - {""})))

    @property
    def ratio(self):
        return report.ratio([cost.ms for cost in self.ours], [cost.ms for cost in self.bare])

    @property
    def cpu_ratio(self):
        return report.ratio([cost.cpu for cost in self.ours], [cost.cpu for cost in self.bare])

    @property
    def more_queries(self):
        return _queries(self.ours) - _queries(self.bare)

    @property
    def misses(self):
        """What target it misses, in words."""
        words = []
        if round(self.ratio, 2) > MAX_RATIO:
            words.append("time")
        if self.more_queries > MAX_QUERIES:
            words.append("queries")
        return " ".join(words)

    def cells(self):
        return (
            self.page,
            self.visitor,
            f"{self.products:,}",
            f"{median(cost.ms for cost in self.bare):.1f}",
            f"{median(cost.ms for cost in self.ours):.1f}",
            f"{self.ratio:.2f}",
            f"{self.cpu_ratio:.2f}",
            _queries(self.bare),
            _queries(self.ours),
            f"{self.more_queries:+}",
            self.misses,
        )


def _queries(costs):
    return round(median(cost.queries for cost in costs))


def measure(env, products, templates, number, pages, prepare=None, visitors=VISITORS):
    """Visit pages as a guest and as a customer, in turn without and with the addon.

    :param Environment env: what to work with
    :param int products: how many products the shop has
    :param templates: databases without, and with the addon
    :param int number: how many rounds
    :param dict pages: functions of who visits, by name of the page
    :param prepare: function of who visits, called before the first visit
    :param dict visitors: login, or None, by name
    :rtype: list[Row]
    """
    rows = []
    with client.servers(env, *templates) as ports, Step(f"Visiting {products:,} products") as step:
        for visitor, login in visitors.items():
            pair = [client.Visitor(port, login, login) for port in ports]
            step.update(f"{visitor}, warming up")
            for who in pair if prepare else ():
                prepare(who)
            for page, visit in pages.items():
                row = Row(page, visitor, products)
                row.visits = [partial(visit, who) for who in pair]
                _check_same_prices(row, [visit() for visit in row.visits])
                rows.append(row)
        for i in range(number):
            step.update(f"round {i + 1} of {number}")
            for row in rows:
                row.visit(ours_first=i % 2)
        for row in rows:
            if row.more_queries > MAX_QUERIES:
                row.compare_queries()
    return rows


def _check_same_prices(row, answers):
    """Else the two sides would not do the same work."""
    theirs, ours = (re.findall(r'oe_currency_value">([^<]+)<', a.text) for a in answers)
    if theirs != ours or (not theirs and not row.page.startswith("add to cart")):
        raise Failure(
            f"{row.page} ({row.visitor}) shows other prices with the addon:\n"
            f"  without: {' '.join(theirs[:9])}\n  with:    {' '.join(ours[:9])}"
        )


def show(groups, number):
    """Print what was found.

    :param list[list[Row]] groups: rows by number of products
    """
    say(f"\nMedians of {number} rounds; ratio: with / bare, of one right after the other;")
    say("cpu: the same of the time Odoo itself computes, without PostgreSQL.\n")
    cells = []
    for rows in groups:
        cells += [*(row.cells() for row in rows), None]
    report.table(COLUMNS, cells[:-1])
    rows = [row for rows in groups for row in rows]
    good = sum(not row.misses for row in rows)
    say(
        f"\n{good} of {len(rows)} rows meet both targets: {MAX_RATIO} times, {MAX_QUERIES} queries."
    )
    for row in rows:
        if row.queries:
            say(f"\n{row.page}, {row.visitor}, {row.products:,} products:")
        for count, text, lines in row.queries:
            say(f"  {count} {text}")
            for line in lines:
                say(f"       {line}")


def _traced(visit):
    """:return: for each query of a page, the lines of the addon that made it, or empty"""
    visit(trace=True)
    lines = {}
    for query in visit.args[0].last_queries():
        lines.setdefault(_shortened(query["query"]), []).append(query["line"])
    return lines


def _shortened(query):
    """A query without the columns it reads and with its parameters left out."""
    text = re.sub(r"\s+", " ", query).strip()
    text = re.sub(r"^SELECT .*? FROM ", "SELECT … FROM ", text)
    return text if len(text) <= 300 else f"{text[:300]} …"
