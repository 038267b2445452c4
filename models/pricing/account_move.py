from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _compute_invoice_payment_term_id(self):
        super()._compute_invoice_payment_term_id()
        to_customers = self.filtered(
            lambda move: (
                move.move_type in ("out_invoice", "out_refund")
                and move.partner_id
                and not move.invoice_payment_term_id
            )
        )
        for company, moves in to_customers.grouped("company_id").items():
            terms = moves.partner_id._get_policy_payment_terms(company, self.env["website"])
            for move in moves:
                move.invoice_payment_term_id = terms[move.partner_id.id]
