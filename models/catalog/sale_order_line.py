from odoo import api, models

from ..policy.policy import PolicyIssue


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _is_of_catalog(self):
        """:return: whether this line sells a product that somebody has chosen, or gives one"""
        self.ensure_one()
        return (
            bool(self.product_id)
            and not self.display_type
            and not self.is_downpayment
            and not self.is_delivery
            and (not self.is_reward_line or self._is_gift())
        )

    def _is_gift(self):
        """:return: whether this line gives a product as the reward of a promotion"""
        self.ensure_one()
        return self.sudo().reward_id.reward_type == "product"

    def _prepare_catalog_issue(self, is_hidden):
        """
        :param bool is_hidden: whether the customer may not even see the product
        :rtype: PolicyIssue
        """
        self.ensure_one()
        in_cart = self.order_id.website_id and self.order_id.state == "draft"
        name = self.product_id.sudo().with_context(display_default_code=False).display_name
        if in_cart:
            fix = self.env._("Remove it to go on.")
            if is_hidden:
                message = self.env._("%s is no longer available to you.", name)
            else:
                message = self.env._("%s is sold by our sales team only.", name)
        elif is_hidden and self.order_id._is_read_by_customer():
            message = self.env._("%s is no longer available to you.", name)
            fix = self.env._("Please write to us about it.")
        elif is_hidden:
            message = self.env._("%s is not for this customer.", name)
            fix = self.env._("Remove the line.")
        else:
            message = self.env._("%s: this customer does not order it without us.", name)
            fix = None
        return PolicyIssue(
            code="product_hidden" if is_hidden else "product_not_sold",
            level="block" if is_hidden or in_cart else "warning",
            message=message,
            line_id=self._origin.id or None,
            fix=fix,
        )

    @api.onchange("product_id")
    def _onchange_product_of_catalog(self):
        """Tell the sales desk at once what the customer may not buy, or not without them."""
        if not self.product_id or not self._is_of_catalog():
            return {}
        hidden, unsold = self.order_id._get_withheld_products(self.product_id)
        if not hidden and not unsold:
            return {}
        return {"warning": self._prepare_catalog_warning(bool(hidden))}

    def _prepare_catalog_warning(self, is_hidden):
        """
        :param bool is_hidden: whether the customer may not even see the product
        :return: what the form shows: a dict with ``title`` and ``message``
        """
        self.ensure_one()
        product = self.product_id.sudo()
        customer = self.order_id.partner_id.display_name
        if is_hidden:
            return {
                "title": self._get_catalog_warning_title(is_hidden),
                "message": self.env._(
                    "%(product)s: %(audience)s\n%(customer)s cannot buy it; the order could not be "
                    "confirmed.",
                    product=product.display_name,
                    audience=product.product_tmpl_id._get_reservation_summary(),
                    customer=customer,
                ),
            }
        return {
            "title": self._get_catalog_warning_title(is_hidden),
            "message": self.env._(
                "%(product)s: its price, or ordering it, is for others.\n%(customer)s does not "
                "order it without you; you can confirm the order all the same.",
                product=product.display_name,
                customer=customer,
            ),
        }

    @api.model
    def _get_catalog_warning_title(self, is_hidden):
        """:return: the warning in a few words"""
        if is_hidden:
            return self.env._("Not for this customer")
        return self.env._("Not ordered by this customer")

    def _is_sellable(self):
        # Also what the customer may order again is looked up past every rule. The cart asks nine
        # times for each line.
        return super()._is_sellable() and self.order_id._answer_once(
            ("shown", self.id), self._is_shown_to_visitor
        )

    def _is_shown_to_visitor(self):
        """:return: whether the browsing user may see what this line is about"""
        self.ensure_one()
        return not self.product_id or self.product_id._is_visible_to_visitor()
