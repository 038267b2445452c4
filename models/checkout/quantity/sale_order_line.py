from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_quantity_input(self):
        """:return: from where to where, and by how much, the input of the cart goes for this line,
        see :meth:`ProductTemplate._prepare_quantity_input`; empty where no rule speaks
        :rtype: dict
        """
        self.ensure_one()
        limits = self.product_id and self.order_id._get_quantity_limits(self.product_id)
        if not limits:
            return {}
        return self.product_id.product_tmpl_id._prepare_quantity_input(limits, self.product_uom_id)
