from odoo import models


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"active", "company_id"}:
            types = self.env["customer.type"].sudo().search([("payment_term_id", "in", self.ids)])
            if types:
                types._policy_changed({"payment_term_id"})
        return res
