from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .allocation_common import AllocationCommon

MAXIMUM, POOL = 6, 9
_ORDER = st.integers(0, 3)
_QUANTITY = st.integers(0, 7)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.booleans(), _QUANTITY),
        st.tuples(st.just("change"), _ORDER, _QUANTITY),
        st.tuples(st.just("swap"), _ORDER),
        st.tuples(st.just("confirm"), _ORDER),
        st.tuples(st.just("cancel"), _ORDER),
        st.tuples(st.just("refund"), _ORDER),
        st.tuples(st.just("expire"), _ORDER),
        st.tuples(st.just("renew"), _ORDER),
        st.tuples(st.just("remove"), _ORDER),
        st.tuples(st.just("grant"), st.integers(0, MAXIMUM)),
        st.tuples(st.just("sync"), _ORDER),
        st.tuples(st.just("unit"), _ORDER),
        st.tuples(st.just("override"), _ORDER, _QUANTITY),
        st.tuples(st.just("pay"), _ORDER, st.sampled_from([None, "pending", "done"])),
        st.tuples(st.just("settle"), _ORDER, st.sampled_from(["done", "error", "canceled"])),
    ),
    min_size=4,
    max_size=12,
)


@tagged("post_install", "-at_install")
class TestAllocationProperties(AllocationCommon):
    """Whatever is done, in whatever order: the books balance and nobody has too much."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.product.invoice_policy = "order"

    @given(mode=st.sampled_from(["checkout", "reserve"]), steps=STEPS)
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def _run(self, mode, steps):
        savepoint = self.env.cr.savepoint()
        try:
            self.orders, self.payments = [], 0
            self.allocation = self._create_allocation(
                {self.wholesale: MAXIMUM, self.reserve: MAXIMUM}, mode=mode, pool_quantity=POOL
            )
            self.limits = {self.person: MAXIMUM, self.restaurant: MAXIMUM}
            for name, *arguments in steps:
                try:
                    with self.env.cr.savepoint():
                        getattr(self, f"_do_{name}")(*arguments)
                except (UserError, LookupError):
                    self.env.invalidate_all()
                self.env["sale.allocation"]._forget_quotas()
                self._check()
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            self.env["sale.allocation"]._forget_quotas()

    def test_any_sequence_keeps_the_books(self):
        self.allocation.active = False
        self._run()

    # -- What may happen ---------------------------------------------------

    def _pick(self, index):
        orders = [order for order in self.orders if order.exists()]
        if not orders:
            raise LookupError("There is none")
        return orders[index % len(orders)]

    def _do_add(self, is_person, quantity):
        partner = self.person if is_person else self.chef
        self.orders.append(self._cart(quantity, partner))

    def _do_change(self, index, quantity):
        self._pick(index).order_line.product_uom_qty = quantity

    def _do_swap(self, index):
        line = self._pick(index).order_line
        line.product_id = self.other if line.product_id == self.product else self.product

    def _do_confirm(self, index):
        self._pick(index).action_confirm()

    def _do_cancel(self, index):
        self._pick(index)._action_cancel()

    def _do_refund(self, index):
        order = self._pick(index)
        invoice = order._create_invoices()
        invoice.action_post()
        refund = invoice._reverse_moves()
        for line in refund.invoice_line_ids.filtered("product_id"):
            line.quantity = max(line.quantity // 2, 1)
        refund.action_post()

    def _do_expire(self, index):
        order = self._pick(index)
        order.order_line.filtered(
            "allocation_held_until"
        ).allocation_held_until = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)

    def _do_renew(self, index):
        self._pick(index)._renew_allocation_holds()

    def _do_remove(self, index):
        order = self._pick(index)
        order.order_line.unlink()
        order.unlink()

    def _do_grant(self, quantity):
        self._grant(self.allocation, self.person, quantity, origin="request")
        self.limits[self.person] += quantity

    def _do_sync(self, index):
        order = self._pick(index)
        order._sync_allocations()
        entries = len(self.allocation.balance_ids.entry_ids)
        order._sync_allocations()
        self.assertEqual(len(self.allocation.balance_ids.entry_ids), entries)

    def _do_unit(self, index):
        line = self._pick(index).order_line
        line.product_uom_id = self.dozen if line.product_uom_id == self.bottle else self.bottle

    def _do_override(self, index, quantity):
        order = self._pick(index).with_context(allocation_override_reason="The minister")
        order.order_line.product_uom_qty = quantity
        order.action_confirm()

    def _do_pay(self, index, state):
        order = self._pick(index)
        self.payments += 1
        tx = self._transaction(order, state, reference=f"test-{self.payments}")
        if state == "done":
            tx._check_amount_and_confirm_order()

    def _do_settle(self, index, state):
        tx = self._pick(index).transaction_ids[-1:]
        if tx.state not in ("draft", "pending"):
            raise LookupError("Nothing is under way")
        getattr(tx, f"_set_{state}")(*(["Declined"] if state == "error" else []))
        if state == "done":
            tx._check_amount_and_confirm_order()

    # -- What must hold ----------------------------------------------------

    def _check(self):
        self.allocation.invalidate_recordset(["balance_ids"])
        self.allocation.balance_ids.invalidate_recordset()
        pool_entries = 0.0
        for balance in self.allocation.balance_ids:
            self.assertAlmostEqual(balance.used, sum(balance.entry_ids.mapped("used")), 4)
            self.assertAlmostEqual(balance.held, sum(balance.entry_ids.mapped("held")), 4)
            self.assertGreaterEqual(min(balance.used, balance.held), 0)
            limit = self.limits[balance.partner_id] if balance.partner_id else POOL
            beyond = sum(e.used + e.held for e in balance.entry_ids if e.is_override)
            self.assertLessEqual(balance.used + balance.held, limit + beyond + 0.001)
            sign = 1 if balance.partner_id else -1
            pool_entries += sign * (balance.used + balance.held)
        self.assertAlmostEqual(pool_entries, 0.0, 3, "customers have what the pool has given")
        confirmed = sum(
            line._get_allocation_quantity(self.bottle)
            for order in self.orders
            if order.exists() and order.state == "sale"
            for line in order.order_line
            if line.product_id == self.product
        )
        pool = self.allocation.balance_ids.filtered(lambda b: not b.partner_id)
        self.assertAlmostEqual(pool.used, confirmed, 3, "the ledger is what was ordered")
        orders = self.env["sale.order"].concat(*[o for o in self.orders if o.exists()])
        differences = self.env["sale.allocation.difference"]._find_order_differences(orders)
        self.assertEqual(differences, [], "the nightly check finds nothing")
