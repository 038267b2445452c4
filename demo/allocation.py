"""What has been bought of the release that is open."""

from odoo.fields import Command

# Who has bought how many bottles.
BOUGHT = (
    ("bellevue_buyer", 12), ("orangerie_buyer", 12), ("kestrel_buyer", 12), ("rivage_buyer", 12),
    ("henri", 6), ("marin", 3), ("wolff", 6), ("fischer", 4), ("ricci", 2),
)  # fmt: skip


def load(env):
    """Open what waited until the past was told: what was bought then does not count."""
    allocations = env["sale.allocation"].browse(
        env.ref(f"customer_type.demo_allocation_{name}").id for name in ("sauternes", "rioja")
    )
    allocations.active = True
    wine = env.ref("customer_type.demo_product_lamignac").product_variant_id
    orders = env["sale.order"].create(
        [
            {
                "partner_id": env.ref(f"customer_type.demo_partner_{name}").id,
                # Hotels must give one.
                "client_order_ref": name.endswith("_buyer") and "Sauternes, last cases",
                "order_line": [
                    Command.create({"product_id": wine.id, "product_uom_qty": quantity})
                ],
            }
            for name, quantity in BOUGHT
        ]
    )
    orders.action_confirm()
