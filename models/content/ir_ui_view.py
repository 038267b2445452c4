from werkzeug.exceptions import Forbidden

from odoo import api, models
from odoo.exceptions import AccessError

from .audience import AUDIENCE_ATTRIBUTE

# How the page that explains the refusal knows it; see ir.http.
AUDIENCE_REFUSAL = "customer_type_required"


class IrUiView(models.Model):
    """Pages of the website have their audience here, as their other visibility settings: copies
    that Odoo makes for a website take it along.
    """

    _name = "ir.ui.view"
    _inherit = ["ir.ui.view", "customer.audience.mixin"]

    def _handle_visibility(self, do_raise=True):
        if self._is_for_visitor():
            return super()._handle_visibility(do_raise=do_raise)
        if do_raise:
            raise Forbidden(AUDIENCE_REFUSAL)
        return False

    def _check_view_access(self):
        """Also asked when a view is rendered by RPC."""
        if not self._is_for_visitor():
            raise AccessError(self.env._("This page is for some of our customers only."))
        return super()._check_view_access()

    def _audience_changed(self):
        res = super()._audience_changed()
        self.env["website"]._forget_sitemaps()
        return res

    @api.model
    def _get_allowed_root_attrs(self):
        return [*super()._get_allowed_root_attrs(), AUDIENCE_ATTRIBUTE]
