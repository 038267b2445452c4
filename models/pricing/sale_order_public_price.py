from odoo import models
from odoo.tools import format_amount

from ..policy.policy import PolicyIssue


class SaleOrder(models.Model):
    """Hidden prices, and the public price, on orders placed in the shop."""

    _inherit = "sale.order"

    # -- Hidden prices -----------------------------------------------------

    def _get_policy_issues(self, stage):
        issues = super()._get_policy_issues(stage)
        if stage != "confirm" and self._are_prices_hidden():
            issues.append(
                PolicyIssue(
                    code="price_hidden",
                    level="block",
                    message=self.website_id._get_hidden_price_refusal(),
                )
            )
        return issues

    def _are_prices_hidden(self):
        """Whether the customer may not see what this cart costs. A quotation is the word of a
        person, who has decided to name a price.
        """
        self.ensure_one()
        return (
            bool(self.website_id)
            and self.state == "draft"
            and self._get_customer_policy().get("price_visibility") == "hidden"
            and not any(user._is_internal() for user in self.partner_id.sudo().user_ids)
        )

    def _filter_can_send_abandoned_cart_mail(self):
        """Nobody is invited back to a cart that would not be shown to them."""
        orders = super()._filter_can_send_abandoned_cart_mail()
        return orders.filtered(lambda order: not order._are_prices_hidden())

    # -- The public price --------------------------------------------------

    def _get_public_price_totals(self):
        """What the lines of this cart would cost a guest, taxed as the cart shows its prices.

        :return: amount in the currency of the order by line, for lines that cost less than that
        :rtype: dict
        """
        if not self or not self.website_id._compares_prices():
            return {}
        lines = self.website_order_line.filtered(lambda line: line._has_public_price())
        public_prices = self.website_id._get_public_prices(
            [
                (
                    line.product_id.with_context(**line._get_product_price_context()),
                    line.product_uom_qty,
                    line.product_uom_id,
                )
                for line in lines
            ]
        )
        totals = {
            line: line._get_public_price_total(public_price)
            for line, public_price in zip(lines, public_prices, strict=True)
        }
        return {
            line: total
            for line, total in totals.items()
            if self.currency_id.compare_amounts(total, line._get_cart_display_price()) > 0
        }

    def _get_public_saving_label(self):
        """:return: what the customer of this cart saves on the public prices, in words, or False"""
        totals = self._get_public_price_totals()
        public_total = sum(totals.values())
        saving = public_total - sum(line._get_cart_display_price() for line in totals)
        if not totals or self.currency_id.is_zero(saving):
            return False
        return format_amount(self.env, saving, self.currency_id)
