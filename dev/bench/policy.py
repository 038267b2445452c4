"""The resolver, and the price lists of many customers: queries and time, by what is cached."""

import json

from .. import paths
from ..console import say
from . import data, report

PRODUCTS = 60  # they do not matter here
COLUMNS = ["<what", "partners", "<cached", "queries", "at most", "us", "us/partner", "<misses"]
PRICELIST_COLUMNS = [
    *("<what", "partners", "<cached", "bare us", "with us", "ratio"),
    *("bare queries", "with queries", "+queries"),
]


def run(env):
    """Measure, and print the tables.

    :param Environment env: what to work with
    """
    templates = data.bare(env, PRODUCTS), data.with_addon(env, PRODUCTS)
    number = report.rounds(50)
    with (
        env.databases.temporary(templates[0], "bench") as bare,
        env.databases.temporary(templates[1], "bench") as ours,
    ):
        result = paths.CACHE / "bench-policy.json"
        code = (
            "from dev.bench.inside import policy_times\n"
            f"policy_times.measure(env, {bare!r}, {number}, {str(result)!r})"
        )
        data.script(env, "Asking the resolver", ours, code)
    _show(json.loads(result.read_text()), number)


def _show(result, number):
    say(f"\nMedians of {number} rounds, in microseconds.\n")
    rows = []
    for row in result["policy"]:
        misses = "" if row["queries"] <= row["most"] else "queries"
        each = row["us"] / row["partners"]
        rows.append(
            (
                row["what"],
                row["partners"],
                row["cached"],
                row["queries"],
                row["most"],
                f"{row['us']:.1f}",
                f"{each:.1f}",
                misses,
            )
        )
    report.table(COLUMNS, rows)
    good = sum(not row[-1] for row in rows)
    say(f"\n{good} of {len(rows)} rows meet the target for queries.")
    for row in result["policy"]:
        if row["queries"] > row["most"]:
            say(f"\n{row['what']}, {row['partners']}, cached {row['cached']}:")
            for text in row["texts"]:
                say(f"  {text}")
    say()
    report.table(
        PRICELIST_COLUMNS,
        [
            (
                row["what"],
                row["partners"],
                row["cached"],
                f"{row['bare']['us']:.1f}",
                f"{row['with']['us']:.1f}",
                f"{row['ratio']:.2f}",
                row["bare"]["queries"],
                row["with"]["queries"],
                f"{row['with']['queries'] - row['bare']['queries']:+}",
            )
            for row in result["pricelists"]
        ],
    )
