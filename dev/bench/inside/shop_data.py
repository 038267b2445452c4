"""A shop as a wholesaler has it: many products, price lists with many rules, many customers."""

import random

from odoo import Command

LOGIN = "bench"  # of the customer that signs in, also the password
LISTS = 20
RULES = 200
PARTNERS = 2000
# Of this list, from 0, the customer buys; the first is that of the guests.
CUSTOMER_LIST = 10
WORDS = ["Riesling", "Merlot", "Pinot", "Gamay", "Malbec", "Tannat", "Syrah", "Barolo"]
BATCH = 500


def fill(env, products):
    """Make the shop.

    :param int products: how many products
    """
    env = env(context={**env.context, "tracking_disable": True, "mail_create_nolog": True})
    feature = env.ref("product.group_product_pricelist")
    env.ref("base.group_user").sudo()._apply_group(feature.sudo())
    templates = _products(env, products)
    _pricelists(env, templates)
    _partners(env)
    env.cr.commit()


def _products(env, number):
    categories = env["product.category"].create([{"name": f"Group {i}"} for i in range(20)])
    shop_categories = env["product.public.category"].create(
        [{"name": f"Shelf {i}"} for i in range(20)]
    )
    size = env["product.attribute"].create(
        {"name": "Bottle", "value_ids": [Command.create({"name": n}) for n in ("75 cl", "150 cl")]}
    )
    sizes = {"attribute_id": size.id, "value_ids": [Command.set(size.value_ids.ids)]}
    # Nobody has ten thousand products in two sizes each, but every shop has some.
    vals_list = [
        {
            "name": f"{WORDS[i % len(WORDS)]} {i:05}",
            "default_code": f"BENCH-{i}",
            "type": "consu",
            "list_price": 5 + (i * 37) % 300,
            "categ_id": categories[i % len(categories)].id,
            "public_categ_ids": [Command.set(shop_categories[i * 7 % 20].ids)],
            "description_sale": f"Estate {i % 50}, slope {i % 30}.",
            "is_published": True,
            "attribute_line_ids": [Command.create(sizes)] if i % 10 == 9 else [],
        }
        for i in range(number)
    ]
    templates = env["product.template"]
    for start in range(0, number, BATCH):
        templates += templates.create(vals_list[start : start + BATCH])
    return templates


def _pricelists(env, templates):
    website = env.ref("website.default_website")
    currency = website.company_id.currency_id.id
    env["product.pricelist"].search([]).action_archive()
    pricelists = env["product.pricelist"].create(
        [
            {
                "name": f"List {i}",
                "sequence": i,
                "currency_id": currency,
                # The addon does without; a bare Odoo shows a list in the shop only so.
                "website_id": website.id,
                "company_id": website.company_id.id,
                "selectable": i == 0,
            }
            for i in range(LISTS)
        ]
    )
    env["product.pricelist.item"].create(
        [
            {"pricelist_id": pricelist.id, **rule}
            for i, pricelist in enumerate(pricelists)
            for rule in _rules(i, templates)
        ]
    )


def _rules(number, templates):
    """The rules of a price list: on products, by quantity, on categories, and one for the rest."""
    choose = random.Random(number)  # the same list each time
    categories = templates.categ_id
    rules = [{"applied_on": "3_global", "compute_price": "percentage", "percent_price": 5 + number}]
    rules += [
        {
            "applied_on": "2_product_category",
            "categ_id": category.id,
            "compute_price": "percentage",
            "percent_price": choose.randint(6, 40),
        }
        for category in categories[:19]
    ]
    # The products that the benchmark buys, then any.
    priced = [*templates[:3], *choose.choices(templates, k=RULES)]
    rules += [
        {
            "applied_on": "1_product",
            "product_tmpl_id": template.id,
            "compute_price": "fixed",
            "fixed_price": choose.randint(300, 9000) / 100,
            "min_quantity": 1 if i < 3 else choose.choice((1, 6, 12, 60)),
        }
        for i, template in enumerate(priced)
    ]
    return rules[:RULES]


def _partners(env):
    pricelist = env["product.pricelist"].search([("name", "=", f"List {CUSTOMER_LIST}")])
    company = env["res.partner"].create(
        {
            "name": "Bench Restaurant",
            "is_company": True,
            "specific_property_product_pricelist": pricelist.id,
        }
    )
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Bench Buyer",
            "login": LOGIN,
            "password": LOGIN,
            "email": "buyer@bench.example.com",
            "partner_id": env["res.partner"]
            .create({"name": "Bench Buyer", "parent_id": company.id})
            .id,
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
    env["res.partner"].create(
        [
            {
                "name": f"Customer {i:04}",
                "ref": f"BENCH-{i}",
                "is_company": True,
                "email": f"customer{i}@bench.example.com",
            }
            for i in range(PARTNERS)
        ]
    )
