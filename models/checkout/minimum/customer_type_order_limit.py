from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class CustomerTypeOrderLimit(models.Model):
    """The order minimum, maximum and fee of a type in one currency, instead of a conversion."""

    _name = "customer.type.order.limit"
    _inherit = ["customer.policy.cache.mixin"]
    _description = "Order Minimum and Maximum in a Currency"
    _order = "type_id, currency_id"
    _rec_name = "currency_id"

    type_id = fields.Many2one(
        "customer.type", string="Customer Type", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", required=True, ondelete="cascade")
    order_minimum_amount = fields.Monetary(string="Minimum Amount")
    order_maximum_amount = fields.Monetary(string="Maximum Amount")
    order_minimum_fee = fields.Monetary(string="Small-order Fee")

    _type_currency_uniq = models.Constraint(
        "UNIQUE (type_id, currency_id)", "A type has one minimum and maximum in each currency."
    )

    @api.constrains("order_minimum_amount", "order_maximum_amount", "order_minimum_fee")
    def _check_amounts(self):
        for limit in self:
            if limit.order_minimum_fee < 0:
                raise ValidationError(self.env._("A small-order fee cannot be negative."))
            self._check_range(limit.order_minimum_amount, limit.order_maximum_amount)

    @api.model
    def _check_range(self, minimum, maximum):
        """:raise ValidationError: where no order could ever be between these two"""
        if minimum < 0 or maximum < 0:
            raise ValidationError(self.env._("An order minimum or maximum cannot be negative."))
        if maximum and maximum < minimum:
            raise ValidationError(
                self.env._("The order maximum is below the minimum: nothing could be ordered.")
            )

    # -- What the order gate reads -----------------------------------------

    @api.model
    @tools.ormcache()
    def _get_table(self):
        """:return: the amounts that are set, by (type id, currency id) and name of policy field"""
        names = ("order_minimum_amount", "order_maximum_amount", "order_minimum_fee")
        return {
            (limit.type_id.id, limit.currency_id.id): {n: limit[n] for n in names if limit[n]}
            for limit in self.sudo().search([])
        }
