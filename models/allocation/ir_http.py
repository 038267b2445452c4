from odoo import models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .sale_allocation_balance import AllocationContended


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        """Odoo replays a request that lost a race five times; then the customer reads why.

        Everything was undone, so the cart is as it was.
        """
        words = cls._get_busy_words(exception)
        if words:
            exception = UserError(words)
            # As busy, not as wrong: whoever calls may try again.
            exception.http_status = 503
        return super()._handle_error(exception)

    @classmethod
    def _get_busy_words(cls, exception):
        """:return: what a customer reads whose request lost every race, or None"""
        if isinstance(exception, AllocationContended):
            return request.env._("Many people are buying this right now, please try again.")
        if isinstance(exception, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY) and getattr(
            request, "is_frontend", False
        ):
            return request.env._("The shop is busy with your last click, please try again.")
        return None
