"""Clubs of several sizes; and what the same customers would be to an Odoo without clubs."""

from odoo import Command

from . import type_data
from .shop_data import BATCH

REF = "CLUB-%"
# The price lists, and so the types, of the members: of every place, and without payment terms.
LISTS = (3, 4, 5, 9)
WINES = 3
QUANTITIES = (1, 2, 6)


def _quiet(env):
    return env(context={**env.context, "tracking_disable": True, "mail_create_nolog": True})


def fill_bare(env, members):
    """Customers with a price list each, and accounts, as invoices need them.

    :param int members: how many customers
    """
    env = _quiet(env)
    company = env.ref("base.main_company")
    if not env["account.journal"].search_count([("company_id", "=", company.id)], limit=1):
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    pricelists = env["product.pricelist"].search([("name", "=like", "List %")], order="sequence")
    country, state = env.ref("base.us"), env.ref("base.state_us_39")
    vals_list = [
        {
            "name": f"Member {i:05}",
            "ref": f"CLUB-{i:05}",
            "email": f"member{i}@bench.example.com",
            "street": f"{i} Bench Street",
            "city": "Scranton",
            "zip": "18503",
            "country_id": country.id,
            "state_id": state.id,
            "specific_property_product_pricelist": pricelists[LISTS[i % len(LISTS)]].id,
        }
        for i in range(members)
    ]
    for start in range(0, members, BATCH):
        env["res.partner"].create(vals_list[start : start + BATCH])
        env.cr.commit()
        env.invalidate_all()


def fill_clubs(env, sizes):
    """The same customers hold types instead, and are members of a club of each size.

    :param list[int] sizes: of the clubs
    """
    env = _quiet(env)
    type_data.fill(env)
    # Nobody is written to while the members join.
    env["mail.template"].search([("model", "=like", "sale.club.%")]).active = False
    types = env["customer.type"].search([("code", "=like", "BENCH-%")], order="sequence")
    partners = get_partners(env)
    for i, number in enumerate(LISTS):
        held = partners.browse(partners.ids[i :: len(LISTS)])
        held.specific_property_product_pricelist = False
        held._assign_customer_types(types[number])
        env.cr.commit()
    for size in sizes:
        club = env["sale.club"].create(
            {
                "name": f"Club {size}",
                "payment": "account",
                "customer_type_id": types[25].id,
                "line_ids": [
                    Command.create({"product_id": product.id, "quantity": quantity})
                    for product, quantity in get_pack(env)
                ],
            }
        )
        for start in range(0, size, BATCH):
            members = env["sale.club.member"].create(
                [
                    {"club_id": club.id, "partner_id": partner.id}
                    for partner in partners[start : min(start + BATCH, size)]
                ]
            )
            members._activate()
            env.cr.commit()
            env.invalidate_all()


def get_partners(env, start=0, count=None):
    """:return: the members, in the order in which the clubs work on them"""
    partners = env["res.partner"]
    return partners.search([("ref", "=like", REF)], order="ref", offset=start, limit=count)


def get_lines(env):
    """:return: commands that make the lines of an order, or of a subscription, of it"""
    return [
        Command.create({"product_id": product.id, "product_uom_qty": quantity})
        for product, quantity in get_pack(env)
    ]


def get_pack(env):
    """:return: list of ``(product, quantity)`` of what a shipment contains"""
    products = env["product.product"].search(
        [("default_code", "in", [f"BENCH-{i}" for i in range(WINES)])], order="default_code"
    )
    return list(zip(products, QUANTITIES, strict=True))
