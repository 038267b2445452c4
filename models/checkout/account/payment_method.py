from odoo import models


class PaymentMethod(models.Model):
    _inherit = "payment.method"

    def _is_open_to(self, case):
        # Has its own setting on the type, which the list of methods need not repeat.
        return self.code == "on_account" or super()._is_open_to(case)
