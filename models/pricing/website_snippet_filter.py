from odoo import models
from odoo.exceptions import AccessError

HIDE_VARIANTS = "hide_variants"  # a word that Odoo's snippets put among the leaves of their domain


class WebsiteSnippetFilter(models.Model):
    _inherit = "website.snippet.filter"

    def _prepare_values(self, limit=None, search_domain=None, **kwargs):
        if search_domain and not self.env.user._is_internal():
            try:
                search_domain = self._restrict_search_domain(search_domain)
            except AccessError:
                return []
        return super()._prepare_values(limit=limit, search_domain=search_domain, **kwargs)

    def _restrict_search_domain(self, search_domain):
        """Evaluate the browser's domain with the visitor's own rights, before sudo does.

        Otherwise a guess like "is the price below 10?" is answered by what the snippet shows.

        :param list search_domain: domain as the browser sent it
        :return: a domain that reads nothing which the visitor may not read
        :raise AccessError: when the visitor may not search on one of the fields
        """
        words = [leaf for leaf in search_domain if leaf == HIDE_VARIANTS]
        domain = [leaf for leaf in search_domain if leaf != HIDE_VARIANTS]
        if not domain or not self.model_name:
            return search_domain
        model = self.env[self.model_name].sudo(False).with_context(guard_prices=True)
        return [*words, ("id", "in", model.search(domain).ids)]

    def _filter_records_to_values(self, records, **options):
        if getattr(records, "_name", None) in ("product.product", "product.template"):
            records = self.env["website"].get_current_website()._with_public_price_rules(records)
        values = super()._filter_records_to_values(records, **options)
        if self.env["website"]._is_visited_without_prices():
            for value in values:
                for fname in getattr(value.get("_record"), "_guarded_price_fields", ()):
                    if fname in value:
                        value[fname] = 0.0
        return values
