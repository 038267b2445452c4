from odoo import api, models


class WebsiteSnippetFilter(models.Model):
    _inherit = "website.snippet.filter"

    def _prepare_values(self, limit=None, search_domain=None, **kwargs):
        if not self.env.user._is_internal() and kwargs.get("res_id"):
            # A single record is rendered by its id, past every rule.
            # The browser's model comes first, whatever the filter lists.
            model = kwargs.get("res_model") or self.model_name
            record = self.env[model].sudo(False).browse(int(kwargs["res_id"])).exists()
            if not record.has_access("read"):
                return []
        return super()._prepare_values(limit=limit, search_domain=search_domain, **kwargs)

    @api.model
    def _get_products(self, mode, **kwargs):
        # What was sold, or viewed, or goes with something else is looked up past every rule.
        visible = [("is_visible_to_user", "=", True), ("is_variant_visible_to_user", "=", True)]
        search_domain = [*(self.env.context.get("search_domain") or []), *visible]
        products = self.with_context(search_domain=search_domain)
        return super(WebsiteSnippetFilter, products)._get_products(mode, **kwargs)

    @api.model
    def _prepare_category_list_data(self, parent_id=None):
        data = super()._prepare_category_list_data(parent_id=parent_id)
        if self.env.user._is_internal():
            return data
        categories = self.env["product.public.category"].sudo().browse(d["id"] for d in data)
        shown_ids = set(categories.filtered("has_published_products").ids)
        return [values for values in data if values["id"] in shown_ids]
