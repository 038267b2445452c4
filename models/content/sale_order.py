from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _filter_product_documents(self, documents):
        """The portal page of an order offers what is for its customer, whoever looks at it."""
        documents = super()._filter_product_documents(documents)
        return documents and documents._filter_for_policy(self._get_customer_policy())
