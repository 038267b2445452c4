from odoo import api, models
from odoo.fields import Domain


class Website(models.Model):
    """Which content the visitor of a website gets to see."""

    _inherit = "website"

    @api.model
    def _is_shown_to_visitor(self, type_ids):
        """Whether the browsing user sees what is for holders of these types. Staff sees all.

        :param type_ids: ids of customer types; none for what everybody sees
        :rtype: bool
        """
        if not type_ids or self.env.user._is_internal():
            return True
        website = self or self._get_browsed_website()
        return not website._get_visitor_policy_type_ids().isdisjoint(type_ids)

    def _get_visitor_policy_type_ids(self):
        """:return: ids (frozenset) of the types that act for the browsing user"""
        return frozenset(self._get_visitor_policy().type_ids)

    def _get_website_pages(self, domain=None, order="name", limit=None):
        """Sitemap, search and suggestions know only pages that are for the visitor."""
        hidden_ids = self.env["ir.ui.view"]._get_hidden_ids()
        if hidden_ids:
            domain = Domain(domain or Domain.TRUE) & Domain("view_id", "not in", hidden_ids)
        return super()._get_website_pages(domain=domain, order=order, limit=limit)

    def _search_with_fuzzy(self, search_type, search, limit, order, options):
        """Do not offer a word for another one that stands only where the visitor may not read."""
        count, results, fuzzy_term = super()._search_with_fuzzy(
            search_type, search, limit, order, options
        )
        return count, results, fuzzy_term if count else False
