from odoo import api, fields, models


class CustomerType(models.Model):
    _inherit = "customer.type"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Price List",
        policy="first",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="What holders pay: in the shop, on orders and on quotations. The list is reserved for "
        "them, unless it says otherwise. A price list set on the customer comes first.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        policy="first",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="When holders pay: on their orders and on invoices typed by hand. "
        "Payment terms set on the customer come first.",
    )
    price_visibility = fields.Selection(
        [("visible", "Show prices"), ("hidden", "Sign in to see prices / on request")],
        string="Prices in the Shop",
        policy="first",
        tracking=True,
        help="Hidden: no price leaves the server, and nothing can be ordered in the shop. Guests "
        "are asked to sign in, customers to contact you. Set it on the type of a website's guests "
        "for a shop whose prices are for customers only. Your staff always sees prices.",
    )
    price_comparison = fields.Selection(
        [
            ("show", "Show what they save against the public price"),
            ("hide", "Don't show it"),
        ],
        string="Public Price",
        policy="first",
        tracking=True,
        help="The public price, that of a website's guests, is shown struck through beside the "
        "customer's own price where that is lower.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("pricelist_id") for vals in vals_list):
            self._enable_pricelists()
        types = super().create(vals_list)
        # Which lists are reserved is cached, and was so without these types until now.
        self.env.registry.clear_cache()
        return types

    def write(self, vals):
        if vals.get("pricelist_id"):
            self._enable_pricelists()
        return super().write(vals)

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    @api.onchange("pricelist_id")
    def _onchange_pricelist_id(self):
        """Warn before everybody else loses the price list they have today."""
        pricelist = self.pricelist_id._origin
        if not pricelist or pricelist in self._origin.pricelist_id or pricelist.open_to_all:
            return {}
        company = self.company_id or self.env.company
        default = pricelist.with_company(company)._get_country_pricelist_multi([])[False]
        if pricelist != default or pricelist.selectable:
            return {}
        return {
            "warning": {
                "title": self.env._("Everybody has this price list today"),
                "message": self.env._(
                    "Customers without a type get %s. Once a type names it, it is reserved for "
                    'holders of the type. Tick "Also for customers without the type" on the '
                    "price list to leave it to everybody.",
                    pricelist.name,
                ),
            }
        }

    @api.model
    def _enable_pricelists(self):
        """Switch price lists on as the settings page does: without, Odoo gives none to anybody."""
        feature = "product.group_product_pricelist"
        if self.env["res.groups"]._is_feature_enabled(feature):
            return
        internal = self.env.ref("base.group_user").sudo()
        internal._apply_group(self.env.ref(feature).sudo())
        self.env["res.company"].sudo()._activate_or_create_pricelists()
