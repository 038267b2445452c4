from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .quantity_limits import QuantityLimits

# Where a rule finds its product, the most specific first, and by which field it names it.
TARGETS = {
    "variant": "product_id",
    "product": "product_tmpl_id",
    "tag": "product_tag_id",
    "category": "public_categ_id",
}


class CustomerTypeQuantityRule(models.Model):
    """In which quantities customers of some types may order some products.

    For minimum, maximum and multiple each, the most specific rule that says something decides:
    variant, product, tag, category (the deeper first); among rules for the same, those for a type
    of the customer come before those for everybody, and of several the most favourable holds.
    """

    _name = "customer.type.quantity.rule"
    _inherit = ["customer.policy.cache.mixin"]
    _description = "Quantity Rule"
    _order = "applied_on, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")
    customer_type_ids = fields.Many2many(
        "customer.type",
        "customer_type_quantity_rule_rel",
        "rule_id",
        "type_id",
        string="Customer Types",
        # Else the rule of a deleted type would become a rule for everybody.
        ondelete="restrict",
        help="Whom the rule is for. Empty: for everybody, as long as no rule for a type of the "
        "customer says otherwise about the same products.",
    )
    applied_on = fields.Selection(
        [
            ("category", "Category"),
            ("tag", "Tag"),
            ("product", "Product"),
            ("variant", "Variant"),
        ],
        string="Apply on",
        required=True,
        default="product",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Variant",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
    )
    product_tag_id = fields.Many2one(
        "product.tag", string="Tag", ondelete="cascade", index="btree_not_null"
    )
    public_categ_id = fields.Many2one(
        "product.public.category",
        string="Category",
        ondelete="cascade",
        index="btree_not_null",
        help="A category of the shop, with the categories below it.",
    )
    minimum = fields.Float(
        digits="Product Unit",
        help="An order with the product holds at least so many, in the product's unit of measure.",
    )
    maximum = fields.Float(
        digits="Product Unit", help="One order holds at most so many of the product."
    )
    multiple = fields.Float(
        string="In multiples of",
        digits="Product Unit",
        help="The product is ordered by so many only, for example in cases of six.",
    )

    @api.depends("applied_on", *TARGETS.values())
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule[TARGETS.get(rule.applied_on, "product_id")].display_name

    @api.constrains("applied_on", *TARGETS.values())
    def _check_target(self):
        for rule in self:
            if not rule[TARGETS[rule.applied_on]]:
                raise ValidationError(self.env._("Say what the quantity rule applies to."))

    @api.constrains("minimum", "maximum", "multiple", "applied_on")
    def _check_quantities(self):
        for rule in self:
            limits = rule._get_limits()
            if min(limits) < 0:
                raise ValidationError(self.env._("The quantities of a rule cannot be negative."))
            if not any(limits):
                raise ValidationError(
                    self.env._("A quantity rule says a minimum, a maximum or a multiple.")
                )
            if limits.widened() != limits:
                raise ValidationError(
                    self.env._(
                        "The maximum of %(maximum)s is less than the smallest quantity that the "
                        "minimum and the multiple allow: nothing could be ordered.",
                        maximum=f"{rule.maximum:.10g}",
                    )
                )

    def _get_limits(self):
        """:return: what this rule alone says, as :class:`QuantityLimits`"""
        self.ensure_one()
        return QuantityLimits(self.minimum, self.maximum, self.multiple)

    # -- Which rules hold --------------------------------------------------

    @api.model
    def _speaks_to(self, policy):
        """:return: whether there is any rule for holders of a policy"""
        return bool(self._get_rule_table(tuple(sorted(policy.type_ids)), policy.company_id))

    @api.model
    def _get_product_limits(self, product, policy):
        """In which quantities holders of a policy may order a product.

        No query while nobody has made a rule; the tags and categories of products are read for all
        products that are shown together.

        :param product: a product.product, or a product.template before a variant is chosen
        :param policy: the :class:`CustomerPolicy` of the customer
        :return: :class:`QuantityLimits`, or None where no rule speaks
        """
        table = self._get_rule_table(tuple(sorted(policy.type_ids)), policy.company_id)
        if not table:
            return None
        said = [
            row
            for target, rows_by_id in table.items()
            for record_id in self._get_target_ids(product.sudo(), target)
            for row in rows_by_id.get(record_id, ())
        ]
        limits = QuantityLimits(
            minimum=self._get_decided([(rank, row.minimum) for rank, row in said], min),
            maximum=self._get_decided([(rank, row.maximum) for rank, row in said], max),
            multiple=self._get_decided([(rank, row.multiple) for rank, row in said], min),
        )
        return limits.widened() if any(limits) else None

    @api.model
    def _get_decided(self, said, most_favourable):
        """:return: of pairs (rank, value), the most favourable value of those ranked first"""
        said = [(rank, value) for rank, value in said if value]
        first = min((rank for rank, _value in said), default=None)
        return most_favourable((value for rank, value in said if rank == first), default=0.0)

    @api.model
    def _get_target_ids(self, product, target):
        """:return: ids of the records by which a rule on ``target`` may mean this product"""
        is_variant = product._name == "product.product"
        template = product.product_tmpl_id if is_variant else product
        if target == "variant":
            return product.ids if is_variant else ()
        if target == "product":
            return template.ids
        if target == "tag":
            tags = template.product_tag_ids
            return (tags | product.additional_product_tag_ids if is_variant else tags).ids
        return template.public_categ_ids.ids

    @api.model
    @tools.ormcache("type_ids", "company_id")
    def _get_rule_table(self, type_ids, company_id):
        """The rules for customers who hold these types, and for everybody.

        :param tuple type_ids: ids of customer types, sorted
        :return: by target, by id of what the rule names (each category below it included), a list
            of (rank, :class:`QuantityLimits`); empty where there is none
        :rtype: dict
        """
        rules = self.sudo().search(Domain("company_id", "in", (company_id, False)))
        table = {}
        for rule in rules.with_context(active_test=False):
            holders = set(rule.customer_type_ids.ids)
            if holders and not holders & set(type_ids):
                continue
            level = list(TARGETS).index(rule.applied_on)
            record = rule[TARGETS[rule.applied_on]]
            depth = 0
            if rule.applied_on == "category":
                depth = -record.parent_path.count("/")
                record = record.search(Domain("id", "child_of", record.id))
            rows_by_id = table.setdefault(rule.applied_on, {})
            for record_id in record.ids:
                row = ((level, depth, not holders), rule._get_limits())
                rows_by_id.setdefault(record_id, []).append(row)
        return table

    # -- One target --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_other_targets(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._without_other_targets(vals))

    @api.model
    def _without_other_targets(self, vals):
        """:return: the values, and none for what a rule named that is now for something else"""
        if "applied_on" not in vals:
            return vals
        others = [fname for on, fname in TARGETS.items() if on != vals["applied_on"]]
        return vals | dict.fromkeys(others, False)
