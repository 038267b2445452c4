from lxml import html

from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .allocation_common import AllocationCommon


@tagged("post_install", "-at_install")
class TestAllocationStaff(AllocationCommon):
    """What staff reads about an allocation."""

    def _take_up(self, allocation=None):
        rows = (allocation or self.allocation)._get_take_up()
        return {
            row.name: (row.customers, row.offered, row.bought, row.held, row.requested, row.left)
            for row in rows
        }

    def test_take_up_per_type(self):
        self._buy(4)
        self.env["sale.allocation.request"]._create_from_customer(
            self.allocation, self.restaurant, 3
        )
        self.assertEqual(
            self._take_up(),
            {
                "Test Wholesale": (1, 12, 0, 0, 3, 12),
                "Test Reserve": (1, 6, 4, 0, 0, 2),
            },
        )

    def test_take_up_of_own_grants_and_of_all_others(self):
        self.allocation.write({"pool_quantity": 30, "beyond": "everyone", "beyond_maximum": 2})
        guest = self.env["res.partner"].create({"name": "Test Guest"})
        self._buy(2, guest)
        self._grant(self.allocation, self.person, 8.0)
        self.assertEqual(
            self._take_up(),
            {
                "Test Wholesale": (1, 12, 0, 0, 0, 12),
                "Test Reserve": (0, 0, 0, 0, 0, 0),
                "Grants of their own": (1, 8, 0, 0, 0, 8),
                "Others": (1, 2, 2, 0, 0, 0),
            },
        )

    def test_take_up_counts_what_is_held(self):
        self.allocation.mode = "reserve"
        self._cart(2)
        self.assertEqual(self._take_up()["Test Reserve"], (1, 6, 0, 2, 0, 4))

    def test_a_customer_counts_where_the_larger_grant_is(self):
        self.person._assign_customer_types(self.wholesale)
        self._buy(2)
        rows = self._take_up()
        self.assertEqual(rows["Test Wholesale"], (2, 24, 2, 0, 0, 22))
        self.assertEqual(rows["Test Reserve"], (0, 0, 0, 0, 0, 0))

    def test_bars(self):
        self._buy(3)
        page = html.fromstring(self.allocation.take_up)
        bar = page.xpath("//tr[@data-name='Test Reserve']//div[hasclass('bg-success')]")[0]
        self.assertEqual(bar.get("style"), "width: 50%")
        self.assertFalse(self.env["sale.allocation"].new({}).take_up is False)

    def test_totals_in_the_list(self):
        self.allocation.pool_quantity = 20
        self._buy(4)
        self._buy(5, self.restaurant)
        self.env["sale.allocation.request"]._create_from_customer(self.allocation, self.person, 3)
        self.allocation.invalidate_recordset()
        self.assertEqual(self.allocation.used_quantity, 9)
        self.assertEqual(self.allocation.pool_left, 11)
        self.assertEqual(self.allocation.requested_quantity, 3)
        self.assertEqual(self.allocation.request_count, 1)

    def test_what_has_rolled_out_of_sight_is_not_bought(self):
        allocation = self._create_allocation(
            product_ids=self.other.ids, period="rolling", rolling_days=7
        )
        self._buy(4, product=self.other)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_allocation_entry SET taken_at = taken_at - interval '8 days'"
            " WHERE allocation_id = %s",
            (allocation.id,),
        )
        self.env.invalidate_all()
        self.assertEqual(allocation.used_quantity, 0)
        self.assertEqual(self._take_up(allocation)["Test Reserve"], (1, 6, 0, 0, 0, 6))

    # -- Who has not bought yet --------------------------------------------

    def test_who_has_not_bought_yet(self):
        self._buy(1)
        self.assertEqual(self.allocation._get_idle_customers(), self.restaurant)
        self.assertEqual(self.allocation.idle_count, 1)
        action = self.allocation.action_view_idle()
        self.assertEqual(action["domain"], [("id", "in", self.restaurant.ids)])
        self._grant(self.allocation, self.restaurant, 0.0)
        self.assertFalse(self.allocation._get_idle_customers())

    def test_they_are_written_to(self):
        """Without Email Marketing, or the right to use it, by a mail to each."""
        action = self._write_about_it()
        self.assertEqual(action["res_model"], "mail.compose.message")
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.clerk)
            .with_context(**action["context"])
            .create({"body": "<p>Still six for you</p>"})
        )
        composer._action_send_mail()
        mail = self.env["mail.mail"].search([("model", "=", "res.partner")], limit=1)
        self.assertEqual(mail.res_id, self.restaurant.id)
        self.assertEqual(mail.subject, "Test Réserve")
        everybody = self.restaurant.browse().with_user(self.clerk)
        action = everybody.with_context(
            allocation_id=self.allocation.id
        ).action_write_about_allocation()
        self.assertEqual(
            set(action["context"]["default_res_ids"]), set((self.restaurant + self.person).ids)
        )
        group = self.env.ref("mass_mailing.group_mass_mailing_user", raise_if_not_found=False)
        if group:
            self._check_mailing(group)

    def _write_about_it(self):
        customers = self.restaurant.with_user(self.clerk)
        return customers.with_context(
            allocation_id=self.allocation.id
        ).action_write_about_allocation()

    def _check_mailing(self, group):
        """Whoever may, sends a mailing: with its statistics, and nobody who wants none."""
        self.clerk.group_ids = [Command.link(group.id)]
        action = self._write_about_it()
        self.assertEqual(action["res_model"], "mailing.mailing")
        mailing = (
            self.env["mailing.mailing"]
            .with_user(self.clerk)
            .with_context(**action["context"])
            # As the form does, that shows what is proposed.
            .create(
                {
                    "subject": action["context"]["default_subject"],
                    "body_html": "<p>Still six for you</p>",
                }
            )
        )
        self.assertEqual(mailing.subject, "Test Réserve")
        self.assertEqual(mailing._get_recipients(), self.restaurant.ids)

    # -- Buttons -----------------------------------------------------------

    def test_buttons_on_products_partners_and_orders(self):
        allocations = self.env["sale.allocation"]
        template = self.product.product_tmpl_id
        for covered in (self.product, template, self.person, self.chef):
            record = covered.with_user(self.clerk)
            action = record.action_view_allocations()
            self.assertIn(self.allocation, allocations.search(action["domain"]), record)
            self.assertTrue(record.allocation_count, record)
        self.assertFalse(self.other.allocation_count)
        stranger = self.env["res.partner"].create({"name": "Test Stranger"})
        self.assertFalse(stranger.allocation_count)
        order = self._buy(2)
        entries = self.env["sale.allocation.entry"].search(
            order.action_view_allocation_entries()["domain"]
        )
        self.assertEqual(sum(entries.mapped("used")), 2)

    # -- At the sales desk -------------------------------------------------

    def test_the_desk_is_told_while_it_types(self):
        order = self._order(2)
        line = order.order_line
        self.assertFalse(line._onchange_allocation())
        self.assertEqual(line.allocation_words, "6 left")
        line.product_uom_qty = 7
        warning = line._onchange_allocation()["warning"]
        self.assertIn("Only 6 of Test Réserve", warning["message"])
        self.assertEqual(warning["type"], "notification")

    def test_the_desk_is_told_before_it_saves(self):
        with (
            self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs,
            Form(self.env["sale.order"].with_user(self.clerk)) as form,
        ):
            form.partner_id = self.person
            with form.order_line.new() as line:
                line.product_id = self.product
                self.assertEqual(line.allocation_words, "6 left")
                line.product_uom_qty = 9
        self.assertIn("Only 6 of Test Réserve", logs.output[0])
        self.assertIn("allocation_limit", self._codes(form.record))

    def test_what_is_not_open_is_said(self):
        order = self._order(2)
        self.allocation.open_at = self._in(days=1)
        order.invalidate_recordset()
        order.order_line.invalidate_recordset()
        self.assertEqual(order.order_line.allocation_words, "Coming")
        self.assertIn("opens", order.order_line._onchange_allocation()["warning"]["message"])

    def test_what_is_not_allocated_says_nothing(self):
        order = self._order(2, product=self.other)
        self.assertFalse(order.order_line.allocation_words)
        self.assertFalse(order.order_line._onchange_allocation())

    def test_every_view_can_be_read(self):
        self._buy(2)
        for model in (
            "sale.allocation",
            "sale.allocation.request",
            "sale.allocation.step",
            "sale.allocation.balance",
            "sale.allocation.entry",
        ):
            for user in (self.clerk, self.manager):
                records = self.env[model].with_user(user).search([])
                arch = records.get_views([(False, "form"), (False, "list")])
                names = list(arch["models"][model]["fields"])
                records.read([n for n in names if n in records._fields])


@tagged("post_install", "-at_install")
class TestAllocationStaffTours(AllocationCommon, HttpCase):
    def test_staff_grants_a_request(self):
        self.allocation.name = "Tour Réserve"
        self._buy(6)
        request = self.env["sale.allocation.request"]._create_from_customer(
            self.allocation, self.person, 6
        )
        self.start_tour(
            f"/odoo/allocations/{self.allocation.id}",
            "customer_type_allocation_grant",
            login="ct_manager",
        )
        self.env.invalidate_all()
        self.assertEqual(request.state, "granted")
        self.assertEqual(request.granted, 4)
        self.assertEqual(self._quota().left, 4)

    def test_a_clerk_overrides_and_the_ledger_says_why(self):
        self.clerk.group_ids = [Command.link(self.env.ref("customer_type.group_override").id)]
        self.allocation.name = "Tour Réserve"
        order = self._order(9)
        # The warning that offers to override is an exception on its way to the browser.
        with mute_logger("odoo.http"):
            self.start_tour(
                f"/odoo/sales/{order.id}", "customer_type_allocation_override", login="ct_clerk"
            )
        self.env.invalidate_all()
        entry = self.allocation.balance_ids.entry_ids
        self.assertEqual((entry.used, entry.is_override), (9, True))
        self.assertEqual(entry.reason, "Fiftieth birthday")
        self.assertEqual(entry.user_id, self.clerk)
