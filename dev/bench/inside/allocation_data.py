"""Scarce wines, and orders over them."""

import json
import time

from odoo import Command

from . import type_data

LINES = 10
KEPT = "BENCH-2"
WINES = 80


def fill_bare(env):
    """Let a page of the shop show eighty products."""
    env["website"].search([]).shop_ppg = WINES
    env.cr.commit()


def fill_allocations(env):
    """Allocate all but the last products, so that nobody is refused anything; one is kept in carts
    for those who put it there.
    """
    type_data.fill(env)
    types = env["customer.type"].search([("code", "=like", "BENCH-%")], order="sequence")
    templates = env["product.template"].search(
        [("default_code", "=like", "BENCH-%")], order="id", limit=WINES + LINES
    )
    kept = templates.filtered(lambda template: template.default_code == KEPT)
    for name, products, mode in (
        ("Bench", templates - kept, "checkout"),
        ("Bench kept", kept, "reserve"),
    ):
        env["sale.allocation"].create(
            {
                "name": name,
                "mode": mode,
                "hold_minutes": 600,
                "product_tmpl_ids": [Command.set(products.ids)],
                "pool_quantity": 1000000,
                "beyond": "everyone",
                "grant_ids": [
                    Command.create({"customer_type_id": type_.id, "is_unlimited": True})
                    for type_ in types
                ],
            }
        )
    env.cr.commit()


def _wines(env):
    """:return: products that are allocated, and as many that are not"""
    allocated = env["sale.allocation"].search([("name", "=", "Bench")]).product_tmpl_ids
    free = env["product.template"].create(
        [{"name": f"Free {i}", "type": "consu", "list_price": 10.0} for i in range(LINES)]
    )
    return allocated.product_variant_ids[:LINES], free.product_variant_ids


def _order(env, products, partner, ref):
    return env["sale.order"].create(
        {
            "partner_id": partner.id,
            "client_order_ref": ref,
            "order_line": [Command.create({"product_id": product.id}) for product in products],
        }
    )


def _partners(env):
    return env["res.partner"].search([("ref", "=like", "BENCH-%")], order="id")


def time_confirmations(env, rounds, result):
    """Confirm orders with none, one and ten allocated lines, and write what it took to a file."""
    env = env(context={**env.context, "tracking_disable": True})
    allocated, free = _wines(env)
    partners = _partners(env)
    rows = [{"lines": lines, "ms": [], "queries": []} for lines in (0, 1, LINES)]
    # The first ones warm the caches.
    for i in range(rounds + 2):
        for row in rows:
            products = allocated[: row["lines"]] + free[row["lines"] :]
            order = _order(env, products, partners[i % len(partners)], "timed")
            env.cr.commit()
            env.invalidate_all()
            before, start = env.cr.sql_log_count, time.perf_counter()
            order.action_confirm()
            env.cr.commit()
            if i >= 2:
                row["ms"].append(1000 * (time.perf_counter() - start))
                row["queries"].append(env.cr.sql_log_count - before)
    with open(result, "w") as output:
        json.dump(rows, output)


def make_orders(env, number, more):
    """Orders of one bottle for a customer each, and the row that is the floor of them all."""
    env = env(context={**env.context, "tracking_disable": True})
    allocated, free = _wines(env)
    partners = _partners(env)
    for i in range(number + more):
        for ref, products in (("allocated", allocated), ("plain", free)):
            _order(env, products[0], partners[i % len(partners)], ref)
    env.cr.execute("CREATE TABLE bench_floor (id int PRIMARY KEY, used float)")
    env.cr.execute("INSERT INTO bench_floor VALUES (1, 0)")
    env.cr.commit()
