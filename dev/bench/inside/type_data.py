"""Customer types of every scope, and customers that hold them."""

from .shop_data import CUSTOMER_LIST, LISTS

TYPES = 50
# What the signed-in customer holds: a type everywhere that has the price list, a weaker one with
# another price list on this website only, and one of this company with payment terms.
CUSTOMER_TYPES = (CUSTOMER_LIST, 16, 32)


def fill(env):
    """Make the types, and give them to the customers that are there."""
    env = env(context={**env.context, "tracking_disable": True, "mail_create_nolog": True})
    website = env.ref("website.default_website")
    pricelists = env["product.pricelist"].search([("name", "=like", "List %")], order="sequence")
    term = env["account.payment.term"].search([], limit=1)
    types = env["customer.type"].create(
        [
            {
                "name": f"Type {i}",
                "code": f"BENCH-{i}",
                "sequence": i,
                "website_ids": website.ids if i % 5 == 1 else [],
                "company_id": website.company_id.id if i % 5 == 2 else False,
                "pricelist_id": pricelists[i].id if i < LISTS else False,
                "payment_term_id": term.id if i % 8 == 0 else False,
            }
            for i in range(TYPES)
        ]
    )
    # Guests have the first price list in a bare Odoo too, as the first in its order.
    website.guest_customer_type_id = types[0]
    website.default_customer_type_id = types[TYPES - 1]
    _customer(env, types)
    _customers(env, types[1:])
    env.cr.commit()


def _customer(env, types):
    company = env["res.partner"].search([("name", "=", "Bench Restaurant")])
    company.specific_property_product_pricelist = False
    held = types.browse(types[i].id for i in CUSTOMER_TYPES)
    company._assign_customer_types(held)


def _customers(env, types):
    """One to three types for each of the others."""
    partners = env["res.partner"].search([("ref", "=like", "BENCH-%")])
    holders = {}
    for i, partner in enumerate(partners):
        for j in range(1 + i % 3):
            holders.setdefault(types[(i * 7 + j * 11) % len(types)], []).append(partner.id)
    for type_, partner_ids in holders.items():
        partners.browse(partner_ids)._assign_customer_types(type_)
