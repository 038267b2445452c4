from odoo import models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        """Odoo replays a request that lost a race five times; then the customer reads why.

        Everything was undone, so the cart is as it was.
        """
        if cls._is_allocation_contended(exception):
            error = UserError(
                request.env._("Many people are buying this right now, please try again.")
            )
            # As busy, not as wrong: whoever calls may try again.
            error.http_status = 503
            exception = error
        return super()._handle_error(exception)

    @classmethod
    def _is_allocation_contended(cls, exception):
        """:return: whether the tries ran out on the balance of an allocation"""
        if not isinstance(exception, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            return False
        query = getattr(exception.cursor, "query", None) or b""
        return b"sale_allocation_balance" in query
