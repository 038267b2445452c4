from datetime import timedelta

from odoo import models
from odoo.tools import format_datetime


class SaleClubShipment(models.Model):
    _inherit = "sale.club.shipment"

    def _get_deadline(self):
        """:return: until when the member may change this, in words, on the clocks of the club. At
        midnight it is the day before that people think of.
        """
        self.ensure_one()
        if not self.run_id.cutoff_at:
            return ""
        last = self.run_id.cutoff_at - timedelta(minutes=1)
        return format_datetime(self.env, last, tz=self.club_id.tz, dt_format="short")
