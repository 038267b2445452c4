from odoo import models
from odoo.tools import float_round


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _has_public_price(self):
        """Whether what a guest pays can be said of this line alone.

        Not of combos: their price is spread over lines that may all be taxed differently.

        :rtype: bool
        """
        self.ensure_one()
        return (
            bool(self.product_id)
            and self.product_type != "combo"
            and not self.is_reward_line
            and self._is_sellable()
        )

    def _get_public_price_total(self, public_price):
        """:param float public_price: unit price of guests for this quantity, before taxes
        :return: what the whole line costs them, in the currency of the order, with or without taxes
            as the website shows its prices
        """
        self.ensure_one()
        precision = self.env["decimal.precision"].precision_get("Product Price")
        price = self.product_id._get_tax_included_unit_price_from_price(
            # As on the line itself: else customers would "save" what is only rounded off.
            float_round(public_price, precision_digits=precision),
            product_taxes=self.product_id.taxes_id._filter_taxes_by_company(self.company_id),
            fiscal_position=self.order_id.fiscal_position_id,
        )
        taxed = self.tax_ids.compute_all(
            price, self.currency_id, self.product_uom_qty, self.product_id, self.order_partner_id
        )
        excluded = self.order_id.website_id.show_line_subtotals_tax_selection == "tax_excluded"
        return taxed["total_excluded" if excluded else "total_included"]
