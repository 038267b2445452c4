from odoo import api, fields, models
from odoo.tools import SQL


class CustomerCredit(models.Model):
    """The row on which two orders that take credit of one customer at the same time collide."""

    _name = "customer.credit"
    _description = "Credit of a Customer"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    order_id = fields.Many2one(
        "sale.order",
        string="Last Order",
        ondelete="set null",
        readonly=True,
        index="btree_not_null",
        help="The order that took credit last.",
    )

    _customer_uniq = models.UniqueIndex("(partner_id, company_id)")

    @api.model
    def _take(self, order):
        """Let nobody else take credit of the same customer until this transaction ends.

        What is used is read from invoices and orders, so it cannot drift; but two transactions
        that both read before either has written would each find room. Both write this row, so the
        second one fails to serialize, is run again by Odoo, and reads what the first one has left.

        :param order: the sale.order that goes on account
        """
        self.env.execute_query(
            SQL(
                """INSERT INTO customer_credit
                          (partner_id, company_id, order_id,
                           create_uid, create_date, write_uid, write_date)
                   VALUES (%(partner)s, %(company)s, %(order)s,
                           %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC')
                   ON CONFLICT (partner_id, company_id) DO UPDATE
                      SET order_id = EXCLUDED.order_id,
                          write_uid = EXCLUDED.write_uid,
                          write_date = EXCLUDED.write_date
                   RETURNING id""",
                partner=order.partner_id.commercial_partner_id.id,
                company=order.company_id.root_id.id,
                order=order.id,
                user=self.env.uid,
            )
        )
        self.invalidate_model()
