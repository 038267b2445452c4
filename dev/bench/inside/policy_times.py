"""Times and queries of the resolver, taken inside one process that has both databases open."""

import json
import re
import threading
import time
from pathlib import Path
from statistics import median

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

MANY = 80
# What is known already, and how to get there: all of it, in the same request; what other requests
# have asked for; nothing, as after an edit of a type or of a price list.
STATES = {
    "all": lambda env: None,
    "policies": lambda env: env.invalidate_all(),
    "nothing": lambda env: (env.invalidate_all(), env.registry.clear_cache()),
}
MOST = {"all": 0, "policies": 2, "nothing": 2}


def measure(env, bare, number, path):
    """Take the times.

    :param env: of the database with the addon
    :param str bare: name of the database without
    :param int number: how many rounds
    :param str path: where to write what was found, as JSON
    """
    with Registry(bare).cursor() as cr:
        result = {
            "policy": _policy(env, number),
            "pricelists": _pricelists(api.Environment(cr, SUPERUSER_ID, {}), env, number),
        }
    Path(path).write_text(json.dumps(result))


def _policy(env, number):
    rows = []
    website = env.ref("website.default_website")
    for what, place in (("sales desk", env["website"]), ("shop", website)):
        for partners in (1, MANY):
            for cached in STATES:
                prepare, ask = _policies(env, place, partners, cached)
                times, queries, texts = [], [], []
                for _i in range(number):
                    prepare()
                    _take(env, ask, times, queries, texts)
                rows.append(
                    {
                        "what": what,
                        "partners": partners,
                        "cached": cached,
                        "most": MOST[cached],
                        "us": median(times),
                        "queries": round(median(queries)),
                        "texts": texts,
                    }
                )
    return rows


def _policies(env, website, number, cached):
    """:return: functions that bring about a state, and that resolve the policies"""
    partner_ids = _partner_ids(env, number)
    company = env.company

    def ask():
        env["res.partner"].browse(partner_ids)._get_customer_policies(company, website)

    def prepare():
        ask()
        STATES[cached](env)

    return prepare, ask


def _pricelists(bare, ours, number):
    rows = []
    for cached, reach in STATES.items():
        sides = {"bare": bare, "with": ours}
        taken = {side: ([], [], []) for side in sides}
        for i in range(number):
            for side in sides if i % 2 else reversed(sides):
                env = sides[side]
                ask = _ask_pricelists(env)
                ask()
                reach(env)
                _take(env, ask, *taken[side])
        rows.append(
            {
                "what": "_get_partner_pricelist_multi",
                "partners": MANY,
                "cached": cached,
                "ratio": median(
                    w / b for b, w in zip(taken["bare"][0], taken["with"][0], strict=False)
                ),
            }
            | {
                side: {"us": median(times), "queries": round(median(queries)), "texts": texts}
                for side, (times, queries, texts) in taken.items()
            }
        )
    return rows


def _ask_pricelists(env):
    partner_ids = _partner_ids(env, MANY)
    return lambda: env["product.pricelist"]._get_partner_pricelist_multi(partner_ids)


def _partner_ids(env, number):
    return env["res.partner"].search([("ref", "=like", "BENCH-%")], order="id", limit=number).ids


def _take(env, ask, times, queries, texts):
    """Ask once, and note the microseconds and the queries it takes."""
    asked = []
    thread = threading.current_thread()
    thread.query_hooks = [lambda _cr, query, *_others: asked.append(query)]
    before, start = env.cr.sql_log_count, time.perf_counter()
    ask()
    times.append(1e6 * (time.perf_counter() - start))
    queries.append(env.cr.sql_log_count - before)
    thread.query_hooks = []
    texts[:] = [re.sub(r"\s+", " ", str(query))[:200] for query in asked]
