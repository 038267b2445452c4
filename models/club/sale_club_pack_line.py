from odoo import api, fields, models
from odoo.exceptions import ValidationError

_OWNERS = ("club_id", "run_id", "member_id", "shipment_id")


class SaleClubPackLine(models.Model):
    """A product in a pack: that of a club, of one of its runs, of a member, or of one shipment."""

    _name = "sale.club.pack.line"
    _description = "Club Pack Line"
    _order = "sequence, id"
    _rec_name = "product_id"

    club_id = fields.Many2one("sale.club", ondelete="cascade", index="btree_not_null")
    run_id = fields.Many2one("sale.club.run", ondelete="cascade", index="btree_not_null")
    member_id = fields.Many2one("sale.club.member", ondelete="cascade", index="btree_not_null")
    shipment_id = fields.Many2one("sale.club.shipment", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, compute_sudo=True
    )
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="restrict", domain="[('sale_ok', '=', True)]"
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")

    _owner = models.Constraint(
        f"CHECK(num_nonnulls({', '.join(_OWNERS)}) = 1)", "A line belongs to one pack."
    )
    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "A pack has more than nothing of each product."
    )

    @api.depends(*_OWNERS)
    def _compute_company_id(self):
        for line in self:
            owner = line.club_id or line.run_id or line.member_id or line.shipment_id
            line.company_id = owner.company_id

    @api.constrains("product_id", "member_id", "shipment_id")
    def _check_choice(self):
        """What a member has chosen is of what the club offers, whoever sends it."""
        for line in self.filtered(lambda item: item.member_id or item.shipment_id):
            club = (line.member_id or line.shipment_id).club_id
            if not line.product_id.sudo().filtered_domain(club._get_choice_domain()):
                raise ValidationError(
                    self.env._(
                        "%(product)s is not among the choices of %(club)s.",
                        product=line.product_id.display_name,
                        club=club.name,
                    )
                )

    def _get_content(self):
        """:return: list of ``(product id, quantity)``"""
        return [(line.product_id.id, line.quantity) for line in self]

    def _copy_values(self):
        """:return: commands that give another owner the same lines"""
        return [
            fields.Command.create(
                {
                    "sequence": line.sequence,
                    "product_id": line.product_id.id,
                    "quantity": line.quantity,
                }
            )
            for line in self
        ]
