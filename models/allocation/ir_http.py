from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

from .sale_allocation_balance import AllocationContended


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        """Odoo replays a request that lost a race five times; then the customer reads why.

        Everything was undone, so the cart is as it was.
        """
        if isinstance(exception, AllocationContended):
            exception = UserError(
                request.env._("Many people are buying this right now, please try again.")
            )
            # As busy, not as wrong: whoever calls may try again.
            exception.http_status = 503
        return super()._handle_error(exception)
