"""A shop where one can pay, and types with rules for each step of the way there."""

from odoo import Command

from . import type_data


def fill_bare(env):
    """Give the customer an address, and the shop a way to deliver and to pay."""
    address = {
        "street": "1 Bench Street",
        "city": "Scranton",
        "zip": "18503",
        "country_id": env.ref("base.us").id,
        "state_id": env.ref("base.state_us_39").id,
        "phone": "+1 555-555-5555",
        "email": "buyer@bench.example.com",
    }
    env["res.partner"].search([("name", "in", ("Bench Restaurant", "Bench Buyer"))]).write(address)
    env["delivery.carrier"].search([]).write({"website_published": True})
    transfer = env.ref("payment.payment_provider_transfer")
    transfer.write({"state": "enabled", "is_published": True})
    transfer._transfer_ensure_pending_msg_is_set()
    env.cr.commit()


def fill_types(env):
    """Make the types. Their rules let the customer's order pass, so that both sides do the same."""
    type_data.fill(env)
    types = env["customer.type"].search([("code", "=like", "BENCH-%")], order="sequence")
    transfer = env.ref("payment.payment_provider_transfer")
    carriers = env["delivery.carrier"].search([])
    types.write(
        {
            "order_minimum_amount": 1.0,
            "order_maximum_amount": 1000000.0,
            "carrier_ids": [Command.set(carriers.ids)],
            "payment_method_ids": [Command.set(transfer.payment_method_ids.ids)],
        }
    )
    products = env["product.template"].search([("default_code", "=like", "BENCH-%")])
    env["customer.type.quantity.rule"].create(
        [
            {
                "customer_type_ids": [Command.set(types[i % len(types)].ids)],
                "applied_on": "product",
                "product_tmpl_id": product.id,
                "multiple": 6,
            }
            for i, product in enumerate(products)
        ]
    )
    env.cr.commit()
