from odoo import models

from .dry_run import get_dry_run


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _next(self, sequence_date=None):
        # A number that is drawn does not come back: the orders that are real would have gaps.
        if dry_run := get_dry_run(self.env):
            return dry_run.draw_number()
        return super()._next(sequence_date)
