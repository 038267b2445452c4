"""Who is in the clubs of Vinum, and how far their runs have come."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

# By club: who is a member, in the order of joining.
MEMBERS = {
    "cellar": ("sofia", "henri", "girard", "wolff", "marin"),
    "case": ("luna", "bellevue", "weinwinkel", "orangerie", "kestrel", "conti"),
    "larder": ("clara", "perrin", "vandijk"),
}
# By member of a club that charges cards: the cards, and what the demo provider answers when one of
# them is charged. The first is in use; some members have none yet.
CARDS = {
    "sofia": {"4000 0002": "error", "4242": "done"},
    "henri": {"1881": "done"},
    "girard": {"5904": "done"},
    "marin": {"8431": "done"},
    "clara": {"0077": "done"},
    "perrin": {"3222": "done"},
}


def load(env):
    """Let customers join, and bring the runs to where they stand today."""
    env = env(context=dict(env.context, club_no_notice=True))
    for key, people in MEMBERS.items():
        club = env.ref(f"customer_type.demo_club_{key}")
        for person in people:
            club._join(env.ref(f"customer_type.demo_partner_{person}"))
        club._open_due_runs()
    _give_cards(env)
    _choose(env)
    _tailor(env)
    # What the run would do, for the person who reviews it.
    _get_open_run(env).action_dry_run()
    # These mails are history.
    env["sale.club.shipment"].search([("notice", "=", False)]).notice = "window"


def _get_open_run(env):
    """:return: the run (sale.club.run) that is to be reviewed"""
    runs = env.ref("customer_type.demo_club_case").run_ids
    return runs.filtered(lambda run: run.state != "done")


def _give_cards(env):
    """Give members cards, where Odoo's demo provider is there to charge them."""
    provider = env.ref("payment.payment_provider_demo", raise_if_not_found=False)
    if not provider or provider.code != "demo":
        return
    for person, cards in CARDS.items():
        partner = env.ref(f"customer_type.demo_partner_{person}")
        tokens = env["payment.token"].create(
            [
                {
                    "provider_id": provider.id,
                    "payment_method_id": provider.payment_method_ids[:1].id,
                    "partner_id": partner.id,
                    "payment_details": number,
                    "provider_ref": f"demo {number}",
                    "demo_simulated_state": state,
                }
                for number, state in cards.items()
            ]
        )
        _get_members(env, person).filtered(
            lambda m: m.state in m._open_states() and m.club_id.payment == "token"
        ).payment_token_id = tokens[0]
    expiring = _get_members(env, "marin")
    expiring.card_expires_on = fields.Date.today() + timedelta(days=50)


def _get_members(env, person):
    """:return: the memberships (sale.club.member) of a person of the story"""
    partner = env.ref(f"customer_type.demo_partner_{person}")
    return env["sale.club.member"].search([("partner_id", "=", partner.id)])


def _choose(env):
    """One member drinks white wine only."""
    member = env.ref("customer_type.demo_club_cellar").member_ids.filtered(
        lambda m: m.partner_id == env.ref("customer_type.demo_partner_girard")
    )
    products = env["product.product"]
    for key in ("chablis", "loess"):
        products += env.ref(f"customer_type.demo_product_{key}").product_variant_id
    member._choose(dict.fromkeys(products.ids, 3.0), products, always=True)


def _tailor(env):
    """What the person who reviews the run has to look at: a wine that is not for this customer, an
    order that is too small, an address that is not complete.
    """
    shipments = {shipment.partner_id: shipment for shipment in _get_open_run(env).shipment_ids}

    def send(person, product, quantity):
        product = env.ref(f"customer_type.demo_product_{product}").product_variant_id
        shipments[env.ref(f"customer_type.demo_partner_{person}")].line_ids = [
            Command.create({"product_id": product.id, "quantity": quantity})
        ]

    send("weinwinkel", "grand_vin", 6)
    send("kestrel", "schiefer", 1)
    orangerie = env.ref("customer_type.demo_partner_orangerie")
    shipments[orangerie].member_id.address_id = env["res.partner"].create(
        {"name": "L’Orangerie, cave", "parent_id": orangerie.id, "type": "delivery"}
    )
