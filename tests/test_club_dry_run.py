from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_type.models.club.dry_run import sale_club_run

from .club_common import ClubCommon

_RUN = "odoo.addons.customer_type.models.club.sale_club_run"


@tagged("post_install", "-at_install")
class TestClubDryRun(ClubCommon):
    """What processing would come to: by the very limits that hold when it does."""

    def _create_payers(self, count):
        """:return: members, with a card each"""
        members = self._create_members(count)
        for member in members:
            member.payment_token_id = self._create_card(member.partner_id)
        return members

    def _open_run(self, **values):
        run = self._create_run(**values)
        run._open_window()
        return run

    def _preview(self, run, limit=7):
        """Do a dry run in small batches.

        :return: how many are fine, to be looked at, would fail
        """
        run._ask_dry_run()
        while run._preview_batch(limit):
            self.assertTrue(run.is_preview_due)
        self.assertFalse(run.is_preview_due)
        states = run.shipment_ids.mapped("preview_state")
        self.assertEqual(len(states), sum(map(bool, states)))
        return tuple(states.count(state) for state in ("ok", "warning", "exception"))

    def _work(self, run, limit):
        """Work on one batch of a run, as a worker that is stopped after it."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            run.with_env(run.env(cr=cr))._process_batch(limit)
        self.env.invalidate_all()

    # -- What there is for all of a run --------------------------------------

    def _grant_pool(self, **values):
        return self.env["sale.allocation"].create(
            {
                "name": "Test Scarce",
                "product_ids": self.product.ids,
                "pool_quantity": 20,
                "grant_ids": [Command.create({"customer_type_id": self.reserve.id, "maximum": 6})],
                **values,
            }
        )

    def test_a_pool_runs_out_on_account(self):
        allocation = self._grant_pool()
        self._create_members(20)
        run = self._open_run()
        self.assertEqual(self._preview(run), (10, 0, 10))
        self.assertEqual(self._preview(run, 100), (10, 0, 10), "as often as one asks")
        self.assertFalse(allocation.balance_ids, "All was taken back")
        failing = run.shipment_ids.filtered(lambda s: s.preview_state == "exception")
        self.assertEqual(failing, run.shipment_ids.sorted("id")[10:])
        self.assertIn("Test Scarce", failing[0].preview_reason)
        self._process(run)
        self.assertEqual(self._counts(run), (20, 10, 0, 0, 10, 0))
        self.assertEqual(run.shipment_ids.filtered(lambda s: s.state == "failed"), failing)

    def test_a_pool_runs_out_by_card_and_no_more_cards_are_charged(self):
        self._grant_pool()
        self.club.payment = "token"
        self._create_payers(20)
        run = self._open_run()
        self.assertEqual(self._preview(run), (10, 0, 10))
        self.assertFalse(
            self.env["payment.transaction"].search([("club_shipment_id", "!=", False)])
        )
        with self._provider_answers(lambda transaction: transaction._set_done()) as asked:
            self._process(run)
        self.assertEqual(len(asked), 10)
        self.assertEqual(self._counts(run), (20, 10, 0, 0, 10, 0))
        failed = run.shipment_ids.filtered(lambda s: s.state == "failed")
        self.assertEqual(set(failed.mapped("failure")), {"gate"})
        self.assertFalse(failed.order_id)

    def test_what_the_pool_gave_before_counts(self):
        self._grant_pool()
        self._create_members(20)
        run = self._open_run()
        run.part_domain = str([("member_id", "in", run.shipment_ids.member_id[:6].ids)])
        self._process(run)
        run.action_stop()
        run.part_domain = False
        run._ask_dry_run()
        while run._preview_batch(5):
            continue
        states = run.shipment_ids.mapped("preview_state")
        self.assertEqual([states.count(state) for state in ("ok", "exception", False)], [4, 10, 6])

    def test_a_grant_is_shared_by_the_members_of_a_family(self):
        self._grant_pool(pool_quantity=0)
        members = self._create_members(8)
        for member in members[-3:]:
            # Three take two each, the fourth would make it eight of six.
            member.partner_id.parent_id = members[0].partner_id
        self.env["sale.club.member"].invalidate_model()
        run = self._open_run()
        self.assertEqual(self._preview(run, 3), (7, 0, 1))
        self.assertEqual(members[-1].shipment_ids.preview_state, "exception")

    def test_a_credit_limit(self):
        self.wholesale.credit_limit = 400.0
        members = self._create_members(6)
        members[0].partner_id._assign_customer_types(self.wholesale)
        self.env["sale.club.member"].invalidate_model()
        members[-1].partner_id.parent_id = members[0].partner_id
        run = self._open_run()
        # One shipment is 306.50: it has room, two have not.
        self.assertEqual(self._preview(run, 3), (5, 0, 1))
        self.assertIn("credit", members[-1].shipment_ids.preview_reason)
        self.wholesale.credit_limit = 300.0
        self.assertEqual(self._preview(run, 3), (4, 0, 2))

    def test_a_credit_limit_is_nothing_to_a_card(self):
        self.club.payment = "token"
        self.reserve.credit_limit = 300.0
        self._create_payers(3)
        self.assertEqual(self._preview(self._open_run()), (3, 0, 0))

    def test_a_hidden_product(self):
        self.white.product_tmpl_id.reserved_type_ids = self.wholesale
        for payment in ("account", "token"):
            with self.subTest(payment):
                club = self._create_club(f"Test {payment}", payment=payment)
                members = self._create_members(3, club=club)
                for member in members:
                    member.payment_token_id = self._create_card(member.partner_id)
                members[1].partner_id._assign_customer_types(self.wholesale)
                run = self._open_run(club=club)
                self.assertEqual(self._preview(run, 2), (1, 0, 2))
                self.assertEqual(members[1].shipment_ids.preview_state, "ok")
                self.assertIn("Test White", members[0].shipment_ids.preview_reason)

    # -- What is drawn, and what is short ------------------------------------

    def test_no_number_of_an_order_is_drawn(self):
        sequence = self.env["ir.sequence"].search(
            [
                ("code", "=", "sale.order"),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            order="company_id",
            limit=1,
        )
        self._create_members(3)
        run = self._open_run()
        before = self.env["sale.order"].create({"partner_id": self.restaurant.id}).name
        next_number = sequence.number_next_actual
        self.assertEqual(self._preview(run, 2), (3, 0, 0))
        sequence.invalidate_recordset()
        self.assertEqual(sequence.number_next_actual, next_number)
        self._process(run)
        names = run.shipment_ids.order_id.mapped("name")
        self.assertEqual(len({*names, before}), 4)
        self.assertFalse([name for name in names if "#" in name])

    def _put_in_stock(self, product, quantity):
        """:return: whether anybody keeps stock here"""
        if "free_qty" not in product._fields:
            return False
        product.is_storable = True
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, quantity
        )
        return True

    def test_what_is_short_in_stock_is_told_where_stock_is_kept(self):
        kept = self._put_in_stock(self.product, 9)
        self._create_members(6)
        run = self._open_run()
        # Two each: enough for four of six.
        self.assertEqual(self._preview(run, 4), (4, 2, 0) if kept else (6, 0, 0))
        short = run.shipment_ids.sorted("id")[-1]
        self.assertEqual("Not enough in stock" in (short.preview_reason or ""), kept)

    def test_what_is_short_is_counted_over_all_batches(self):
        products = self.env.registry["product.product"]
        self.patch(products, "_get_free_quantities", lambda found, company: {self.white.id: 14.0})
        self._create_members(6)
        run = self._open_run()
        self.assertEqual(self._preview(run, 2), (4, 2, 0))
        short = run.shipment_ids.sorted("id")[-1]
        self.assertEqual(short.preview_reason, "Not enough in stock: Test White.")

    # -- In the background ---------------------------------------------------

    def test_many_are_looked_at_in_the_background(self):
        self.patch(sale_club_run, "AT_ONCE", 4)
        self._grant_pool(pool_quantity=6)
        self._create_members(8)
        run = self._open_run()
        self.assertTrue(run.action_dry_run())
        self.assertEqual((run.is_preview_due, run.preview_progress), (True, 0.0))
        self.assertFalse(any(run.shipment_ids.mapped("preview_state")))
        self._work(run, 2)
        self.assertEqual((run.is_preview_due, run.preview_progress), (True, 25.0))
        self.assertFalse(run.previewed_at)
        # Whoever comes next goes on where this one was stopped.
        self._run_cron("cron_club_process")
        self.assertEqual((run.is_preview_due, run.state), (False, "window"))
        self.assertTrue(run.previewed_at)
        self.assertFalse(run._get_memory_keeper())
        self.assertEqual(run.exception_count, 5)
        self.assertEqual(run.shipment_ids.sorted("id").mapped("preview_state")[:3], ["ok"] * 3)
        self.assertFalse(self.env["sale.order"].search([("club_run_id", "=", run.id)]))
        self.assertEqual(self._counts(run), (8, 0, 0, 0, 0, 8))

    def test_who_asks_while_it_is_going_on_lets_it_go_on(self):
        self.patch(sale_club_run, "AT_ONCE", 4)
        self._grant_pool(pool_quantity=6)
        self._create_members(8)
        run = self._open_run()
        run.action_dry_run()
        self._work(run, 2)
        self.assertTrue(run.action_dry_run())
        self.assertEqual(run.preview_progress, 25.0)
        self._run_cron("cron_club_process")
        self.assertEqual(run.exception_count, 5)

    def test_few_are_looked_at_at_once(self):
        self._create_members(2)
        run = self._open_run()
        action = run.with_user(self.manager).action_dry_run()
        self.assertEqual(action["domain"], [("run_id", "=", run.id)])
        self.assertFalse(run.is_preview_due)
        self.assertTrue(run.previewed_at)

    def test_it_can_be_cancelled_and_ends_when_the_run_begins(self):
        self.patch(sale_club_run, "AT_ONCE", 1)
        self._create_members(4)
        run = self._open_run()
        run.action_dry_run()
        self._work(run, 2)
        run.with_user(self.manager).action_cancel_dry_run()
        self._run_cron("cron_club_process")
        self.assertEqual(run.shipment_ids.mapped("preview_state").count(False), 2)
        run.action_dry_run()
        self.assertFalse(any(run.shipment_ids.mapped("preview_state")), "Anew")
        self._process(run)
        self.assertFalse(run.is_preview_due)
        self.assertEqual(self._counts(run), (4, 4, 0, 0, 0, 0))

    def test_an_archived_club_is_looked_at_no_further(self):
        self.patch(sale_club_run, "AT_ONCE", 1)
        self._create_members(2)
        run = self._open_run()
        run.action_dry_run()
        self.club.active = False
        self.assertFalse(run.is_preview_due)

    def test_one_that_breaks_stops_no_other_run(self):
        self.patch(sale_club_run, "AT_ONCE", 1)
        self._create_members(2)
        broken, fine = self._open_run(), self._open_run(ship_date="2027-02-28")
        for run in broken + fine:
            run.action_dry_run()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_club_run SET part_domain = 'nonsense' WHERE id = %s", (broken.id,)
        )
        self.env.invalidate_all()
        with mute_logger(_RUN, "odoo.addons.customer_type.models.segment.isolated"):
            self._run_cron("cron_club_process")
        self.assertTrue(broken.is_preview_due)
        self.assertFalse(fine.is_preview_due)
        self.assertTrue(all(fine.shipment_ids.mapped("preview_state")))

    def test_the_form_says_so(self):
        self._create_members(1)
        run = self._open_run()
        run._ask_dry_run()
        with Form(run.with_user(self.manager)) as form:
            self.assertTrue(form.is_preview_due)
