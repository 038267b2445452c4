import contextlib
from threading import Barrier, Thread
from unittest.mock import patch

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .parallel_common import ParallelCommon

_MEMBERS = 24


@tagged("post_install", "-at_install")
class TestParallelClub(ParallelCommon, TransactionCase):
    """Two workers process one run at the same time, each with its own connection."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            product = env["product.product"].create(
                {"name": "Test Parallel Club Wine", "list_price": 10.0, "type": "service"}
            )
            partners = env["res.partner"].create(
                [{"name": f"Test Parallel {number}"} for number in range(_MEMBERS)]
            )
            club = env["sale.club"].create(
                {
                    "name": "Test Parallel Club",
                    "payment": "account",
                    "line_ids": [Command.create({"product_id": product.id})],
                }
            )
            for partner in partners:
                club._join(partner)
            run = env["sale.club.run"].create({"club_id": club.id, "ship_date": "2027-01-31"})
            run._open_window()
            run.state = "processing"
            self.ids = {
                "product.template": product.product_tmpl_id.ids,
                "res.partner": partners.ids,
                "sale.club": club.ids,
                "sale.club.run": run.ids,
            }
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            club_id = tuple(self.ids["sale.club"])
            orders = env["sale.order"].search([("partner_id", "in", self.ids["res.partner"])])
            orders.locked = False
            orders.transaction_ids.unlink()
            orders._action_cancel()
            orders.unlink()
            env.flush_all()
            cr.execute("DELETE FROM sale_club_shipment WHERE club_id IN %s", (club_id,))
            cr.execute("DELETE FROM sale_club_run WHERE club_id IN %s", (club_id,))
            cr.execute("DELETE FROM sale_club_member WHERE club_id IN %s", (club_id,))
            env.invalidate_all()
            for model in ("sale.club", "res.partner", "product.template"):
                env[model].browse(self.ids[model]).unlink()

    def _together(self, limit):
        """Let two workers process the run, batch by batch, until nothing is left."""
        barrier = Barrier(2, timeout=30)
        errors = []

        def work():
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    run = env["sale.club.run"].browse(self.ids["sale.club.run"])
                    barrier.wait()
                    run._process(limit)
            except Exception as error:
                errors.append(error)

        threads = [Thread(target=work) for _worker in range(2)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertFalse(errors)

    def test_each_member_gets_exactly_one_order(self):
        self._together(limit=5)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            orders = env["sale.order"].search([("partner_id", "in", self.ids["res.partner"])])
            self.assertEqual(sorted(orders.partner_id.ids), sorted(self.ids["res.partner"]))
            self.assertEqual(len(orders), _MEMBERS)
            self.assertEqual(set(orders.mapped("state")), {"sale"})
            run = env["sale.club.run"].browse(self.ids["sale.club.run"])
            self.assertEqual((run.done_count, run.expected_count), (_MEMBERS, _MEMBERS))
            self.assertEqual(run.state, "done")

    def test_a_dry_run_is_cancelled_or_becomes_the_run_while_a_batch_is_at_work(self):
        def get_run(cr):
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env["sale.club.run"].browse(self.ids["sale.club.run"])

        for end, expected in (("action_cancel_dry_run", "window"), ("_start", "processing")):
            with self.subTest(end):
                with self.registry.cursor() as cr:
                    run = get_run(cr)
                    run.state = "window"
                    run._ask_dry_run()
                with self.registry.cursor() as worker, self.registry.cursor() as manager:
                    run = get_run(manager)
                    self.assertTrue(run.is_preview_due)
                    for _batch in range(2):
                        get_run(worker)._process_batch(5)
                    getattr(run, end)()
                with self.registry.cursor() as cr:
                    run = get_run(cr)
                    self.assertEqual((run.is_preview_due, run.state), (False, expected))
                    looked_at = run.shipment_ids.filtered("preview_state")
                    self.assertEqual(len(looked_at), 10)

    def test_two_who_join_for_the_last_place_do_not_both_get_it(self):
        club_id = self.ids["sale.club"]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            club = env["sale.club"].browse(club_id)
            club.member_cap = _MEMBERS + 1
            partners = env["res.partner"].create(
                [{"name": f"Test Parallel Late {number}"} for number in range(2)]
            )
            self.ids["res.partner"] += partners.ids

        def join(partner_id):
            def act(env, meet):
                club = env["sale.club"].browse(club_id)
                # What both see: one place.
                places = club._count_free_places()
                meet()
                return places, club._join(env["res.partner"].browse(partner_id)).state

            return act

        outcomes = self._run_together(*map(join, partners.ids))
        self.assertIn((1, "active"), outcomes)
        self.assertIn((0, "waiting"), outcomes)
        with self.registry.cursor() as cr:
            club = api.Environment(cr, SUPERUSER_ID, {})["sale.club"].browse(club_id)
            self.assertEqual((club.member_count, club.waiting_count), (_MEMBERS + 1, 1))

    def test_two_runs_at_once_send_the_welcome_gift_once(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            gift = env["product.product"].create({"name": "Test Parallel Gift", "type": "service"})
            club = env["sale.club"].browse(self.ids["sale.club"])
            club.welcome_product_id = gift
            other = env["sale.club.run"].create({"club_id": club.id, "ship_date": "2027-02-28"})
            other._open_window()
            other.state = "processing"
            self.ids["sale.club.run"] += other.ids
            self.ids["product.template"] += gift.product_tmpl_id.ids

        def process(run_id):
            def act(env, meet):
                run = env["sale.club.run"].browse(run_id)
                self.assertEqual(run.waiting_count, _MEMBERS)
                meet()
                run._process(limit=8)

            return act

        self._run_together(*map(process, self.ids["sale.club.run"]))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            orders = env["sale.order"].search([("partner_id", "in", self.ids["res.partner"])])
            self.assertEqual(len(orders), 2 * _MEMBERS)
            gifts = orders.order_line.filtered(lambda line: line.product_id == gift.with_env(env))
            self.assertEqual(len(gifts), _MEMBERS)
            self.assertEqual(len(gifts.order_partner_id), _MEMBERS)

    def test_a_retry_while_a_worker_closes_the_run_is_not_forgotten(self):
        run_id = self.ids["sale.club.run"]
        with self.registry.cursor() as cr:
            run = api.Environment(cr, SUPERUSER_ID, {})["sale.club.run"].browse(run_id)
            run.shipment_ids._fail("error", "Test")
        with contextlib.closing(self.registry.cursor()) as cr:
            run = api.Environment(cr, SUPERUSER_ID, {})["sale.club.run"].browse(run_id)
            self.assertEqual(run.waiting_count, 0, "what the worker sees from here on")
            with self.registry.cursor() as staff_cr:
                staff_run = run.with_env(run.env(cr=staff_cr))
                staff_run.shipment_ids[:1].action_retry()
            with mute_logger("odoo.sql_db"), self.assertRaises(OperationalError):
                run._finish()
                run.env.flush_all()
            cr.rollback()
            run.env.transaction.reset()
            run._finish()
            self.assertEqual((run.state, run.waiting_count), ("processing", 1))

    def test_each_card_is_charged_at_most_once(self):
        asked = []

        def _send_payment_request(transaction):
            asked.append(transaction.partner_id.id)
            transaction._set_done()

        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            provider = env["payment.provider"].create(
                {"name": "Test Parallel Provider", "code": "none", "state": "test"}
            )
            method = env.ref("payment.payment_method_unknown")
            club = env["sale.club"].browse(self.ids["sale.club"])
            club.payment = "token"
            tokens = env["payment.token"]
            for member in club.member_ids:
                member.payment_token_id = tokens.create(
                    {
                        "provider_id": provider.id,
                        "payment_method_id": method.id,
                        "partner_id": member.partner_id.id,
                        "payment_details": "1234",
                        "provider_ref": "test",
                    }
                )
            token_ids = club.member_ids.payment_token_id.ids

        def remove_cards():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["payment.transaction"].search([("token_id", "in", token_ids)]).unlink()
                env["sale.club.member"].search(
                    [("payment_token_id", "in", token_ids)]
                ).payment_token_id = False
                env["payment.token"].browse(token_ids).unlink()
                env["payment.provider"].browse(provider.id).unlink()

        self.addCleanup(remove_cards)
        transactions = self.registry["payment.transaction"]
        with patch.object(transactions, "_send_payment_request", _send_payment_request):
            self._together(limit=5)
        self.assertEqual(sorted(asked), sorted(self.ids["res.partner"]))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            run = env["sale.club.run"].browse(self.ids["sale.club.run"])
            self.assertEqual(set(run.shipment_ids.mapped("state")), {"done"})
            self.assertEqual(set(run.shipment_ids.order_id.mapped("state")), {"sale"})
