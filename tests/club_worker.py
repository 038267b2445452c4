"""Processes that work on a run of a club and die in the middle of it.

A program, started by ``test_club_chaos``: it loads Odoo once and then forks for each command on
its standard input, as Odoo's own server does for its workers.
"""

import json
import os
import random
import signal
import sys
import threading
import traceback

from requests.exceptions import ReadTimeout

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import close_all
from odoo.tools import config

# Where a process may die, and among how many times that it comes by.
MOMENTS = {
    "before orders": 2,
    "after orders": 2,
    "before confirmation": 2,
    "after confirmation": 2,
    "before the charge": 6,
    "during the charge": 6,
    "after the charge": 6,
    "before a commit": 20,
    "after a commit": 20,
    "any time": 0,
}
BATCH = 4


class Fate:
    """Ends its process with kill -9 at one moment.

    :param book: path of the file in which it says so
    """

    def __init__(self, book, moment, times):
        self.book, self.moment, self.times = book, moment, times

    def meet(self, moment):
        if moment != self.moment:
            return
        if not self.times:
            self.end()
        self.times -= 1

    def end(self):
        note(self.book, self.moment)
        os.kill(os.getpid(), signal.SIGKILL)

    def end_later(self, seconds):
        timer = threading.Timer(seconds, self.end)
        timer.daemon = True
        timer.start()


def note(path, line):
    """Write down a line that stays, whatever happens to this process."""
    book = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(book, f"{line}\n".encode())
    os.close(book)


def read(path):
    try:
        with open(path) as book:
            return book.read().split("\n")[:-1]
    except FileNotFoundError:
        return []


def lay_in_wait(registry, fate):
    """Let the code come by the moments of a fate."""

    def around(model, method, before, after):
        original = getattr(registry[model], method)

        def watched(records, *args, **kwargs):
            at_work = model == "ir.cron" or args or records
            if at_work:
                fate.meet(before)
            result = original(records, *args, **kwargs)
            if at_work:
                fate.meet(after)
            return result

        setattr(registry[model], method, watched)

    around("sale.order", "_create_in_bulk", "before orders", "after orders")
    around("sale.order", "_confirm_in_bulk", "before confirmation", "after confirmation")
    around("ir.cron", "_commit_progress", "before a commit", "after a commit")


def open_bank(registry, ledger, fate):
    """Let a bank answer that takes the money, refuses some once, and is silent to others once."""

    def _send_payment_request(transaction):
        shipment = transaction.club_shipment_id
        first = len(shipment.transaction_ids) == 1
        fate.meet("before the charge")
        if first and shipment.id % 7 == 0:
            transaction._set_error("No money")
            return
        silent = first and shipment.id % 11 == 0
        if not (silent and shipment.id % 2):
            note(ledger, transaction.reference)
        fate.meet("during the charge")
        if silent:
            try:
                raise ReadTimeout
            except ReadTimeout:
                raise ValidationError("No connection")  # noqa: B904 pylint: disable=translation-required
        transaction._set_done()
        fate.meet("after the charge")

    registry["payment.transaction"]._send_payment_request = _send_payment_request


# -- What a process may be told ------------------------------------------------


def set_up(env, members):
    """:return: id of a club of that many members with cards"""
    env = env(context={"tracking_disable": True})
    env["ir.config_parameter"].set_param("sale.async_emails", "True")
    product = env["product.product"].create(
        {"name": "Test Chaos Wine", "list_price": 10.0, "type": "service"}
    )
    provider = env["payment.provider"].create(
        {"name": "Test Chaos Bank", "code": "none", "state": "test"}
    )
    partners = env["res.partner"].create(
        [{"name": f"Test Chaos {number}"} for number in range(members)]
    )
    cards = env["payment.token"].create(
        [
            {
                "provider_id": provider.id,
                "payment_method_id": env.ref("payment.payment_method_unknown").id,
                "partner_id": partner.id,
                "payment_details": "1234",
                "provider_ref": "test",
            }
            for partner in partners
        ]
    )
    club = env["sale.club"].create(
        {
            "name": "Test Chaos Club",
            "line_ids": [Command.create({"product_id": product.id})],
        }
    )
    for partner, card in zip(partners, cards, strict=True):
        club._join(partner, payment_token_id=card.id)
    return club.id


def open_run(env, club_id, ship_date):
    """:return: id of a run that is being processed"""
    run = env["sale.club.run"].create({"club_id": club_id, "ship_date": ship_date})
    run.action_process()
    return run.id


def work(env, run_id, ledger, book, moment=None, times=0, seconds=None):
    """Be a worker on a run, until nothing is left or the moment has come."""
    fate = Fate(book, moment, times)
    lay_in_wait(env.registry, fate)
    open_bank(env.registry, ledger, fate)
    if seconds is not None:
        fate.end_later(seconds)
    env["sale.club.run"].browse(run_id)._process(BATCH)


def look_after(env, run_id, ledger):
    """Be the person who looks up at the bank what is unclear, and tries again what was refused.

    :return: the counts of the run, as staff sees them
    """
    taken = set(read(ledger))
    run = env["sale.club.run"].browse(run_id)
    for shipment in run.shipment_ids.filtered(lambda s: s.state == "failed"):
        if shipment.failure == "unclear":
            unclear = shipment.transaction_ids.filtered(lambda tx: tx.state == "draft")
            if unclear.reference in taken:
                shipment.action_payment_made()
                continue
            shipment.action_payment_not_made()
        shipment.action_retry()
    return [run.expected_count] + [
        run[f"{state}_count"] for state in ("done", "skipped", "held", "failed", "waiting")
    ]


ACTS = {act.__name__: act for act in (open_run, work, look_after)}


def fork(registry, act, arguments):
    """Let a process do something, in a transaction of its own.

    :return: its id, and the file descriptor from which its answer can be read
    """
    answer, question = os.pipe()
    pid = os.fork()
    if pid:
        os.close(question)
        return pid, answer
    status = 1
    try:
        # The sequences of all forks would be the same.
        random.seed()
        registry.check_signaling()
        with registry.cursor() as cr:
            result = ACTS[act](api.Environment(cr, SUPERUSER_ID, {}), **arguments)
        registry.signal_changes()
        os.write(question, json.dumps(result).encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def tell(answer):
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()


def main(conf, database, members):
    config.parse_config(["-c", conf, "-d", database], setup_logging=True)
    registry = Registry(database)
    with registry.cursor() as cr:
        club_id = set_up(api.Environment(cr, SUPERUSER_ID, {}), int(members))
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        # What Odoo keeps in memory is there for all, as in a server that has run for a while.
        run = env["sale.club.run"].browse(open_run(env, club_id, "2029-01-01"))
        run._dry_run()
        cr.rollback()
    tell(club_id)
    for line in sys.stdin:
        # Nobody shares a connection.
        close_all()
        forks = [fork(registry, act, arguments) for act, arguments in json.loads(line)]
        answers = []
        for pid, answer in forks:
            with os.fdopen(answer) as text:
                said = text.read()
            _pid, status = os.waitpid(pid, 0)
            answers.append([os.waitstatus_to_exitcode(status), json.loads(said or "null")])
        tell(answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
