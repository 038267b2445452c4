from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, new_test_user, tagged

from .club_common import ClubCommon


class ClubAllocationCommon(ClubCommon):
    """A reserve of which members have six, and a shipment that goes out at the end of January."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rare = cls.env["product.product"].create(
            {"name": "Test Rare", "list_price": 80.0, "type": "consu", "taxes_id": False}
        )
        cls.allocation = cls.env["sale.allocation"].create(
            {
                "name": "Test Rare",
                "product_ids": cls.rare.ids,
                "pool_quantity": 30,
                "grant_ids": [Command.create({"customer_type_id": cls.reserve.id, "maximum": 6})],
            }
        )
        cls.club.discount = 10.0
        cls.first, cls.second = cls._create_members(2)
        cls.club_run = cls._create_run()
        cls.club_run.action_open_window()
        cls.shipment = cls.club_run.shipment_ids.filtered(lambda s: s.member_id == cls.first)

    def _ask(self, quantity, member=None):
        return self.env["sale.allocation.request"]._create_from_customer(
            self.allocation, (member or self.first).partner_id, quantity
        )

    def _open(self, requests):
        action = requests.with_user(self.manager).action_grant()
        return self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])

    def _grant(self, requests, way="shipment"):
        wizard = self._open(requests)
        with Form(wizard) as form:
            form.way = way
        wizard.action_apply()
        return wizard

    def _lines(self, shipment):
        return {
            line.product_id: (line.product_uom_qty, line.discount)
            for line in shipment.order_id.order_line
        }


@tagged("post_install", "-at_install")
@freeze_time("2027-01-10 09:00:00")
class TestClubAllocation(ClubAllocationCommon):
    def test_what_is_granted_goes_with_the_shipment(self):
        requests = self._ask(4) + self._ask(2, self.second)
        self._grant(requests)
        self.assertEqual(requests.mapped("state"), ["granted"] * 2)
        self.assertEqual(requests[0].club_shipment_id, self.shipment)
        self.assertEqual(requests[0].club_product_id, self.rare)
        self.assertGreater(requests[0].valid_until.date(), self.shipment.ship_date)
        mail = self.env["mail.mail"].search([("res_id", "=", requests[0].id)], limit=1)
        self.assertIn("come with your shipment", mail.body_html)
        self.assertIn("Test Cellar Club", mail.body_html)
        self._process(self.club_run)
        self.assertEqual(self.shipment.state, "done", self.shipment.reason)
        self.assertEqual(self._lines(self.shipment)[self.rare], (4, 10.0))
        self.assertEqual(len(self._lines(self.shipment)), 3, "Besides the pack")
        balance = self.allocation.balance_ids.filtered(
            lambda b: b.partner_id == self.first.partner_id
        )
        self.assertEqual(balance.used, 4)

    def test_it_stays_when_the_member_chooses_anew(self):
        self.club.content = "choice"
        request = self._ask(4)
        self._grant(request)
        self.first._choose({self.white.id: 6}, self.white)
        self._process(self.club_run)
        lines = self._lines(self.shipment)
        self.assertEqual((lines[self.white][0], lines[self.rare][0]), (6, 4))

    def test_what_was_bought_meanwhile_is_not_sent_again(self):
        request = self._ask(4)
        self._grant(request)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.first.partner_id.id,
                "order_line": [Command.create({"product_id": self.rare.id, "product_uom_qty": 9})],
            }
        )
        order.action_confirm()
        self._process(self.club_run)
        self.assertEqual(self._lines(self.shipment)[self.rare][0], 1)

    def test_the_preview_shows_who_gets_it_with_a_shipment(self):
        stranger = self.env["res.partner"].create({"name": "Test Stranger"})
        stranger._assign_customer_types(self.reserve)
        requests = self._ask(4) + self.env["sale.allocation.request"]._create_from_customer(
            self.allocation, stranger, 2
        )
        wizard = self._open(requests)
        self.assertTrue(wizard.has_shipments)
        with Form(wizard) as form:
            self.assertFalse(form.line_ids._records[0]["club_shipment_id"])
            form.way = "shipment"
        lines = {line.request_id: line for line in wizard.line_ids}
        self.assertEqual(lines[requests[0]].club_shipment_id, self.shipment)
        self.assertEqual(lines[requests[0]].club_product_id, self.rare)
        self.assertFalse(lines[requests[1]].club_shipment_id, "There is none: a right to buy")
        wizard.action_apply()
        self.assertEqual(requests.mapped("state"), ["granted"] * 2)
        self.assertFalse(requests[1].club_shipment_id)

    def test_only_while_nothing_is_made_of_the_shipment(self):
        request = self._ask(4)
        wizard = self._open(request)
        with Form(wizard) as form:
            form.way = "shipment"
        self._process(self.club_run)
        with self.assertRaisesRegex(UserError, "any more"):
            wizard.action_apply()
        self.assertEqual(request.state, "requested")
        self.assertFalse(self._open(request).has_shipments)

    def test_not_with_the_shipment_of_somebody_else(self):
        request = self._ask(4)
        wizard = self._open(request)
        other = self.club_run.shipment_ids - self.shipment
        wizard.line_ids.write({"club_shipment_id": other.id, "club_product_id": self.rare.id})
        with self.assertRaisesRegex(UserError, "any more"):
            wizard.action_apply()
        wizard.line_ids.write(
            {"club_shipment_id": self.shipment.id, "club_product_id": self.white.id}
        )
        with self.assertRaisesRegex(UserError, "Say which product"):
            wizard.action_apply()

    def test_not_where_it_counts_in_another_period(self):
        self.allocation.period = "month"
        self.assertFalse(self._open(self._ask(4)).has_shipments)

    def test_a_skipped_shipment_leaves_the_right_to_buy(self):
        request = self._ask(4)
        self._grant(request)
        self.first._skip()
        self._process(self.club_run)
        self.assertEqual(self.shipment.state, "skipped")
        self.assertEqual(request.state, "granted")
        self.assertEqual(request.outstanding, 4)


@tagged("post_install", "-at_install")
class TestClubAllocationPortal(ClubAllocationCommon, HttpCase):
    def test_the_member_sees_it(self):
        self._grant(self._ask(4))
        new_test_user(
            self.env, "ct_cellar", groups="base.group_portal", partner_id=self.first.partner_id.id
        )
        self.authenticate("ct_cellar", "ct_cellar")
        page = self.url_open("/my/allocations").text
        self.assertIn("Goes with your shipment of", page)
        page = self.url_open(f"/my/clubs/{self.first.id}").text
        self.assertIn("4 × Test Rare", page)
