"""Odoo says with each answer what it has cost: a module for ``--load``, never installed."""

import json
import sys
import threading
import time

from odoo import SUPERUSER_ID, http
from odoo.http import request

TRACE_PATH = "/bench/trace"
_answer = http.Application.__call__
_trace = []


def _answer_with_costs(application, environ, start_response):
    if environ["PATH_INFO"] == TRACE_PATH:
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(_trace).encode()]
    thread = threading.current_thread()
    thread.query_hooks = []
    if environ.get("HTTP_X_BENCH_TRACE"):
        _trace.clear()
        thread.query_hooks = [_remember]
    wall, cpu = time.perf_counter(), time.thread_time()

    def start(status, headers, *args):
        costs = {
            "Ms": 1000 * (time.perf_counter() - wall),
            "Cpu": 1000 * (time.thread_time() - cpu),
            "Queries": thread.query_count,
        }
        costs = [(f"X-Bench-{name}", str(cost)) for name, cost in costs.items()]
        return start_response(status, [*headers, *costs], *args)

    return _answer(application, environ, start)


def _remember(_cursor, query, _params, _start, delay):
    """Keep a query, and the line of the addon under test that is the cause of it."""
    frame = sys._getframe()
    line = ""
    while frame and not line:
        _path, addon, file = frame.f_code.co_filename.rpartition("/customer_type/")
        if addon:
            line = f"{file}:{frame.f_lineno} {frame.f_code.co_name}"
        frame = frame.f_back
    text = query if isinstance(query, str) else query.decode()
    _trace.append({"query": text, "line": line, "ms": 1000 * delay})


http.Application.__call__ = _answer_with_costs


class Buyers(http.Controller):
    """What many buyers at once are measured by."""

    @http.route("/bench/floor/<int:number>", type="http", auth="none", save_session=False)
    def floor(self, number):
        """The least that selling of what is scarce can be: one row is changed, if it may be."""
        request.env.cr.execute(
            "UPDATE bench_floor SET used = used + 1 WHERE id = 1 AND used + 1 <= 1000000"
        )
        return "1"

    @http.route(
        ["/bench/confirm/plain/<int:order_id>", "/bench/confirm/allocated/<int:order_id>"],
        type="http",
        auth="none",
        save_session=False,
    )
    def confirm(self, order_id):
        order = request.env(user=SUPERUSER_ID)["sale.order"].browse(order_id)
        order.with_context(tracking_disable=True).action_confirm()
        return order.state
