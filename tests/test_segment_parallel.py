from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged

from .parallel_common import ParallelCommon


@tagged("post_install", "-at_install")
class TestParallelAssignment(ParallelCommon, TransactionCase):
    """Two people change the types of one customer at the very same time, in real transactions."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.type_id = env["customer.type"].create({"name": "Test Parallel"}).id
            self.partner_id = env["res.partner"].create({"name": "Test Parallel"}).id
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.partner"].browse(self.partner_id).unlink()
            env["customer.type"].browse(self.type_id).unlink()

    def _together(self, *actions):
        """Let each of the functions act on the customer, after all of them have looked at it."""

        def run(action, env, meet):
            partner = env["res.partner"].browse(self.partner_id)
            partner.customer_type_assignment_ids.mapped("state")
            meet()
            action(partner)

        outcomes = self._run_together(*(partial(run, action) for action in actions))
        self.assertEqual(outcomes, [None] * len(actions))

    def _check(self, states):
        """Compare the ledger with ``states`` and the projection with the ledger."""
        with self.registry.cursor() as cr:
            partner = api.Environment(cr, SUPERUSER_ID, {})["res.partner"].browse(self.partner_id)
            self.assertEqual(partner.customer_type_assignment_ids.mapped("state"), states)
            self.assertEqual(bool(partner.customer_type_ids), "current" in states)

    def _assign(self, partner, **values):
        partner._assign_customer_types(partner.env["customer.type"].browse(self.type_id), **values)

    def test_the_same_type_given_twice_is_held_once(self):
        self._together(self._assign, self._assign)
        self._check(["current"])

    def test_two_sources_that_end_together_leave_nothing(self):
        with self.registry.cursor() as cr:
            partner = api.Environment(cr, SUPERUSER_ID, {})["res.partner"].browse(self.partner_id)
            self._assign(partner)
            self._assign(partner, source="club")
        self._check(["current", "current"])

        def end(source):
            return lambda partner: partner.customer_type_assignment_ids.filtered(
                lambda assignment: assignment.source == source
            )._end("Over")

        self._together(end("manual"), end("club"))
        self._check(["ended", "ended"])
