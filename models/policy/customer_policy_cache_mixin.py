from odoo import api, models


class CustomerPolicyCacheMixin(models.AbstractModel):
    """Records of which a table is cached, so that doors need not read them for each customer."""

    _name = "customer.policy.cache.mixin"
    _description = "Records that Are Cached for Policies"

    @api.model
    def _get_cached_fnames(self):
        """Hook: :return: names of the fields of which something is cached; none named means all"""
        return frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        res = super().write(vals)
        fnames = self._get_cached_fnames()
        if not fnames or vals.keys() & fnames:
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res
