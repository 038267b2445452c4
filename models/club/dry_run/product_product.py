from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_free_quantities(self, company):
        """Hook: what can still be promised to somebody. Nothing, where nobody keeps stock.

        :param company: res.company
        :return: quantity (float, in the unit of the product) by product of which stock is kept
        :rtype: dict
        """
        if "free_qty" not in self._fields:
            return {}
        products = self.sudo().with_context(allowed_company_ids=company.ids)
        return {product.id: product.free_qty for product in products.filtered("is_storable")}
