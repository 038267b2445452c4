from odoo import api, models
from odoo.tools import format_amount

from ...policy.policy import PolicyIssue


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # -- Free delivery -----------------------------------------------------

    def _get_free_shipping_over(self):
        """:return: the amount, in the currency of this order, from which its customer's types give
        free delivery, or 0.0
        """
        self.ensure_one()
        amount = self._get_customer_policy().get("free_shipping_over", 0.0)
        if not amount:
            return 0.0
        day = self.date_order or self.env.cr.now()
        return self.company_id.currency_id._convert(
            amount, self.currency_id, self.company_id, day.date()
        )

    def _get_missing_for_free_shipping(self):
        """:return: what is missing for free delivery, in the currency of this order: 0.0 or less
        when nothing is. Counts as Odoo's own threshold does, with taxes and after discounts,
        without delivery.
        """
        self.ensure_one()
        return self.currency_id.round(
            self._get_free_shipping_over() - self._compute_amount_total_without_delivery()
        )

    def _prepare_delivery_line_vals(self, carrier, price_unit):
        values = super()._prepare_delivery_line_vals(carrier, price_unit)
        if (
            self.currency_id.is_zero(price_unit)
            and not carrier.free_over
            and carrier._is_free_by_type(self)
        ):
            words = self.with_context(lang=self.partner_id.lang).env
            values["name"] = words._("%s\nFree Shipping", values["name"])
        return values

    def _follow_customer_policy(self):
        res = super()._follow_customer_policy()
        self.filtered(lambda order: order._is_cart())._rate_shipment_again()
        return res

    def _rate_shipment_again(self):
        """Bring the price of the delivery up to date in these carts, after a change of type."""
        for order in self.filtered(lambda o: o.carrier_id and o.delivery_set):
            if not order.carrier_id._match_customer_type(order):
                # The gate says so, and checkout puts another one in its place.
                continue
            rate = order.carrier_id.rate_shipment(order)
            if rate["success"] and order.currency_id.compare_amounts(
                rate["price"], sum(order.order_line.filtered("is_delivery").mapped("price_unit"))
            ):
                before = order.amount_total
                order.set_delivery_line(order.carrier_id, rate["price"])
                order._tell_new_delivery_price(before)

    def _tell_new_delivery_price(self, total_before):
        """Say in the cart what delivery costs now.

        :param float total_before: what the order came to before, in its currency
        """
        if self.currency_id.compare_amounts(self.amount_total, total_before) == 0:
            return
        words = self.with_context(lang=self._get_lang()).env
        price = sum(
            line._get_cart_display_price() for line in self.order_line.filtered("is_delivery")
        )
        self._add_shop_warning(
            words._("Delivery is free now.")
            if self.currency_id.is_zero(price)
            else words._("Delivery costs %s now.", format_amount(words, price, self.currency_id))
        )

    def _replace_lost_carrier(self):
        """Where the customer of this cart may not use its delivery method any more, take the one
        that checkout would, and say so.
        """
        self.ensure_one()
        lost = self.carrier_id
        if not lost or lost._match_customer_type(self):
            return
        carrier = self._get_preferred_delivery_method(self._get_delivery_methods())
        if carrier == lost:
            return
        self._set_delivery_method(carrier)
        words = self.with_context(lang=self._get_lang()).env
        self._add_shop_warning(
            words._(
                "%(lost)s is not available to you any more. Your order comes by %(carrier)s now.",
                lost=lost.with_env(words).name,
                carrier=carrier.with_env(words).name,
            )
        )

    def _get_bought(self):
        # Several may be sold as the same product.
        return {**super()._get_bought(), "carrier": self.carrier_id.id}

    # -- The order gate ----------------------------------------------------

    @api.depends("carrier_id")
    def _compute_policy_issues_html(self):
        return super()._compute_policy_issues_html()

    def _get_policy_issues(self, stage):
        issues = super()._get_policy_issues(stage)
        if issue := self._get_carrier_issue(stage):
            issues.append(issue)
        if stage == "cart" and (issue := self._get_free_shipping_issue()):
            issues.append(issue)
        return issues

    def _get_carrier_issue(self, stage):
        """:return: what to say about a delivery method the customer may not use (any more)"""
        carrier = self.carrier_id
        if not carrier or carrier.sudo()._match_customer_type(self):
            return None
        return PolicyIssue(
            "carrier",
            # Checkout is where another one is chosen: the way there stays open.
            "block" if stage in ("payment", "confirm") else "warning",
            self.env._("%s is not available to you.", carrier.sudo().name),
            fix=self.env._("Please choose another delivery method.")
            if self._is_cart()
            else self.env._("Please contact us for another delivery method."),
        )

    def _get_free_shipping_issue(self):
        """:return: what to say in the cart about the amount that is missing for free delivery"""
        if not self._has_deliverable_products() or not self._get_free_shipping_over():
            return None
        missing = self._get_missing_for_free_shipping()
        if missing <= 0:
            return None
        amount = format_amount(self.env, missing, self.currency_id)
        return PolicyIssue(
            "free_shipping", "info", self.env._("%s more for free delivery.", amount)
        )
