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
    _other_guarded_fields = frozenset()

    @api.model
    def _has_field_access(self, field, operation):
        # Asked for each field of each read: nothing but a look at two sets for most.
        name = field.name
        if name in self._guarded_price_fields or name in self._other_guarded_fields:
            if self._is_field_withheld(name):
                return False
        return super()._has_field_access(field, operation)

    @api.model
    def _is_field_withheld(self, fname):
        """Hook: whether the user may not read a guarded field

        :param str fname: one of ``_guarded_price_fields`` or ``_other_guarded_fields``
        """
        website = self.env["website"]
        return website._is_asked_past_pages() and website._refuses_product_prices()
