from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # -- Price list --------------------------------------------------------

    @api.depends(
        "customer_type_ids.active",
        "customer_type_ids.sequence",
        "customer_type_ids.company_id",
        "customer_type_ids.website_ids",
        "customer_type_ids.pricelist_id.active",
    )
    @api.depends_context("policy_website_id", "without_customer_policy")
    def _compute_product_pricelist(self):
        return super()._compute_product_pricelist()

    def _inverse_product_pricelist(self):
        """Store a price list on the customer only where it is not what the types give anyway."""
        by_type = self._get_type_pricelists()
        others = self.browse()
        for partner in self:
            given = by_type.get(partner.id)
            if not given:
                others += partner
                continue
            chosen = partner.property_product_pricelist
            partner.specific_property_product_pricelist = chosen if chosen != given else False
        if others:
            super(ResPartner, others)._inverse_product_pricelist()

    def _get_type_pricelists(self):
        """:return: the price list (product.pricelist) that their types give, by partner id"""
        pricelists = self.env["product.pricelist"]
        result = {}
        for partner_id, policy in self._get_customer_policies().items():
            pricelist = pricelists.browse(policy.get("pricelist_id") or ())
            if pricelist and pricelist._is_fit_for(self.env.company, self.env["website"]):
                result[partner_id] = pricelist
        return result

    # -- Payment terms -----------------------------------------------------

    def _get_policy_payment_terms(self, company, website):
        """The payment terms set on these customers, else those that their types give.

        :param company: res.company
        :param website: website on which they buy, or none
        :return: account.payment.term, which may be none, by partner id
        """
        partners = self.sudo().with_company(company)
        policies = partners._get_customer_policies(company, website)
        terms = self.env["account.payment.term"].sudo()
        by_type = {
            term.id: term
            for term in terms.browse(
                {p.get("payment_term_id") for p in policies.values()} - {False}
            )
            if term.active and term.company_id.id in (False, company.id)
        }
        return {
            partner.id: partner.property_payment_term_id
            or by_type.get(policies[partner.id].get("payment_term_id"), terms)
            for partner in partners
        }

    # -- Explain -----------------------------------------------------------

    def _get_own_policy_values(self, company):
        partner = self.sudo().with_company(company)
        return super()._get_own_policy_values(company) | {
            "pricelist_id": partner.specific_property_product_pricelist.id,
            "payment_term_id": partner.property_payment_term_id.id,
        }
