from odoo import api, models, tools


class LoyaltyProgram(models.Model):
    _name = "loyalty.program"
    _inherit = ["loyalty.program", "customer.policy.cache.mixin"]

    @api.model
    @tools.ormcache()
    def _get_payment_product_ids(self):
        """:return: ids of the products that are money to spend later: gift cards, wallet top-ups"""
        programs = self.sudo().search([("program_type", "in", ("gift_card", "ewallet"))])
        return frozenset(programs.trigger_product_ids.ids)

    @api.model
    def _get_cached_fnames(self):
        return super()._get_cached_fnames() | {
            "program_type",
            "active",
            "rule_ids",
            "trigger_product_ids",
        }


class LoyaltyRule(models.Model):
    _name = "loyalty.rule"
    _inherit = ["loyalty.rule", "customer.policy.cache.mixin"]

    @api.model
    def _get_cached_fnames(self):
        return super()._get_cached_fnames() | {"product_ids", "active", "program_id"}
