from odoo import fields, models
from odoo.tools import SQL


class SaleClubShipmentReport(models.Model):
    """What the runs of clubs bring, what is skipped, and which refused cards paid in the end."""

    _name = "sale.club.shipment.report"
    _description = "Club Runs in Numbers"
    _auto = False
    _order = "ship_date desc, id desc"
    _rec_name = "member_id"
    _depends = {
        "sale.club.shipment": [
            "club_id", "company_id", "declined_at", "failure", "is_skip_wish", "member_id",
            "next_retry", "order_id", "partner_id", "run_id", "ship_date", "state",
        ],
        "sale.order": ["amount_untaxed", "currency_rate", "state"],
        "res.company": ["currency_id"],
        "res.partner": ["customer_type_id"],
    }  # fmt: skip

    club_id = fields.Many2one("sale.club", readonly=True)
    run_id = fields.Many2one("sale.club.run", readonly=True)
    member_id = fields.Many2one("sale.club.member", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_type_id = fields.Many2one("customer.type", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    ship_date = fields.Date(readonly=True)
    state = fields.Selection(
        lambda self: self.env["sale.club.shipment"]._fields["state"].selection, readonly=True
    )
    failure = fields.Selection(
        lambda self: self.env["sale.club.shipment"]._fields["failure"].selection,
        string="Kind of Failure",
        readonly=True,
    )
    revenue = fields.Monetary(readonly=True, help="Without taxes, in the currency of the company.")
    sent_count = fields.Integer(string="Sent", readonly=True)
    skip_count = fields.Integer(string="Skips", readonly=True, help="Skipped by the member.")
    declined_count = fields.Integer(
        string="Declined", readonly=True, help="The card was refused at least once."
    )
    recovered_count = fields.Integer(
        string="Declined, then paid",
        readonly=True,
        help="The card was refused, and paid later, or another one did.",
    )
    recovered_revenue = fields.Monetary(readonly=True, help="Revenue of what was declined first.")
    lost_revenue = fields.Monetary(
        readonly=True, help="What declined cards did not pay, and are not asked for any more."
    )
    recovery_rate = fields.Float(
        string="Recovered (%)",
        readonly=True,
        aggregator="avg",
        help="How many of a hundred declined shipments were paid in the end.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT shipment.id, shipment.club_id, shipment.run_id, shipment.member_id,
                   shipment.partner_id, shipment.company_id, shipment.order_id,
                   shipment.ship_date, shipment.state, shipment.failure,
                   customer.customer_type_id, company.currency_id,
                   CASE WHEN sold.state = 'sale' THEN money.amount ELSE 0 END AS revenue,
                   CASE WHEN shipment.state = 'done' THEN 1 ELSE 0 END AS sent_count,
                   CASE WHEN shipment.state = 'skipped' AND shipment.is_skip_wish
                        THEN 1 ELSE 0 END AS skip_count,
                   CASE WHEN declined.so THEN 1 ELSE 0 END AS declined_count,
                   CASE WHEN declined.so AND shipment.state = 'done'
                        THEN 1 ELSE 0 END AS recovered_count,
                   CASE WHEN declined.so AND sold.state = 'sale'
                        THEN money.amount ELSE 0 END AS recovered_revenue,
                   CASE WHEN declined.so AND shipment.state IN ('failed', 'held', 'skipped')
                             AND shipment.next_retry IS NULL
                        THEN money.amount ELSE 0 END AS lost_revenue,
                   CASE WHEN declined.so AND shipment.state = 'done' THEN 100.0
                        WHEN declined.so THEN 0.0 END AS recovery_rate
              FROM sale_club_shipment AS shipment
              JOIN sale_club_member AS member ON member.id = shipment.member_id
              JOIN res_partner AS customer ON customer.id = member.commercial_partner_id
              JOIN res_company AS company ON company.id = shipment.company_id
         LEFT JOIN sale_order AS sold ON sold.id = shipment.order_id
        CROSS JOIN LATERAL (SELECT shipment.declined_at IS NOT NULL AS so) AS declined
        CROSS JOIN LATERAL (
                       SELECT COALESCE(
                           sold.amount_untaxed / COALESCE(NULLIF(sold.currency_rate, 0), 1), 0
                       ) AS amount
                   ) AS money
            """
        )
