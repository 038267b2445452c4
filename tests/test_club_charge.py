from contextlib import suppress

from freezegun import freeze_time
from psycopg2 import IntegrityError
from requests.exceptions import ReadTimeout

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .club_card_common import ClubCardCommon, Killed


@tagged("post_install", "-at_install")
class TestClubCharge(ClubCardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls.members
        cls.shipment = cls.member.shipment_ids

    def test_a_charged_card_confirms_the_order_once(self):
        with self._provider_answers(self._done) as asked:
            self._process(self.club_run)
            self.club_run.state = "processing"
            self._run_cron("cron_club_process")
        self.assertEqual(len(asked), 1)
        self.assertEqual((self.shipment.state, self.shipment.order_id.state), ("done", "sale"))
        transaction = self.shipment.transaction_ids
        self.assertEqual(transaction.amount, self.shipment.order_id.amount_total)
        self.assertEqual(transaction.sale_order_ids, self.shipment.order_id)
        self.assertEqual(self.club_run.state, "done")

    def test_a_declined_card_is_tried_on_its_days_and_then_comes_to_the_end(self):
        with self._provider_answers(self._refuse) as asked:
            for now, attempts in (
                ("2027-01-31 09:00", 1),
                ("2027-02-02 09:00", 1),
                ("2027-02-03 10:00", 2),
                ("2027-02-03 12:00", 2),
                ("2027-02-07 10:00", 3),
                ("2027-03-01 10:00", 3),
            ):
                with freeze_time(now):
                    if self.club_run.state == "window":
                        self._process(self.club_run)
                    self._run_cron("cron_club_process")
                self.assertEqual(len(asked), attempts, now)
                self._counts(self.club_run)
        self.assertEqual((self.shipment.state, self.shipment.failure), ("failed", "declined"))
        self.assertEqual(self.shipment.order_id.state, "cancel")
        self.assertEqual((self.member.state, self.member.reason_code), ("held", "declined"))

    def test_a_declined_card_recovers(self):
        with freeze_time("2027-01-31 09:00"), self._provider_answers(self._refuse):
            self._process(self.club_run)
        self.assertEqual(self._counts(self.club_run), (1, 0, 0, 0, 1, 0))
        order = self.shipment.order_id
        self.assertEqual(order.state, "draft")
        with freeze_time("2027-02-03 10:00"), self._provider_answers(self._done):
            self._run_cron("cron_club_process")
        self.assertEqual(self._counts(self.club_run), (1, 1, 0, 0, 0, 0))
        self.assertEqual((self.shipment.order_id, order.state), (order, "sale"))

    def test_a_member_on_hold_is_not_charged(self):
        with self._provider_answers(self._refuse), freeze_time("2027-01-31 09:00"):
            self._process(self.club_run)
        with self._provider_answers(self._done) as asked:
            with freeze_time("2027-02-01 09:00"):
                self.member._hold()
                self.member.payment_token_id = self._create_card(self.member.partner_id)
            with freeze_time("2027-02-03 10:00"):
                self._run_cron("cron_club_process")
            self.assertEqual(self.shipment.state, "failed")
            self.assertEqual(str(self.shipment.next_retry), "2027-02-07 09:00:00")
            with freeze_time("2027-02-07 10:00"):
                self._run_cron("cron_club_process")
            with freeze_time("2027-03-01 10:00"):
                self.member._resume()
                self._run_cron("cron_club_process")
        self.assertFalse(asked)
        self.assertEqual(self._counts(self.club_run), (1, 0, 0, 1, 0, 0))
        self.assertEqual(self.shipment.order_id.state, "cancel")

    def test_a_hold_that_is_over_before_the_next_day_costs_nothing(self):
        with self._provider_answers(self._refuse), freeze_time("2027-01-31 09:00"):
            self._process(self.club_run)
        with freeze_time("2027-02-01 09:00"):
            self.member._hold()
        with self._provider_answers(self._done) as asked:
            with freeze_time("2027-02-03 10:00"):
                self._run_cron("cron_club_process")
                self.member._resume()
            with freeze_time("2027-02-07 10:00"):
                self._run_cron("cron_club_process")
        self.assertEqual((len(asked), self.shipment.state), (1, "done"))

    def test_customers_merged_while_a_card_is_declined_are_charged_once(self):
        other = self._create_members(1)
        other.payment_token_id = self._create_card(other.partner_id)
        self.club_run._add_members(other)

        def answer(transaction):
            if transaction.partner_id == other.partner_id:
                transaction._set_error("No money")
            else:
                transaction._set_pending()

        with self._provider_answers(answer), freeze_time("2027-01-31 09:00"):
            self._process(self.club_run)
        draft = other.shipment_ids.order_id
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.member + other).partner_id.ids, self.member.partner_id
        )
        self.env.invalidate_all()
        self.assertEqual((other.shipment_ids.state, draft.state), ("skipped", "cancel"))
        with self._provider_answers(self._done) as asked, freeze_time("2027-02-03 10:00"):
            self._run_cron("cron_club_process")
        self.assertFalse(asked)
        self.assertEqual(self._counts(self.club_run), (2, 0, 1, 0, 0, 1))

    def test_whose_order_staff_cancels_is_not_charged_again(self):
        with self._provider_answers(self._refuse), freeze_time("2027-01-31 09:00"):
            self._process(self.club_run)
        self.shipment.order_id._action_cancel()
        self.assertEqual(self._counts(self.club_run), (1, 0, 1, 0, 0, 0))
        with self._provider_answers(self._done) as asked, freeze_time("2027-02-03 10:00"):
            self._run_cron("cron_club_process")
        self.assertFalse(asked)

    def _owe_fee(self):
        """Let the member owe the fee, and get a gift, with the first shipment."""
        self.membership.list_price = 40.0
        self.club.write(
            {
                "product_id": self.membership.id,
                "welcome_product_id": self.env["product.product"]
                .create({"name": "Test Corkscrew", "list_price": 9.0})
                .id,
            }
        )
        self.member.is_fee_due = True

    def _process_later(self, ship_date, answer):
        """:return: what the member gets for the first time in a later run"""
        run = self._create_run(ship_date=ship_date)
        run._open_window()
        with self._provider_answers(answer):
            self._process(run)
        ordered = run.shipment_ids.order_id.order_line.product_id
        return ordered & (self.membership + self.club.welcome_product_id)

    def test_fee_and_gift_go_out_once_though_the_first_shipment_is_paid_late(self):
        self._owe_fee()
        with self._provider_answers(self._refuse), freeze_time("2027-01-31 09:00"):
            self._process(self.club_run)
        first = self.shipment.order_id.order_line.product_id
        self.assertIn(self.membership, first)
        self.assertIn(self.club.welcome_product_id, first)
        with freeze_time("2027-02-01 09:00"):
            self.assertFalse(self._process_later("2027-02-01", self._done))
        self.assertTrue(self.member.is_fee_due, "it is not paid yet")
        with freeze_time("2027-02-03 10:00"), self._provider_answers(self._done):
            self._run_cron("cron_club_process")
        self.assertEqual(self.shipment.state, "done")
        self.assertFalse(self.member.is_fee_due or self.member.is_welcome_due)

    def test_fee_and_gift_come_later_where_the_first_shipment_is_never_paid(self):
        self._owe_fee()
        self.club.write({"retry_days": False, "decline_end": "skip"})
        with self._provider_answers(self._refuse):
            self._process(self.club_run)
        self.assertEqual(self.shipment.state, "skipped")
        self.assertEqual(
            self._process_later("2027-02-28", self._done),
            self.membership + self.club.welcome_product_id,
        )
        self.assertFalse(self.member.is_fee_due or self.member.is_welcome_due)
        self.assertFalse(self._process_later("2027-03-31", self._done))

    def test_a_new_card_is_tried_at_once_for_the_latest_shipment(self):
        with self._provider_answers(self._refuse):
            self._process(self.club_run)
        self.member.payment_token_id = self._create_card(self.member.partner_id)
        with self._provider_answers(self._done) as asked:
            self._run_cron("cron_club_process")
        self.assertEqual((len(asked), self.shipment.state), (1, "done"))

    def test_the_ends_of_declining(self):
        self.club.retry_days = False
        for end, state, shipment_state in (
            ("skip", "active", "skipped"),
            ("cancel", "cancelled", "failed"),
        ):
            self.club.decline_end = end
            member = self._create_members(1)
            member.payment_token_id = self._create_card(member.partner_id)
            run = self._create_run(ship_date="2027-02-28" if end == "skip" else "2027-03-31")
            run._add_members(member)
            with self._provider_answers(self._refuse):
                self._process(run)
            shipment = run.shipment_ids.filtered(lambda s, m=member: s.member_id == m)
            self.assertEqual((member.state, shipment.state), (state, shipment_state))
            self.assertEqual(shipment.order_id.state, "cancel")

    def test_a_pending_payment_waits_and_is_not_asked_for_again(self):
        with self._provider_answers(lambda tx: tx._set_pending()) as asked:
            self._process(self.club_run)
            self._run_cron("cron_club_process")
        self.assertEqual(len(asked), 1)
        self.assertEqual(self._counts(self.club_run), (1, 0, 0, 0, 0, 1))
        self.assertEqual(self.shipment.step, "pending")
        self.assertEqual(self.club_run.state, "processing")
        self.shipment.transaction_ids._set_done()
        self.shipment.transaction_ids._post_process()
        self.assertEqual((self.shipment.state, self.shipment.order_id.state), ("done", "sale"))
        self.assertEqual(self.club_run.state, "done")

    def _fail_to_hear(self, error):
        def answer(transaction):
            try:
                raise error
            except Exception:
                # As Odoo's providers do, so that the cause is the context only.
                raise ValidationError(  # noqa: B904
                    self.env._("Could not establish the connection.")
                )

        return answer

    def test_silence_is_no_refusal(self):
        with self._provider_answers(self._fail_to_hear(ReadTimeout())) as asked:
            self._process(self.club_run)
            self.club_run.state = "processing"
            self._run_cron("cron_club_process")
        self.assertEqual(len(asked), 1)
        self.assertEqual((self.shipment.state, self.shipment.failure), ("failed", "unclear"))
        self.assertTrue(self.member.activity_ids)

    def _kill(self, transaction):
        raise Killed

    def _crash(self):
        """Process, and die while the provider is asked."""
        self.club_run.action_process()
        self.env.flush_all()
        with (
            self._provider_answers(self._kill) as asked,
            self.enter_registry_test_mode(),
            suppress(Killed),
            self.env.registry.cursor() as cr,
        ):
            self.club_run.with_env(self.club_run.env(cr=cr))._process_batch()
        self.env.invalidate_all()
        return asked

    def test_a_crash_while_the_provider_is_asked_goes_to_a_person(self):
        self.assertEqual(len(self._crash()), 1)
        self.assertEqual((self.shipment.state, self.shipment.step), ("waiting", "charge"))
        self.assertEqual(self.shipment.transaction_ids.state, "draft")
        with self._provider_answers(self._done) as asked:
            self._run_cron("cron_club_process")
        self.assertFalse(asked, "never charged again by itself")
        self.assertEqual(self.shipment.failure, "unclear")
        with self.assertRaises(UserError):
            self.shipment.action_retry()
        self.shipment.action_payment_made()
        self._run_cron("cron_club_process")
        self.assertEqual((self.shipment.state, self.shipment.order_id.state), ("done", "sale"))

    def test_what_a_person_found_unpaid_is_charged_again(self):
        self._crash()
        self._run_cron("cron_club_process")
        self.shipment.action_payment_not_made()
        self.shipment.action_retry()
        with self._provider_answers(self._done) as asked:
            self._run_cron("cron_club_process")
        self.assertEqual((len(asked), self.shipment.state), (1, "done"))

    def test_a_crash_after_the_answer_charges_nobody_again(self):
        self.club_run.action_process()
        with self._provider_answers(self._done), self.enter_registry_test_mode():
            shipments = self.env.registry["sale.club.shipment"]

            def die(shipment):
                raise Killed

            original = shipments._follow_payment
            self.patch(shipments, "_follow_payment", die)
            with suppress(Killed), self.env.registry.cursor() as cr:
                self.club_run.with_env(self.club_run.env(cr=cr))._process_batch()
            self.patch(shipments, "_follow_payment", original)
        self.env.invalidate_all()
        self.assertEqual(self.shipment.transaction_ids.state, "done")
        with self._provider_answers(self._done) as asked:
            self._run_cron("cron_club_process")
        self.assertFalse(asked)
        self.assertEqual((self.shipment.state, self.shipment.order_id.state), ("done", "sale"))

    def test_the_database_refuses_a_second_open_payment(self):
        with self._provider_answers(self._done):
            self._process(self.club_run)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.shipment.transaction_ids.copy({"club_shipment_id": self.shipment.id})
            self.env.flush_all()

    def test_without_a_card_nothing_is_ordered(self):
        self.member.payment_token_id = False
        with self._provider_answers(self._done) as asked:
            self._process(self.club_run)
        self.assertFalse(asked)
        self.assertEqual((self.shipment.failure, self.shipment.order_id.id), ("card", False))

    def test_a_card_of_somebody_else_is_refused(self):
        with self.assertRaises(ValidationError):
            self.member.payment_token_id = self._create_card(self.person)

    def test_a_free_order_needs_no_charge(self):
        self.club.discount = 100.0
        with self._provider_answers(self._done) as asked:
            self._process(self.club_run)
        self.assertFalse(asked)
        self.assertEqual(self.shipment.state, "done")
        self.assertTrue(self.env.ref("customer_type.cron_club_process").active)
