from datetime import timedelta
from urllib.parse import urlparse

from odoo import fields
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .club_common import ClubCommon

_ACTIONS = (
    "skip", "undo_skip", "hold", "resume", "cancel", "card", "address", "pack", "change",
)  # fmt: skip


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
        for action in _ACTIONS:
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
        for action in _ACTIONS:
            answer = self._post(
                action, sure="1", address_id=self.chef.id, club_id=self.club.id,
                **{self._quantity(self.product): "3"},
            )  # fmt: skip
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

    def test_less_than_the_minimum_amount_is_refused_at_the_prices_of_the_member(self):
        # Three come to 106.50, and with what is taken off to 85.20.
        self.club.write({"minimum_amount": 100.0, "discount": 20.0})
        page = self._post("pack", **{self._quantity(self.white): "3"}).text
        self.assertIn("comes to at least", page)
        self.assertFalse(self.shipment.line_ids)
        self._post("pack", **{self._quantity(self.white): "4"})
        self.assertEqual(self.shipment.line_ids.quantity, 4)
        self.env["customer.type"]._enable_pricelists()
        currency = self.env["res.currency"].create(
            {
                "name": "TCL",
                "symbol": "T",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2.0})],
            }
        )
        self.reserve.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Test Members",
                "currency_id": currency.id,
                "item_ids": [Command.create({"compute_price": "fixed", "fixed_price": 60.0})],
            }
        )
        page = self._post("pack", **{self._quantity(self.white): "4"}).text
        self.assertIn("comes to at least 200.00", page)
        self._post("pack", **{self._quantity(self.white): "5"})
        self.assertEqual(self.shipment.line_ids.quantity, 5)
        self._close_window()
        self._process(self.open_run)
        self.assertEqual(self.shipment.state, "done", self.shipment.reason)
        self.assertEqual(self.shipment.order_id.amount_untaxed, 240.0)

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

    # -- Another club ---------------------------------------------------------------

    def _create_other_club(self, **values):
        product = self.env["product.product"].create(
            {
                "name": "Test Other Membership",
                "type": "service",
                "list_price": 0.0,
                "is_published": True,
            }
        )
        values = {"product_id": product.id, "is_published": True, **values}
        return self._create_club("Test Other Club", **values)

    def test_change_to_another_club(self):
        other = self._create_other_club(customer_type_id=self.wholesale.id)
        self._post("pack", always="1", **{self._quantity(self.white): "4"})
        joined_on = self.member.joined_on
        self.assertIn("Test Other Club", self.url_open(f"/my/clubs/{self.member.id}").text)
        page = self._post("change", club_id=other.id).text
        self.assertIn("You are in the other club now.", page)
        self.assertEqual((self.member.club_id, self.member.joined_on), (other, joined_on))
        self.assertEqual(self.person.customer_type_ids, self.wholesale)
        self.assertEqual(self.shipment.state, "skipped")
        self.assertFalse(self.member.line_ids)

    def test_what_is_closed_is_still_sent_by_the_former_club(self):
        other = self._create_other_club()
        self._close_window()
        self._post("change", club_id=other.id)
        self.assertEqual((self.member.club_id, self.shipment.state), (other, "waiting"))

    def test_no_change_to_a_club_that_is_not_open_to_the_member(self):
        other = self._create_other_club()
        product = other.product_id
        elsewhere = self.env["website"].create({"name": "Test Other Website"})
        for record, closed, opened in (
            (product, {"is_published": False}, {"is_published": True}),
            (product, {"list_price": 10.0}, {"list_price": 0.0}),
            (other, {"is_published": False}, {"is_published": True}),
            (other, {"website_ids": elsewhere.ids}, {"website_ids": [Command.clear()]}),
            (other, {"product_id": False}, {"product_id": product.id}),
        ):
            with self.subTest(closed=closed):
                record.write(closed)
                self.assertNotIn("Test Other Club", self.url_open(self._url()).text)
                self.assertIn("not open to you", self._post("change", club_id=other.id).text)
                self.assertEqual(self.member.club_id, self.club)
                record.write(opened)
        self._create_members(1, club=other)
        other.member_cap = 1
        self.assertIn("not open to you", self._post("change", club_id=other.id).text)
        self.assertIn("not open to you", self._post("change", club_id="x").text)
        other.member_cap = 0
        self._post("change", club_id=other.id)
        self.assertEqual(self.member.club_id, other, "nothing else was in the way")

    def _url(self):
        return f"/my/clubs/{self.member.id}"

    def test_no_change_before_the_end_of_the_commitment(self):
        other = self._create_other_club()
        self.club.commitment = 2
        self._post("change", club_id=other.id)
        self.assertEqual(self.member.club_id, self.club)

    def test_no_change_where_the_club_does_not_let_members(self):
        other = self._create_other_club()
        self.club.may_change = False
        self.assertNotIn("Test Other Club", self.url_open(self._url()).text)
        self._post("change", club_id=other.id)
        self.assertEqual(self.member.club_id, self.club)

    # -- The waiting list --------------------------------------------------------------

    def _wait(self, club):
        return self.url_open(
            f"{club._get_page_url()}/wait", data={"csrf_token": Request.csrf_token(self)}
        )

    def test_who_finds_a_club_full_waits_and_reads_where(self):
        other = self._create_other_club(member_cap=1)
        first, _second = self._create_members(2, club=other)
        self.assertIn("Join the waiting list", self.url_open(other._get_page_url()).text)
        page = self._wait(other).text
        self.assertIn("You are number <strong>2</strong>", page)
        member = other.member_ids.filtered(lambda m: m.partner_id == self.person)
        self.assertEqual(member.state, "waiting")
        self.assertFalse(member.is_fee_due, "it costs nothing")
        self.assertNotIn("Join the waiting list", page)
        self._wait(other)
        self.assertEqual(len(other.member_ids), 3, "twice is once")
        url = f"/my/clubs/{member.id}"
        self.assertIn("You are number <strong>2</strong>", self.url_open(url).text)
        self.assertIn("You are number 2", self.url_open("/my/clubs").text)
        for _time in range(2):
            other.member_ids.filtered(lambda m: m.state == "active")._leave(
                "cancelled", "choice", "Test"
            )
        self.assertEqual((first.state, member.state), ("cancelled", "active"))

    def test_who_waits_may_leave_the_list(self):
        other = self._create_other_club(member_cap=1, may_cancel=False, commitment=3)
        self._create_members(1, club=other)
        member = other._join(self.person)
        self.assertIn("Leave the waiting list", self.url_open(f"/my/clubs/{member.id}").text)
        self._post("cancel", member=member, sure="1")
        self.assertEqual(member.state, "cancelled")

    def test_nobody_waits_for_a_club_that_has_places_or_is_not_offered(self):
        other = self._create_other_club()
        self._wait(other)
        self.assertFalse(other.member_ids)
        other.member_cap = 1
        self._create_members(1, club=other)
        other.product_id.is_published = False
        self._wait(other)
        self.assertEqual(len(other.member_ids), 1)
        other.is_published = False
        self.assertEqual(self._wait(other).status_code, 404)
        self.authenticate(None, None)
        other.is_published = other.product_id.is_published = True
        self.assertIn("Sign in and wait", self.url_open(other._get_page_url()).text)
        self._wait(other)
        self.assertEqual(len(other.member_ids), 1)

    def test_waiting_costs_nothing_and_the_first_shipment_has_the_membership(self):
        other = self._create_other_club(member_cap=1, minimum_quantity=5)
        other.product_id.write({"list_price": 40.0, "taxes_id": False})
        [first] = self._create_members(1, club=other)
        self._wait(other)
        member = other.member_ids - first
        self.assertTrue(member.is_fee_due)
        self.assertIn(
            "The membership comes with your first shipment.",
            self.url_open(f"/my/clubs/{member.id}").text,
        )
        first._leave("cancelled", "choice", "Test")
        self.assertEqual(member.state, "active")
        for days, lines, total in ((20, 3, 346.5), (21, 2, 306.5)):
            run = self._create_open_run(days=days, club=other)
            run.action_close_window()
            self._process(run)
            order = member.shipment_ids.filtered(lambda s, r=run: s.run_id == r).order_id
            self.assertEqual((len(order.order_line), order.amount_total), (lines, total))
        self.assertEqual(len(other.member_ids), 2)

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

    def test_whose_card_ends_on_an_unknown_day_is_asked_for_it(self):
        self.club.payment = "token"
        words = "Until when is this card valid?"
        self.assertNotIn(words, self.url_open(self._url()).text, "there is none")
        card = self._create_card(self.person)
        # As whoever pays the membership joins.
        self.member.payment_token_id = card
        self.assertIn(words, self.url_open(self._url()).text)
        page = self._post("card", token_id=card.id, valid_until="2031-02").text
        self.assertNotIn(words, page)
        self.assertEqual(str(self.member.card_expires_on), "2031-02-28")

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

    def _pay(self, order, provider, method):
        """Start to pay an order as its customer, whatever the payment page has offered."""
        return self.make_jsonrpc_request(
            f"/shop/payment/transaction/{order.id}",
            {
                "access_token": order._portal_ensure_token(),
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "token_id": None,
                "amount": order.amount_total,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/shop/payment/validate",
            },
        )

    def test_a_membership_that_is_charged_to_a_card_is_not_paid_by_bank_transfer(self):
        self.club.write({"payment": "token", "product_id": self.membership.id})
        self.membership.write({"list_price": 40.0, "is_published": True, "taxes_id": False})
        self.member._leave("cancelled", "staff", "Test")
        order = self._create_order(self.person, website_id=self.website.id)
        order.order_line = [
            Command.clear(),
            Command.create({"product_id": self.membership.id}),
        ]
        notice = order._get_card_notice()
        self.assertIn("the one with which you pay now is saved", notice)
        self.assertIn(
            ("club_card", "info"),
            [(issue.code, issue.level) for issue in order._get_policy_issues("payment")],
        )
        wire = self.dummy_provider.copy({"name": "Test Transfer", "state": "test"})
        wire.write({"allow_tokenization": False, "is_published": True})
        self.dummy_provider.write({"allow_tokenization": True, "is_published": True})
        self.payment_method.write({"support_tokenization": True, "active": True})
        providers = self.env["payment.provider"]._get_compatible_providers(
            self.env.company.id, self.person.id, 40.0, sale_order_id=order.id
        )
        self.assertIn(self.dummy_provider, providers)
        self.assertNotIn(wire, providers)
        # Whatever the page offers, anything can be posted.
        with mute_logger("odoo.http"), self.assertRaisesRegex(JsonRpcException, "ValidationError"):
            self._pay(order, wire, self.payment_method)
        self.assertFalse(order.transaction_ids)
        self._pay(order, self.dummy_provider, self.payment_method)
        self.assertTrue(order.transaction_ids.tokenize)
        self.club.payment = "account"
        self.assertFalse(order._get_card_notice())

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
