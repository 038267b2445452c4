from odoo import fields, models


class SaleClubMove(models.Model):
    """A member that changed the club, so that reports know who was where at the time."""

    _name = "sale.club.move"
    _description = "Change of Club"
    _order = "id"

    member_id = fields.Many2one(
        "sale.club.member", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="member_id.company_id", store=True)
    from_club_id = fields.Many2one(
        "sale.club", string="From", required=True, ondelete="restrict", readonly=True
    )
    to_club_id = fields.Many2one(
        "sale.club", string="New Club", required=True, ondelete="restrict", readonly=True
    )
    date = fields.Date(required=True, readonly=True)
