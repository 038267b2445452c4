"""Allocations: pages and cart, confirming, and many buyers at once on one row."""

import contextlib
import json
import threading
import time
import urllib.request
from statistics import median

from .. import paths
from ..console import Failure, Step, say
from . import client, data, pages, report
from .shop import add_to_cart, products_to_buy

PRODUCTS = 100  # the list shows 80
WORKERS = 4
BUYERS = (1, 4, 8)
ORDERS = 48  # of each kind, for each number of buyers
KINDS = {
    "update of one row": "/bench/floor",
    "order, not allocated": "/bench/confirm/plain",
    "order, allocated": "/bench/confirm/allocated",
}


def run(env):
    """Measure, and print the tables.

    :param Environment env: what to work with
    """
    number = report.rounds(20)
    databases = _databases(env)
    in_cart = products_to_buy(env, databases[0])

    def fill_cart(who):
        for product in in_cart:
            add_to_cart(who, product)

    rows = pages.measure(env, PRODUCTS, databases, number, _pages(in_cart), fill_cart)
    confirmations = _time_of_confirmations(env, databases[1], number)
    throughput = _throughput(env, databases[1])
    pages.show([rows], number)
    _show_confirmations(confirmations)
    _show_throughput(throughput)


def _databases(env):
    return data.pair(
        env,
        "bench_allocation",
        data.bare(env, PRODUCTS),
        "allocation_data",
        ("Showing 80 products on a page", "fill_bare(env)"),
        ("Allocating all products", "fill_allocations(env)"),
    )


def _pages(products):
    """:return: functions of who visits, by name of the page; the last product is kept in carts"""
    return {
        "list": lambda who, **options: who.get("/shop", **options),
        "add to cart": lambda who, **options: add_to_cart(who, products[0], **options),
        "add to cart, kept": lambda who, **options: add_to_cart(who, products[-1], **options),
        "cart": lambda who, **options: who.get("/shop/cart", **options),
    }


# ---------------------------------------------------------------------- confirming


def _time_of_confirmations(env, database, number):
    """:return: (allocated lines of ten, ms, queries) of each kind of order"""
    with env.databases.temporary(database, "bench") as copy:
        result = paths.CACHE / "bench-allocation.json"
        code = (
            "from dev.bench.inside import allocation_data\n"
            f"allocation_data.time_confirmations(env, {number}, {str(result)!r})"
        )
        data.script(env, "Confirming orders", copy, code)
    return json.loads(result.read_text())


def _show_confirmations(rows):
    say("\nConfirming an order of ten lines, the commit included:\n")
    plain = rows[0]
    report.table(
        ["allocated lines", "ms", "ratio", "queries", "+queries"],
        [
            (
                row["lines"],
                f"{median(row['ms']):.1f}",
                f"{report.ratio(row['ms'], plain['ms']):.2f}",
                round(median(row["queries"])),
                f"{round(median(row['queries']) - median(plain['queries'])):+}",
            )
            for row in rows
        ],
    )


# ---------------------------------------------------------------------- many at once


def _throughput(env, database):
    """:return: (kind, buyers, per second, lost) rows"""
    folders = [paths.LINKS, *env.odoo.tree.addons, client.ADDONS]
    arguments = [
        f"--addons-path={','.join(map(str, folders))}",
        f"--load=base,web,{client.PROBE}",
        f"--workers={WORKERS}",
        "--max-cron-threads=0",
        "--log-level=warn",
    ]
    with env.databases.temporary(database, "bench") as copy:
        number = ORDERS * len(BUYERS)
        code = (
            "from dev.bench.inside import allocation_data\n"
            f"allocation_data.make_orders(env, {number}, {WORKERS * 8})"
        )
        data.script(env, "Making orders", copy, code)
        log = paths.LOGS / "bench-server-buyers.log"
        with env.odoo.server(copy, *arguments, log=log) as server, Step("Buying at once") as step:
            ids = {
                kind: [
                    order_id
                    for (order_id,) in env.server.query(
                        copy,
                        "SELECT id FROM sale_order WHERE client_order_ref = %s ORDER BY id",
                        address.rpartition("/")[2],
                    )
                ]
                for kind, address in KINDS.items()
            }
            for kind, address in KINDS.items():
                # So that every process knows the way.
                _send([f"{address}/{i}" for i in ids[kind][number:] or range(32)], server.port, 8)
            rows = []
            for i, buyers in enumerate(BUYERS):
                for kind, address in KINDS.items():
                    step.update(f"{kind}, {buyers} at once")
                    chosen = ids[kind][i * ORDERS : (i + 1) * ORDERS] or range(ORDERS * 4)
                    addresses = [f"{address}/{order_id}" for order_id in chosen]
                    rows.append((kind, buyers, *_send(addresses, server.port, buyers)))
            _check_sold(env, copy)
    return rows


def _send(addresses, port, buyers):
    """
    :return: answers per second, and how many were asked to try again
    """
    waiting, lost = list(addresses), []
    lock = threading.Lock()

    def buy():
        while True:
            with lock:
                if not waiting:
                    return
                address = waiting.pop()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=300) as a:
                    a.read()
            except urllib.error.HTTPError as error:
                lost.append(error.code)

    threads = [threading.Thread(target=buy) for _buyer in range(buyers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (len(addresses) - len(lost)) / (time.perf_counter() - start), len(lost)


def _check_sold(env, database):
    [[sold, used]] = env.server.query(
        database,
        "SELECT (SELECT count(*) FROM sale_order"
        " WHERE client_order_ref = 'allocated' AND state = 'sale'),"
        " (SELECT sum(used) FROM sale_allocation_balance WHERE partner_id IS NULL)",
    )
    with contextlib.suppress(TypeError):
        if round(used) == sold:
            return
    raise Failure(f"{sold} bottles were sold, and {used} were counted.")


def _show_throughput(rows):
    say(
        f"\nMany at once on {WORKERS} processes; all want the same row, but for the orders that are"
    )
    say("not allocated. What loses a race for a bare row sleeps for up to 2, 4, 8, 16 s, as Odoo")
    say("does; an order waits for its turn.\n")
    floors = {buyers: speed for kind, buyers, speed, _lost in rows if kind in list(KINDS)[:1]}
    plain = {buyers: speed for kind, buyers, speed, _lost in rows if kind in list(KINDS)[1:2]}
    report.table(
        ["<what", "at once", "per second", "of the floor", "of an order", "lost"],
        [
            (
                kind,
                buyers,
                f"{speed:.1f}",
                f"{speed / floors[buyers]:.0%}",
                f"{speed / plain[buyers]:.0%}",
                lost,
            )
            for kind, buyers, speed, lost in rows
        ],
    )
