from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .allocation_common import AllocationCommon


@tagged("post_install", "-at_install")
class TestAllocationWaterfall(AllocationCommon):
    """What restaurants do not claim goes to holders of the other type."""

    def setUp(self):
        super().setUp()
        self.friends = self.env["res.partner"].create(
            [{"name": f"Test Friend {number}"} for number in range(3)]
        )
        self.friends._assign_customer_types(self.reserve)
        self.given = self.allocation.grant_ids.filtered(
            lambda g: g.customer_type_id == self.wholesale
        )

    def _step(self, **values):
        return self.env["sale.allocation.step"].create(
            {
                "allocation_id": self.allocation.id,
                "at": self._in(days=1),
                "from_grant_ids": [Command.set(self.given.ids)],
                "to_type_ids": [Command.set(self.reserve.ids)],
                **values,
            }
        )

    def _later(self, **delta):
        return freeze_time(fields.Datetime.now() + timedelta(**delta))

    def _run_due(self):
        self.env["sale.allocation"]._forget_quotas()
        with self.enter_registry_test_mode():
            self.env.ref("customer_type.cron_run_allocation_steps").method_direct_trigger()
        self.env.invalidate_all()

    def test_nothing_moves_before_its_moment(self):
        step = self._step()
        self._run_due()
        self.assertEqual(step.state, "planned")
        self.assertEqual(self._quota().left, 6)

    def test_what_is_not_claimed_goes_to_each_alike(self):
        self._buy(3, self.restaurant)
        step = self._step()
        with self._later(days=2):
            self._run_due()
            self.assertEqual(step.state, "done")
            # Nine bottles for four holders: two each.
            self.assertEqual((step.moved, step.each), (9, 2))
            self.assertEqual(self._quota().left, 8)
            self.assertEqual(self._quota(self.friends[0]).left, 8)
            quota = self._quota(self.restaurant)
            self.assertEqual(quota.state, "closed")
            self.assertEqual(quota.closes_at, step.at)
        self.assertIn("9 were not claimed", self.allocation.message_ids[0].body)

    def test_a_second_run_does_nothing(self):
        step = self._step(at=self._in(minutes=-1))
        self._run_due()
        grants = self.allocation.grant_ids
        self._run_due()
        step._run()
        self.assertEqual(self.allocation.grant_ids, grants)
        self.assertEqual(len(step.grant_ids), 4)

    def test_at_most_so_many_each(self):
        step = self._step(at=self._in(minutes=-1), maximum=1)
        self._run_due()
        self.assertEqual(step.each, 1)
        self.assertEqual(self._quota().left, 7)

    def test_a_share_leaves_the_rest(self):
        step = self._step(at=self._in(minutes=-1), share=50)
        self._run_due()
        self.assertEqual(step.moved, 6)
        self.assertEqual(self._quota(self.restaurant).left, 6)
        self.assertEqual(self._quota().left, 7)

    def test_the_pool_holds_back_what_it_does_not_have(self):
        self.allocation.pool_quantity = 10
        self._buy(6)
        step = self._step(at=self._in(minutes=-1))
        self._run_due()
        self.assertEqual((step.moved, step.each), (4, 1))

    def test_first_come_gives_a_maximum_while_the_pool_lasts(self):
        self.allocation.pool_quantity = 10
        step = self._step(at=self._in(minutes=-1), how="first", maximum=4)
        self._run_due()
        self.assertEqual(step.grant_ids.customer_type_id, self.reserve)
        self.assertEqual(self._quota().customer_left, 10)
        self._buy(10)
        self.assertEqual(self._quota(self.friends[0]).left, 0)

    def test_the_preview_says_what_will_be(self):
        self._buy(3, self.restaurant)
        step = self._step()
        self.assertIn("Test Restaurant: 9", " ".join(step.preview.split()))
        passing = step._plan()
        self.assertEqual(passing.losses, {self.restaurant.id: 9})
        self.assertEqual(len(passing.receivers), 4)
        self.assertFalse(step.grant_ids, "Looking does nothing")

    def test_it_is_undone_as_if_it_had_not_been(self):
        step = self._step(at=self._in(minutes=-1), share=50)
        self.given.minimum = 2
        self._run_due()
        self.given.invalidate_recordset()
        step.action_undo()
        self.assertEqual(step.state, "undone")
        self.assertFalse(step.grant_ids)
        self.assertEqual((self.given.maximum, self.given.minimum), (12, 2))
        self.assertFalse(self.given.closes_at)
        self.assertEqual(self._quota().left, 6)

    def test_what_was_bought_of_it_cannot_be_undone(self):
        step = self._step(at=self._in(minutes=-1))
        self._run_due()
        self._buy(6)
        order = self._buy(1)
        with self.assertRaisesRegex(UserError, "cannot be undone"):
            step.action_undo()
        order._action_cancel()
        step.action_undo()
        self.assertEqual(step.state, "undone")

    def test_the_last_one_is_undone_first(self):
        first = self._step(at=self._in(minutes=-2), share=50)
        second = self._step(at=self._in(minutes=-1), share=50)
        self._run_due()
        self.assertEqual((first.state, second.state, self.given.maximum), ("done", "done", 3))
        with self.assertRaisesRegex(UserError, "undo that one first"):
            first.action_undo()
        self.assertEqual(self.given.maximum, 3)
        second.action_undo()
        self.assertEqual(self.given.maximum, 6)
        first.action_undo()
        self.assertEqual(self.given.maximum, 12)

    def test_several_are_undone_together(self):
        steps = self._step(at=self._in(minutes=-2), share=50)
        steps += self._step(at=self._in(minutes=-1), share=50)
        self._run_due()
        steps.action_undo()
        self.assertEqual(self.given.maximum, 12)

    def test_types_of_a_website_lose_too(self):
        self.wholesale.website_ids = self.website
        step = self._step()
        self.assertEqual(step._plan().losses, {self.restaurant.id: 12})
        rows = {row.name: row for row in self.allocation._get_take_up()}
        self.assertEqual(
            (rows["Test Wholesale"].customers, rows["Test Wholesale"].offered), (1, 12)
        )
        elsewhere = self.env["website"].create({"name": "Test Elsewhere"})
        self.allocation.website_ids = elsewhere
        self.assertEqual(step._plan().losses, {}, "It is not sold where that type acts")

    def test_steps_run_in_the_order_of_their_moments(self):
        mine = self.allocation.grant_ids - self.given
        second = self._step(
            at=self._in(minutes=-1),
            from_grant_ids=[Command.set(mine.ids)],
            to_type_ids=[Command.clear()],
            to_partner_ids=[Command.set(self.chef.ids)],
        )
        first = self._step(at=self._in(minutes=-2))
        self._run_due()
        self.assertEqual((first.moved, first.each), (12, 3))
        # Each of four had six, and three that were passed on: those stay.
        self.assertEqual(second.moved, 24)
        self.assertEqual(second.grant_ids.partner_id, self.restaurant)

    def test_what_makes_no_sense_is_refused(self):
        self.given.is_unlimited = True
        with self.assertRaisesRegex(ValidationError, "with a maximum"):
            self._step()
        self.given.is_unlimited = False
        with self.assertRaisesRegex(ValidationError, "whose grants"):
            self._step(to_type_ids=[Command.clear()])
        with self.assertRaisesRegex(ValidationError, "its holder"):
            self._step(to_type_ids=[Command.set(self.wholesale.ids)])
        with self.assertRaisesRegex(ValidationError, "needs a pool"):
            self._step(how="first", maximum=2)
        self.given.opens_at = self._in(days=5)
        with self.assertRaisesRegex(ValidationError, "not open by then"):
            self._step()

    def test_what_has_happened_is_not_changed(self):
        step = self._step(at=self._in(minutes=-1))
        self._run_due()
        with self.assertRaisesRegex(UserError, "undo it first"):
            step.maximum = 3
        with self.assertRaisesRegex(UserError, "undo it first"):
            step.unlink()

    def test_a_step_that_cannot_run_goes_to_a_person(self):
        step = self._step(at=self._in(minutes=-1))
        other = self._step(at=self._in(minutes=-1), maximum=1)

        words = "Test refusal"

        def refuse(*_args):
            raise UserError(words)

        self.patch(self.env.registry["sale.allocation.step"], "_prepare_grants", refuse)
        with mute_logger("odoo.addons.customer_type.models.allocation.sale_allocation_step"):
            self._run_due()
        self.assertEqual(step.state, "failed")
        self.assertFalse(self.given.closes_at, "Nothing of it happened")
        self.assertEqual(other.state, "failed")
        activity = self.allocation.activity_ids[0]
        self.assertEqual(activity.user_id, self.allocation.user_id)
        self.assertIn("Test refusal", activity.note)

    def test_the_cron_wakes_at_the_moment(self):
        step = self._step()
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("customer_type.cron_run_allocation_steps").id)]
        )
        self.assertIn(step.at, triggers.mapped("call_at"))

    def test_clerks_look_and_managers_act(self):
        step = self._step(at=self._in(minutes=-1))
        self.assertTrue(step.with_user(self.clerk).preview)
        with self.assertRaises(AccessError):
            step.with_user(self.clerk).action_run()
        step.with_user(self.manager).action_run()
        self.assertEqual(step.state, "done")
        with self.assertRaises(AccessError):
            step.with_user(self.clerk).action_undo()
        step.with_user(self.manager).action_undo()
        self.assertEqual(step.state, "undone")
