from odoo import models
from odoo.tools import SQL

from .period import Period
from .sale_allocation_balance import BalanceKey


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Join the balances first: the generic update would find some of them there twice."""
        self._join_allocation_balances(
            src_partners.sudo().commercial_partner_id, dst_partner.sudo().commercial_partner_id
        )
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _join_allocation_balances(self, sources, holder):
        balances = self.env["sale.allocation.balance"].sudo()
        for balance in balances.search([("partner_id", "in", (sources - holder).ids)]):
            period = Period(balance.period_start, balance.period_end)
            key = BalanceKey(balance.allocation_id.id, holder.id, period)
            joined_id = balances._book({key: (balance.used, balance.held, None)})[key]
            self.env.execute_query(
                SQL(
                    "UPDATE sale_allocation_entry SET balance_id = %s WHERE balance_id = %s"
                    " RETURNING id",
                    joined_id,
                    balance.id,
                )
            )
            balance.invalidate_recordset()
            balance.unlink()
        self.env["sale.allocation.entry"].invalidate_model(["balance_id"])
        balances.invalidate_model(["used", "held"])
        balances.env["sale.allocation"]._forget_quotas()
