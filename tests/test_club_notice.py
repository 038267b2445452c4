from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .club_common import ClubCommon


@tagged("post_install", "-at_install")
class TestClubNotice(ClubCommon):
    """What members are written, and that nothing is said twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        [cls.member, cls.other] = cls._create_members(2)
        cls.env["mail.mail"].search([]).unlink()

    def _open_run(self, days=10, **values):
        now = fields.Datetime.now()
        run = self._create_run(ship_date=fields.Date.today() + timedelta(days=days), **values)
        run.write(
            {
                "window_opens_at": now - timedelta(days=1),
                "cutoff_at": now + timedelta(days=days - 1),
            }
        )
        run._open_window()
        return run

    def _mails(self, member=None):
        """:return: subjects of the mails to a member since this was asked last, the oldest first"""
        self.env.flush_all()
        mails = self.env["mail.mail"].search(
            [("recipient_ids", "in", (member or self.member).partner_id.ids)], order="id"
        )
        subjects = mails.mapped("subject")
        self.env["mail.mail"].search([]).unlink()
        return subjects

    def _mail_body(self, member=None):
        self.env.flush_all()
        partner = (member or self.member).partner_id
        return (
            self.env["mail.mail"]
            .search([("recipient_ids", "in", partner.ids)], order="id desc", limit=1)
            .body_html
        )

    def test_joining(self):
        [member] = self._create_members(1, club=self._create_club("Test Second Club"))
        self.assertIn(f"/my/clubs/{member.id}", self.env["mail.mail"].search([]).body_html)
        self.assertEqual(self._mails(member), ["Welcome to Test Second Club"])
        member._activate()
        self.assertEqual(self._mails(member), [])

    def test_who_waits_for_a_place_is_welcomed_when_there_is_one(self):
        self.club.member_cap = 2
        [late] = self._create_members(1)
        self.assertIn("You are number <strong>1</strong>", self._mail_body(late))
        self.assertEqual(
            (late.state, self._mails(late)),
            ("waiting", ["Test Cellar Club: you are on the waiting list"]),
        )
        self.other._leave("cancelled", "choice", "Test")
        self.assertEqual(late.state, "active")
        self.assertEqual(self._mails(late), ["Test Cellar Club: you have a place"])

    def test_who_leaves_the_waiting_list_has_ended_no_membership(self):
        self.club.member_cap = 2
        [late] = self._create_members(1)
        self._mails(late)
        late._leave("cancelled", "choice", "Test")
        self.assertNotIn("Your membership of", self._mail_body(late))
        self.assertEqual(self._mails(late), ["Test Cellar Club: you have left the waiting list"])

    def test_changing_the_club(self):
        other = self._create_club("Test Second Club", payment="token")
        self.member._change_club(other)
        body = self._mail_body()
        self.assertIn("You stay a member since", body)
        self.assertIn("There is no card yet.", body)
        self.assertEqual(self._mails(), ["Welcome to Test Second Club"])

    def test_the_window_opens_once(self):
        self._open_run()
        self._run_cron("cron_club_tell")
        self.assertIn("Test White", self._mail_body())
        self.assertEqual(len(self._mails()), 1)
        self._run_cron("cron_club_tell")
        self.assertEqual(self._mails(), [])

    def test_two_days_left(self):
        run = self._open_run()
        self._run_cron("cron_club_tell")
        self._mails()
        run.cutoff_at = fields.Datetime.now() + timedelta(days=1, hours=12)
        self._run_cron("cron_club_tell")
        self.assertEqual(self._mails(), ["Test Cellar Club: two days left"])
        self._run_cron("cron_club_tell")
        self.assertEqual(self._mails(), [])

    def test_no_reminder_of_what_has_just_been_said(self):
        self._open_run(days=2)
        self._run_cron("cron_club_tell")
        self._run_cron("cron_club_tell")
        [subject] = self._mails()
        self.assertIn("your shipment of", subject)

    def test_who_skips_is_not_reminded(self):
        run = self._open_run()
        self._run_cron("cron_club_tell")
        self.member._skip()
        self._mails()
        run.cutoff_at = fields.Datetime.now() + timedelta(days=1)
        self._run_cron("cron_club_tell")
        self.assertEqual(self._mails(), [])
        self.assertEqual(self.member.shipment_ids.notice, "window")

    def test_nothing_about_a_window_that_has_closed(self):
        run = self._open_run()
        run.cutoff_at = fields.Datetime.now() - timedelta(minutes=1)
        self._run_cron("cron_club_tell")
        self.assertEqual(self._mails(), [])

    def test_shipped(self):
        run = self._open_run()
        run.action_close_window()
        self._process(run)
        self._run_cron("cron_club_tell")
        self.assertIn(self.member.shipment_ids.order_id.name, self._mail_body())
        [subject] = self._mails()
        self.assertIn("is on its way", subject)
        self._run_cron("cron_club_tell")
        self.assertEqual(self._mails(), [])

    def test_hold_resume_and_end(self):
        self.member._hold()
        self.assertEqual(self._mails(), ["Test Cellar Club: your membership is on hold"])
        self.member._resume()
        self.assertEqual(self._mails(), ["Test Cellar Club: welcome back"])
        self.member._leave("cancelled", "choice", "Test")
        self.assertEqual(self._mails(), ["Test Cellar Club: your membership has ended"])
        self.member._leave("cancelled", "choice", "Test")
        self.assertEqual(self._mails(), [])

    def test_a_merge_is_nothing_to_the_customer(self):
        self.member._leave("cancelled", "merge", "Test")
        self.assertEqual(self._mails(), [])

    def _decline(self):
        self.club.payment = "token"
        self.member.payment_token_id = self._create_card(self.member.partner_id)
        run = self._open_run()
        run.action_close_window()
        with self._provider_answers(lambda tx: tx._set_error("No money")):
            self._process(run)

    def test_declined_cards(self):
        self._decline()
        self.assertIn("We try again on", self._mail_body())
        self.assertEqual(self._mails(), ["Test Cellar Club: your card was declined"])

    def test_declined_for_the_last_time(self):
        self.club.retry_days = False
        self._decline()
        self.assertEqual(self._mails(), ["Test Cellar Club: your membership is on hold"])
        self.assertEqual(self.member.state, "held")

    def test_declined_and_left_out(self):
        self.club.write({"retry_days": False, "decline_end": "skip"})
        self._decline()
        self.assertIn("This shipment is left out", self._mail_body())

    def test_cards_that_expire_are_told_of_once_each(self):
        self.club.payment = "token"
        today = fields.Date.today()
        self.member.card_expires_on = today + timedelta(days=20)
        self.other.card_expires_on = today + timedelta(days=60)
        self._run_cron("cron_club_tell")
        self.assertEqual(self._mails(), ["Test Cellar Club: your card expires"])
        self._run_cron("cron_club_tell")
        self.assertEqual(self._mails(), [])
        self.member.card_expires_on = today + timedelta(days=25)
        self._run_cron("cron_club_tell")
        self.assertEqual(len(self._mails()), 1)
        self.assertFalse(self.other.is_card_told)

    def test_one_mail_that_fails_stops_no_other(self):
        template = self.env.ref("customer_type.mail_club_window")
        template.subject = f"{{{{ 1 / (object.member_id.id - {self.member.id}) }}}}"
        self._open_run()
        with mute_logger(
            "odoo.addons.customer_type.models.club.notice.notice",
            "odoo.addons.mail.models.mail_render_mixin",
        ):
            self._run_cron("cron_club_tell")
        self.assertEqual(len(self._mails(self.other)), 1)
        self.assertEqual(self.member.shipment_ids.notice, "window")

    def test_an_archived_template_is_not_sent(self):
        self.env.ref("customer_type.mail_club_held").active = False
        self.member._hold()
        self.assertEqual((self._mails(), self.member.state), ([], "held"))

    def test_who_has_no_address_stops_nobody(self):
        self.member.partner_id.email = False
        self._open_run()
        self._run_cron("cron_club_tell")
        self.assertEqual(len(self._mails(self.other)), 1)
