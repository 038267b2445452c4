from odoo import models

from .dry_run import get_dry_run


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _get_passing_number(self):
        if dry_run := get_dry_run(self.env):
            return dry_run.draw_number()
        return super()._get_passing_number()
