from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

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

    # -- Who may change what, and until when ---------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        self._check_open()
        res = super().write(vals)
        if not vals.keys().isdisjoint(_OWNERS):
            self._check_open()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    def _check_open(self):
        """Refuse changes of packs that are on their way.

        :raise UserError: where it is too late
        :raise AccessError: where the user may not change the club or run to which the pack belongs
        """
        for owner in filter(None, (self.club_id, self.run_id)):
            owner.check_access("write")
        lines = self.sudo()
        if any(run.state in ("processing", "done") for run in lines.run_id):
            raise UserError(
                self.env._("The orders are being made of this pack. Stop the run, or substitute.")
            )
        if not all(shipment._may_change_content() for shipment in lines.shipment_id):
            raise UserError(self.env._("This shipment is closed: nothing in it can be changed."))
        # Who changes a habit after the cut-off does so for the shipments that come later.
        late = lines.member_id.shipment_ids.run_id.filtered(
            lambda run: run.state == "window" and run._is_closed()
        )
        late._close_window()

    def _replace_product(self, product):
        """Put another product in the place of these, whatever has begun.

        :param product: product.product
        """
        return super().write({"product_id": product.id})  # pylint: disable=super-method-mismatch

    def _get_unavailable(self):
        """:return: those of these lines whose product is not sold any more, or not among what the
        members of the club may choose from
        """
        gone = self.filtered(lambda line: not (line.product_id.active and line.product_id.sale_ok))
        chosen = (self - gone).filtered(lambda line: line.member_id or line.shipment_id)
        for club, lines in chosen.grouped(
            lambda line: (line.member_id or line.shipment_id).club_id
        ).items():
            choices = lines.product_id.search(
                Domain("id", "in", lines.product_id.ids) & club._get_choice_domain()
            )
            gone += lines.filtered(lambda line, offered=choices: line.product_id not in offered)
        return gone

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
