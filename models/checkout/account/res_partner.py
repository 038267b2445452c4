from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .credit import Credit

_CREDIT_FIELDS = ("pay_on_account", "credit_limit", "overdue_days")

# What an order ``o`` takes of the credit before its lines ``line`` are invoiced. A down payment is
# owed by its invoice and still part of the order.
_TO_INVOICE = SQL(
    """SUM(CASE WHEN line.is_downpayment
                THEN -line.untaxed_amount_invoiced
                     * COALESCE(o.amount_total / NULLIF(o.amount_untaxed, 0), 1)
                ELSE line.price_total * (1 - GREATEST(0, LEAST(1,
                     line.qty_invoiced / NULLIF(line.product_uom_qty, 0))))
            END)"""
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_refused = fields.Boolean(
        company_dependent=True,
        copy=False,
        groups="account.group_account_invoice,account.group_account_readonly",
        help="The partner limit is set, and is zero. By the amount alone that could not be told "
        "from no limit.",
    )

    # -- The limit of the customer -----------------------------------------

    @api.depends("credit_refused")
    def _compute_use_partner_credit_limit(self):
        super()._compute_use_partner_credit_limit()
        self.filtered("credit_refused").use_partner_credit_limit = True

    def _inverse_use_partner_credit_limit(self):
        refused = self.filtered(lambda p: p.use_partner_credit_limit and not p.credit_limit)
        super()._inverse_use_partner_credit_limit()
        for partner in self:
            partner.credit_refused = partner in refused

    def write(self, vals):
        if "credit_limit" not in vals or vals.keys() & {
            "use_partner_credit_limit",
            "credit_refused",
        }:
            return super().write(vals)
        # Where there is a limit, zero is one, too.
        partners = self.sudo()
        limited = partners.filtered("use_partner_credit_limit")
        res = super().write(vals)
        for partner in partners:
            partner.credit_refused = partner in limited and not partner.credit_limit
        return res

    def _commercial_fields(self):
        return [*super()._commercial_fields(), "credit_refused"]

    def _get_own_credit_limit(self, company):
        """:return: the credit limit (float, company's currency) set on this customer, 0.0 for no
        credit; None if nothing is set, or if the company does without Odoo's credit limits
        """
        self.ensure_one()
        partner = self.sudo().with_company(company)
        if not company.sudo().account_use_credit_limit or not partner.use_partner_credit_limit:
            return None
        return partner.credit_limit

    def _get_own_policy_values(self, company):
        return super()._get_own_policy_values(company) | {
            "credit_limit": self._get_own_credit_limit(company)
        }

    # -- What the customer may owe, and owes -------------------------------

    def _get_credit_limit(self, company, policy):
        """What this customer may owe: by its own limit, else by its types.

        Customers whose types say nothing about credit are left to Odoo, which only warns.

        :return: a float in the company's currency, or None: no limit
        """
        self.ensure_one()
        if not any(map(policy.get, _CREDIT_FIELDS)):
            return None
        own = self._get_own_credit_limit(company)
        return policy.get("credit_limit") or None if own is None else own

    def _get_credit(self, company, policy):
        """What this customer may owe and owes: the same numbers at every door.

        :param company: res.company that gives credit
        :param policy: :class:`CustomerPolicy` of the customer there
        :return: :class:`Credit`, or None where neither the customer nor a type sets a rule
        """
        if not self:
            return None
        limit = self._get_credit_limit(company, policy)
        overdue_days = policy.get("overdue_days") or None
        if limit is None and overdue_days is None:
            return None
        used, overdue = self._get_open_amounts(company, overdue_days or 0)
        return Credit(limit, used, overdue, overdue_days, company.sudo().currency_id)

    def _get_open_amounts(self, company, overdue_days):
        """What this customer owes or will owe, of invoices and of orders.

        Odoo's own ``credit_to_invoice`` leaves out what waits for its delivery, and is nothing
        where the company does without credit limits; so it is not used.

        :return: what is owed, and the part of it overdue for more than so many days, as floats in
            the company's currency
        """
        company = company.sudo()
        today = fields.Date.context_today(self)
        self._flush_open_amounts()
        used = overdue = 0.0
        for currency_id, amount, late in self.env.execute_query(
            self._get_open_amounts_sql(company, today - timedelta(days=overdue_days))
        ):
            currency = self.env["res.currency"].sudo().browse(currency_id or ())
            currency = currency or company.currency_id
            used += currency._convert(amount or 0.0, company.currency_id, company, today)
            overdue += late or 0.0
        return used, overdue

    def _flush_open_amounts(self):
        for model, fnames in {
            "account.move.line": ["amount_residual", "reconciled", "date_maturity", "parent_state"],
            "account.move": ["amount_total_signed", "state", "partner_id"],
            "sale.order": ["state", "partner_id", "invoice_status", "currency_id", "amount_total"],
            "sale.order.line": ["price_total", "qty_invoiced", "untaxed_amount_invoiced"],
            "payment.transaction": ["state", "amount", "payment_id", "source_transaction_id"],
            "account.payment": ["move_id"],
            "res.partner": ["commercial_partner_id"],
        }.items():
            self.env[model].flush_model(fnames)

    def _get_open_amounts_sql(self, company, late_before):
        """:return: SQL of rows (currency, amount, part that is late); without a currency the
        amounts are in that of the company
        """
        family = SQL(
            "(SELECT id FROM res_partner WHERE commercial_partner_id = %s)",
            self.commercial_partner_id.id,
        )
        companies = SQL(
            "(SELECT id FROM res_company WHERE parent_path LIKE %s)",
            f"{company.root_id.id}/%",
        )
        owed = SQL(
            """SELECT NULL::int4, SUM(line.amount_residual),
                      SUM(line.amount_residual)
                          FILTER (WHERE line.amount_residual > 0 AND line.date_maturity < %s)
                 FROM account_move_line line
                 JOIN account_account account ON account.id = line.account_id
                WHERE account.account_type = 'asset_receivable'
                  AND line.partner_id IN %s AND line.company_id IN %s
                  AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE""",
            late_before,
            family,
            companies,
        )
        ordered = SQL(
            """SELECT o.currency_id,
                      %s,
                      NULL
                 FROM sale_order o
                 JOIN sale_order_line line ON line.order_id = o.id
                WHERE o.partner_id IN %s AND o.company_id IN %s
                  AND o.state = 'sale' AND o.invoice_status != 'invoiced'
                GROUP BY o.currency_id""",
            _TO_INVOICE,
            family,
            companies,
        )
        # An order is invoiced as soon as there is a draft; it is owed once that is posted.
        drafted = SQL(
            """SELECT NULL, SUM(move.amount_total_signed), NULL
                 FROM account_move move
                WHERE move.partner_id IN %s AND move.company_id IN %s AND move.state = 'draft'
                  AND move.move_type IN ('out_invoice', 'out_refund')
                  AND EXISTS (SELECT FROM account_move_line line
                                JOIN sale_order_line_invoice_rel rel
                                  ON rel.invoice_line_id = line.id
                               WHERE line.move_id = move.id)""",
            family,
            companies,
        )
        paid = self._get_unbooked_payments_sql(family, companies)
        return SQL("%s UNION ALL %s UNION ALL %s UNION ALL %s", owed, ordered, drafted, paid)

    def _get_unbooked_payments_sql(self, family, companies):
        """What has been paid of orders by card, and is in no books yet.

        An authorized amount is booked once it is captured, and where companies wait for their bank
        a payment is not booked before that. It gives no credit beyond what its order still takes.

        :param SQL family: ids of the customer and its contacts
        :param SQL companies: ids of the companies that give credit together
        :return: SQL of rows (currency, amount below zero, nothing that is late)
        """
        # What has been captured of an amount, or given up, is told by transactions of their own.
        unbooked = SQL(
            """SELECT SUM(tx.amount - COALESCE(
                          (SELECT SUM(part.amount) FROM payment_transaction part
                            WHERE part.source_transaction_id = tx.id
                              AND part.operation = tx.operation
                              AND part.state IN ('done', 'cancel')), 0)) AS amount
                 FROM payment_transaction tx
                WHERE (tx.id IN (SELECT transaction_id FROM sale_order_transaction_rel
                                  WHERE sale_order_id = o.id)
                       OR tx.source_transaction_id IN (
                                 SELECT transaction_id FROM sale_order_transaction_rel
                                  WHERE sale_order_id = o.id))
                  AND tx.state IN ('authorized', 'done') AND tx.operation != 'validation'
                  AND NOT EXISTS (SELECT FROM account_payment payment
                                    JOIN account_move move ON move.id = payment.move_id
                                   WHERE payment.id = tx.payment_id AND move.state = 'posted')"""
        )
        to_invoice = SQL(
            """CASE WHEN o.invoice_status = 'invoiced' THEN 0
                    ELSE (SELECT %s FROM sale_order_line line WHERE line.order_id = o.id) END""",
            _TO_INVOICE,
        )
        invoiced = SQL(
            """SELECT SUM(line.amount_residual_currency) FROM account_move_line line
                 JOIN account_account account ON account.id = line.account_id
                WHERE account.account_type = 'asset_receivable'
                  AND line.parent_state IN ('draft', 'posted')
                  AND line.move_id IN (
                          SELECT invoice_line.move_id FROM sale_order_line order_line
                            JOIN sale_order_line_invoice_rel rel
                              ON rel.order_line_id = order_line.id
                            JOIN account_move_line invoice_line
                              ON invoice_line.id = rel.invoice_line_id
                           WHERE order_line.order_id = o.id)"""
        )
        return SQL(
            """SELECT o.currency_id,
                      -SUM(GREATEST(0, LEAST(unbooked.amount,
                                             COALESCE(%s, 0) + COALESCE((%s), 0)))),
                      NULL
                 FROM sale_order o
                CROSS JOIN LATERAL (%s) unbooked
                WHERE o.partner_id IN %s AND o.company_id IN %s
                  AND o.state = 'sale' AND unbooked.amount > 0
                GROUP BY o.currency_id""",
            to_invoice,
            invoiced,
            unbooked,
            family,
            companies,
        )
