from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount


class CustomerTypePaymentLimit(models.Model):
    """From and up to which amount the holders of a type may pay in one way."""

    _name = "customer.type.payment.limit"
    _description = "Amounts by Payment Method and Customer Type"
    _order = "type_id, payment_method_id"

    type_id = fields.Many2one("customer.type", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="type_id.company_id")
    currency_id = fields.Many2one(related="type_id.currency_id")
    payment_method_id = fields.Many2one(
        "payment.method",
        required=True,
        ondelete="cascade",
        domain="[('is_primary', '=', True)]",
    )
    minimum = fields.Monetary(
        string="From",
        help="In the currency of the company; converted where the customer pays in another. "
        "Zero: from any amount.",
    )
    maximum = fields.Monetary(
        string="Up to",
        help="In the currency of the company; converted where the customer pays in another. "
        "Zero: up to any amount.",
    )

    _method_uniq = models.Constraint(
        "UNIQUE(type_id, payment_method_id)", "A payment method has one line in a customer type."
    )

    @api.constrains("minimum", "maximum")
    def _check_amounts(self):
        for limit in self:
            if limit.minimum < 0 or limit.maximum < 0 or 0 < limit.maximum < limit.minimum:
                raise ValidationError(
                    self.env._(
                        "%(method)s: no amount is from %(minimum)s and up to %(maximum)s.",
                        method=limit.payment_method_id.name,
                        minimum=limit._format(limit.minimum),
                        maximum=limit._format(limit.maximum),
                    )
                )

    @api.depends("payment_method_id", "minimum", "maximum")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = self.env._(
                "%(method)s: %(amounts)s",
                method=limit.payment_method_id.name,
                amounts=limit._get_words(limit.minimum, limit.maximum, limit.currency_id),
            )

    @api.model
    def _get_words(self, minimum, maximum, currency):
        """:return: the amounts between these two (floats), in words; zero is no limit"""
        if minimum and maximum:
            return self.env._(
                "from %(minimum)s up to %(maximum)s",
                minimum=format_amount(self.env, minimum, currency),
                maximum=format_amount(self.env, maximum, currency),
            )
        if minimum:
            return self.env._("from %s", format_amount(self.env, minimum, currency))
        if maximum:
            return self.env._("up to %s", format_amount(self.env, maximum, currency))
        return self.env._("any amount")

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _admits(self, case):
        """:return: whether the amount of a :class:`PaymentCase` is within this limit"""
        self.ensure_one()
        compare = case.currency.compare_amounts
        return (not self.minimum or compare(case.amount, case.convert(self.minimum)) >= 0) and (
            not self.maximum or compare(case.amount, case.convert(self.maximum)) <= 0
        )

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        limits.type_id._policy_changed({"payment_limit_ids"})
        return limits

    def write(self, vals):
        types = self.type_id
        res = super().write(vals)
        (types | self.type_id)._policy_changed({"payment_limit_ids"})
        return res

    def unlink(self):
        types = self.type_id
        res = super().unlink()
        types._policy_changed({"payment_limit_ids"})
        return res
