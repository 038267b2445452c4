from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    is_order_minimum_fee = fields.Boolean(
        string="Is a Small-order Fee",
        readonly=True,
        help="Charged because the order is below the minimum of its customer.",
    )

    def _get_product_quantity(self):
        """:return: the quantity in the unit of measure of the product, not rounded"""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )

    def _get_order_limit_amount(self, before_discount=False):
        """What this line counts for order minimums and maximums.

        :param bool before_discount: leave the discount of the line out
        :return: in the currency of the order, with taxes if the website of the order (or, for the
            sales desk, of its company) shows prices with taxes
        """
        self.ensure_one()
        website = self.order_id.website_id or self.company_id.sudo().website_id
        taxed = website.show_line_subtotals_tax_selection == "tax_included"
        if not (before_discount and self.discount):
            return self.price_total if taxed else self.price_subtotal
        base_line = self._prepare_base_line_for_taxes_computation(discount=0.0)
        company = self.company_id or self.env.company
        self.env["account.tax"]._add_tax_details_in_base_line(base_line, company)
        self.env["account.tax"]._round_base_lines_tax_details([base_line], company)
        details = base_line["tax_details"]
        return details["total_included_currency" if taxed else "total_excluded_currency"]

    # -- The fee is no article ---------------------------------------------

    def _show_in_cart(self):
        return not self.is_order_minimum_fee and super()._show_in_cart()

    def _is_sellable(self):
        return not self.is_order_minimum_fee and super()._is_sellable()

    def _is_reorder_allowed(self):
        return not self.is_order_minimum_fee and super()._is_reorder_allowed()

    def _can_be_edited_on_portal(self):
        return super()._can_be_edited_on_portal() and not self.is_order_minimum_fee

    def _can_be_invoiced_alone(self):
        return super()._can_be_invoiced_alone() and not self.is_order_minimum_fee

    def _compute_pricelist_item_id(self):
        fees = self.filtered("is_order_minimum_fee")
        super(SaleOrderLine, self - fees)._compute_pricelist_item_id()
        fees.pricelist_item_id = False
