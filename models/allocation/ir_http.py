from functools import partial

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .sale_allocation_balance import AllocationContended

# So often a request that has lost a race is replayed in its turn; then Odoo replays it.
TURNS = 3


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        request.allocation_route = (rule, args)
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _dispatch(cls, endpoint):
        """Who has lost a race for something scarce waits for a turn and is replayed in it.

        Odoo would let everybody sleep for some random seconds, and most of them lose again.
        """
        turns = TURNS
        request.has_allocation_turn = False
        answer = partial(super()._dispatch, endpoint)
        try:
            return answer()
        except AllocationContended as error:
            lost = error
        while turns and not request.httprequest.files:
            turns -= 1
            try:
                return cls._dispatch_in_turn(answer, lost.allocation_ids)
            except AllocationContended as error:
                lost = error
        raise lost

    @classmethod
    def _dispatch_in_turn(cls, answer, allocation_ids):
        """Replay a request from its beginning, as :func:`odoo.service.model.retrying` does."""
        env = request.env
        env.cr.rollback()
        env.transaction.reset()
        env.registry.reset_changes()
        with env["sale.allocation.balance"]._wait_for_turn(allocation_ids):
            request.session = request._get_session_and_dbname()[0]
            rule, args = request.allocation_route
            cls._authenticate(rule.endpoint)
            cls._pre_dispatch(rule, args)
            if request.dispatcher.routing_type == "jsonrpc":
                # What was read of it may have been changed since.
                args = {**request.get_json_data().get("params", {}), **args}
            request.params = {**request.params, **args}
            request.has_allocation_turn = True
            result = answer()
            # The next one shall see it.
            request.env.cr.commit()  # pylint: disable=invalid-commit
        return result

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
