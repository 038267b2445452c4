from odoo import models


class ProductDocument(models.Model):
    _name = "product.document"
    _inherit = ["product.document", "customer.audience.mixin"]

    def _filter_for_visitor(self):
        """:return: those of these documents that are for the browsing user"""
        hidden_ids = self._get_hidden_ids()
        return self.filtered(lambda document: document.id not in hidden_ids)

    def _filter_for_policy(self, policy):
        """:return: those of these documents that are for a customer with this policy"""
        audiences = self._get_audiences()
        return self.filtered(
            lambda document: (
                document.id not in audiences
                or not audiences[document.id].isdisjoint(policy.type_ids)
            )
        )
