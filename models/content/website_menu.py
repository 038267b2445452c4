from odoo import api, models, tools
from odoo.tools import SQL


class WebsiteMenu(models.Model):
    _name = "website.menu"
    _inherit = ["website.menu", "customer.audience.mixin"]

    @api.model
    @tools.ormcache(cache="templates")
    def _get_menu_audiences(self):
        """What decides on a menu: its own audience, that of its page, and those of its ancestors.

        :return: tuple of audiences (frozensets of type ids), all of which must be met, by menu id
        """
        own, of_view = self._get_audiences(), self.env["ir.ui.view"]._get_audiences()
        if not own and not of_view:
            return {}
        self.flush_model(["parent_path", "page_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT menu.id, above.id, page.view_id
                     FROM website_menu menu
                     JOIN website_menu above ON menu.parent_path LIKE above.parent_path || '%%'
                LEFT JOIN website_page page ON page.id = above.page_id
                    WHERE above.id = ANY(%s) OR page.view_id = ANY(%s)""",
                list(own),
                list(of_view),
            )
        )
        audiences = {}
        for menu_id, above_id, view_id in rows:
            met = [a for a in (own.get(above_id), of_view.get(view_id)) if a]
            audiences[menu_id] = (*audiences.get(menu_id, ()), *met)
        return audiences

    @api.model
    def _get_hidden_ids(self):
        is_shown = self.env["website"]._is_shown_to_visitor
        return [
            menu_id
            for menu_id, audiences in self._get_menu_audiences().items()
            if not all(map(is_shown, audiences))
        ]

    def _compute_visible(self):
        super()._compute_visible()
        hidden_ids = set(self._get_hidden_ids())
        for menu in self:
            if menu.id in hidden_ids:
                menu.is_visible = False
