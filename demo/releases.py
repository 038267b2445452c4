"""The releases at Vinum: they begin once the past is told, and some customers were quick."""

from datetime import datetime, time, timedelta

from odoo import fields
from odoo.fields import Command

# Who bought of the Sauternes: partner, bottles, days ago, in the shop or at the sales desk.
SAUTERNES = (
    ("perrin", 6, 6, True), ("luna_buyer", 12, 6, False), ("wolff", 3, 5, True),
    ("bellevue_sommelier", 12, 4, False), ("orangerie_buyer", 6, 2, True), ("marin", 2, 1, True),
)  # fmt: skip


def tell(story):
    """Open the releases, and let some buy.

    :param story: a :class:`~.story.Story` that has been told
    """
    env = story.env
    sauternes = env.ref("customer_type.demo_allocation_sauternes")
    silex = env.ref("customer_type.demo_allocation_silex")
    # Two years of orders of the same wines were another vintage's.
    (sauternes + silex).write({"active": True, "count_from": fields.Datetime.now()})
    product = story._product("lamignac")
    moments = {}
    for key, bottles, ago, in_shop in SAUTERNES:
        order = env["sale.order"].create(
            {
                "partner_id": story._partner(key).id,
                "company_id": story.company.id,
                "user_id": False if in_shop else story.clerk.id,
                "website_id": in_shop and story.website.id,
                "team_id": in_shop and story.website.salesteam_id.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": bottles})
                ],
            }
        )
        # Small orders pay a fee, or would: that is another chapter.
        blocks = order._get_policy_blocks("confirm")
        order.policy_override_keys = [issue.key for issue in blocks]
        order.action_confirm()
        moments[order] = datetime.combine(story.today - timedelta(days=ago), time(10, 7 * ago))
    story._backdate(moments)
    entries = sauternes.balance_ids.entry_ids
    story._set_moments(
        "sale_allocation_entry",
        ("create_date", "taken_at"),
        {entry.id: moments[entry.order_id] for entry in entries},
    )
