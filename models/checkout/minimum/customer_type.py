from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .order_limit import ORDER_MEASURES


class CustomerType(models.Model):
    _inherit = "customer.type"

    order_minimum_amount = fields.Monetary(
        string="Minimum Amount",
        policy="min",
        tracking=True,
        help="What an order has to come to before delivery: without taxes where the website shows "
        "prices without, with taxes where it shows them with. In the currency of the company, and "
        "converted for orders in another one that has no value of its own below. Of several types "
        "of a customer, the lowest minimum holds.",
    )
    order_maximum_amount = fields.Monetary(
        string="Maximum Amount",
        policy="max",
        tracking=True,
        help="What an order may come to before delivery. Of several types, the highest holds.",
    )
    order_minimum_quantity = fields.Float(
        string="Minimum Quantity",
        digits="Product Unit",
        policy="min",
        tracking=True,
        help="How many bottles, or other units of their products, an order has to hold.",
    )
    order_maximum_quantity = fields.Float(
        string="Maximum Quantity",
        digits="Product Unit",
        policy="max",
        tracking=True,
        help="How many bottles, or other units of their products, an order may hold.",
    )
    order_minimum_weight = fields.Float(
        string="Minimum Weight",
        digits="Stock Weight",
        policy="min",
        tracking=True,
        help="What the products of an order have to weigh together.",
    )
    order_maximum_weight = fields.Float(
        string="Maximum Weight",
        digits="Stock Weight",
        policy="max",
        tracking=True,
        help="What the products of an order may weigh together.",
    )
    order_limit_discounts = fields.Selection(
        [
            ("after", "After discounts: what the customer pays"),
            ("before", "Before discounts"),
        ],
        string="Amounts count",
        policy="first",
        tracking=True,
        help="Whether discounts and promotions make an order smaller for its minimum and maximum "
        "amount. After discounts, unless a type says otherwise. Delivery, the small-order fee, "
        "gift cards and wallets never count.",
    )
    order_below_minimum = fields.Selection(
        [
            ("block", "Cannot be placed"),
            ("fee", "Pays a small-order fee"),
            ("request", "Goes on, and the salesperson looks at it"),
        ],
        string="Below the minimum",
        policy="first",
        tracking=True,
        help="What becomes of an order below a minimum. It cannot be placed, unless a type says "
        "otherwise. Over the maximum, orders are never taken.",
    )
    order_minimum_fee = fields.Monetary(
        string="Small-order Fee",
        policy="min",
        tracking=True,
        help="Added to orders below a minimum, in the currency of the company. The fee is priced "
        "as any product: with a tax that is included in prices customers pay just this amount, "
        "another tax comes on top.",
    )
    order_minimum_fee_product_id = fields.Many2one(
        "product.product",
        string="Sold as",
        policy="first",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('type', '=', 'service'), ('sale_ok', '=', True),"
        " '|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="The product that gives the fee its name, taxes and account. By default the product "
        '"Small-order fee".',
    )
    order_limit_ids = fields.One2many(
        "customer.type.order.limit",
        "type_id",
        string="Own values per currency",
        help="Where the converted amount would be an odd one.",
    )

    @api.constrains(
        lambda self: [
            "order_minimum_fee",
            *(f"order_{side}_{m}" for side in ("minimum", "maximum") for m in ORDER_MEASURES),
        ]
    )
    def _check_order_limits(self):
        for customer_type in self:
            if customer_type.order_minimum_fee < 0:
                raise ValidationError(self.env._("A small-order fee cannot be negative."))
            for measure in ORDER_MEASURES:
                customer_type.order_limit_ids._check_range(
                    customer_type[f"order_minimum_{measure}"],
                    customer_type[f"order_maximum_{measure}"],
                )
