from odoo import fields, models

from ...allocation.period import Period
from ...allocation.sale_allocation_balance import BalanceKey
from ..dry_run.dry_run import get_dry_run


class SaleClubRun(models.Model):
    _inherit = "sale.club.run"

    def _get_charge_errors(self, orders):
        refused = super()._get_charge_errors(orders)
        for order in orders:
            # Each alone may have what all together may not.
            if order not in refused and (refusal := order._refuse_to_hold_allocations()):
                refused[order] = refusal
        return refused

    def _begin_dry_run(self):
        super()._begin_dry_run()
        balances = self.env["sale.allocation.balance"].sudo()
        balances._book(
            {
                self._get_pool_key(*row): (quantity, 0.0, None)
                for *row, quantity in get_dry_run(self.env).memory.get("pools", ())
            }
        )
        self.env["sale.allocation"]._forget_quotas()

    def _remember(self, shipments):
        super()._remember(shipments)
        dry_run = get_dry_run(self.env)
        rows = (
            self.env["sale.allocation.entry"]
            .sudo()
            ._read_group(
                [
                    ("order_id", "in", shipments.order_id.ids),
                    ("balance_id.partner_id", "=", False),
                ],
                ["balance_id"],
                ["used:sum", "held:sum"],
            )
        )
        pools = {tuple(row): quantity for *row, quantity in dry_run.memory.get("pools", ())}
        for balance, used, held in rows:
            key = (
                balance.allocation_id.id,
                fields.Datetime.to_string(balance.period_start),
                fields.Datetime.to_string(balance.period_end),
            )
            pools[key] = pools.get(key, 0.0) + used + held
        dry_run.memory = {
            **dry_run.memory,
            "pools": [[*key, quantity] for key, quantity in pools.items()],
        }

    def _get_pool_key(self, allocation_id, start, end):
        period = Period(fields.Datetime.to_datetime(start), fields.Datetime.to_datetime(end))
        return BalanceKey(allocation_id, None, period)
