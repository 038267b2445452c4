"""A process that makes recurring orders, and says what it took.

A program: it loads Odoo once, as a worker of Odoo's own server does, and does what it reads on its
standard input, a line each.
"""

import json
import logging
import resource
import sys
import time

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.tools import config

from dev.bench.inside import club_data


def orders(env, start, count):
    """The floor: Odoo's own create and confirm, all orders of a batch at once.

    :param int start: the number of the first customer
    :param int count: how many orders, of a customer each
    :return: how many
    """
    made = _make_orders(env, start, count)
    env.cr.commit()
    return len(made)


def _make_orders(env, start, count):
    partners = club_data.get_partners(env, start, count)
    lines = club_data.get_lines(env)
    made = env["sale.order"].create(
        [{"partner_id": partner.id, "order_line": lines} for partner in partners]
    )
    made.action_confirm()
    env.cr.flush()
    return made


def warm_orders(env):
    """Load what Odoo keeps in memory, and leave nothing else behind."""
    with env.registry.cursor() as cr:
        orders_env = env(cr=cr)
        _make_orders(orders_env, 0, 4)
        cr.rollback()


def warm_run(env, size):
    """Load what Odoo keeps in memory, and leave nothing else behind."""
    with env.registry.cursor() as cr:
        club = env(cr=cr)["sale.club"].search([("name", "=", f"Club {size}")])
        run = club.run_ids.create({"club_id": club.id, "ship_date": "2026-01-01"})
        run._add_members(club.member_ids[:4])
        run._make_orders(run.shipment_ids)
        cr.flush()
        cr.rollback()


def totals(env):
    """:return: by reference of a customer the amounts of its orders"""
    env.cr.execute(
        """SELECT partner.ref, array_agg(o.amount_untaxed::text || ' ' || o.amount_total::text
                                         || ' ' || o.state)
             FROM sale_order o JOIN res_partner partner ON partner.id = o.partner_id
            GROUP BY partner.ref"""
    )
    return dict(env.cr.fetchall())


def open_run(env, size, ship_date):
    """Open a run of the club of a size, with its members, and begin to process it.

    :return: the id of the run
    """
    club = env["sale.club"].search([("name", "=", f"Club {size}")])
    run = env["sale.club.run"].create({"club_id": club.id, "ship_date": ship_date})
    run._start()
    env.cr.commit()
    return run.id


def process(env, run_id, limit, batches=1):
    """Work on a run as the scheduled action does.

    :param int limit: how many shipments are a batch
    :param int batches: how many batches, 0 for all that there are
    :return: how many shipments
    """
    done, run = 0, env["sale.club.run"].browse(run_id)
    while (count := run._process_one_batch(limit)) is not None:
        done += count
        env.cr.commit()
        batches -= 1
        if not batches:
            break
    return done


def look(env, run_id):
    """:return: by state how many shipments of a run there are"""
    states = env["sale.club.shipment"]._read_group(
        [("run_id", "=", run_id)], ["state"], ["__count"]
    )
    return dict(states)


def subscribe(env, count):
    """Make subscriptions (subscription_oca) of the customers, due today."""
    env = env(context={**env.context, "tracking_disable": True})
    template = env["sale.subscription.template"].create(
        {"name": "Bench", "code": "B", "invoicing_mode": "sale_and_invoice"}
    )
    stage = env["sale.subscription.stage"].search([("type", "=", "in_progress")], limit=1)
    lines = club_data.get_lines(env)
    made = env["sale.subscription"].create(
        [
            {
                "partner_id": partner.id,
                "template_id": template.id,
                "pricelist_id": partner.property_product_pricelist.id,
                "sale_subscription_line_ids": lines,
            }
            for partner in club_data.get_partners(env, 0, count)
        ]
    )
    made.stage_id = stage
    env.cr.commit()
    env.invalidate_all()


def renew(env):
    """Do what the scheduled action of subscription_oca does.

    :return: how many orders there are
    """
    env["sale.subscription"].cron_subscription_management()
    env.cr.commit()
    return env["sale.order"].search_count([("order_subscription_id", "!=", False)])


def contract(env, count):
    """Make contracts (contract) of the customers, due today."""
    env = env(context={**env.context, "tracking_disable": True})
    today = fields.Date.today()
    lines = [
        Command.create(
            {
                "product_id": product.id,
                "name": product.display_name,
                "quantity": quantity,
                "uom_id": product.uom_id.id,
                "automatic_price": True,
                "recurring_rule_type": "monthly",
                "recurring_interval": 1,
                "recurring_invoicing_type": "pre-paid",
                "date_start": today,
                "recurring_next_date": today,
            }
        )
        for product, quantity in club_data.get_pack(env)
    ]
    env["contract.contract"].create(
        [
            {
                "name": partner.name,
                "partner_id": partner.id,
                "pricelist_id": partner.property_product_pricelist.id,
                "contract_line_ids": lines,
            }
            for partner in club_data.get_partners(env, 0, count)
        ]
    )
    env.cr.commit()
    env.invalidate_all()


def invoice(env):
    """Do what the scheduled action of contract does.

    :return: how many invoices there are
    """
    env["contract.contract"].cron_recurring_create_invoice()
    env.cr.commit()
    return env["account.move"].search_count([("move_type", "=", "out_invoice")])


ACTS = {
    act.__name__: act
    for act in (
        *(warm_orders, orders, warm_run, open_run, process, look, totals),
        *(subscribe, renew, contract, invoice),
    )
}


def measured(env, act, arguments):
    """:return: dict with the answer of an act and what it took: ``seconds``, ``cpu`` (seconds of
    computing, without PostgreSQL), ``queries``, and ``peak`` (MB, of the process so far)
    """
    env = env(context={})
    # What others have committed since is to be seen.
    env.cr.rollback()
    env.registry.check_signaling()
    queries, start, cpu = env.cr.sql_log_count, time.perf_counter(), time.process_time()
    answer = ACTS[act](env, **arguments)
    return {
        "answer": answer,
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "queries": env.cr.sql_log_count - queries,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main(arguments):
    """:param arguments: for Odoo"""
    # The answers go to the standard output, and nothing else.
    answers, sys.stdout = sys.stdout, sys.stderr
    config.parse_config(arguments, setup_logging=True)
    logging.getLogger("odoo.addons.base.models.ir_cron").setLevel(logging.WARNING)
    [database] = config["db_name"]
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        for line in sys.stdin:
            act, act_arguments = json.loads(line)
            answers.write(f"{json.dumps(measured(env, act, act_arguments))}\n")
            answers.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
