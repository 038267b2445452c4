from contextlib import suppress

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Date
from odoo.http import Controller, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

ERROR_KEY = "customer_type_club_error"
DONE_KEY = "customer_type_club_done"


def _sitemap_clubs(env, rule, qs):
    website = env["website"].get_current_website()
    clubs = env["sale.club"]._get_shown(website)
    for url in ["/clubs", *(club._get_page_url() for club in clubs)] if clubs else ():
        if not qs or qs.lower() in url:
            yield {"loc": url}


class ClubPages(Controller):
    """The pages that sell clubs. Whoever buys the membership becomes a member."""

    def _get_clubs(self):
        """:return: the clubs (sale.club, as superuser) that this website offers"""
        return request.env["sale.club"]._get_shown(request.website)

    def _get_memberships(self, clubs):
        """:return: by club the open membership of the visitor"""
        user = request.env.user
        return {} if user._is_public() else clubs._get_memberships(user.partner_id)

    @route(
        "/clubs", type="http", auth="public", website=True, sitemap=_sitemap_clubs, readonly=True
    )
    def clubs(self):
        """List the clubs that one can join."""
        clubs = self._get_clubs()
        return request.render(
            "customer_type.club_list", {"clubs": clubs, "memberships": self._get_memberships(clubs)}
        )

    @route(
        "/clubs/<string:slug>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def club(self, slug):
        """Show what a club is, and sell its membership."""
        club, product = self._find_club(slug)
        return request.render(
            "customer_type.club_page",
            {
                "club": club,
                "main_object": club,
                "member": self._get_memberships(club).get(club),
                "membership": product,
                "combination": product and product._get_combination_info_variant(),
                "may_buy": product._may_join_with(),
                "is_full": club._is_full(),
                "pack": self._get_pack(club),
            },
        )

    @route("/clubs/<string:slug>/wait", type="http", auth="user", methods=["POST"], website=True)
    def club_wait(self, slug, **post):
        """Join the waiting list of a club that is full."""
        club, _membership = self._find_club(slug)
        club._join_waiting_list(request.env.user.partner_id, request.website)
        return request.redirect(club._get_page_url())

    def _find_club(self, slug):
        """:return: the club of an address, and its membership product as far as the visitor sees it
        :raise NotFound: where this website offers no such club
        """
        _name, club_id = request.env["ir.http"]._unslug(slug)
        club = self._get_clubs().filtered(lambda c: c.id == club_id)
        if not club:
            raise request.not_found()
        return club, club.product_id._get_shown(request.website)

    def _get_pack(self, club):
        """:return: pairs of product and quantity in the pack, as far as the visitor sees them"""
        quantities = {line.product_id.id: line.quantity for line in club.line_ids}
        return [
            (product, quantities[product.id])
            for product in club.line_ids.product_id._get_shown(request.website)
        ]


class ClubPortal(CustomerPortal):
    """What members see and do. They have no access to the models, so each route looks up whose
    membership it is; it changes it by the methods of the member alone.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "club_count" in counters:
            values["club_count"] = len(self._get_members())
        return values

    def _get_members(self):
        """:return: all memberships (sale.club.member, as superuser) of the customer"""
        members = request.env["sale.club.member"].sudo()
        return members.search(members._get_portal_domain(request.env.user.partner_id))

    def _get_member(self, member_id):
        """:return: a membership of the customer. Those of others are not found."""
        member = self._get_members().filtered(lambda m: m.id == member_id)
        if not member:
            raise request.not_found()
        return member

    @route("/my/clubs", type="http", auth="user", website=True, readonly=True)
    def portal_my_clubs(self):
        """List the memberships of the customer."""
        order = ("active", "held", "waiting", "cancelled", "ended")
        members = self._get_members().sorted(lambda m: order.index(m.state))
        return request.render(
            "customer_type.portal_my_clubs",
            {
                "members": members,
                "page_name": "clubs",
                "has_clubs": bool(ClubPages()._get_clubs()),
            },
        )

    @route("/my/clubs/<int:member_id>", type="http", auth="user", website=True, readonly=True)
    def portal_my_club(self, member_id):
        """Show a membership, and what the member can do about it."""
        return request.render(
            "customer_type.portal_my_club", self._prepare_club_values(self._get_member(member_id))
        )

    def _prepare_club_values(self, member):
        shipment = member._get_next_shipment()
        lines = member._get_next_lines()
        may_choose = member._may_choose()
        return {
            "member": member,
            "club": member.club_id,
            "page_name": "club",
            "shipment": shipment,
            "may_change": bool(shipment) and shipment._is_changeable(),
            "next_day": member._get_next_day() if member._is_open() else None,
            "lines": lines,
            "choices": self._get_choices(member) if may_choose else [],
            "tokens": self._get_tokens(),
            "addresses": member._get_addresses(),
            "other_clubs": member._get_other_clubs(request.website),
            "today": member.club_id._today(),
            "error": request.session.pop(ERROR_KEY, None),
            "done": request.session.pop(DONE_KEY, None),
        }

    def _get_tokens(self):
        """:return: the cards (payment.token, as superuser) of the customer"""
        return (
            request.env["payment.token"]
            .sudo()
            ._get_available_tokens(None, request.env.user.partner_id.id, is_validation=True)
        )

    def _get_choices(self, member):
        """:return: per product on offer a dict of ``product``, ``quantity`` and ``price`` in words;
        what is chosen comes first
        """
        quantities = {line.product_id.id: line.quantity for line in member._get_next_lines()}
        products = member.club_id._get_choice_products(request.website)
        prices = products._get_shown_prices(
            request.website, request.pricelist, request.fiscal_position
        )
        choices = [
            {
                "product": product,
                "quantity": quantities.get(product.id, 0.0),
                "price": prices.get(product.id),
            }
            for product in products
        ]
        return sorted(choices, key=lambda choice: not choice["quantity"])

    # -- Changes ---------------------------------------------------------------

    def _change(self, member_id, change, done):
        """Do a change and show the membership again, with what came of it.

        :param change: function of the member; a UserError is told, and leaves nothing behind
        :param done: what to say when all is well
        """
        member = self._get_member(member_id)
        try:
            with request.env.cr.savepoint():
                change(member)
        except UserError as error:
            request.session[ERROR_KEY] = str(error)
        else:
            request.session[DONE_KEY] = str(done)
        return request.redirect(member._get_portal_url())

    @route(
        "/my/clubs/<int:member_id>/skip", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_club_skip(self, member_id, **post):
        """Leave out the next shipment."""
        return self._change(
            member_id, lambda m: m._skip_by_member(), request.env._("The shipment is skipped.")
        )

    @route(
        "/my/clubs/<int:member_id>/undo_skip",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_club_undo_skip(self, member_id, **post):
        """Take back a skip."""
        return self._change(
            member_id,
            lambda m: m._undo_skip_by_member(),
            request.env._("You get this shipment after all."),
        )

    @route(
        "/my/clubs/<int:member_id>/hold", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_club_hold(self, member_id, until=None, **post):
        """Take nothing for a while."""

        def hold(member):
            member._hold_by_member(self._parse_date(until))

        return self._change(member_id, hold, request.env._("Your membership is on hold."))

    @route(
        "/my/clubs/<int:member_id>/resume", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_club_resume(self, member_id, **post):
        """End a hold."""
        return self._change(
            member_id, lambda m: m._resume_by_member(), request.env._("You take part again.")
        )

    @route(
        "/my/clubs/<int:member_id>/cancel", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_club_cancel(self, member_id, sure=None, **post):
        """Leave the club."""

        def cancel(member):
            if not sure:
                raise UserError(request.env._("Please confirm that you want to leave."))
            member._cancel_by_member()

        return self._change(member_id, cancel, request.env._("Your membership has ended."))

    @route(
        "/my/clubs/<int:member_id>/change", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_club_change(self, member_id, club_id=None, **post):
        """Go to another club."""

        def change(member):
            clubs = member.club_id._get_shown(request.website)
            club = clubs.filtered(lambda c: str(c.id) == club_id)
            member._change_club_by_member(club, request.website)

        return self._change(member_id, change, request.env._("You are in the other club now."))

    @route(
        "/my/clubs/<int:member_id>/card", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_club_card(self, member_id, token_id=None, valid_until=None, **post):
        """Pay with another card from now on."""

        def use(member):
            token = self._get_tokens().filtered(lambda t: str(t.id) == token_id)
            if not token:
                raise UserError(request.env._("This is not one of your cards."))
            member._use_card(token, member._get_card_expiry(valid_until))

        return self._change(member_id, use, request.env._("From now on we charge this card."))

    @route(
        "/my/clubs/<int:member_id>/address",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_club_address(
        self, member_id, address_id=None, delivery_note=None, is_pickup=None, **post
    ):
        """Send shipments elsewhere, or with other notes."""

        def use(member):
            address = member._get_addresses().filtered(lambda a: str(a.id) == address_id)
            member._use_address(address, delivery_note, is_pickup)

        return self._change(member_id, use, request.env._("Your delivery is saved."))

    @route(
        "/my/clubs/<int:member_id>/pack", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_club_pack(self, member_id, always=None, **post):
        """Choose the content of the next shipment. Quantities are posted as ``quantity_<id>``."""

        def choose(member):
            products = member.club_id._get_choice_products(request.website)
            member._choose(self._parse_quantities(post), products, bool(always))

        return self._change(member_id, choose, request.env._("Your choice is saved."))

    def _parse_quantities(self, post):
        """:return: whole quantity by product id; nothing posted is zero
        :raise ValidationError: where something else than a whole number was posted
        """
        quantities = {}
        for key, value in post.items():
            if key.startswith("quantity_"):
                try:
                    quantities[int(key.removeprefix("quantity_"))] = int(value or 0)
                except ValueError:
                    raise ValidationError(
                        request.env._("Please write quantities as whole numbers.")
                    ) from None
        return {product: quantity for product, quantity in quantities.items() if quantity}

    def _parse_date(self, value):
        """:return: date, None where nothing was posted"""
        if not value:
            return None
        with suppress(ValueError):
            return Date.to_date(value)
        raise UserError(request.env._("Please write the date as a day of the calendar."))
