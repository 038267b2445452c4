from odoo import api, models, tools
from odoo.fields import Domain


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        yield from super()._compute_domain_context_values()
        # The rules of the catalogue ask for it.
        yield self._restricts_catalog()

    @api.model
    def _restricts_catalog(self):
        """:return: whether anything of the catalogue may be kept from the browsing user"""
        return self._has_restricted_catalog() and self.env["website"]._get_visitor().share

    @api.model
    @tools.ormcache()
    def _has_restricted_catalog(self):
        table = self.env["customer.type"]._get_catalog_table()
        return (
            table.restricts("see")
            or table.restricts("part")
            or bool(self.env["website"]._get_private_website_ids())
        )

    @api.model
    def _get_customer_domain(self, model_name):
        """Reserved tags are kept from customers who are not to know them.

        Past the pages only: these read tags of products that other code has looked up past the
        rules, and leave out what is not for the visitor themselves.
        """
        domain = super()._get_customer_domain(model_name)
        if model_name == "product.tag" and self.env["website"]._is_asked_past_pages():
            type_ids = self.env["product.template"]._get_visitor_type_ids("see")
            if hidden_ids := self.env["product.tag"]._get_hidden_ids(type_ids):
                domain &= Domain("id", "not in", hidden_ids)
        return domain
