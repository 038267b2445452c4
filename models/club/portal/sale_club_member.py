from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

# Of one product in one shipment: more is a slip of the keyboard.
MOST = 9999
NOTE_LENGTH = 200
# Shipments of these runs are still to come.
_RUNNING = ("window", "review", "processing")


class SaleClubMember(models.Model):
    """What members see of their membership, and may do about it themselves."""

    _inherit = "sale.club.member"

    has_open_skip = fields.Boolean(compute="_compute_has_open_skip")

    @api.depends("state", "skip_next", "shipment_ids.state", "shipment_ids.is_skip_wish")
    def _compute_has_open_skip(self):
        for member in self:
            member.has_open_skip = member._may_undo_skip()

    def _get_portal_domain(self, partner):
        """:return: Domain of the memberships that a customer may see and change"""
        return Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)

    def _get_portal_url(self):
        """:return: the address of the page of the membership"""
        self.ensure_one()
        return f"/my/clubs/{self.id}"

    # -- What comes next -----------------------------------------------------

    def _get_next_shipment(self):
        """:return: the shipment that comes next, be it closed already, or none"""
        self.ensure_one()
        coming = self.sudo().shipment_ids.filtered(
            lambda s: s.club_id == self.club_id and s.state != "done" and s.run_id.state in _RUNNING
        )
        return coming.sorted("ship_date")[:1]

    def _get_next_day(self):
        """:return: the day (date) of the next shipment, None where none is planned"""
        self.ensure_one()
        if shipment := self._get_next_shipment():
            return shipment.ship_date
        dates = self.sudo().club_id._get_coming_dates(2 if self.skip_next else 1)
        return dates[-1] if dates else None

    def _get_next_lines(self):
        """:return: the pack lines of the next shipment, as it stands"""
        self.ensure_one()
        if shipment := self._get_next_shipment():
            return shipment._get_lines()
        member = self.sudo()
        own = member.club_id.content == "choice" and member.line_ids
        return own or member.club_id.line_ids

    # -- What the member may do ----------------------------------------------

    def _is_open(self):
        """:return: whether the member has not left"""
        self.ensure_one()
        return self.state in self._open_states()

    def _may_choose(self):
        """:return: whether the member may change the content of what comes next"""
        self.ensure_one()
        if not self._is_open() or self.club_id.content != "choice":
            return False
        shipment = self._get_next_shipment()
        return not shipment or shipment._is_changeable()

    def _may_skip(self):
        """:return: whether there is something to skip and a skip left"""
        self.ensure_one()
        if self.state != "active" or self.skips_used >= self.club_id.skips_per_year:
            return False
        shipment = self._get_next_shipment()
        if not shipment:
            return not self.skip_next and bool(self._get_next_day())
        return shipment.state == "waiting" and shipment._is_changeable()

    def _may_undo_skip(self):
        """:return: whether there is a skip that can be taken back"""
        self.ensure_one()
        shipment = self._get_open_shipment()
        return self._is_open() and (
            self.skip_next or (shipment.state == "skipped" and shipment.is_skip_wish)
        )

    def _may_resume(self):
        """:return: whether the member may end the hold; what staff has held, staff resumes"""
        self.ensure_one()
        return self.state == "held" and self.reason_code != "staff"

    def _may_cancel(self):
        """:return: whether the member may leave without asking anybody"""
        self.ensure_one()
        if self.state == "waiting":
            return True
        return self._is_open() and self.club_id.may_cancel and not self.commitment_left

    def _may_change_club(self):
        """:return: whether the member may go to another club without asking anybody"""
        self.ensure_one()
        return (
            self.state in ("active", "held")
            and self.club_id.may_change
            and not self.commitment_left
        )

    # -- What the member does ------------------------------------------------

    def _choose(self, quantities, products, always=False):
        """Write down what the member wants to get.

        :param dict quantities: quantity (float) by product id
        :param products: product.product that are on offer to whoever chooses
        :param bool always: from now on; otherwise for the next shipment only, if its window is open
        :raise UserError: where it is too late, too little, or not on offer
        """
        self.ensure_one()
        club, shipment = self.club_id, self._get_next_shipment()
        # Else the run could begin in between.
        shipment.lock_for_update()
        if not self._may_choose():
            raise UserError(self.env._("The content of this shipment cannot be changed any more."))
        if not quantities.keys() <= set(products.ids):
            raise UserError(self.env._("This is not on offer in %s.", club.name))
        if any(quantity < 0 for quantity in quantities.values()):
            raise UserError(self.env._("A quantity cannot be less than nothing."))
        if any(quantity > MOST for quantity in quantities.values()):
            raise UserError(self.env._("Please choose less, or write to us."))
        chosen = {product: quantity for product, quantity in quantities.items() if quantity}
        total = sum(chosen.values())
        if total < max(club.minimum_quantity, 1):
            raise UserError(
                self.env._(
                    "Please choose at least %(minimum)g; you have chosen %(total)g.",
                    minimum=max(club.minimum_quantity, 1),
                    total=total,
                )
            )
        self._check_minimum_amount(chosen)
        commands = [
            Command.create({"product_id": product.id, "quantity": chosen[product.id]})
            for product in products
            if product.id in chosen
        ]
        if shipment:
            shipment.line_ids.unlink()
        if always or not shipment:
            self.line_ids.unlink()
            self.line_ids = commands
        else:
            shipment.line_ids = commands

    def _check_minimum_amount(self, quantities):
        """:raise UserError: where what was chosen, quantity by product id, comes to too little"""
        if self.sudo().club_id.minimum_amount:
            for issue in self._draft_order(quantities)._get_club_minimum_issues():
                raise UserError(issue.message)

    def _draft_order(self, quantities):
        """
        :param dict quantities: quantity (float) by product id
        :return: sale.order, never saved, with what that would cost the member today
        """
        self.ensure_one()
        member, club = self.sudo(), self.sudo().club_id
        orders = member.env["sale.order"].with_company(member.company_id)
        order = orders.new(
            {
                "partner_id": member.partner_id.id,
                "company_id": member.company_id.id,
                "website_id": False,
                "club_id": club.id,
                "order_line": [
                    Command.create({"product_id": product_id, "product_uom_qty": quantity})
                    for product_id, quantity in quantities.items()
                ],
            }
        )
        for line in order.order_line if club.discount else ():
            line.discount = line._get_discount_with(club.discount)
        return order

    def _skip_by_member(self):
        """:raise UserError: where there is nothing to skip any more"""
        if not self._may_skip():
            raise UserError(self.env._("This shipment cannot be skipped any more."))
        self._skip()

    def _undo_skip_by_member(self):
        """:raise UserError: where the window has closed"""
        if not self._may_undo_skip():
            raise UserError(self.env._("It is too late to undo this."))
        self._undo_skip()

    def _hold_by_member(self, until=None):
        """:param date until: the first day on which the member takes part again"""
        if self.state != "active":
            raise UserError(self.env._("Only an active membership can be put on hold."))
        self._hold(until, reason=self.env._("On hold by the member"))

    def _resume_by_member(self):
        """:raise UserError: where only staff can"""
        if not self._may_resume():
            raise UserError(self.env._("Please write to us to take part again."))
        self._resume()

    def _cancel_by_member(self):
        """:raise UserError: where the club does not let members leave, or not yet"""
        if not self._may_cancel():
            raise UserError(self.env._("This membership cannot be cancelled here."))
        if self.state == "waiting" and self.order_id.amount_total:
            self.order_id._ask_staff(
                self.env._("Left the waiting list of %s", self.club_id.name),
                self.env._("The membership was bought, and never began: give the money back."),
            )
        self._leave("cancelled", "choice", self.env._("Cancelled by the member"))

    def _get_other_clubs(self, website):
        """:return: the clubs to which the member may change here: it could join them for free"""
        self.ensure_one()
        clubs = self.club_id.browse()
        if not self._may_change_club():
            return clubs
        offered = clubs._get_shown(website).filtered(lambda c: c.company_id == self.company_id)
        offered -= self.club_id + clubs.union(*offered._get_memberships(self.partner_id))
        shown = offered.product_id._get_shown(website)

        def is_open(club):
            membership = club.product_id.sudo(False) & shown
            return (
                membership._may_join_with()
                and membership._is_free_to_visitor()
                and not club._is_full()
            )

        return offered.filtered(is_open)

    def _change_club_by_member(self, club, website):
        """:param club: sale.club
        :raise UserError: where the member may not go there
        """
        if not club or club not in self._get_other_clubs(website):
            raise UserError(self.env._("This club is not open to you."))
        self._change_club(club)

    def _use_card(self, token, expires_on=None):
        """Charge another card from now on; a shipment that still waits for one is tried again.

        :param token: payment.token
        :param date expires_on: the last day on which it works, where that is known
        """
        self._check_still_open()
        self.write({"card_expires_on": expires_on or False, "payment_token_id": token.id})

    def _use_address(self, address, note=None, pickup=False):
        """Send what comes next elsewhere.

        :param address: res.partner of the same customer
        :param str note: what the carrier has to know
        :param bool pickup: where the club lets members pick up
        """
        self._check_still_open()
        if address not in self._get_addresses():
            raise UserError(self.env._("This is not one of your addresses."))
        self.write(
            {
                "address_id": address.id,
                "delivery_note": (note or "").strip()[:NOTE_LENGTH] or False,
                "is_pickup": bool(pickup) and self.club_id.may_pick_up,
            }
        )

    def _check_still_open(self):
        if not self._is_open():
            raise UserError(self.env._("This membership has ended."))

    def _get_addresses(self):
        """:return: res.partner, the addresses to which shipments can go. Where a gift goes is up to
        who gets it.
        """
        self.ensure_one()
        if self.receiver_id:
            return self.sudo()._get_delivery_address()
        customer = self.sudo().commercial_partner_id
        return (
            customer
            | self.sudo().partner_id
            | customer.search(
                [("id", "child_of", customer.id), ("type", "in", ("contact", "delivery", "other"))]
            )
            | self.sudo().address_id
        )

    def _get_past_shipments(self):
        """:return: shipments that are over, the latest first"""
        self.ensure_one()
        past = self.sudo().shipment_ids.filtered(
            lambda s: s.state == "done" or (s.state != "waiting" and s.run_id.state == "done")
        )
        return past.sorted("ship_date", reverse=True)

    def _get_card_expiry(self, month):
        """:param str month: as browsers send it, like ``2028-04``
        :return: the last day of that month (date), None where nothing is said
        """
        if not month:
            return None
        try:
            first = fields.Date.to_date(f"{month}-01")
        except ValueError:
            first = None
        if not first:
            raise UserError(self.env._("Write the month until which the card is valid."))
        return fields.Date.end_of(first, "month")
