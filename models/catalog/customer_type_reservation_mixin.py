import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .catalog import RIGHTS, Reservation


class CustomerTypeReservationMixin(models.AbstractModel):
    """What can be reserved for customer types: products, categories and tags.

    The fields of :data:`RIGHTS` are declared by each model, with tables of their own.
    """

    _name = "customer.type.reservation.mixin"
    _description = "Reserved for Customer Types"

    reserved_from = fields.Datetime(
        string="Holders see it from",
        groups="base.group_user",
        help="Before this moment not even those for whom it is reserved see it. Typed in your own "
        "time zone; the shop says it in that of the website's company.",
    )
    public_from = fields.Datetime(
        string="Everybody sees it from",
        groups="base.group_user",
        help="The reservation ends by itself at this moment: early access. Typed in your own time "
        "zone; the shop says it in that of the website's company.",
    )
    reservation_summary = fields.Char(
        string="Who sees it", compute="_compute_reservation_summary", groups="base.group_user"
    )

    @api.model
    def _reservation_fields(self):
        """:return: names of the fields that make up a reservation"""
        return {*RIGHTS.values(), "reserved_from", "public_from"}

    @api.constrains("reserved_from", "public_from")
    def _check_reservation_moments(self):
        for record in self:
            if record.reserved_from and record.public_from:
                if record.reserved_from >= record.public_from:
                    raise ValidationError(
                        self.env._(
                            "%s: holders must see it before everybody does.", record.display_name
                        )
                    )

    def _get_reservation(self, right):
        """:param str right: ``see``, ``price`` or ``buy``
        :return: what this record itself says about a right
        :rtype: Reservation
        """
        self.ensure_one()
        record = self.sudo().with_context(active_test=False)
        type_ids = frozenset(record[RIGHTS[right]].ids)
        if right == "see":
            return Reservation(type_ids, record.reserved_from or None, record.public_from or None)
        return Reservation(type_ids)

    def _compute_reservation_summary(self):
        for record in self:
            record.reservation_summary = record._get_reservation_summary()

    def _get_reservation_summary(self):
        """:return: who sees this, may know its price and may buy it, in one line"""
        self.ensure_one()
        now = fields.Datetime.now()
        seen = self._get_reservation("see")
        source = self
        if not seen.is_acting(now) and not seen.has_ended(now):
            seen, source = self._get_inherited_reservation(now) or (seen, self)
        parts = [self._format_reservation(seen, source, now)]
        for right, words in (
            ("price", self.env._("Price shown to: %s.")),
            ("buy", self.env._("Sold to: %s.")),
        ):
            if type_ids := self._get_reservation(right).type_ids:
                parts.append(words % self._get_reservation_names(type_ids))
        return " ".join(parts)

    def _get_inherited_reservation(self, now):
        """Hook: what decides where this record says nothing itself.

        :return: a :class:`Reservation` and the record that has it, or nothing
        """
        return

    def _format_reservation(self, seen, source, now):
        """:return: who sees ``self``, in words

        :param Reservation seen: what decides
        :param source: the record that says so
        """
        if not seen.is_acting(now):
            return self.env._("Everybody sees it.")
        names = self._get_reservation_names(seen.type_ids)
        if not seen.type_ids:
            text = self.env._("Nobody but your staff sees it.")
        elif source == self:
            text = self.env._("Only %s see it.", names)
        else:
            text = self.env._(
                "Only %(types)s see it, because of %(record)s.",
                types=names,
                record=source.display_name,
            )
        zone = self._get_reservation_zone()
        for moment, words in (
            (seen.since if seen.since and seen.since > now else None, self.env._("From %s.")),
            (seen.until, self.env._("Everybody from %s.")),
        ):
            if moment:
                local = pytz.utc.localize(moment).astimezone(zone)
                text += " " + words % f"{local:%Y-%m-%d %H:%M} ({zone})"
        return text

    def _get_reservation_zone(self):
        """:return: the time zone (pytz) in which moments are told to everybody: that of the
        company of the website, not that of the reader
        """
        self.ensure_one()
        website = "website_id" in self._fields and self.sudo().website_id
        company = (website or self.env["website"]._get_catalog_website()).company_id
        return self.env["customer.type.assignment"]._timezone(company)

    @api.model
    def _get_reservation_names(self, type_ids):
        return ", ".join(self.env["customer.type"].browse(type_ids).sorted().mapped("name"))

    # -- Keeping caches true -----------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any(self._changes_catalog(vals) for vals in vals_list):
            self.env["customer.type"]._catalog_changed()
        return records

    def write(self, vals):
        res = super().write(vals)
        if self._changes_catalog(vals):
            self.env["customer.type"]._catalog_changed()
        return res

    @api.model
    def _changes_catalog(self, vals):
        """Hook: whether writing these values changes who sees what"""
        return not self._reservation_fields().isdisjoint(vals)
