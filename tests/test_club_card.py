from contextlib import suppress

from freezegun import freeze_time
from requests.exceptions import ReadTimeout

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .club_card_common import SHIPMENT, ClubCardCommon, Killed


@tagged("post_install", "-at_install")
class TestClubCard(ClubCardCommon):
    """Where charging goes wrong in the middle, for one among others."""

    member_count = 3

    def _shipment(self, member, run=None):
        return member.shipment_ids.filtered(lambda s: s.run_id == (run or self.club_run))

    def _time_out(self, transaction):
        try:
            raise ReadTimeout
        except ReadTimeout:
            raise ValidationError(self.env._("No connection."))  # noqa: B904

    def _break(self, method, breaks):
        """Let a method of shipments break for the first of the members.

        :return: function that mends it
        """
        shipments = self.env.registry["sale.club.shipment"]
        original = getattr(shipments, method)

        def broken(shipment, *args):
            if shipment.member_id == self.members[0]:
                breaks(shipment)
            return original(shipment, *args)

        self.patch(shipments, method, broken)
        return lambda: self.patch(shipments, method, original)

    def _die(self, _shipment):
        raise Killed

    def test_a_crash_before_the_provider_is_asked_costs_nothing(self):
        self.club_run.action_process()
        self.env.flush_all()
        mend = self._break("_start_transaction", self._die)
        with (
            self._provider_answers(self._done) as asked,
            self.enter_registry_test_mode(),
            suppress(Killed),
            self.env.registry.cursor() as cr,
        ):
            self.club_run.with_env(self.club_run.env(cr=cr))._process_batch()
        mend()
        self.env.invalidate_all()
        first = self._shipment(self.members[0])
        self.assertFalse(asked)
        self.assertEqual((first.state, first.step), ("waiting", "charge"))
        self.assertFalse(first.transaction_ids)
        with self._provider_answers(self._done) as asked:
            self._run_cron("cron_club_process")
        self.assertEqual(len(asked), 3)
        self.assertEqual(self._counts(self.club_run), (3, 3, 0, 0, 0, 0))

    def test_one_whose_charge_breaks_stops_nobody_else(self):
        def divide(_shipment):
            raise ZeroDivisionError("boom")

        mend = self._break("_start_transaction", divide)
        with mute_logger(SHIPMENT), self._provider_answers(self._done) as asked:
            self._process(self.club_run)
        self.assertEqual(len(asked), 2)
        self.assertEqual(self._counts(self.club_run), (3, 2, 0, 0, 1, 0))
        first = self._shipment(self.members[0])
        self.assertEqual(first.failure, "error")
        self.assertIn("boom", first.reason)
        mend()
        first.action_retry()
        with self._provider_answers(self._done) as asked:
            self._run_cron("cron_club_process")
        self.assertEqual(len(asked), 1)
        self.assertEqual(self._counts(self.club_run), (3, 3, 0, 0, 0, 0))

    def test_a_database_error_while_charging_leaves_no_lock(self):
        self._break("_start_transaction", lambda s: s.env.cr.execute("SELECT 1 / 0"))
        with mute_logger(SHIPMENT, "odoo.sql_db"), self._provider_answers(self._done):
            self._process(self.club_run)
        self.assertEqual(self._counts(self.club_run), (3, 2, 0, 0, 1, 0))
        self.env.cr.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND classid = 'sale_club_shipment'::regclass"
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_what_breaks_after_the_answer_is_never_charged_again(self):
        mend = self._break("_follow_payment", lambda s: 1 / 0)
        with mute_logger(SHIPMENT), self._provider_answers(self._done) as asked:
            self._process(self.club_run)
        first = self._shipment(self.members[0])
        self.assertEqual((len(asked), first.failure), (3, "error"))
        mend()
        first.action_retry()
        with self._provider_answers(self._done) as asked:
            self._run_cron("cron_club_process")
        self.assertFalse(asked)
        self.assertEqual((first.state, first.order_id.state), ("done", "sale"))

    def test_who_stops_the_run_stops_the_charging(self):
        def answer(transaction):
            transaction._set_done()
            transaction.club_shipment_id.run_id.action_stop()

        with self._provider_answers(answer) as asked:
            self._process(self.club_run)
        self.assertEqual(len(asked), 1)
        self.assertEqual(self.club_run.state, "review")
        with self._provider_answers(self._done) as asked:
            self._process(self.club_run)
        self.assertEqual(len(asked), 2)
        self.assertEqual(self._counts(self.club_run), (3, 3, 0, 0, 0, 0))

    def test_slow_providers_do_not_make_a_worker_run_out_of_time(self):
        self.club_run.action_process()
        with (
            self._provider_answers(self._done) as asked,
            self.enter_registry_test_mode(),
            self.env.registry.cursor() as cr,
        ):
            run = self.club_run.with_env(self.club_run.env(cr=cr)).with_context(club_end_time=0)
            self.assertFalse(run._process())
            self.assertEqual(len(asked), 1)
            self.assertTrue(run.with_context(club_end_time=float("inf"))._process())
        self.env.invalidate_all()
        self.assertEqual(len(asked), 3)
        self.assertEqual(self._counts(self.club_run), (3, 3, 0, 0, 0, 0))

    def test_a_pending_payment_that_is_refused_later_is_a_refusal(self):
        with self._provider_answers(lambda tx: tx._set_pending()):
            self._process(self.club_run)
        first = self._shipment(self.members[0])
        first.transaction_ids._set_error("No money after all")
        first.transaction_ids._post_process()
        self.assertEqual((first.state, first.failure), ("failed", "declined"))
        self.assertEqual((first.attempts, first.order_id.state), (1, "draft"))
        self.assertTrue(first.next_retry)
        self.assertEqual(self.club_run.state, "processing")

    def test_a_reserved_amount_confirms_the_order(self):
        def reserve(transaction):
            transaction.provider_id.support_manual_capture = "full_only"
            transaction._set_authorized()

        with self._provider_answers(reserve) as asked:
            self._process(self.club_run)
        self.assertEqual(len(asked), 3)
        self.assertEqual(self._counts(self.club_run), (3, 3, 0, 0, 0, 0))

    def test_an_answer_after_all_ends_what_was_unclear(self):
        with mute_logger(SHIPMENT), self._provider_answers(self._time_out):
            self._process(self.club_run)
        self.assertEqual(self._counts(self.club_run), (3, 0, 0, 0, 3, 0))
        self.assertEqual(self.club_run.state, "done")
        paid, refused, pending = (self._shipment(member) for member in self.members)
        for shipment, method in (
            (paid, "_set_done"),
            (refused, "_set_error"),
            (pending, "_set_pending"),
        ):
            args = ("No money",) if method == "_set_error" else ()
            getattr(shipment.transaction_ids, method)(*args)
            shipment.transaction_ids._post_process()
        self._run_cron("cron_club_process")
        self.assertEqual((paid.state, paid.order_id.state), ("done", "sale"))
        self.assertEqual((refused.state, refused.failure), ("failed", "declined"))
        self.assertEqual((pending.state, pending.step), ("waiting", "pending"))
        self.assertEqual(self.club_run.state, "processing", "somebody waits again")

    def test_nobody_else_writes_on_a_payment_while_the_provider_is_asked(self):
        seen = []

        def answer(transaction):
            seen.append(transaction.is_post_processed)
            transaction._set_done()
            seen.append(transaction.is_post_processed)

        with self._provider_answers(answer):
            self._process(self.club_run)
        self.assertEqual(seen, [True, False] * 3, "Odoo's check takes those that are not")

    def test_a_new_card_is_tried_for_this_run_only(self):
        second = self._create_run(ship_date="2027-02-28")
        second._open_window()
        with freeze_time("2027-01-31 10:00"), self._provider_answers(self._refuse):
            self._process(self.club_run)
        with freeze_time("2027-02-01 10:00"), self._provider_answers(self._refuse):
            self._process(second)
        coming = self._create_run(ship_date="2027-03-31")
        coming._open_window()
        member = self.members[0]
        with freeze_time("2027-02-01 11:00"), self._provider_answers(self._done) as asked:
            member.payment_token_id = self._create_card(member.partner_id)
            self._run_cron("cron_club_process")
            self.assertEqual(len(asked), 1)
        self.assertEqual(self._shipment(member, second).state, "done")
        self.assertEqual(self._shipment(member).failure, "declined")
        self.assertEqual(self._shipment(member, coming).state, "waiting")
        for other in self.members[1:]:
            self.assertEqual(self._shipment(other, second).failure, "declined")

    def test_nobody_who_has_left_is_charged_again(self):
        with self._provider_answers(self._refuse):
            self._process(self.club_run)
        gone = self.members[0]
        gone._leave("cancelled", "choice", "Test")
        gone.payment_token_id = self._create_card(gone.partner_id)
        self.club_run.action_retry_declined()
        with self._provider_answers(self._done) as asked:
            self._run_cron("cron_club_process")
        self.assertEqual(len(asked), 2)
        self.assertEqual(self._shipment(gone).state, "failed")
        self.assertEqual(self._counts(self.club_run), (3, 2, 0, 0, 1, 0))

    def test_a_dry_run_points_out_who_has_left(self):
        self.club_run.action_close_window()
        self.members[0]._leave("cancelled", "choice", "Test")
        self.club_run.action_dry_run()
        self.assertEqual(self._shipment(self.members[0]).preview_state, "warning")
        self.assertIn("has left", self._shipment(self.members[0]).preview_reason)
        self.assertNotIn("has left", self._shipment(self.members[1]).preview_reason or "")

    def test_an_outage_does_not_make_up_for_retries_at_once(self):
        with freeze_time("2027-01-31 09:00"), self._provider_answers(self._refuse):
            self._process(self.club_run)
        first = self._shipment(self.members[0])
        with freeze_time("2027-02-05 09:00"), self._provider_answers(self._refuse) as asked:
            self._run_cron("cron_club_process")
            self._run_cron("cron_club_process")
            self.assertEqual(len(asked), 3)
            self.assertEqual(str(first.next_retry), "2027-02-07 09:00:00", "the next set day")
        with freeze_time("2027-02-09 09:00"), self._provider_answers(self._refuse) as asked:
            self._run_cron("cron_club_process")
            self._run_cron("cron_club_process")
        self.assertEqual(len(asked), 3)
        self.assertEqual((first.attempts, first.next_retry), (3, False))
        self.assertEqual(self.members[0].state, "held", "the chosen end")

    def test_an_attempt_by_hand_takes_no_set_day_away(self):
        with freeze_time("2027-01-31 09:00"), self._provider_answers(self._refuse):
            self._process(self.club_run)
        first = self._shipment(self.members[0])
        with freeze_time("2027-02-01 09:00"), self._provider_answers(self._refuse):
            self.club_run.action_retry_declined()
            self._run_cron("cron_club_process")
        self.assertEqual(first.attempts, 2)
        self.assertEqual(str(first.next_retry), "2027-02-03 09:00:00")

    def test_one_who_cannot_be_retried_stops_no_other_retry(self):
        with freeze_time("2027-01-31 09:00"), self._provider_answers(self._refuse):
            self._process(self.club_run)

        def divide(_shipment):
            raise ZeroDivisionError("boom")

        self._break("_get_step", divide)
        with (
            freeze_time("2027-02-03 10:00"),
            mute_logger(SHIPMENT),
            self._provider_answers(self._done) as asked,
        ):
            self._run_cron("cron_club_process")
        self.assertEqual(len(asked), 2)
        self.assertEqual(self._counts(self.club_run), (3, 2, 0, 0, 1, 0))
        self.assertIn("boom", self._shipment(self.members[0]).reason)
