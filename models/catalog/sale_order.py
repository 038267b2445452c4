from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # -- The order gate ----------------------------------------------------

    def _get_policy_issues(self, stage):
        return super()._get_policy_issues(stage) + self._get_catalog_issues()

    def _get_catalog_issues(self):
        """:return: an issue for each line with a product that is not for the customer

        What the customer may see but not order by themselves is a block in their cart, and a
        warning where a person has typed it: the sales desk may sell it.
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: line._is_of_catalog())
        hidden, unsold = self._get_withheld_products(lines.product_id)
        return [
            line._prepare_catalog_issue(line.product_id in hidden)
            for line in lines
            # What is given needs no price and is not sold: it is enough that it is not hidden.
            if line.product_id in (hidden if line._is_gift() else hidden | unsold)
        ]

    def _get_withheld_products(self, products):
        """
        :param products: product.product
        :return: those that the customer may not see, and those that they see but may not order by
            themselves; none of either where a colleague buys
        """
        self.ensure_one()
        nothing = products.browse()
        if not products or not self.partner_id:
            return nothing, nothing
        type_ids = self._get_customer_policy().type_ids
        products = products.sudo()
        seen = products._filter_by_right("see", type_ids)
        if self.website_id and not self.website_id._admits_to_shop(type_ids):
            seen = nothing
        ordered = seen
        for right in ("price", "buy"):
            ordered = ordered._filter_by_right(right, type_ids)
        # Last, because it has to be looked up, and mostly there is nothing to say.
        if ordered == products or self._is_of_colleague():
            return nothing, nothing
        return products - seen, seen - ordered

    def _get_catalog_type_ids(self):
        """:return: ids of the types that act for the customer; ``None`` where a colleague buys"""
        self.ensure_one()
        if not self.partner_id or self._is_of_colleague():
            return None
        return self._get_customer_policy().type_ids

    def _get_product_catalog_order_line_info(self, product_ids, child_field=False, **kwargs):
        """Who picks products from Odoo's catalogue is warned on the card, before adding one."""
        info = super()._get_product_catalog_order_line_info(
            product_ids, child_field=child_field, **kwargs
        )
        if not self:
            return info
        hidden, unsold = self._get_withheld_products(self.env["product.product"].browse(info))
        for product in hidden + unsold:
            title = self.order_line._get_catalog_warning_title(product in hidden)
            words = filter(None, [title, info[product.id].get("warning")])
            info[product.id]["warning"] = "\n".join(words)
        return info

    @api.depends("order_line.product_id")
    def _compute_policy_issues_html(self):
        return super()._compute_policy_issues_html()

    # -- The cart ----------------------------------------------------------

    def _cart_add(self, product_id, quantity=1.0, **kwargs):
        """
        :raise UserError: when the customer may not order the product, whichever way it comes
        """
        product = self.env["product.product"].sudo().browse(product_id)
        if refusal := self._get_catalog_refusal(product):
            raise UserError(refusal)
        return super()._cart_add(product_id, quantity, **kwargs)

    def _verify_updated_quantity(self, order_line, product_id, new_qty, uom_id, **kwargs):
        """Of what the customer may no longer order, a cart can have less, but not more."""
        if order_line and new_qty > order_line.product_uom_qty:
            product = self.env["product.product"].sudo().browse(product_id)
            if refusal := self._get_catalog_refusal(product):
                return order_line.product_uom_qty, refusal
        return super()._verify_updated_quantity(order_line, product_id, new_qty, uom_id, **kwargs)

    def _get_catalog_refusal(self, product):
        """:return: why this product cannot be put into this cart, in the customer's words, or False

        Whoever may not see it does not learn its name from here.
        """
        self.ensure_one()
        hidden, unsold = self._get_withheld_products(product)
        if hidden:
            return self.env._("This product is not available to you.")
        if not unsold:
            return False
        return self.env._(
            "%s is sold by our sales team. Ask for an offer on its page.",
            product.with_context(display_default_code=False).display_name,
        )

    def _get_claimable_rewards(self, forced_coupons=None):
        claimable = super()._get_claimable_rewards(forced_coupons=forced_coupons)
        type_ids = self._get_catalog_type_ids()
        if type_ids is None or not claimable:
            return claimable
        # What is given is named before it is claimed.
        for coupon, rewards in list(claimable.items()):
            claimable[coupon] = rewards._filter_told_to(type_ids)
            if not claimable[coupon]:
                del claimable[coupon]
        return claimable

    # -- Asking for an offer -----------------------------------------------

    @api.model
    def _create_catalog_request(self, website, partner, product, quantity, message):
        """Open a quotation for a product that the customer cannot order by themselves.

        :param website: where they ask
        :param partner: res.partner who asks
        :param product: product.product
        :param float quantity: in the unit of the product
        :param str message: what else they want to say, as they typed it
        :return: the quotation, in the hands of a salesperson; it is nobody's cart
        """
        order = self.create(
            self._prepare_catalog_request(website, partner, product, max(quantity, 1.0))
        )
        if message:
            order.message_post(
                body=message,
                author_id=partner.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        order._ask_staff(
            self.env._("Offer for %s", partner.display_name),
            self.env._("Asked for on %s.", website.name),
        )
        return order

    @api.model
    def _prepare_catalog_request(self, website, partner, product, quantity):
        """Hook: the values of a quotation for what a customer has asked for.

        It bears no price until a person names one, where the price is not for the customer.
        """
        type_ids = website._get_visitor_policy().type_ids
        line = {"product_id": product.id, "product_uom_qty": quantity}
        if not product._filter_by_right("price", type_ids):
            line["price_unit"] = 0.0
        return {
            "partner_id": partner.id,
            "company_id": website.company_id.id,
            "team_id": website.salesteam_id.id,
            "user_id": self._get_catalog_salesperson(website, partner).id,
            "origin": website.name,
            "order_line": [fields.Command.create(line)],
        }

    @api.model
    def _get_catalog_salesperson(self, website, partner):
        """:return: the user to whom a customer's request goes, maybe none"""
        return (
            partner.user_id
            or partner.commercial_partner_id.user_id
            or website.salesperson_id
            or website.salesteam_id.user_id
        )
