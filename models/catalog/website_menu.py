from urllib.parse import urlsplit

from odoo import api, models, tools
from odoo.fields import Domain


class WebsiteMenu(models.Model):
    _inherit = "website.menu"

    def _compute_visible(self):
        """A menu that leads to what is not for the visitor would tell of it."""
        res = super()._compute_visible()
        hidden_ids = self._get_ids_of_hidden_products()
        for menu in self:
            if menu.id in hidden_ids:
                menu.is_visible = False
        return res

    @api.model
    def _get_ids_of_hidden_products(self):
        """:return: ids of the menus to products, and categories, that are not for the visitor"""
        targets = self._get_shop_targets()
        if not targets:
            return frozenset()
        visible = self.env["product.template"]._search_is_visible_to_user("in", {True})
        if visible.is_true():
            return frozenset()
        hidden_ids = set()
        for model, domain in (
            ("product.template", visible),
            ("product.public.category", Domain("has_published_products", "=", True)),
        ):
            asked = {i: record_id for i, (name, record_id) in targets.items() if name == model}
            if asked:
                shown = (
                    self.env[model].sudo().search(Domain("id", "in", list(asked.values())) & domain)
                )
                hidden_ids |= {i for i, record_id in asked.items() if record_id not in shown.ids}
        return hidden_ids

    @api.model
    @tools.ormcache(cache="templates")
    def _get_shop_targets(self):
        """:return: model and id of the product or category to which a menu leads, by menu id"""
        menus = self.sudo().search(Domain("url", "=like", "/shop/%"))
        targets = {menu.id: self._find_shop_target(menu.url) for menu in menus}
        return {menu_id: target for menu_id, target in targets.items() if target}

    @api.model
    def _find_shop_target(self, url):
        """
        :param str url: address of a page below /shop/
        :return: model and id of the product or category of which the page is, or nothing
        """
        kind, *slugs = urlsplit(url).path.removeprefix("/shop/").strip("/").split("/")
        model = "product.public.category" if kind == "category" else "product.template"
        if kind not in ("category", "product", "ask"):
            # The product stands last, maybe after a category.
            slugs = [kind, *slugs][-1:] if self._unslug(kind) else []
        record_id = self._unslug(slugs[0]) if slugs else None
        return (model, record_id) if record_id else None

    @api.model
    def _unslug(self, slug):
        return self.env["ir.http"]._unslug(slug)[1]
