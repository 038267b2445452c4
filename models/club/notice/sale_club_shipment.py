from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .notice import send_notice

REMIND_DAYS = 2
BATCH = 100


class SaleClubShipment(models.Model):
    _inherit = "sale.club.shipment"

    notice = fields.Selection(
        [
            ("window", "Window open"),
            ("reminder", "Two days left"),
            ("shipped", "Shipped"),
        ],
        string="Last Mail",
        readonly=True,
        copy=False,
        help="The last of the mails that each shipment brings.",
    )

    def _notify_declined(self):
        super()._notify_declined()
        send_notice(self, "declined")

    def _end_declined(self, reason):
        super()._end_declined(reason)
        # The other ends have a mail of their own.
        if self.club_id.decline_end == "skip":
            send_notice(self, "declined")

    @api.model
    def _get_notice_domains(self):
        """:return: by notice a Domain of the shipments that are to get it now"""
        now = fields.Datetime.now()
        in_window = (
            Domain("state", "=", "waiting")
            & Domain("run_id.state", "=", "window")
            & Domain("run_id.cutoff_at", ">", now)
        )
        return {
            "window": in_window & Domain("notice", "=", False),
            "reminder": in_window
            & Domain("notice", "=", "window")
            & Domain("run_id.cutoff_at", "<=", now + timedelta(days=REMIND_DAYS)),
            "shipped": Domain("state", "=", "done") & Domain("notice", "!=", "shipped"),
        }

    def _tell(self, notice):
        """Write to the members of these shipments, and remember it.

        :param str notice: one of the kinds of notice
        """
        send_notice(self, notice)
        self.notice = notice
        if notice == "window":
            # Who hears of the window in its last days needs no reminder of it.
            late = fields.Datetime.now() + timedelta(days=REMIND_DAYS)
            self.filtered(lambda s: s.run_id.cutoff_at <= late).notice = "reminder"

    @api.model
    def _cron_tell(self, limit=BATCH):
        """Write to members what has become due. Nothing is missed, nothing said twice."""
        members = self.env["sale.club.member"]
        todo = [(self, domain, notice) for notice, domain in self._get_notice_domains().items()]
        todo.append((members, members._get_card_domain(), "card"))
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=sum(model.search_count(domain) for model, domain, _notice in todo))
        for model, domain, notice in todo:
            while batch := model.search(domain, limit=limit, order="id"):
                batch._tell(notice)
                if not progress(len(batch)):
                    return
