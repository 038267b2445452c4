from odoo import fields, models


class SaleClubRelease(models.Model):
    """A date on which a club ships, where it has no regular schedule."""

    _name = "sale.club.release"
    _description = "Club Release"
    _order = "date"
    _rec_name = "date"

    club_id = fields.Many2one("sale.club", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="club_id.company_id", store=True)
    date = fields.Date(required=True)
    name = fields.Char(string="Title", translate=True)

    _date_uniq = models.UniqueIndex(
        "(club_id, date)", "The club has a release on that day already."
    )
