from odoo import fields, models
from odoo.models import parse_read_group_spec
from odoo.tools import SQL


class SaleClubMemberReport(models.Model):
    """How long members stay, and what each of them took meanwhile."""

    _name = "sale.club.member.report"
    _description = "Tenure in Clubs"
    _auto = False
    _order = "joined_on desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "sale.club.member": [
            "club_id", "company_id", "joined_on", "left_on", "partner_id", "reason_code", "state",
        ],
        "sale.club.shipment": ["is_skip_wish", "member_id", "order_id", "state"],
        "sale.order": ["amount_untaxed", "currency_rate", "state"],
        "res.company": ["currency_id"],
        "res.partner": ["customer_type_id"],
    }  # fmt: skip

    club_id = fields.Many2one("sale.club", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_type_id = fields.Many2one("customer.type", readonly=True)
    state = fields.Selection(
        lambda self: self.env["sale.club.member"]._fields["state"].selection, readonly=True
    )
    reason_code = fields.Selection(
        lambda self: self.env["sale.club.member"]._fields["reason_code"].selection,
        string="Why they left",
        readonly=True,
    )
    joined_on = fields.Date(readonly=True)
    left_on = fields.Date(readonly=True)
    tenure_days = fields.Integer(
        string="Tenure (median days)",
        readonly=True,
        aggregator="median",
        help="From joining to leaving; of those who are still members, until today.",
    )
    shipment_count = fields.Integer(string="Shipments", readonly=True)
    skip_count = fields.Integer(string="Skips", readonly=True)
    revenue = fields.Monetary(readonly=True, help="Without taxes, in the currency of the company.")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT member.id, member.club_id, member.company_id, member.partner_id, member.state,
                   member.joined_on, member.left_on,
                   CASE WHEN member.left_on IS NOT NULL THEN member.reason_code END AS reason_code,
                   COALESCE(member.left_on, %(today)s) - member.joined_on AS tenure_days,
                   customer.customer_type_id, company.currency_id,
                   COALESCE(sent.shipment_count, 0) AS shipment_count,
                   COALESCE(sent.skip_count, 0) AS skip_count,
                   COALESCE(sent.revenue, 0) AS revenue
              FROM sale_club_member AS member
              JOIN res_partner AS customer ON customer.id = member.commercial_partner_id
              JOIN res_company AS company ON company.id = member.company_id
         LEFT JOIN (
                       SELECT shipment.member_id,
                              COUNT(*) FILTER (WHERE shipment.state = 'done') AS shipment_count,
                              COUNT(*) FILTER (
                                  WHERE shipment.state = 'skipped' AND shipment.is_skip_wish
                              ) AS skip_count,
                              SUM(sold.amount_untaxed / COALESCE(NULLIF(sold.currency_rate, 0), 1))
                                  FILTER (WHERE sold.state = 'sale') AS revenue
                         FROM sale_club_shipment AS shipment
                    LEFT JOIN sale_order AS sold ON sold.id = shipment.order_id
                        GROUP BY shipment.member_id
                   ) AS sent ON sent.member_id = member.id
             WHERE member.joined_on IS NOT NULL
            """,
            today=fields.Date.context_today(self),
        )

    def _read_group_select(self, aggregate_spec, query):
        # A few who stayed for ever make an average say nothing.
        if aggregate_spec.endswith(":median"):
            fname, _chain, _func = parse_read_group_spec(aggregate_spec)
            return SQL(
                "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)",
                self._field_to_sql(self._table, fname, query),
            )
        return super()._read_group_select(aggregate_spec, query)
