from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_club_portal import ClubPortalCommon

_MODELS = (
    "sale.club", "sale.club.member", "sale.club.run", "sale.club.shipment", "sale.club.pack.line",
    "sale.club.move", "sale.club.change", "sale.club.substitution", "sale.club.movement.report",
    "sale.club.member.report", "sale.club.shipment.report",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestClubAttack(ClubPortalCommon):
    """What customers, and staff without the rights, send past the pages."""

    def setUp(self):
        super().setUp()
        self.authenticate("ct_member", "ct_member")

    def test_customers_neither_read_nor_write_by_rpc(self):
        public = self.env.ref("base.public_user")
        for user in (self.member_user, public):
            for name in _MODELS:
                model = self.env[name].with_user(user)
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(model.has_access(operation), (name, operation))

    def test_buttons_are_for_staff(self):
        records = (self.club, self.member, self.open_run, self.shipment)
        called = 0
        for record in records:
            buttons = [name for name in dir(type(record)) if name.startswith("action_")]
            buttons = [name for name in buttons if not name.startswith("action_view")]
            for user in (self.member_user, self.salesman):
                for name in buttons:
                    if getattr(type(record), name).__module__.find("customer_type") < 0:
                        continue
                    with self.assertRaises(AccessError, msg=name):
                        getattr(record.with_user(user), name)()
                    called += 1
        self.assertGreater(called, 25)
        self.assertEqual((self.member.state, self.shipment.state), ("active", "waiting"))

    def test_quantities_that_nobody_means(self):
        for value in ("-1", "1e3", "9" * 30, "9" * 400, "0x3", "3.5", "NaN"):
            page = self._post("pack", **{f"quantity_{self.white.id}": value})
            self.assertEqual(page.status_code, 200, value)
            self.assertIn("alert-danger", page.text, value)
        page = self._post("pack", quantity_x="3", quantity_="3")
        self.assertIn("alert-danger", page.text)
        self.assertFalse(self.shipment.line_ids + self.member.line_ids)

    def test_numbers_that_are_no_memberships(self):
        for number in ("0", "99999999", "9" * 30):
            self.assertEqual(self.url_open(f"/my/clubs/{number}").status_code, 404)
        for slug in ("x-99999999", "-1", "1e5", f"x-{'9' * 30}"):
            self.assertEqual(self.url_open(f"/clubs/{slug}").status_code, 404, slug)

    def test_forms_without_their_token_are_refused(self):
        answer = self.url_open(f"/my/clubs/{self.member.id}/cancel", data={"sure": "1"})
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.member.state, "active")

    def test_a_note_is_no_letter(self):
        self._post("address", address_id=self.person.id, delivery_note="x" * 5000)
        self.assertEqual(len(self.member.delivery_note), 200)

    def test_nobody_joins_by_a_product_that_is_archived(self):
        self.membership.is_published = True
        self.club.product_id = self.membership
        self.member._leave("cancelled", "staff", "Test")
        url = self.club._get_page_url()
        self.assertIn("o_club_join", self.url_open(url).text)
        self.membership.active = False
        self.assertNotIn("o_club_join", self.url_open(url).text)
        self.club.member_cap = 1
        self._create_members(1)
        self.assertNotIn("o_club_wait", self.url_open(url).text)

    def test_clubs_of_another_company_are_not_there(self):
        company = self.env["res.company"].create({"name": "Test Elsewhere"})
        product = self.env["product.product"].create(
            {"name": "Test Far Membership", "type": "service", "is_published": True}
        )
        other = self._create_club(
            "Test Far Club",
            company_id=company.id,
            customer_type_id=False,
            line_ids=False,
            product_id=product.id,
            is_published=True,
        )
        self.assertNotIn("Test Far Club", self.url_open("/clubs").text)
        self.assertEqual(self.url_open(other._get_page_url()).status_code, 404)
        self.assertNotIn("Test Far Club", self.url_open(f"/my/clubs/{self.member.id}").text)
        self.assertIn("not open to you", self._post("change", club_id=other.id).text)
        self.assertEqual(self.member.club_id, self.club)

    def test_a_colleague_manages_and_a_namesake_does_not(self):
        colleague = self.env["res.partner"].create(
            {"name": "Test Colleague", "parent_id": self.person.id}
        )
        new_test_user(self.env, "ct_colleague", groups="base.group_portal", partner_id=colleague.id)
        self.authenticate("ct_colleague", "ct_colleague")
        self._post("skip")
        self.assertEqual(self.shipment.state, "skipped")
        self.authenticate("ct_other", "ct_other")
        self.assertEqual(self._post("undo_skip").status_code, 404)
        self.assertEqual(self.shipment.state, "skipped")
