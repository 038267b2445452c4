from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .period import Period
from .sale_allocation_balance import BalanceKey


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Join the balances first: the generic update would find some of them there twice, as it
        would requests and what was carried over, and deletes all where it does.
        """
        sources = src_partners.sudo().commercial_partner_id
        holder = dst_partner.sudo().commercial_partner_id
        self._join_allocation_requests(sources - holder, holder)
        self._join_allocation_grants(sources - holder, holder)
        self._join_allocation_balances(sources, holder)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _join_allocation_requests(self, sources, holder):
        """Who asked twice asks for the larger quantity; what was granted is bought beyond what all
        of them have bought.
        """
        requests = self.env["sale.allocation.request"].sudo()
        found = requests.search(Domain("partner_id", "in", (sources | holder).ids))
        for asked in (
            found.filtered(lambda r: r.state == "requested").grouped("allocation_id").values()
        ):
            kept = (asked.filtered(lambda r: r.partner_id == holder) or asked)[:1]
            if len(asked) > 1:
                notes = [request.note for request in asked if request.note]
                kept.write({"quantity": max(asked.mapped("quantity")), "note": "\n".join(notes)})
                (asked - kept).unlink()
        granted = found.exists().filtered(lambda r: r.state == "granted")
        used = self.env["sale.allocation.balance"]._get_ever_used(
            granted.allocation_id, sources | holder
        )
        for request in granted:
            request.bought_before += sum(
                quantity
                for (allocation, partner), quantity in used.items()
                if allocation == request.allocation_id and partner != request.partner_id
            )

    def _join_allocation_grants(self, sources, holder):
        """Of what they have carried over into a period the larger part stays, as of two types."""
        grants = self.env["sale.allocation.grant"].sudo()
        carried = grants.search(
            Domain("origin", "=", "carry") & Domain("partner_id", "in", (sources | holder).ids)
        )
        for same in carried.grouped(lambda g: (g.allocation_id, g.opens_at)).values():
            kept = (same.filtered(lambda g: g.partner_id == holder) or same)[:1]
            if len(same) > 1:
                kept.maximum = max(same.mapped("maximum"))
                (same - kept).unlink()

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
