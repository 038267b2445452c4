from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .doors import DOORS
from .doors.target import ACTS, CATEGORY, CODE, MARKS, ORDERED, PRICE, TAG, VARIANT, Target
from .visit import Visitor

MAX_PRODUCTS = 5
FEW_PRODUCTS = 2  # looked for by default: every door is asked for each of them


class Finding(NamedTuple):
    """What somebody could reach through a door.

    :ivar reached: names of products that were found
    :ivar leaks: what should not have been: sentences
    :ivar bool is_asked: whether there was anything to ask
    :ivar bool is_barred: whether there was anything to keep from them
    """

    reached: list
    leaks: list
    is_asked: bool
    is_barred: bool


class CustomerTypeLeakCheck(models.TransientModel):
    """Asks every door of the shop as a guest, as a customer without a type and as a holder."""

    _name = "customer.type.leak.check"
    _description = "Leak Check"

    type_id = fields.Many2one("customer.type", string="Customer Type", required=True)
    website_id = fields.Many2one(
        "website",
        required=True,
        compute="_compute_website_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    holder_id = fields.Many2one(
        "res.users",
        compute="_compute_askers",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', holder_candidate_ids)]",
        help="Somebody with a login who holds the type.",
    )
    stranger_id = fields.Many2one(
        "res.users",
        string="Customer without it",
        compute="_compute_askers",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', stranger_candidate_ids)]",
        help="Somebody with a login who does not hold the type.",
    )
    holder_candidate_ids = fields.Many2many("res.users", compute="_compute_candidates")
    stranger_candidate_ids = fields.Many2many("res.users", compute="_compute_candidates")
    product_ids = fields.Many2many(
        "product.product",
        string="Products to look for",
        compute="_compute_product_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('website_published', '=', True)]",
    )
    table = fields.Html(readonly=True, sanitize=False)

    # -- Whom and what -----------------------------------------------------

    @api.depends("type_id")
    def _compute_website_id(self):
        for check in self:
            websites = check.type_id.website_ids or self.env["website"].search([], limit=1)
            check.website_id = websites[:1]

    @api.depends("type_id", "website_id")
    def _compute_candidates(self):
        for check in self:
            holds = Domain(
                "partner_id.commercial_partner_id.customer_type_ids", "in", check.type_id.ids
            )
            check.holder_candidate_ids = check._search_customers(holds)
            check.stranger_candidate_ids = check._search_customers(~holds)

    def _search_customers(self, domain):
        """:return: users of the portal, at most eighty, who can sign in on the website"""
        portal_id = self.env.ref("base.group_portal").id
        return (
            self.env["res.users"]
            .sudo()
            .search(
                domain
                & Domain("all_group_ids", "in", portal_id)
                & Domain("website_id", "in", (False, self.website_id.id)),
                limit=80,
            )
            .sudo(False)
        )

    @api.depends("type_id", "website_id")
    def _compute_askers(self):
        for check in self:
            check.holder_id = check.holder_candidate_ids[:1]
            check.stranger_id = check.stranger_candidate_ids[:1]

    @api.depends("type_id", "website_id", "stranger_id")
    def _compute_product_ids(self):
        for check in self:
            check.product_ids = check._get_default_products()

    def _get_default_products(self):
        """:return: a few published products that holders see, or know the price of, and the other
        customer does not; those whose name gives them away first
        """
        self.ensure_one()
        if not self.type_id:
            return self.env["product.product"]
        type_ids = self.type_id._origin.ids
        other_ids = self._get_type_ids(self.stranger_id) if self.stranger_id._origin else ()
        products = self.env["product.template"].search(self._get_product_domain(), limit=200)
        kept = products.browse()
        for right in ("see", "price"):
            held = products._filter_by_right(right, type_ids)
            kept |= held - held._filter_by_right(right, other_ids)
        variants = kept.product_variant_id
        variants |= variants.search(
            Domain("product_tmpl_id", "any", self._get_shop_domain())
            & variants._get_visible_part_domain(type_ids)
            & ~variants._get_visible_part_domain(other_ids),
            limit=FEW_PRODUCTS,
        )
        told = variants.filtered(
            lambda v: v.product_tmpl_id.search_count([("name", "ilike", v.name)], limit=2) == 1
        )
        return (told + (variants - told))[:FEW_PRODUCTS]

    def _get_shop_domain(self):
        return (
            Domain("is_published", "=", True)
            & Domain("sale_ok", "=", True)
            & Domain("website_id", "in", (False, self.website_id.id))
        )

    def _get_product_domain(self):
        return self._get_shop_domain() & Domain.OR(
            [
                Domain("reserved_type_ids", "in", self.type_id.ids),
                Domain("priced_type_ids", "in", self.type_id.ids),
                Domain("id", "in", self.type_id.assortment_product_ids.ids),
                Domain("product_tag_ids", "in", self._get_reserved("tag")),
                Domain("public_categ_ids", "child_of", self._get_reserved("public.category")),
            ]
        )

    def _get_reserved(self, what):
        """:return: ids of the categories, or tags, that are reserved for the type"""
        fname = {"public.category": "assortment_category_ids", "tag": "assortment_tag_ids"}[what]
        reserved = self.env[f"product.{what}"].search(
            Domain("reserved_type_ids", "in", self.type_id.ids)
            | Domain("priced_type_ids", "in", self.type_id.ids)
        )
        return (reserved | self.type_id[fname]).ids

    def _get_type_ids(self, user):
        """:return: ids of the types that act for a user on the website"""
        website = self.website_id._origin.with_user(user._origin).sudo()
        return website._get_visitor_policy().type_ids

    @api.constrains("holder_id", "stranger_id")
    def _check_customers(self):
        if any(user._is_internal() for user in (self.holder_id | self.stranger_id)):
            raise ValidationError(self.env._("Your own staff sees everything: choose customers."))

    @api.constrains("product_ids")
    def _check_product_ids(self):
        if any(len(check.product_ids) > MAX_PRODUCTS for check in self):
            raise ValidationError(
                self.env._("Look for %s products at a time, not more.", MAX_PRODUCTS)
            )

    # -- Asking ------------------------------------------------------------

    def action_check(self):
        """Ask every door that tells by its own answer.

        :return: an action that shows this check again, with what was found
        :raise UserError: when there is nothing to look for
        """
        self.ensure_one()
        if not self.env.user.has_group("customer_type.group_manager"):
            raise UserError(self.env._("Only managers of customer types check for leaks."))
        if not self.product_ids:
            raise UserError(self.env._("Choose the products to look for."))
        askers = self._get_askers()
        # What is read in their name is read from the database.
        self.env.flush_all()
        doors = [door for door in DOORS if door.tells]
        columns = [self._visit(user, doors) for user in askers.values()]
        self.table = self.env["ir.qweb"]._render(
            "customer_type.leak_check_table",
            {
                "askers": askers,
                "rows": list(zip([str(door.name) for door in doors], *columns, strict=True)),
                "leaks": any(finding.leaks for column in columns for finding in column),
                "unasked": [str(door.name) for door in DOORS if not door.tells],
            },
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("Leak Check: %s", self.type_id.name),
        }

    def _get_askers(self):
        """:return: the users who ask, by what to call them"""
        askers = {
            self.env._("Guest"): self.website_id.sudo().user_id.sudo(False),
            self.env._("Without it: %s", self.stranger_id.sudo().name): self.stranger_id,
            self.env._("Holder: %s", self.holder_id.sudo().name): self.holder_id,
        }
        return {who: user for who, user in askers.items() if user}

    def _visit(self, user, doors):
        """:return: a :class:`Finding` for each of these doors, tried in the name of a user"""
        self.ensure_one()
        partner = user.sudo().partner_id
        targets = [Target(product, self.website_id, partner) for product in self.product_ids]
        guest = self.website_id.sudo().user_id.sudo(False)
        forbidden, of_guests = (
            {target: self._get_forbidden(target, asker) for target in targets}
            for asker in (user, guest)
        )
        with Visitor(user, self.website_id).visit() as visitor:
            return [
                self._try_door(door, visitor, of_guests if door.for_guests else forbidden)
                for door in doors
            ]

    def _try_door(self, door, visitor, forbidden):
        """
        :param dict forbidden: by target, the kinds of marks which the visitor must not meet, and
            of acts which they must not do
        :rtype: Finding
        """
        reached, leaks, is_asked = [], [], False
        for target, kinds in forbidden.items():
            # A page that is asked for next is one after what was undone.
            asked = [ask for ask in door.ask(target) if not door.takes or ask.params is not None]
            found = set()
            for request in asked:
                answer = visitor.ask(request)
                found |= target.find(answer)
                if door.takes and target.is_taken(answer):
                    found.add(door.takes)
            is_asked = is_asked or bool(asked)
            name = target.variant.display_name
            if found:
                reached.append(name)
            if wrong := found & kinds:
                words = {**MARKS, **ACTS}
                what = ", ".join(str(words[kind]) for kind in words if kind in wrong)
                leaks.append(self.env._("%(product)s: %(what)s", product=name, what=what))
        return Finding(reached, leaks, is_asked, any(forbidden.values()))

    def _get_forbidden(self, target, user):
        """:return: the kinds of marks of a product that a user must not meet anywhere, and the
        kinds of acts that they must not do
        """
        type_ids = self._get_type_ids(user)
        return self._get_forbidden_marks(target, user, type_ids) | self._get_forbidden_acts(
            target, type_ids
        )

    def _get_forbidden_acts(self, target, type_ids):
        variant = target.variant
        if not target.website._admits_to_shop(type_ids) or not variant._filter_by_right(
            "see", type_ids
        ):
            return set(ACTS)
        if all(variant._filter_by_right(right, type_ids) for right in ("price", "buy")):
            return set()
        return {ORDERED}

    def _get_forbidden_marks(self, target, user, type_ids):
        forbidden = set()
        if not target.website._admits_to_shop(type_ids):
            forbidden = set(MARKS) - {TAG}
        elif not target.product._filter_by_right("see", type_ids):
            forbidden = set(MARKS) - {CATEGORY, TAG}
        elif not target.variant._filter_by_right("see", type_ids):
            forbidden = {VARIANT, CODE}
        if not target.product._filter_by_right("price", type_ids):
            forbidden.add(PRICE)
        categories = target.categories.with_user(user).with_context(
            policy_website_id=target.website.id
        )
        if categories and not categories._filtered_access("read"):
            forbidden.add(CATEGORY)
        if target.tags and not target.tags._filter_named_to(type_ids):
            forbidden.add(TAG)
        return forbidden
