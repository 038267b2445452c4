from odoo import models
from odoo.fields import Domain


class ProductProduct(models.Model):
    """Products as pages about clubs show them to the visitor who looks at them."""

    _inherit = "product.product"

    def _get_shown(self, website):
        """:return: those of these products, in their order, that the visitor sees in the shop"""
        visitor = self.sudo(False)
        domain = Domain("id", "in", self.ids) & Domain(website.sale_product_domain())
        shown = set(visitor.search(domain).ids)
        return visitor.browse(product_id for product_id in self.ids if product_id in shown)

    def _may_join_with(self):
        """:return: whether the visitor may buy this membership, if there is one"""
        return bool(self) and self._is_add_to_cart_allowed()

    def _is_free_to_visitor(self):
        """:return: whether the visitor would pay nothing for this product"""
        info = self._get_combination_info_variant()
        return not info["price"] and not info.get("prices_hidden")

    def _get_shown_prices(self, website, pricelist, fiscal_position):
        """:return: price (float) by product id, as the shop shows it to the visitor, in the
        currency of the website; none where prices are hidden
        """
        if website._hides_prices():
            return {}
        currency, template = website.currency_id, self.env["product.template"]
        prices = pricelist._get_products_price(self, 1.0, currency=currency)
        for product in self.sudo():
            taxes = product.taxes_id._filter_taxes_by_company(website.company_id)
            if taxes:
                prices[product.id] = template._apply_taxes_to_price(
                    prices[product.id],
                    currency,
                    taxes,
                    fiscal_position.map_tax(taxes),
                    product,
                    website=website,
                )
        return prices
