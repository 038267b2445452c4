from odoo import fields, models

from odoo.addons.payment import utils as payment_utils


class CustomerPaymentOptionMixin(models.AbstractModel):
    """A payment method or a provider, as far as customer types decide who may use it."""

    _name = "customer.payment.option.mixin"
    _description = "Way to Pay that Customer Types Govern"

    # The policy field by which types name what their holders may use.
    _policy_fname = None

    reserved_for_types = fields.Boolean(
        string="Only for customer types that name it",
        help="Nobody may pay this way but holders of a customer type that names it.",
    )

    def _filter_by_policy(self, case, report=None):
        """Keep what the customer of a :class:`PaymentCase` may use.

        :param dict report: Odoo's availability report, which gets the reasons
        """
        refused = {}
        for option in self:
            if reason := option._get_policy_refusal(case):
                refused[reason] = refused.get(reason, self.browse()) + option
        for reason, options in refused.items():
            payment_utils.add_to_report(report, options, available=False, reason=reason)
        return self - self.browse().union(*refused.values())

    def _get_policy_refusal(self, case):
        """Hook: why the customer of a :class:`PaymentCase` may not pay this way.

        :return: a reason, in words that staff and customers may read, or False
        """
        self.ensure_one()
        if self._is_open_to(case):
            return False
        return self.env._("not for this kind of customer")

    def _is_open_to(self, case):
        """Hook: whether the types of the customer leave this way to pay to them."""
        self.ensure_one()
        named = self._get_named(case)
        return self in named if named else not self.reserved_for_types

    def _get_named(self, case):
        """:return: the only ones the customer may use; none where the types are silent"""
        return self.browse(case.policy.get(self._policy_fname, ()))

    def unlink(self):
        # Policies name these records, and lines that go with them.
        self.env.registry.clear_cache()
        return super().unlink()
