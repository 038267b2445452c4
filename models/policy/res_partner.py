from odoo import models
from odoo.fields import Domain

from .policy import CustomerPolicy


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_customer_policies(self, company=None, website=None):
        """Resolve what these customers get. The one question every door asks.

        :param company: res.company; the current one by default
        :param website: website on which they buy; without one, types that are limited to websites
            do not act, and there are no guests
        :return: :class:`CustomerPolicy` by id of these partners
        :rtype: dict
        """
        company_id = (company or self.env.company).id
        website = website or self.env["website"]
        policies = {partner.id: partner._get_held_policy(company_id, website) for partner in self}
        if website:
            untyped = self.sudo().filtered(lambda p: not policies[p.id].type_ids)
            if untyped:
                policies |= untyped._get_fallback_policies(company_id, website)
        return policies

    def _get_held_policy(self, company_id, website):
        """:return: the :class:`CustomerPolicy` by the types that this customer holds"""
        # Guests are no customers: what they get is not asked of the partner they share.
        is_guest = website and self.id == website._get_policy_ids()["public_partner_id"]
        type_ids = () if is_guest else self._get_customer_type_ids()
        return self.env["customer.type"]._resolve_policy(type_ids, company_id, website.id)

    def _get_fallback_policies(self, company_id, website):
        """:return: :class:`CustomerPolicy` by id of these partners, guests or customers who hold no
        type that acts on the website
        """
        customers = self - self.browse(website._get_policy_ids()["public_partner_id"])
        if customers and not website._treats_guests_alike():
            customers = customers._filter_with_account()
        policies = dict.fromkeys(self._ids, website._get_guest_policy(company_id))
        return policies | dict.fromkeys(customers._ids, website._get_default_policy(company_id))

    def _filter_with_account(self):
        """:return: those who can sign in, or whose company can; a guest who has typed an address
        is a guest still
        """
        own = self.env.user.sudo().partner_id.commercial_partner_id
        signed_in = self.filtered(lambda p: p.commercial_partner_id == own)
        others = self - signed_in
        if not others:
            return signed_in
        users = self.env["res.users"].sudo()
        accounts = users.search(
            Domain("partner_id.commercial_partner_id", "in", others.commercial_partner_id.ids)
        ).partner_id.commercial_partner_id
        return signed_in + others.filtered(lambda p: p.commercial_partner_id in accounts)

    def _get_customer_policy(self, company=None, website=None):
        """:return: the policy of one customer, or an empty one for no customer

        See :meth:`_get_customer_policies`.
        """
        if not self:
            return CustomerPolicy()
        self.ensure_one()
        # Most of what is asked on a page: without the detour by many customers.
        company_id = (company or self.env.company).id
        website = website or self.env["website"]
        policy = self._get_held_policy(company_id, website)
        if policy.type_ids or not website:
            return policy
        return self.sudo()._get_fallback_policies(company_id, website)[self.id]

    def _customer_types_changed(self):
        res = super()._customer_types_changed()
        self.env["sale.order"].sudo().search(
            Domain("partner_id.commercial_partner_id", "in", self.ids)
            & Domain("state", "in", ("draft", "sent"))
        )._restamp_customer_type()
        self._get_orders_to_reconsider()._reconsider_policy()
        return res

    def _get_orders_to_reconsider(self):
        """:return: carts and quotations of these customers, but those on which money has moved"""
        paid = Domain("transaction_ids.state", "in", ("pending", "authorized", "done"))
        return (
            self.env["sale.order"]
            .sudo()
            .search(
                Domain("partner_id.commercial_partner_id", "in", self.ids)
                & Domain("state", "in", ("draft", "sent"))
                & ~paid
            )
        )

    # -- Explain -----------------------------------------------------------

    def _get_own_policy_values(self, company):
        """Hook: what is set on this customer itself and so beats what its types say.

        :param company: res.company
        :return: value, as the policy has it (ids, numbers, keys), by name of policy field
        :rtype: dict
        """
        self.ensure_one()
        return {}

    def action_explain_policy(self):
        """:return: an action that shows what this customer gets, and why"""
        self.ensure_one()
        return self.env["customer.policy.explain"]._open(self)
