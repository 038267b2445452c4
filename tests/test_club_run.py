from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_type.models.policy.policy import PolicyIssue

from .club_common import ClubCommon


@tagged("post_install", "-at_install")
class TestClubRun(ClubCommon):
    def test_orders_are_exactly_those_that_plain_creation_gives(self):
        self.env["customer.type"]._enable_pricelists()
        tax = self.env["account.tax"].create({"name": "Test 7.7 %", "amount": 7.7})
        self.product.taxes_id = tax
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Test Trade",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 13.3}),
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.white.id,
                            "min_quantity": 3,
                            "compute_price": "fixed",
                            "fixed_price": 29.99,
                        }
                    ),
                ],
            }
        )
        self.wholesale.pricelist_id = pricelist
        self.club.write({"discount": 5.0, "content": "choice"})
        members = self._create_members(9)
        members[3:6].partner_id._assign_customer_types(self.wholesale)
        members[6].line_ids = [Command.create({"product_id": self.white.id, "quantity": 7})]
        members[7].line_ids = [
            Command.create({"product_id": self.white.id, "quantity": 3}),
            Command.create({"product_id": self.product.id, "quantity": 1}),
        ]
        self.env.ref("base.lang_en")
        run = self._create_run()
        run._open_window()
        self._process(run)
        self.assertEqual(self._counts(run), (9, 9, 0, 0, 0, 0), run.shipment_ids.mapped("reason"))
        totals = set()
        for member in members:
            order = member.shipment_ids.order_id
            content = [(line.product_id, line.product_uom_qty) for line in order.order_line]
            plain = self._plain_order(member.partner_id, content, discount=5.0)
            self.assertEqual(self._values(order.order_line), self._values(plain.order_line))
            self.assertEqual(self._values(order), self._values(plain))
            self.assertGreater(order.amount_tax + order.amount_total, 0)
            totals.add(order.amount_total)
        self.assertEqual(len(totals), 4)

    def test_orders_are_confirmed_marked_and_nobodys_cart(self):
        member = self._create_members(1)
        run = self._create_run()
        run._open_window()
        self._process(run)
        order = member.shipment_ids.order_id
        self.assertEqual((order.state, order.club_id), ("sale", self.club))
        self.assertEqual((order.club_run_id, order.club_member_id), (run, member))
        self.assertFalse(order.website_id)
        self.assertEqual(run.state, "done")

    def test_what_the_order_gate_refuses_fails_alone_and_leaves_no_order(self):
        members = self._create_members(5)
        run = self._create_run()
        run._open_window()
        bad = members[2]
        orders = self.env.registry["sale.order"]
        original = orders._get_policy_issues

        def refuse(order, stage):
            issues = original(order, stage)
            if order.partner_id == bad.partner_id:
                issues.append(PolicyIssue("test", "block", "Not for you."))
            return issues

        self.patch(orders, "_get_policy_issues", refuse)
        self._process(run)
        self.assertEqual(self._counts(run), (5, 4, 0, 0, 1, 0))
        failed = bad.shipment_ids
        self.assertEqual((failed.failure, failed.reason), ("gate", "Not for you."))
        self.assertFalse(self.env["sale.order"].search([("partner_id", "=", bad.partner_id.id)]))
        self.assertEqual(run.state, "done")
        self.patch(orders, "_get_policy_issues", original)
        failed.action_retry()
        self.assertEqual(run.state, "processing")
        self._run_cron("cron_club_process")
        self.assertEqual(self._counts(run), (5, 5, 0, 0, 0, 0))

    def test_one_who_breaks_everything_stops_nobody_else(self):
        members = self._create_members(7)
        run = self._create_run()
        run._open_window()
        bad = members[3].partner_id
        orders = self.env.registry["sale.order"]
        original = orders._action_confirm

        def explode(batch):
            if bad in batch.partner_id:
                raise ZeroDivisionError("boom")
            return original(batch)

        self.patch(orders, "_action_confirm", explode)
        with mute_logger("odoo.addons.customer_type.models.club.sale_club_shipment"):
            self._process(run)
        self.assertEqual(self._counts(run), (7, 6, 0, 0, 1, 0))
        self.assertIn("boom", members[3].shipment_ids.reason)
        self.assertTrue(self.env.ref("customer_type.cron_club_process").active)
        for member in members - members[3]:
            self.assertEqual(member.shipment_ids.order_id.state, "sale")

    def test_processing_again_makes_no_second_order(self):
        self._create_members(3)
        run = self._create_run()
        run._open_window()
        self._process(run)
        before = self.env["sale.order"].search_count([("club_run_id", "=", run.id)])
        run.state = "processing"
        self._run_cron("cron_club_process")
        run._freeze_audience()
        after = self.env["sale.order"].search_count([("club_run_id", "=", run.id)])
        self.assertEqual((before, after), (3, 3))
        self.assertEqual(self._counts(run), (3, 3, 0, 0, 0, 0))

    def test_a_dry_run_tells_what_would_happen_and_changes_nothing(self):
        members = self._create_members(3)
        members[1].line_ids = False
        shipments = self.env["sale.club.shipment"]
        run = self._create_run()
        run._open_window()
        own = members[1].shipment_ids
        self.club.minimum_quantity = 4
        self.club.content = "choice"
        own.line_ids = [Command.create({"product_id": self.white.id, "quantity": 1})]
        orders_before = self.env["sale.order"].search_count([])
        run.action_dry_run()
        self.assertEqual(self.env["sale.order"].search_count([]), orders_before)
        self.assertEqual(self._counts(run), (3, 0, 0, 0, 0, 3))
        self.assertEqual(own.preview_state, "exception")
        self.assertIn("at least 4", own.preview_reason)
        fine = members[0].shipment_ids
        self.assertEqual((fine.preview_state, fine.preview_amount), ("ok", 306.5))
        self._process(run)
        self.assertEqual(self._counts(run), (3, 2, 0, 0, 1, 0))
        self.assertEqual(fine.order_id.amount_total, fine.preview_amount)
        self.assertTrue(shipments.search([("run_id", "=", run.id), ("failure", "=", "content")]))

    def test_a_stopped_run_goes_on_where_it_stood(self):
        self._create_members(4)
        run = self._create_run()
        run._open_window()
        run.action_process()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            run.with_env(run.env(cr=cr))._process_batch(limit=3)
        run.invalidate_recordset()
        self.assertEqual(self._counts(run), (4, 3, 0, 0, 0, 1))
        run.action_stop()
        self._run_cron("cron_club_process")
        self.assertEqual(self._counts(run), (4, 3, 0, 0, 0, 1))
        self._process(run)
        self.assertEqual(self._counts(run), (4, 4, 0, 0, 0, 0))

    def test_queries_for_each_order_are_few_and_do_not_grow(self):
        members = self._create_members(80)
        runs = []
        for day, some in (("2027-02-28", members[:20]), ("2027-03-31", members[20:])):
            run = self._create_run(ship_date=day)
            run._add_members(some)
            run.state = "processing"
            runs.append(run)
        used = []
        for run in runs:
            self.env.flush_all()
            self.env.invalidate_all()
            with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
                batch_run = run.with_env(run.env(cr=cr))
                start = cr.sql_log_count
                batch_run._process_batch(limit=100)
                used.append(cr.sql_log_count - start)
        self.assertEqual([self._counts(run)[1] for run in runs], [20, 60])
        self.assertLessEqual((used[1] - used[0]) / 40, 6)

    # -- Windows -----------------------------------------------------------

    def test_runs_open_close_and_process_at_their_moments(self):
        self.club.write({"is_automatic": True})
        with freeze_time("2027-01-10"):
            self._create_members(2)
            self._run_cron("cron_club_open")
            self.assertFalse(self.club.run_ids)
        with freeze_time("2027-01-17 12:00"):
            self._run_cron("cron_club_open")
            run = self.club.run_ids
            self.assertEqual((run.state, run.expected_count), ("window", 2))
            self._run_cron("cron_club_open")
            self.assertEqual(self.club.run_ids, run)
        with freeze_time("2027-01-30 23:01"):
            self._run_cron("cron_club_open")
            self.assertEqual(run.state, "review")
        with freeze_time("2027-01-31 07:59"):
            self._run_cron("cron_club_open")
            self.assertEqual(run.state, "review")
        with freeze_time("2027-01-31 08:00"):
            self._run_cron("cron_club_open")
            self.assertEqual(run.state, "processing")
            self._run_cron("cron_club_process")
            self.assertEqual(self._counts(run), (2, 2, 0, 0, 0, 0))

    def _missed_dates(self, catch_up):
        with freeze_time("2027-01-05"):
            club = self._create_club(
                f"Test {catch_up}", anchor_date="2027-01-10", catch_up=catch_up,
                interval_unit="week", window_days=2, cutoff_days=1,
            )  # fmt: skip
            self.env.cr.execute(
                "UPDATE sale_club SET create_date = %s WHERE id = %s",
                (fields.Datetime.now(), club.id),
            )
            club.invalidate_recordset()
        with freeze_time("2027-01-27 12:00"):
            self._run_cron("cron_club_open")
            return [str(run.ship_date) for run in club.run_ids.sorted("ship_date")]

    def test_what_an_outage_missed_happens_as_the_club_says(self):
        self.assertEqual(self._missed_dates("once"), ["2027-01-24"])
        self.assertEqual(self._missed_dates("each"), ["2027-01-10", "2027-01-17", "2027-01-24"])
        self.assertEqual(self._missed_dates("skip"), [])

    def test_a_substitute_goes_to_all_who_have_not_chosen(self):
        members = self._create_members(2)
        run = self._create_run()
        run._open_window()
        members[0].shipment_ids.line_ids = [
            Command.create({"product_id": self.product.id, "quantity": 1})
        ]
        rose = self.env["product.product"].create({"name": "Test Rosé", "type": "consu"})
        run._substitute(self.product, rose)
        self._process(run)
        chosen, other = (member.shipment_ids.order_id.order_line for member in members)
        self.assertEqual(chosen.product_id, self.product)
        self.assertEqual(other.product_id, rose + self.white)

    def test_a_run_made_by_hand_shows_and_keeps_what_the_club_says(self):
        form = Form(self.env["sale.club.run"].with_user(self.manager))
        form.club_id = self.club
        form.ship_date = fields.Date.to_date("2027-01-31")
        moments = self.club._get_moments(fields.Date.to_date("2027-01-31"))
        self.assertEqual({fname: form[fname] for fname in moments}, moments)
        self.assertEqual(len(form.line_ids), 2)
        run = form.save()
        self.assertEqual({fname: run[fname] for fname in moments}, moments)
        self.assertEqual(run.line_ids.product_id, self.product + self.white)
        with Form(run) as form:
            form.ship_date = fields.Date.to_date("2027-03-01")
        moments = self.club._get_moments(fields.Date.to_date("2027-03-01"))
        self.assertEqual({fname: run[fname] for fname in moments}, moments)
        run.action_open_window()
        run.ship_date = "2027-04-01"
        self.assertEqual(run.process_at, moments["process_at"])

    def test_what_a_form_sends_empty_is_for_the_club_to_say(self):
        run = self._create_run(
            window_opens_at=False, cutoff_at=False, process_at="2027-01-31 15:30", line_ids=[]
        )
        moments = self.club._get_moments(run.ship_date)
        self.assertEqual(run.window_opens_at, moments["window_opens_at"])
        self.assertEqual(run.cutoff_at, moments["cutoff_at"])
        self.assertEqual(str(run.process_at), "2027-01-31 15:30:00")
        self.assertEqual(run.line_ids.product_id, self.product + self.white)

    def test_a_pack_and_a_moment_of_its_own(self):
        with Form(self.env["sale.club.run"]) as form:
            form.club_id = self.club
            form.ship_date = fields.Date.to_date("2027-01-31")
            form.process_at = fields.Datetime.to_datetime("2027-01-31 15:30")
            form.line_ids.remove(1)
        self.assertEqual(form.record.line_ids.product_id, self.product)
        self.assertEqual(str(form.record.process_at), "2027-01-31 15:30:00")
        self.assertEqual(self.club.line_ids.product_id, self.product + self.white)

    def test_views_open(self):
        self._create_members(1)
        run = self._create_run()
        for record in (self.club, run, self.club.member_ids):
            with Form(record.with_user(self.manager)) as form:
                self.assertEqual(form.id, record.id)
