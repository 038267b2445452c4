from babel.dates import format_date, format_skeleton

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, get_lang
from odoo.tools.misc import babel_locale_parse

from ...policy.policy import PolicyIssue


class SaleOrder(models.Model):
    _inherit = "sale.order"

    credit_summary = fields.Char(
        string="Credit", compute="_compute_credit_summary", groups="base.group_user"
    )

    # -- Credit ------------------------------------------------------------

    def _get_credit(self):
        """:return: the :class:`Credit` of the customer without this order, or None"""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        return customer._get_credit(self.company_id, self._get_customer_policy())

    @api.depends("partner_id", "company_id", "website_id", "state")
    def _compute_credit_summary(self):
        for order in self:
            credit = order.state in ("draft", "sent") and order._get_credit()
            order.credit_summary = credit and order._format_credit(credit)

    def _format_credit(self, credit):
        """:return: a :class:`Credit` in words, for staff and for the customer"""
        words = []
        if credit.limit is not None:
            words.append(
                self.env._(
                    "%(left)s left of %(limit)s",
                    left=self._format_credit_amount(credit.left, credit),
                    limit=self._format_credit_amount(credit.limit, credit),
                )
            )
        if credit.is_overdue():
            words.append(
                self.env._("%s overdue", self._format_credit_amount(credit.overdue, credit))
            )
        return ", ".join(words)

    def _format_credit_amount(self, amount, credit):
        return format_amount(self.env, amount, credit.currency)

    def _get_credit_refusal(self, credit, amount=None):
        """Why the customer gets no credit for this order: for the payment page and for the gate.

        :param credit: the :class:`Credit` of the customer, or None
        :param float amount: what is to go on account, in the company's currency; by default
            what is not paid yet of this order
        :return: the reason in words, or False
        """
        self.ensure_one()
        if credit and credit.is_overdue():
            return self.env._(
                "%(amount)s has been overdue for more than %(days)s days.",
                amount=self._format_credit_amount(credit.overdue, credit),
                days=credit.overdue_days,
            )
        needed = self._get_amount_on_account() if amount is None else amount
        if not credit or credit.has_room_for(needed):
            return False
        return self.env._(
            "The credit limit is %(limit)s and %(left)s of it is left: not enough for the "
            "%(amount)s of this order.",
            limit=self._format_credit_amount(credit.limit, credit),
            left=self._format_credit_amount(credit.left, credit),
            amount=self._format_credit_amount(needed, credit),
        )

    def _get_amount_on_account(self):
        """:return: what this order takes of the credit, as a float in the company's currency"""
        return self._convert_to_company(self._get_rest())

    def _get_rest(self):
        """:return: what is not paid yet, as a float in the currency of this order"""
        return max(self.amount_total - self._get_paid(), 0.0)

    def _convert_to_company(self, amount):
        """:return: an amount (float) of this order, in the company's currency at today's rate"""
        return self.currency_id._convert(
            amount,
            self.company_id.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )

    # -- Pay on account ----------------------------------------------------

    def _get_account_refusal(self):
        """:return: why the customer may not order this on account, in words, or False"""
        self.ensure_one()
        if not self._is_account_allowed():
            return self.env._("not for this kind of customer")
        return self._get_credit_refusal(self._get_credit())

    def _get_part_payment_refusal(self, amount):
        """Where paying a part confirms the order, the rest of it goes on account.

        :param float amount: what is about to be paid, in the currency of this order
        :return: why the customer may not owe the rest, in words, or False
        """
        self.ensure_one()
        paid = self._get_paid() + amount
        rest = self.amount_total - paid
        if (
            self.currency_id.compare_amounts(rest, 0.0) <= 0
            or self.currency_id.compare_amounts(self._get_prepayment_required_amount(), paid) > 0
        ):
            return False
        return self._get_credit_refusal(self._get_credit(), self._convert_to_company(rest))

    def _is_account_allowed(self):
        return self._get_customer_policy().get("pay_on_account") == "allowed"

    def _get_account_status(self):
        """What the customer reads about the account when it is time to pay.

        :return: dict with ``summary`` and ``refusal`` (words, may be empty), or None where there
            is nothing to say
        """
        self.ensure_one()
        if self.state not in ("draft", "sent") or not self._is_account_allowed():
            return None
        credit = self._get_credit()
        summary = credit and self._format_credit(credit)
        if not summary:
            return None
        return {"summary": summary, "refusal": self._get_credit_refusal(credit)}

    def _is_on_account(self):
        """:return: whether the customer has chosen to order this on account"""
        self.ensure_one()
        last = self.sudo().transaction_ids._get_last()
        return last.state == "pending" and last._is_on_account()

    def _get_account_label(self):
        """:return: how paying on account is offered for this order, as "On your account, due
        December 20", in the language of the reader
        """
        self.ensure_one()
        dates = self._get_due_dates()
        if len(dates) > 1:
            return self.env._(
                "On your account, due in %(count)s parts until %(date)s",
                count=len(dates),
                date=self._format_due_date(dates[-1]),
            )
        if dates[0] <= fields.Date.context_today(self):
            return self.env._("On your account, due on receipt of the invoice")
        return self.env._("On your account, due %s", self._format_due_date(dates[0]))

    def _get_due_dates(self):
        """:return: when this order is due, as sorted dates: by its invoices, else by its terms"""
        self.ensure_one()
        invoices = self.sudo().invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        if invoices:
            return sorted(set(invoices.mapped("invoice_date_due")))
        start = fields.Date.context_today(self)
        if self.state == "sale":
            start = fields.Datetime.context_timestamp(self, self.date_order).date()
        lines = self.sudo().payment_term_id.line_ids
        return sorted({line._get_due_date(start) for line in lines}) or [start]

    def _format_due_date(self, date):
        locale = babel_locale_parse(get_lang(self.env).code)
        if date.year == fields.Date.context_today(self).year:
            return format_skeleton("MMMMd", date, locale=locale)
        return format_date(date, "long", locale=locale)

    # -- The order gate ----------------------------------------------------

    def _get_policy_issues(self, stage):
        issues = super()._get_policy_issues(stage)
        if stage != "confirm" or not (reason := self._get_account_objection()):
            return issues
        return [
            *issues,
            PolicyIssue("credit", "block", reason, fix=self.env._("It has to be paid in advance.")),
        ]

    def _get_account_objection(self):
        """:return: why this order may not be confirmed before it is paid, in words, or False"""
        self.ensure_one()
        if not self._goes_on_account():
            return False
        if self._is_on_account() and not self._is_account_allowed():
            return self.env._("Ordering on account is not open to this customer.")
        return self._get_credit_refusal(self._get_credit())

    def _goes_on_account(self):
        """:return: whether the company gives credit if it confirms this order now"""
        self.ensure_one()
        # Of an order that is paid in part, the rest goes on account.
        if self.currency_id.is_zero(self._get_rest()):
            return False
        last = self.sudo().transaction_ids._get_last()
        return not (last.state == "pending" and last.provider_id._is_paid_on_delivery())

    @api.depends("amount_total")
    def _compute_policy_issues_html(self):
        return super()._compute_policy_issues_html()

    def _action_confirm(self):
        on_credit = self.sudo().filtered(lambda o: o._has_credit_limit() and o._goes_on_account())
        res = super()._action_confirm()
        on_credit._take_credit()
        return res

    def _has_credit_limit(self):
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        policy = self._get_customer_policy()
        return customer._get_credit_limit(self.company_id, policy) is not None

    def _take_credit(self):
        """Take the credit for these orders, which have just been confirmed.

        :raise UserError: if each of them had room, but they have not all together
        """
        credits = self.env["customer.credit"].sudo()
        for orders in self.grouped(
            lambda o: (o.partner_id.commercial_partner_id, o.company_id)
        ).values():
            credits._take(orders[:1])
            if len(orders) > 1 and not all(order._is_credit_overridden() for order in orders):
                orders._check_credit_together()

    def _is_credit_overridden(self):
        return any(key.startswith("credit:") for key in self.policy_override_keys or [])

    def _check_credit_together(self):
        credit = self[:1]._get_credit()
        if not credit.has_room_for(0.0):
            raise UserError(
                self.env._(
                    "%(orders)s do not fit together into the credit limit of %(limit)s.",
                    orders=", ".join(self.mapped("name")),
                    limit=self[:1]._format_credit_amount(credit.limit, credit),
                )
            )
