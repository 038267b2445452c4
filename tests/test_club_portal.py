from datetime import timedelta
from urllib.parse import urlparse

from odoo import fields
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .club_common import ClubCommon


class ClubPortalCommon(ClubCommon, HttpCase):
    """A member and a stranger who sign in, and a run whose window is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.company_id = cls.env.company
        cls.env["customer.type"].search([]).write({"catalog_mode": "public"})
        (cls.product + cls.white).write({"is_published": True})
        cls.hidden = cls.env["product.product"].create(
            {"name": "Test Unpublished", "type": "consu", "list_price": 5.0}
        )
        cls.club.write(
            {
                "content": "choice",
                "minimum_quantity": 3,
                "choice_domain": f"[('id', 'in', {(cls.product + cls.white + cls.hidden).ids})]",
                "is_published": True,
                "description": "<p>Two wines that go well together</p>",
            }
        )
        cls.person.write(
            {
                "street": "2 Test Street",
                "city": "Scranton",
                "zip": "18503",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_39").id,
                "phone": "+1 555-555-5555",
            }
        )
        cls.member_user = new_test_user(
            cls.env, "ct_member", groups="base.group_portal", partner_id=cls.person.id
        )
        cls.stranger_user = new_test_user(
            cls.env, "ct_other", groups="base.group_portal", partner_id=cls.chef.id
        )
        cls.member = cls.club._join(cls.person)
        cls.open_run = cls._create_open_run()
        cls.shipment = cls.open_run.shipment_ids

    @classmethod
    def _create_open_run(cls, days=10, club=None):
        today = fields.Date.today()
        run = cls._create_run(club=club, ship_date=today + timedelta(days=days))
        run.write(
            {
                "window_opens_at": fields.Datetime.now() - timedelta(days=1),
                "cutoff_at": fields.Datetime.now() + timedelta(days=days - 1),
            }
        )
        run._open_window()
        return run

    def _close_window(self):
        self.open_run.cutoff_at = fields.Datetime.now() - timedelta(minutes=1)
        self.open_run._close_window()

    def _post(self, action, member=None, **data):
        """:return: the page to which the member comes after a form was sent"""
        return self.url_open(
            f"/my/clubs/{(member or self.member).id}/{action}",
            data={"csrf_token": Request.csrf_token(self), **data},
        )


@tagged("post_install", "-at_install")
class TestClubPortal(ClubPortalCommon):
    def setUp(self):
        super().setUp()
        self.authenticate("ct_member", "ct_member")

    def _quantity(self, product):
        return f"quantity_{product.id}"

    # -- Reading ---------------------------------------------------------------

    def test_a_member_sees_what_comes_next(self):
        page = self.url_open(f"/my/clubs/{self.member.id}").text
        self.assertIn("Test Cellar Club", self.url_open("/my/clubs").text)
        self.assertIn("You can change or skip it until", page)
        self.assertIn("Test Wine", page)
        self.assertNotIn("Test Unpublished", page)

    def test_pages_write_nothing(self):
        before = (self.member.write_date, self.shipment.write_date, self.open_run.write_date)
        for url in (
            "/my/clubs",
            f"/my/clubs/{self.member.id}",
            "/clubs",
            self.club._get_page_url(),
        ):
            self.assertEqual(self.url_open(url).status_code, 200)
        for action in ("skip", "undo_skip", "hold", "resume", "cancel", "card", "address", "pack"):
            answer = self.url_open(f"/my/clubs/{self.member.id}/{action}")
            self.assertNotEqual(answer.status_code, 200, action)
        self.env.invalidate_all()
        self.assertEqual(
            before, (self.member.write_date, self.shipment.write_date, self.open_run.write_date)
        )

    def test_members_of_others_are_not_found(self):
        self.authenticate("ct_other", "ct_other")
        self.assertNotIn("Test Cellar Club", self.url_open("/my/clubs").text)
        self.assertEqual(self.url_open(f"/my/clubs/{self.member.id}").status_code, 404)
        for action in ("skip", "undo_skip", "hold", "resume", "cancel", "card", "address", "pack"):
            answer = self._post(
                action, sure="1", address_id=self.chef.id, **{self._quantity(self.product): "3"}
            )
            self.assertEqual(answer.status_code, 404, action)
        self.assertEqual((self.member.state, self.shipment.state), ("active", "waiting"))
        self.assertFalse(self.shipment.line_ids + self.member.line_ids)
        self.assertFalse(self.member.address_id)

    def test_members_cannot_reach_the_models(self):
        for model in ("sale.club", "sale.club.member", "sale.club.shipment", "sale.club.run"):
            self.assertFalse(self.env[model].with_user(self.member_user).has_access("read"), model)

    # -- The pack ----------------------------------------------------------------

    def test_a_choice_for_one_shipment(self):
        page = self._post("pack", **{self._quantity(self.white): "4"}).text
        self.assertIn("Your choice is saved.", page)
        self.assertEqual(self.shipment._get_content(), [(self.white.id, 4.0, 0.0)])
        self.assertFalse(self.member.line_ids)

    def test_a_choice_for_all_shipments(self):
        self._post("pack", **{self._quantity(self.white): "4"})
        self._post("pack", always="1", **{self._quantity(self.product): "3"})
        self.assertEqual(self.member.line_ids.product_id, self.product)
        self.assertEqual(self.shipment._get_content(), [(self.product.id, 3.0, 0.0)])

    def test_too_little_is_refused_and_changes_nothing(self):
        self._post("pack", **{self._quantity(self.white): "4"})
        page = self._post("pack", **{self._quantity(self.white): "2"}).text
        self.assertIn("Please choose at least 3; you have chosen 2.", page)
        self.assertEqual(self.shipment.line_ids.quantity, 4)

    def test_nonsense_is_refused(self):
        for value, words in (("-5", "less than nothing"), ("many", "whole numbers")):
            page = self._post("pack", **{self._quantity(self.white): value}).text
            self.assertIn(words, page)
        self.assertFalse(self.shipment.line_ids)

    def test_what_the_shop_does_not_show_cannot_be_chosen(self):
        page = self._post("pack", **{self._quantity(self.hidden): "3"}).text
        self.assertIn("This is not on offer", page)
        self.white.product_tmpl_id.reserved_type_ids = self.wholesale
        page = self._post("pack", **{self._quantity(self.white): "3"}).text
        self.assertIn("This is not on offer", page)
        self.assertFalse(self.shipment.line_ids)

    def test_a_set_pack_cannot_be_changed(self):
        self.club.content = "pack"
        page = self._post("pack", **{self._quantity(self.white): "4"}).text
        self.assertIn("cannot be changed any more", page)
        self.assertFalse(self.shipment.line_ids)

    # -- After the cut-off --------------------------------------------------------

    def test_nothing_changes_after_the_cutoff(self):
        self._close_window()
        page = self.url_open(f"/my/clubs/{self.member.id}").text
        self.assertIn("it cannot be changed any more", page)
        self.assertIn(
            "cannot be changed any more",
            self._post("pack", **{self._quantity(self.white): "4"}).text,
        )
        self._post("pack", always="1", **{self._quantity(self.white): "4"})
        self.assertIn("cannot be skipped any more", self._post("skip").text)
        self.assertFalse(self.shipment.line_ids + self.member.line_ids)
        self.assertEqual(self.shipment.state, "waiting")
        self.assertFalse(self.member.skip_next)

    def test_a_skip_stays_after_the_cutoff(self):
        self._post("skip")
        self._close_window()
        self.assertIn("too late", self._post("undo_skip").text)
        self.assertEqual(self.shipment.state, "skipped")

    # -- Skips, holds, leaving ------------------------------------------------------

    def test_skip_and_undo(self):
        self.assertIn("This shipment is skipped.", self._post("skip").text)
        self.assertEqual(self.shipment.state, "skipped")
        self.assertIn("You get this shipment after all.", self._post("undo_skip").text)
        self.assertEqual(self.shipment.state, "waiting")

    def test_no_more_skips_than_the_club_allows(self):
        self.club.skips_per_year = 0
        self.assertNotIn('name="skip"', self.url_open(f"/my/clubs/{self.member.id}").text)
        self.assertIn("cannot be skipped", self._post("skip").text)
        self.assertEqual(self.shipment.state, "waiting")

    def test_hold_and_resume(self):
        until = fields.Date.today() + timedelta(days=40)
        self.assertIn("on hold", self._post("hold", until=str(until)).text)
        self.assertEqual((self.member.state, self.member.held_until), ("held", until))
        self._post("resume")
        self.assertEqual((self.member.state, self.shipment.state), ("active", "waiting"))

    def test_a_hold_ends_in_the_future(self):
        self.assertIn("A hold ends on a day to come.", self._post("hold", until="2020-01-01").text)
        self.assertIn("day of the calendar", self._post("hold", until="soon").text)
        self.assertEqual(self.member.state, "active")

    def test_what_staff_holds_staff_resumes(self):
        self.member.action_hold()
        self.assertIn("Please write to us", self._post("resume").text)
        self.assertEqual(self.member.state, "held")

    def test_leaving(self):
        self.assertIn("Please confirm", self._post("cancel").text)
        self.assertEqual(self.member.state, "active")
        page = self._post("cancel", sure="1").text
        self.assertIn("Your membership has ended.", page)
        self.assertEqual((self.member.state, self.member.reason_code), ("cancelled", "choice"))
        self.assertNotIn(self.reserve, self.person.customer_type_ids)
        # A second time, from a page that was still open.
        self.assertIn("cannot be cancelled here", self._post("cancel", sure="1").text)

    def test_no_leaving_before_the_end_of_the_commitment(self):
        self.club.commitment = 2
        self.assertIn(
            "You can leave after these.", self.url_open(f"/my/clubs/{self.member.id}").text
        )
        self._post("cancel", sure="1")
        self.assertEqual(self.member.state, "active")

    def test_no_leaving_where_the_club_does_not_let_members(self):
        self.club.may_cancel = False
        self._post("cancel", sure="1")
        self.assertEqual(self.member.state, "active")

    # -- Address and card --------------------------------------------------------------

    def test_an_address_of_the_customer(self):
        office = self.env["res.partner"].create(
            {"name": "Test Office", "parent_id": self.person.id, "type": "delivery"}
        )
        page = self._post("address", address_id=office.id, delivery_note="Ring twice").text
        self.assertIn("Your delivery is saved.", page)
        self.assertEqual(
            (self.member.address_id, self.member.delivery_note), (office, "Ring twice")
        )

    def test_the_address_of_somebody_else(self):
        page = self._post("address", address_id=self.restaurant.id).text
        self.assertIn("not one of your addresses", page)
        self.assertFalse(self.member.address_id)

    def test_cards(self):
        self.club.payment = "token"
        mine, other = self._create_card(self.person), self._create_card(self.restaurant)
        self.assertIn("not one of your cards", self._post("card", token_id=other.id).text)
        self.assertFalse(self.member.payment_token_id)
        self._post("card", token_id=mine.id, valid_until="2031-02")
        self.assertEqual(self.member.payment_token_id, mine)
        self.assertEqual(self.member.card_expires_on, fields.Date.to_date("2031-02-28"))
        self.assertIn("Write the month", self._post("card", token_id=mine.id, valid_until="x").text)

    def test_another_card_for_what_was_declined(self):
        self.club.payment = "token"
        self.member.payment_token_id = self._create_card(self.person)
        self._close_window()
        with self._provider_answers(lambda tx: tx._set_error("No money")):
            self._process(self.open_run)
        url = f"/my/clubs/{self.member.id}"
        self.assertIn("With another card it goes on at once.", self.url_open(url).text)
        self._post("card", token_id=self._create_card(self.person).id)
        self.assertEqual((self.shipment.state, self.open_run.state), ("waiting", "processing"))
        self.assertNotIn("With another card it goes on", self.url_open(url).text)

    def test_past_shipments(self):
        self._close_window()
        self._process(self.open_run)
        self.assertEqual(self.shipment.state, "done")
        self.assertIn(
            self.shipment.order_id.name, self.url_open(f"/my/clubs/{self.member.id}").text
        )

    def test_whoever_joins_a_club_that_charges_cards_leaves_one(self):
        self.club.write({"payment": "token", "product_id": self.membership.id})
        order = self._create_order(self.person)
        provider = self.dummy_provider
        self.assertFalse(provider._is_tokenization_required(sale_order_id=order.id))
        self.assertFalse(provider._is_tokenization_required())
        order.order_line.product_id = self.membership
        self.assertTrue(provider._is_tokenization_required(sale_order_id=order.id))
        self.club.payment = "account"
        self.assertFalse(provider._is_tokenization_required(sale_order_id=order.id))

    # -- The public pages --------------------------------------------------------------

    def test_visitors_see_published_clubs_only(self):
        self.authenticate(None, None)
        url = self.club._get_page_url()
        self.assertIn("Two wines that go well together", self.url_open("/clubs").text)
        self.assertIn("Two wines that go well together", self.url_open(url).text)
        self.assertIn(url, self.url_open("/sitemap.xml").text)
        self.club.is_published = False
        self.assertNotIn("Two wines that go well together", self.url_open("/clubs").text)
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self.url_open("/clubs/nothing").status_code, 404)

    def test_clubs_of_another_website_are_not_there(self):
        other = self.env["website"].create({"name": "Test Other Website"})
        self.club.website_ids = other
        self.assertNotIn("Two wines", self.url_open("/clubs").text)
        self.assertEqual(self.url_open(self.club._get_page_url()).status_code, 404)

    def test_the_page_does_not_tell_of_hidden_products(self):
        self.club.line_ids = [Command.create({"product_id": self.hidden.id})]
        self.authenticate(None, None)
        page = self.url_open(self.club._get_page_url()).text
        self.assertIn("Test White", page)
        self.assertNotIn("Test Unpublished", page)

    def test_who_is_not_signed_in_comes_to_the_login(self):
        self.authenticate(None, None)
        answer = self.url_open(f"/my/clubs/{self.member.id}")
        self.assertEqual(urlparse(answer.url).path, "/web/login")


@tagged("post_install", "-at_install")
class TestClubTours(ClubPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["payment.provider"].search([]).is_published = False
        cls.membership.write({"is_published": True, "taxes_id": False})
        cls.env["customer.type"]._enable_pricelists()
        cls.reserve.pricelist_id = cls.env["product.pricelist"].create(
            {
                "name": "Test Members",
                "item_ids": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "applied_on": "0_product_variant",
                            "compute_price": "fixed",
                            "fixed_price": 83.25,
                        }
                    )
                ],
            }
        )

    def test_a_visitor_buys_the_membership_and_has_the_prices_of_members(self):
        club = self._create_club(
            "Test Joined Club", product_id=self.membership.id, is_published=True
        )
        self.member._leave("cancelled", "staff", "Test")
        self.start_tour("/clubs", "customer_type_club_join", login="ct_member")
        member = club.member_ids
        self.assertEqual((member.partner_id, member.state), (self.person, "active"))
        self.assertEqual(self.person.customer_type_ids, self.reserve)

    def test_a_member_swaps_a_wine_skips_and_undoes(self):
        self.start_tour("/my/clubs", "customer_type_club_member", login="ct_member")
        self.assertEqual(self.shipment.state, "waiting")
        self.assertEqual(
            self.shipment._get_content(), [(self.product.id, 5.0, 0.0)], self.shipment.log
        )
