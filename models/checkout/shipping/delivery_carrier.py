from odoo import api, fields, models
from odoo.tools import format_amount


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    customer_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_delivery_carrier_rel",
        "carrier_id",
        "type_id",
        string="Customer Types",
        groups="base.group_user",
        help="The types whose holders choose among this method and the others their types name.",
    )
    only_for_types = fields.Boolean(
        string="Only for these types",
        groups="base.group_user",
        help="Customers whose types do not name this delivery method cannot choose it.",
    )
    free_for_types = fields.Boolean(
        string="Free for types",
        default=True,
        groups="base.group_user",
        help="Free for orders that come to the amount from which the customer's types give free "
        "delivery. Untick it for what is always paid for, as express delivery.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("customer_type_ids") for vals in vals_list):
            self._check_may_edit_types()
        carriers = super().create(vals_list)
        if types := carriers._get_types_naming_them():
            types._policy_changed({"carrier_ids"})
        return carriers

    def write(self, vals):
        if "customer_type_ids" in vals:
            self._check_may_edit_types()
        types = self._get_types_naming_them()
        res = super().write(vals)
        if vals.keys() & {"active", "company_id", "customer_type_ids"} and (
            types := types | self._get_types_naming_them()
        ):
            types._policy_changed({"carrier_ids"})
        return res

    def unlink(self):
        types = self._get_types_naming_them()
        res = super().unlink()
        if types:
            types._policy_changed({"carrier_ids"})
        return res

    def _check_may_edit_types(self):
        """:raise AccessError: for who may edit delivery methods, but not what types give"""
        if not self.env.su:
            self.env["customer.type"].check_access("write")

    def _get_types_naming_them(self):
        """:return: the types of whose policy these methods are part"""
        types = self.env["customer.type"].sudo().with_context(active_test=False)
        return types.search([("carrier_ids", "in", self.ids)]) if self.ids else types

    def _match(self, partner, source):
        return super()._match(partner, source) and self._match_customer_type(source)

    def _match_customer_type(self, source):
        """:return: whether the customer's types leave this method open

        :param source: the sale.order to deliver; a delivery that is on its way is not judged again
        """
        self.ensure_one()
        return source._name != "sale.order" or self._is_open_to(source._get_customer_policy())

    def _is_open_to(self, policy):
        """:return: whether customers with this :class:`CustomerPolicy` may choose this method"""
        self.ensure_one()
        named = self.sudo().browse(policy.get("carrier_ids", ()))
        usable = named.filtered(
            lambda c: c.active and c.company_id.id in (False, policy.company_id)
        )
        return self in usable if usable else not self.sudo().only_for_types

    def rate_shipment(self, order):
        rate = super().rate_shipment(order)
        if rate.get("success") and rate["price"] and self._is_free_by_type(order):
            rate["price"] = 0.0
            rate["warning_message"] = self.env._(
                "The delivery is free: the customer's type gives free delivery from %s.",
                format_amount(self.env, order._get_free_shipping_over(), order.currency_id),
            )
        return rate

    def _is_free_by_type(self, order):
        """:return: whether the customer's types give this method free for this order"""
        self.ensure_one()
        return (
            self.sudo().free_for_types
            and bool(order._get_free_shipping_over())
            and order._get_missing_for_free_shipping() <= 0
        )
