from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .club_common import ClubCommon


@tagged("post_install", "-at_install")
class TestClubMember(ClubCommon):
    def _buy(self, partner, **values):
        order = self._create_order(partner, **values)
        order.order_line = [Command.create({"product_id": self.membership.id})]
        order.action_confirm()
        return order

    def test_who_buys_the_membership_is_a_member_with_the_type(self):
        self.club.product_id = self.membership
        order = self._buy(self.person)
        member = self.club.member_ids
        self.assertEqual((member.partner_id, member.state), (self.person, "active"))
        self.assertEqual((member.order_id, member.address_id), (order, order.partner_shipping_id))
        self.assertEqual(self.person.customer_type_ids, self.reserve)

    def test_buying_it_twice_is_one_membership(self):
        self.club.product_id = self.membership
        self._buy(self.person)
        self._buy(self.person)
        self.assertEqual(len(self.club.member_ids), 1)

    def test_cancelling_the_order_takes_the_membership_back(self):
        self.club.product_id = self.membership
        self._buy(self.person)._action_cancel()
        member = self.club.member_ids
        self.assertEqual((member.state, member.reason_code), ("cancelled", "order"))
        self.assertFalse(self.person.customer_type_ids)

    def test_leaving_ends_only_what_the_club_gave(self):
        member = self._create_members(1)
        member.partner_id._assign_customer_types(self.reserve)
        member.action_cancel()
        self.assertEqual(member.partner_id.customer_type_ids, self.reserve)
        sources = member.partner_id.customer_type_assignment_ids
        self.assertEqual(sources.filtered(lambda a: a.state == "current").source, "manual")

    def test_a_full_club_lets_wait_and_then_admits_the_first(self):
        self.club.member_cap = 2
        first, second, third, fourth = self._create_members(4)
        self.assertEqual((third.state, fourth.state), ("waiting", "waiting"))
        self.assertFalse(third.partner_id.customer_type_ids)
        first.action_cancel()
        self.assertEqual((third.state, fourth.state), ("active", "waiting"))
        self.club.member_cap = 0
        self.assertEqual(fourth.state, "active")
        self.assertEqual(second.state, "active")

    def test_who_cannot_be_admitted_keeps_nobody_from_leaving_or_from_the_place(self):
        self.club.member_cap = 1
        first, broken, third = self._create_members(3)
        members = self.env.registry["sale.club.member"]
        activate = members._activate

        def fail(waiting):
            if broken in waiting:
                raise UserError("boom")  # pylint: disable=translation-required
            return activate(waiting)

        self.patch(members, "_activate", fail)
        with mute_logger("odoo.addons.customer_type.models.segment.isolated"):
            first.action_cancel()
        self.assertEqual(
            (first.state, broken.state, third.state), ("cancelled", "waiting", "active")
        )

    def test_a_shipment_whose_order_is_cancelled_was_not_sent(self):
        self.club.commitment = 2
        member = self._create_members(1)
        run = self._create_run()
        run._open_window()
        self._process(run)
        self.assertEqual((member.shipment_count, member.commitment_left), (1, 1))
        member.shipment_ids.order_id._action_cancel()
        self.assertEqual(self._counts(run), (1, 0, 1, 0, 0, 0))
        self.assertIn("was cancelled", member.shipment_ids.reason)
        self.assertEqual((member.shipment_count, member.commitment_left), (0, 2))
        self.assertFalse(member.skips_used, "that is no wish of the member")

    def test_a_hold_keeps_or_suspends_the_type_as_the_club_says(self):
        kept = self._create_members(1)
        kept.action_hold()
        self.assertEqual(kept.partner_id.customer_type_ids, self.reserve)
        self.club.hold_benefits = "suspended"
        self.assertFalse(kept.partner_id.customer_type_ids)
        kept.action_resume()
        self.assertEqual(kept.partner_id.customer_type_ids, self.reserve)

    def test_a_hold_ends_on_its_day_also_when_the_scheduler_slept(self):
        with freeze_time("2027-01-01"):
            member = self._create_members(1)
            member._hold(until=date(2027, 2, 1))
            with self.assertRaises(UserError):
                self._create_members(1)._hold(until=date(2026, 12, 31))
        with freeze_time("2027-01-31 12:00"):
            self._run_cron("cron_club_members")
            self.assertEqual(member.state, "held")
        with freeze_time("2027-02-04"):
            self._run_cron("cron_club_members")
            self.assertEqual((member.state, member.held_until), ("active", False))

    def test_staff_sets_the_end_of_a_hold_before_or_afterwards(self):
        with freeze_time("2027-01-01"):
            member = self._create_members(1).with_user(self.clerk)
            with self.assertRaises(UserError):
                member.held_until = "2027-01-01"
            member.held_until = "2027-02-01"
            member.action_hold()
            self.assertEqual((member.state, member.held_until), ("held", date(2027, 2, 1)))
            member.held_until = "2027-03-01"
            with self.assertRaises(UserError):
                member.held_until = "2026-12-31"
        with freeze_time("2027-02-04"):
            self._run_cron("cron_club_members")
            self.assertEqual(member.state, "held")
        with freeze_time("2027-03-01 12:00"):
            self._run_cron("cron_club_members")
            self.assertEqual((member.state, member.held_until), ("active", False))

    def test_holding_and_resuming_in_the_window_follow_the_shipment(self):
        with freeze_time("2027-01-20"):
            member = self._create_members(1)
            run = self._create_run()
            run._open_window()
            member.action_hold()
            self.assertEqual(self._counts(run), (1, 0, 0, 1, 0, 0))
            member.action_resume()
            self.assertEqual(self._counts(run), (1, 0, 0, 0, 0, 1))

    def test_skips_are_counted_and_can_be_undone_until_the_cut_off(self):
        self.club.skips_per_year = 1
        with freeze_time("2027-01-20"):
            member = self._create_members(1)
            run = self._create_run()
            run._open_window()
            self.assertFalse(member.has_open_skip)
            member.action_skip()
            self.assertEqual(self._counts(run), (1, 0, 1, 0, 0, 0))
            member.invalidate_recordset()
            self.assertEqual((member.skips_used, member.has_open_skip), (1, True))
            member.action_undo_skip()
            self.assertEqual(self._counts(run), (1, 0, 0, 0, 0, 1))
            member.action_skip()
        with freeze_time("2027-01-31"):
            run._advance()
            member.action_undo_skip()
            self.assertEqual(self._counts(run), (1, 0, 1, 0, 0, 0), "too late")
            member.invalidate_recordset()
            with self.assertRaises(UserError):
                member.action_skip()

    def test_a_skip_before_the_window_counts_in_the_next_run(self):
        with freeze_time("2027-01-02"):
            member = self._create_members(1)
            member.action_skip()
            run = self._create_run()
            run._open_window()
            self.assertEqual(self._counts(run), (1, 0, 1, 0, 0, 0))
            member.invalidate_recordset()
            self.assertFalse(member.skip_next)
            self.assertEqual(member.skips_used, 1)

    def test_who_joins_in_the_window_is_in_where_the_club_says_so(self):
        with freeze_time("2027-01-20"):
            run = self._create_run()
            run._open_window()
            self._create_members(1)
            self.assertEqual(self._counts(run)[0], 1)
            self.club.join_rule = "next"
            self._create_members(1)
            self.assertEqual(self._counts(run)[0], 1)

    def test_who_joined_after_the_qualification_waits_for_the_next_run(self):
        self.club.join_rule = "next"
        with freeze_time("2027-01-16"):
            self._create_members(1)
        with freeze_time("2027-01-19"):
            self._create_members(1)
            run = self._create_run()
            self.assertEqual(run.qualification_date, date(2027, 1, 17))
            run._open_window()
            self.assertEqual(self._counts(run)[0], 1)

    def test_a_qualification_date_that_somebody_sets_holds_in_every_club(self):
        with freeze_time("2027-01-10"):
            early = self._create_members(1)
        with freeze_time("2027-01-18"):
            self._create_members(1)
            run = self._create_run()
            self.assertFalse(run.qualification_date)
            run.qualification_date = "2027-01-10"
            run._open_window()
            self._create_members(1)
            self.assertEqual(run.shipment_ids.member_id, early)
            other = self._create_run(ship_date="2027-02-28")
            other._open_window()
            self.assertEqual(self._counts(other)[0], 3)

    def test_cancelling_before_the_cut_off_sends_nothing_and_after_it_still_does(self):
        with freeze_time("2027-01-20"):
            early, late = self._create_members(2)
            run = self._create_run()
            run._open_window()
            early.action_cancel()
        with freeze_time("2027-01-31 01:00"):
            run._advance()
            late.action_cancel()
            self.assertEqual(self._counts(run), (2, 0, 1, 0, 0, 1))

    def test_changing_the_club_keeps_the_tenure_and_swaps_the_type(self):
        with freeze_time("2027-01-01"):
            member = self._create_members(1)
        other = self._create_club("Test Magnum Club", customer_type_id=self.wholesale.id)
        member._change_club(other)
        self.assertEqual((member.club_id, member.joined_on), (other, date(2027, 1, 1)))
        self.assertEqual(member.partner_id.customer_type_ids, self.wholesale)

    def test_staff_changes_the_club_of_many_at_once_or_of_none(self):
        members = self._create_members(3)
        other = self._create_club("Test Magnum Club", member_cap=2)
        wizards = self.env["sale.club.change"].with_user(self.clerk)
        wizard = wizards.with_context(
            active_model="sale.club.member", active_ids=members.ids
        ).create({"club_id": other.id})
        self.assertEqual(wizard.member_ids, members)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            wizard.action_change()
        self.assertEqual(members.club_id, self.club)
        other.member_cap = 3
        wizard.action_change()
        self.assertEqual((members.club_id, members.mapped("state")), (other, ["active"] * 3))
        with self.assertRaises(AccessError):
            self.env["sale.club.change"].with_user(self.salesman).create(
                {"member_ids": members.ids, "club_id": self.club.id}
            )

    def test_who_has_left_or_waits_does_not_change_the_club(self):
        other = self._create_club("Test Magnum Club")
        self.club.member_cap = 1
        member, waiting = self._create_members(2)
        with self.assertRaises(UserError):
            waiting._change_club(other)
        other._join(member.partner_id)
        with self.assertRaises(UserError):
            member._change_club(other)
        member._leave("cancelled", "choice", "Test")
        with self.assertRaises(UserError):
            member._change_club(other)

    def test_a_place_that_a_change_leaves_free_is_given_away(self):
        self.club.member_cap = 1
        member, waiting = self._create_members(2)
        member._change_club(self._create_club("Test Magnum Club"))
        self.assertEqual(waiting.state, "active")

    def test_a_gift_ends_after_its_shipments(self):
        member = self._create_members(1, ends_after=1, receiver_id=self.person.id)
        run = self._create_run()
        run._open_window()
        self._process(run)
        order = member.shipment_ids.order_id
        self.assertEqual(
            (order.partner_id, order.partner_shipping_id), (member.partner_id, self.person)
        )
        self._run_cron("cron_club_members")
        self.assertEqual((member.state, member.reason_code), ("ended", "complete"))

    def _ship(self, ship_date="2027-01-31"):
        """:return: the order of the only member"""
        run = self._create_run(ship_date=ship_date)
        run._open_window()
        self._process(run)
        return run.shipment_ids.order_id

    def test_a_gift_goes_to_who_gets_it_though_the_payer_has_an_address(self):
        self.club.product_id = self.membership
        self._buy(self.person)
        member = self.club.member_ids
        self.assertEqual(member.address_id, self.person)
        member.receiver_id = self.chef
        self.assertEqual(self._ship().partner_shipping_id, self.chef)
        self.assertEqual(member._get_addresses(), self.chef)
        cottage = self.env["res.partner"].create(
            {"name": "Test Cottage", "parent_id": self.chef.id, "type": "delivery"}
        )
        member.address_id = cottage
        self.assertEqual(self._ship("2027-02-28").partner_shipping_id, cottage)

    def test_greeting_and_delivery_note_come_before_the_terms(self):
        self.env["ir.config_parameter"].sudo().set_param("account.use_invoice_terms", "True")
        self.env.company.write({"terms_type": "plain", "invoice_terms": "<p>Test terms apply</p>"})
        self._create_members(1, greeting="For you <3", delivery_note="Ring twice")
        note = self._ship().note
        for words in ("For you &lt;3", "Ring twice", "Test terms apply"):
            self.assertIn(words, note)
        self.assertLess(note.index("Ring twice"), note.index("Test terms apply"))

    def test_the_welcome_gift_comes_once_and_for_free(self):
        gift = self.env["product.product"].create({"name": "Test Corkscrew", "list_price": 9.0})
        self.club.welcome_product_id = gift
        member = self._create_members(1)
        for day, count in (("2027-01-31", 3), ("2027-02-28", 2)):
            run = self._create_run(ship_date=day)
            run._open_window()
            self._process(run)
            lines = run.shipment_ids.order_id.order_line
            self.assertEqual(len(lines), count)
            self.assertEqual(sum(lines.mapped("price_total")), 306.5)
        self.assertFalse(member.is_welcome_due)

    def test_merged_customers_are_one_member(self):
        one, two = self._create_members(2)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (one + two).partner_id.ids, one.partner_id
        )
        self.assertEqual(two.reason_code, "merge")
        self.assertEqual(one.state, "active")
        self.assertEqual(one.partner_id.customer_type_ids, self.reserve)

    def _merge(self, members):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            members.partner_id.ids, members[0].partner_id
        )
        self.env.invalidate_all()

    def test_customers_merged_after_the_cut_off_get_one_order(self):
        members = self._create_members(2)
        run = self._create_run()
        run._open_window()
        run.action_close_window()
        self._merge(members)
        self.assertEqual(self._counts(run), (2, 0, 1, 0, 0, 1))
        self._process(run)
        self.assertEqual(self._counts(run), (2, 1, 1, 0, 0, 0))
        self.assertEqual(len(members[0].partner_id.sale_order_ids), 1)

    def test_a_shipment_that_the_other_membership_skips_is_sent(self):
        members = self._create_members(2)
        run = self._create_run()
        run._open_window()
        members[0]._skip()
        run.action_close_window()
        self._merge(members)
        self.assertEqual(self._counts(run), (2, 0, 1, 0, 0, 1))

    def test_staff_hears_of_a_merge_and_of_what_went_out_twice(self):
        members = self._create_members(2)
        run = self._create_run()
        run._open_window()
        self._process(run)
        self._merge(members)
        self.assertEqual(self._counts(run), (2, 2, 0, 0, 0, 0))
        activity = members[0].activity_ids
        self.assertEqual(activity.user_id, self.club.user_id)
        self.assertIn("a member twice", activity.note)
        self.assertIn(run.name, activity.note)

    def test_choices_outside_the_club_are_refused(self):
        self.club.choice_domain = f"[('id', '=', {self.white.id})]"
        member = self._create_members(1)
        member.line_ids = [Command.create({"product_id": self.white.id})]
        with self.assertRaises(ValidationError):
            member.line_ids = [Command.create({"product_id": self.product.id})]

    def test_states_do_not_change_by_writing(self):
        member = self._create_members(1)
        with self.assertRaises(UserError):
            member.state = "ended"
        with self.assertRaises(UserError):
            member.unlink()
        self.assertEqual(
            self.env["sale.club.member"]
            .create({"club_id": self.club.id, "partner_id": self.person.id, "state": "active"})
            .state,
            "waiting",
        )

    def test_portal_users_get_nothing_and_salesmen_only_look(self):
        member = self._create_members(1)
        portal = new_test_user(
            self.env, "club_portal", groups="base.group_portal", partner_id=member.partner_id.id
        )
        for user, method in ((portal, "read"), (self.salesman, "action_cancel")):
            with self.assertRaises(AccessError):
                getattr(member.with_user(user), method)()
        member.with_user(self.salesman).read(["state"])
        with self.assertRaises(AccessError):
            self.club.with_user(self.clerk).write({"discount": 50})
        member.with_user(self.clerk).action_hold()
        self.assertEqual(member.state, "held")

    def test_other_companies_see_nothing(self):
        company = self.env["res.company"].create({"name": "Test Elsewhere"})
        user = new_test_user(
            self.env, "club_other", groups="customer_type.group_manager",
            company_id=company.id, company_ids=[Command.set(company.ids)],
        )  # fmt: skip
        self._create_members(1)
        clubs = self.env["sale.club"].with_user(user)
        self.assertFalse(clubs.search([("id", "=", self.club.id)]))
        self.assertFalse(self.env["sale.club.member"].with_user(user).search([]))
