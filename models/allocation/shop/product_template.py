from odoo import models

from odoo.addons.website.models import ir_http


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _get_allocation_badge(self):
        """:return: what the list of the shop tells of this product, see
        :meth:`SaleAllocation._prepare_shop_values`; empty where it is not allocated
        :rtype: dict
        """
        self.ensure_one()
        return self.env["sale.allocation"]._get_list_values(self)

    def _website_show_quick_add(self):
        return super()._website_show_quick_add() and self._get_allocation_badge().get(
            "is_buyable", True
        )

    def _tell_allocation(self, info, website, cart, product=None, uom=None):
        """Add to the values of a combination what is allocated to the browsing user.

        :param dict info: changed in place
        :param product: the product.product that was chosen, none where it is not there yet
        """
        self.ensure_one()
        allocations = self.env["sale.allocation"]
        info["allocation"] = allocations._get_shop_values(product or self, website, cart, uom)
        if info["allocation"]:
            info["quantity_limits"] = allocations._merge_limits(
                {"words": "", **info["allocation"]["limits"]}, info.get("quantity_limits")
            )

    def _get_additional_configurator_data(
        self, product_or_template, date, currency, pricelist, *, uom=None, **kwargs
    ):
        """Let the dialogs of the shop count as its product page does; staff is not limited."""
        data = super()._get_additional_configurator_data(
            product_or_template, date, currency, pricelist, uom=uom, **kwargs
        )
        website = ir_http.get_request_website()
        if not website:
            return data
        allocations = self.env["sale.allocation"]
        told = allocations._get_shop_values(product_or_template, website, uom=uom)
        if not told:
            return data
        limits = {"words": "", **told["limits"]}
        return data | {
            "quantity_limits": allocations._merge_limits(limits, data.get("quantity_limits"))
        }

    def _get_allocated_variant(self):
        """:return: the product.product that is bought without choosing, none where one chooses"""
        self.ensure_one()
        return self.product_variant_id if self.product_variant_count == 1 else None
