from odoo import api, models, tools


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    @api.model
    @tools.ormcache()
    def _get_payment_product_ids(self):
        """:return: ids of the products that are money to spend later: gift cards, wallet top-ups"""
        programs = self.sudo().search([("program_type", "in", ("gift_card", "ewallet"))])
        return frozenset(programs.trigger_product_ids.ids)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"program_type", "active", "rule_ids", "trigger_product_ids"}:
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"product_ids", "active", "program_id"}:
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res
