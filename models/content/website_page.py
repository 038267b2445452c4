import re

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.website.tools import text_from_html

from .audience import has_blocks, strip_blocks


class WebsitePage(models.Model):
    _inherit = "website.page"

    # -- Cache: one audience never gets what was made for another -----------

    @api.model
    def _allow_to_use_cache(self, request):
        return (
            super()._allow_to_use_cache(request)
            and self._get_page_info(request)["view_id"]
            not in self.env["ir.ui.view"]._get_audiences()
        )

    @api.model
    def _get_cache_key(self, request):
        """Menus and blocks of a page that is for everybody may be for some."""
        visitor = request.website._get_visitor_policy_type_ids()
        return (*super()._get_cache_key(request), visitor)

    # -- Search -------------------------------------------------------------

    @api.model
    def _search_get_detail(self, website, order, options):
        detail = super()._search_get_detail(website, order, options)
        hidden_ids = self.env["ir.ui.view"]._get_hidden_ids()
        if hidden_ids:
            detail["base_domain"].append(Domain("view_id", "not in", hidden_ids))
        return detail

    @api.model
    def _search_fetch(self, search_detail, search, limit, order):
        """Nor are pages found by words of a block that the visitor may not read."""
        pages, count = super()._search_fetch(search_detail, search, limit, order)
        if not search or "description" not in search_detail["mapping"]:
            return pages, count
        found = pages.filtered(
            lambda page: not has_blocks(page.arch) or page._has_visible_term(search)
        )
        return found, count - len(pages - found)

    def _has_visible_term(self, search):
        """:return: whether a term of the search is in what the visitor may read of this page"""
        text = f"{self.name} {self.url} {text_from_html(self._strip_arch(self.arch))}".lower()
        return any(re.search(re.escape(term), text) for term in search.lower().split())

    def _read_format(self, fnames, load="_classic_read"):
        vals_list = super()._read_format(fnames, load=load)
        for vals in vals_list:
            if has_blocks(vals.get("arch")):
                vals["arch"] = self._strip_arch(vals["arch"])
        return vals_list

    @api.model
    def _strip_arch(self, arch):
        return strip_blocks(arch, self.env["website"]._is_shown_to_visitor, is_xml=True)
