from werkzeug.exceptions import Forbidden

from odoo import models

from .ir_ui_view import AUDIENCE_REFUSAL


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_exception_code_values(cls, exception):
        code, values = super()._get_exception_code_values(exception)
        if isinstance(exception, Forbidden) and exception.description == AUDIENCE_REFUSAL:
            code = AUDIENCE_REFUSAL
        return code, values

    @classmethod
    def _get_error_html(cls, env, code, values):
        if code == AUDIENCE_REFUSAL:
            return 403, env["ir.ui.view"]._render_template("customer_type.content_refused", values)
        return super()._get_error_html(env, code, values)
