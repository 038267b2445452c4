from odoo import models

from odoo.addons.website.models import ir_http

from .quantity_limits import QuantityLimits


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _get_additionnal_combination_info(self, product_or_template, quantity, uom, date, website):
        info = super()._get_additionnal_combination_info(
            product_or_template, quantity, uom, date, website
        )
        limits = self.env["customer.type.quantity.rule"]._get_product_limits(
            product_or_template, website._get_visitor_policy()
        )
        if limits:
            info["quantity_limits"] = self._prepare_quantity_input(limits, uom)
        return info

    def _get_additional_configurator_data(
        self, product_or_template, date, currency, pricelist, *, uom=None, **kwargs
    ):
        """Let the dialogs of the shop count as its product page does; staff is not limited."""
        data = super()._get_additional_configurator_data(
            product_or_template, date, currency, pricelist, uom=uom, **kwargs
        )
        website = ir_http.get_request_website()
        if not website:
            return data
        limits = self.env["customer.type.quantity.rule"]._get_product_limits(
            product_or_template, website._get_visitor_policy()
        )
        is_variant = product_or_template._name == "product.product"
        template = product_or_template.product_tmpl_id if is_variant else product_or_template
        return data | {
            "quantity_limits": bool(limits)
            and template._prepare_quantity_input(limits, uom or template.uom_id)
        }

    def _prepare_quantity_input(self, limits, uom):
        """What an input needs that takes a quantity of this product in ``uom``.

        :return: ``minimum``, ``maximum`` (or False) and ``step`` in that unit; ``words`` for the
            customer
        :rtype: dict
        """
        factor = uom._compute_quantity(1.0, self.uom_id, round=False)
        return {
            "minimum": limits.correct(1, factor=factor) or 1,
            "maximum": int(limits.maximum / factor) or False,
            "step": limits.get_step(factor),
            "words": self._get_quantity_words(limits),
        }

    def _get_quantity_words(self, limits):
        """:return: in which quantities this product is sold, in the customer's words"""
        limits = limits or QuantityLimits()
        unit = self.sudo().uom_id.name
        words = []
        if limits.multiple:
            words.append(
                self.env._(
                    "in multiples of %(quantity)s %(unit)s",
                    quantity=f"{limits.multiple:.10g}",
                    unit=unit,
                )
            )
        if limits.minimum and limits.minimum != limits.multiple:
            words.append(
                self.env._(
                    "at least %(quantity)s %(unit)s", quantity=f"{limits.minimum:.10g}", unit=unit
                )
            )
        if limits.maximum:
            words.append(
                self.env._(
                    "at most %(quantity)s %(unit)s per order",
                    quantity=f"{limits.maximum:.10g}",
                    unit=unit,
                )
            )
        return self.env._("Sold %s.", ", ".join(words)) if words else ""
