from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .club_common import ClubCommon


@tagged("post_install", "-at_install")
class TestClubStaff(ClubCommon, HttpCase):
    """What those who run clubs do, in their own screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.write({"content": "choice", "minimum_quantity": 3})

    def _create_review(self):
        today = fields.Date.today()
        run = self._create_run(ship_date=today + timedelta(days=3))
        run._open_window()
        run.action_close_window()
        return run

    def _url(self, run):
        return f"/odoo/action-customer_type.sale_club_run_action/{run.id}"

    def test_staff_reviews_a_run_and_a_declined_card_recovers(self):
        self.club.write({"payment": "token", "price_alert": 0})
        names = ("Fine", "Declined", "Cardless", "Nowhere", "Modest")
        members = self._create_members(len(names))
        for name, member in zip(names, members, strict=True):
            member.partner_id.name = f"Test {name}"
            if name != "Cardless":
                member.payment_token_id = self._create_card(member.partner_id)
            if name == "Nowhere":
                member.partner_id.street = False
            if name == "Modest":
                member.line_ids = [Command.create({"product_id": self.white.id, "quantity": 1})]
        # The window has closed: what is in a shipment is changed by who may override.
        self.clerk.group_ids = [Command.link(self.env.ref("customer_type.group_override").id)]
        run = self._create_review()
        refused = members[1].partner_id

        def answer(transaction):
            tried = self.env["payment.transaction"].search_count(
                [("partner_id", "=", refused.id), ("state", "=", "error")]
            )
            if transaction.partner_id == refused and not tried:
                transaction._set_error("No money")
            else:
                transaction._set_done()

        def work(runs):
            for at_work in runs:
                at_work._process()

        runs = self.env.registry["sale.club.run"]
        with self._provider_answers(answer) as asked, patch.object(runs, "_wake_workers", work):
            self.start_tour(self._url(run), "customer_type_club_run", login="ct_clerk")
        self.env.invalidate_all()
        self.assertEqual(self._counts(run), (5, 3, 1, 1, 0, 0))
        self.assertEqual(run.state, "done")
        self.assertEqual(len(asked), 4, "three members, one of whom was asked twice")
        fine, declined, cardless, nowhere, modest = (m.shipment_ids for m in members)
        self.assertEqual((cardless.state, cardless.member_id.state), ("held", "held"))
        self.assertEqual(nowhere.state, "skipped")
        self.assertEqual(modest.order_id.order_line.product_uom_qty, 4)
        self.assertEqual((fine + declined + modest).order_id.mapped("state"), ["sale"] * 3)

    def test_counts_move_while_a_run_is_processed(self):
        self._create_members(2)
        run = self._create_review()
        runs = self.env.registry["sale.club.run"]
        with patch.object(runs, "_wake_workers", lambda _runs: None):
            self.start_tour(self._url(run), "customer_type_club_watch", login="ct_clerk")

    # -- Rights -------------------------------------------------------------------

    def test_clerks_change_the_content_of_a_shipment_and_nothing_else(self):
        self._create_members(1)
        run = self._create_run(ship_date=fields.Date.today() + timedelta(days=3))
        run._open_window()
        shipment = run.shipment_ids.with_user(self.clerk)
        shipment.line_ids = [Command.create({"product_id": self.white.id, "quantity": 5})]
        self.assertEqual(shipment._get_content(), [(self.white.id, 5.0, 0.0)])
        for user in (self.clerk, self.manager):
            for values in ({"state": "done"}, {"order_id": False}, {"attempts": 0}):
                with self.assertRaises(AccessError):
                    shipment.with_user(user).write(values)
        with self.assertRaises(AccessError):
            shipment.with_user(self.salesman).write({"line_ids": [Command.clear()]})

    def test_only_managers_make_and_change_clubs(self):
        clubs = self.env["sale.club"]
        self.assertTrue(clubs.with_user(self.manager).create({"name": "Test Managed Club"}))
        with self.assertRaises(AccessError):
            clubs.with_user(self.clerk).create({"name": "Test Clerk's Club"})
        with self.assertRaises(AccessError):
            self.env["sale.club.run"].with_user(self.clerk).create(
                {"club_id": self.club.id, "ship_date": "2027-01-31"}
            )

    def test_the_dry_run_counts_what_is_to_be_looked_at(self):
        members = self._create_members(3)
        members[0].line_ids = [Command.create({"product_id": self.white.id, "quantity": 1})]
        members[1].partner_id.street = False
        run = self._create_review().with_user(self.clerk)
        self.assertEqual(run.exception_count, 0)
        run.action_dry_run()
        run.invalidate_recordset()
        self.assertEqual(run.exception_count, 2)
