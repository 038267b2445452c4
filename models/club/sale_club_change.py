from odoo import api, fields, models


class SaleClubChange(models.TransientModel):
    """Move members to another club. They stay members since they joined."""

    _name = "sale.club.change"
    _description = "Change the Club of Members"

    member_ids = fields.Many2many("sale.club.member", required=True, string="Members")
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    current_club_ids = fields.Many2many("sale.club", compute="_compute_company_id")
    club_id = fields.Many2one(
        "sale.club",
        string="New Club",
        required=True,
        domain="[('company_id', '=', company_id), ('id', 'not in', current_club_ids)]",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "sale.club.member":
            values.setdefault("member_ids", self.env.context.get("active_ids"))
        return values

    @api.depends("member_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.member_ids.company_id[:1]
            wizard.current_club_ids = wizard.member_ids.club_id

    def action_change(self):
        """Button: move the members, all or none.

        :raise UserError: where one of them is no member any more, or there is no place
        """
        self.ensure_one()
        self.member_ids.check_access("write")
        for member in self.member_ids.sorted("id"):
            member._change_club(self.club_id)
        return {"type": "ir.actions.act_window_close"}
