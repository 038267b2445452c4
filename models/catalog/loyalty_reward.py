from odoo import models


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _filter_told_to(self, type_ids):
        """
        :param type_ids: ids of customer types that act together; ``None`` for staff
        :return: those of these rewards whose description names no product that they may not see
        """
        return self.filtered(
            lambda reward: (
                (products := reward._get_named_products())
                == products._filter_by_right("see", type_ids)
            )
        )

    def _get_named_products(self):
        """:return: the products (product.product) whose names are in the description"""
        self.ensure_one()
        reward = self.sudo()
        if reward.reward_type == "product":
            return reward.reward_product_ids
        products = reward.reward_product_ids.browse()
        if reward.reward_type == "discount" and reward.discount_applicability == "specific":
            discounted = products.search(reward._get_discount_product_domain(), limit=2)
            return discounted if len(discounted) == 1 else products
        return products
