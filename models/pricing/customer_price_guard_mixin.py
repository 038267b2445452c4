from odoo import api, models


class CustomerPriceGuardMixin(models.AbstractModel):
    """Keeps the price fields of a model from customers whose type hides prices.

    It acts on RPC, exports and reports: reading, searching, sorting and grouping all pass here. The
    pages of the shop compute prices before they know what to show, so they are not stopped here;
    what they show is decided where they build it.
    """

    _name = "customer.price.guard.mixin"
    _description = "Prices That a Customer May Not Read"

    _guarded_price_fields = frozenset()

    @api.model
    def _has_field_access(self, field, operation):
        if (
            field.name in self._guarded_price_fields
            and self.env["website"]._refuses_product_prices()
        ):
            return False
        return super()._has_field_access(field, operation)
