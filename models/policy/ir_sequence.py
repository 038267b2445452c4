from odoo import models


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _next(self, sequence_date=None):
        # A number that is drawn does not come back with what is undone, and leaves a gap.
        return self._get_passing_number() or super()._next(sequence_date=sequence_date)

    def _get_passing_number(self):
        """Hook: a number for what is only tried and undone afterwards, from no sequence.

        :return: empty where what is done now stays
        :rtype: str
        """
        return ""
