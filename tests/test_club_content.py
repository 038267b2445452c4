from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .club_common import ClubCommon


@tagged("post_install", "-at_install")
class TestClubContent(ClubCommon):
    """What is in a shipment, who may change it until when, and whether it can be sent at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.content = "choice"
        cls.staff = new_test_user(
            cls.env, login="test_club_staff", groups="customer_type.group_user"
        )
        cls.boss = new_test_user(
            cls.env,
            login="test_club_boss",
            groups="customer_type.group_user,customer_type.group_override",
        )
        cls.portal = new_test_user(cls.env, login="test_club_portal", groups="base.group_portal")
        cls.rose = cls.env["product.product"].create(
            {"name": "Test Rosé", "list_price": 9.0, "type": "consu", "taxes_id": False}
        )

    def _open_run(self, **values):
        run = self._create_run(**values)
        run._open_window()
        return run

    def _choose(self, record, product, quantity=1):
        record.line_ids = [
            Command.clear(),
            Command.create({"product_id": product.id, "quantity": quantity}),
        ]

    def _ordered(self, member):
        return member.shipment_ids.order_id.order_line.product_id

    # -- The cut-off ---------------------------------------------------------

    def test_until_the_cut_off_a_shipment_can_be_changed(self):
        member = self._create_members(1)
        self._open_run()
        shipment = member.shipment_ids
        for user in (self.portal, self.staff):
            self._choose(shipment.with_user(user).sudo(), self.rose)
        self.assertEqual(shipment.line_ids.product_id, self.rose)

    def test_after_the_cut_off_the_server_refuses(self):
        member = self._create_members(1)
        run = self._open_run()
        shipment = member.shipment_ids
        self._choose(shipment, self.rose)
        line = shipment.line_ids
        run.cutoff_at = fields.Datetime.now()
        for user in (self.portal, self.staff):
            with self.assertRaisesRegex(UserError, "closed"):
                self._choose(shipment.with_user(user).sudo(), self.white)
            with self.assertRaisesRegex(UserError, "closed"):
                line.with_user(user).sudo().quantity = 5
            with self.assertRaisesRegex(UserError, "closed"):
                line.with_user(user).sudo().unlink()
        with self.assertRaisesRegex(UserError, "closed"):
            line.with_user(self.staff).quantity = 5
        with self.assertRaises(AccessError):
            line.with_user(self.portal).quantity = 5
        line.with_user(self.boss).quantity = 5
        self.assertEqual(line.quantity, 5)

    def test_nobody_moves_a_line_into_a_shipment_that_is_closed(self):
        first, second = self._create_members(2)
        run = self._open_run()
        self._choose(first, self.rose)
        run.cutoff_at = fields.Datetime.now()
        with self.assertRaisesRegex(UserError, "closed"):
            first.line_ids.with_user(self.staff).write(
                {"member_id": False, "shipment_id": second.shipment_ids.id}
            )

    def test_what_is_an_order_is_changed_by_nobody(self):
        member = self._create_members(1)
        run = self._open_run()
        self._choose(member.shipment_ids, self.rose)
        self._process(run)
        with self.assertRaisesRegex(UserError, "closed"):
            member.shipment_ids.line_ids.with_user(self.boss).quantity = 5

    def test_a_habit_that_changes_after_the_cut_off_is_for_later(self):
        member = self._create_members(1)
        self._choose(member, self.rose)
        with freeze_time("2027-01-20"):
            run = self._open_run()
        with freeze_time("2027-01-31"):
            self.assertEqual(run.state, "window")
            self._choose(member.with_user(self.portal).sudo(), self.white)
            self.assertEqual(run.state, "review")
            self._process(run)
            self.assertEqual(self._ordered(member), self.rose)
            later = self._open_run(ship_date="2027-02-28")
        self._process(later)
        self.assertEqual(
            later.shipment_ids.order_id.order_line.product_id, self.white, "the new habit"
        )

    def test_who_moves_to_another_club_gets_what_was_chosen_for_the_last_shipment(self):
        member = self._create_members(1)
        self._choose(member, self.rose)
        run = self._open_run()
        run.action_close_window()
        member._change_club(self._create_club("Test Other Club"))
        self._process(run)
        self.assertEqual(self._ordered(member), self.rose)

    def test_the_pack_of_a_run_is_not_changed_while_it_is_processed(self):
        self._create_members(1)
        run = self._open_run()
        run.action_process()
        with self.assertRaisesRegex(UserError, "Stop the run"):
            run.line_ids[0].with_user(self.staff).quantity = 5
        run.action_stop()
        run.line_ids[0].with_user(self.staff).quantity = 5
        self.assertEqual(run.line_ids[0].quantity, 5)

    def test_the_pack_of_a_club_is_the_managers(self):
        with self.assertRaises(AccessError):
            self.club.line_ids[0].with_user(self.staff).quantity = 5
        self.club.line_ids[0].with_user(self.manager).quantity = 5
        self.assertEqual(self.club.line_ids[0].quantity, 5)

    # -- What cannot be sent -------------------------------------------------

    def test_a_choice_is_checked_again_when_the_orders_are_made(self):
        members = self._create_members(3)
        run = self._open_run()
        for member in members[:2]:
            self._choose(member.shipment_ids, self.rose if member == members[0] else self.white)
        self.club.choice_domain = f"[('id', '!=', {self.rose.id})]"
        run.action_dry_run()
        self.assertEqual(members[0].shipment_ids.preview_state, "exception")
        self._process(run)
        self.assertEqual(self._counts(run), (3, 2, 0, 0, 1, 0))
        failed = members[0].shipment_ids
        self.assertEqual(failed.failure, "content")
        self.assertIn("Test Rosé", failed.reason)

    def test_what_is_not_sold_any_more_fails_with_its_name(self):
        members = self._create_members(2)
        run = self._open_run()
        self._choose(members[0].shipment_ids, self.rose)
        self.white.action_archive()
        self._process(run)
        self.assertEqual(self._counts(run), (2, 1, 0, 0, 1, 0))
        self.assertIn("Test White", members[1].shipment_ids.reason)

    # -- Among what one chooses ----------------------------------------------

    def test_a_choice_that_nobody_understands_is_refused_in_words(self):
        club = self.club.with_user(self.manager)
        for nonsense in (
            "the red ones",
            "[('colour', '=', 'red')]",
            "[('id', '=', 'red')]",
            "[('sale_ok', '=')]",
            "42",
            "__import__('os').getcwd()",
            "[('create_uid.password', 'like', 'a%')]",
        ):
            with (
                self.subTest(nonsense),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(ValidationError, "cannot look for its products"),
            ):
                club.choice_domain = nonsense
        club.choice_domain = "[('name', 'like', 'Test')]"
        self.assertIn(self.rose, self.rose.search(club._get_choice_domain()))

    def test_a_choice_is_no_way_to_what_staff_may_not_see(self):
        with self.assertRaises(AccessError):
            self.club.with_user(
                self.manager
            ).choice_domain = "[('create_uid.partner_id.signup_type', '=', 'reset')]"

    # -- Delivery ------------------------------------------------------------

    def test_where_the_carrier_does_not_go_the_shipment_fails_alone(self):
        members = self._create_members(3)
        delivery = self.env["product.product"].create({"name": "Test Post", "type": "service"})
        self.club.carrier_id = self.env["delivery.carrier"].create(
            {
                "name": "Test Post",
                "delivery_type": "fixed",
                "fixed_price": 5.0,
                "product_id": delivery.id,
                "country_ids": [Command.set(self.env.ref("base.us").ids)],
            }
        )
        members[1].partner_id.country_id = self.env.ref("base.be")
        members[2].partner_id.country_id = self.env.ref("base.be")
        members[2].is_pickup = True
        run = self._open_run()
        run.action_dry_run()
        self.assertEqual(members[1].shipment_ids.preview_state, "exception")
        self._process(run)
        self.assertEqual(self._counts(run), (3, 2, 0, 0, 1, 0))
        failed = members[1].shipment_ids
        self.assertEqual((failed.failure, failed.order_id.id), ("delivery", False))
        self.assertTrue(failed.reason)
        self.assertFalse(self.env["sale.order"].search([("partner_id", "=", failed.partner_id.id)]))
        self.assertIn(delivery, self._ordered(members[0]))
        self.assertNotIn(delivery, self._ordered(members[2]))
        self.club.carrier_id = False
        failed.action_retry()
        self._run_cron("cron_club_process")
        self.assertEqual(self._counts(run), (3, 3, 0, 0, 0, 0))

    # -- Substitution --------------------------------------------------------

    def _substitution(self, run):
        return Form(
            self.env["sale.club.substitution"]
            .with_user(self.staff)
            .with_context(default_run_id=run.id)
        )

    def test_staff_substitutes_what_is_sold_out(self):
        members = self._create_members(4)
        run = self._open_run()
        self._choose(members[0].shipment_ids, self.product)
        members[1]._skip()
        run.action_close_window()
        wizard = self._substitution(run)
        wizard.product_id, wizard.substitute_id = self.product, self.rose
        self.assertEqual((wizard.untouched_count, wizard.chosen_count), (2, 1))
        wizard.save().action_substitute()
        self.assertIn("Test Rosé", run.message_ids[0].body)
        self._process(run)
        self.assertEqual(self._counts(run), (4, 3, 1, 0, 0, 0))
        self.assertEqual(self._ordered(members[0]), self.product)
        self.assertEqual(self._ordered(members[2]), self.rose + self.white)
        with self.assertRaisesRegex(UserError, "done"):
            wizard.record.action_substitute()

    def test_a_substitute_in_the_middle_leaves_orders_as_they_are(self):
        members = self._create_members(3)
        run = self._open_run()
        run.action_process()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            run.with_env(run.env(cr=cr))._process_batch(limit=1)
        self.env.invalidate_all()
        wizard = self._substitution(run)
        wizard.product_id, wizard.substitute_id = self.white, self.rose
        self.assertEqual(wizard.untouched_count, 2)
        wizard.save().action_substitute()
        self._run_cron("cron_club_process")
        self.assertEqual(self._ordered(members[0]), self.product + self.white)
        self.assertEqual(self._ordered(members[1]), self.product + self.rose)
        self.assertEqual(self._ordered(members[2]), self.product + self.rose)

    # -- Jobs ----------------------------------------------------------------

    def test_a_job_never_commits_the_cursor_of_its_queue(self):
        self._create_members(2)
        run = self._open_run()
        run.action_process()
        self.env.flush_all()
        with (
            self.enter_registry_test_mode(),
            self.env.registry.cursor() as cr,
            patch.object(cr, "commit", side_effect=AssertionError("commits are forbidden")),
        ):
            job = run.with_env(run.env(cr=cr)).with_user(self.staff)
            job._process_in_job()
            # Another one that finds nothing left does no harm.
            job._process_in_job()
        self.env.invalidate_all()
        self.assertEqual(self._counts(run), (2, 2, 0, 0, 0, 0))
