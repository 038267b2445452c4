"""A big shop, a fifth of it reserved over fifty types."""

import time
from pathlib import Path

from odoo.tools import SQL

from . import type_data

# The first ones are for everybody, so that the first pages are the same for all visitors.
OPEN = 1000
EVERY = 5  # of the others


def fill_bare(env, products):
    """Multiply the products that are there, and unpublish those that will be reserved.

    :param int products: how many there shall be
    """
    _multiply(env, products)
    env.cr.execute(
        """UPDATE product_template t SET is_published = FALSE
           FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS i FROM product_template
                 WHERE is_published) AS numbered
           WHERE numbered.id = t.id AND i >= %s AND i %% %s = 0""",
        [OPEN, EVERY],
    )
    env.cr.commit()


def _multiply(env, products):
    """Copy rows, which takes seconds where creating records would take an hour."""
    count = env["product.template"].search_count([("is_published", "=", True)])
    columns = _columns(env, "product_template", ("id", "website_sequence"))
    for copy in range(1, products // count):
        env.execute_query(
            SQL(
                """WITH copied AS (
                       INSERT INTO product_template (%(columns)s, website_sequence)
                       SELECT %(columns)s, website_sequence + %(shift)s FROM (
                           SELECT * FROM product_template WHERE is_published ORDER BY id
                           LIMIT %(count)s) AS source
                       RETURNING id
                   ), variants AS (
                       INSERT INTO product_product
                              (product_tmpl_id, active, combination_indices, base_unit_count)
                       SELECT id, TRUE, '', 0 FROM copied
                   )
                   INSERT INTO product_public_category_product_template_rel
                          (product_template_id, product_public_category_id)
                   SELECT copied.id, shelf.id FROM copied JOIN (
                       SELECT id, row_number() OVER (ORDER BY id) - 1 AS i, count(*) OVER () AS n
                       FROM product_public_category) AS shelf ON shelf.i = copied.id %% shelf.n
                   RETURNING product_template_id""",
                columns=columns,
                count=count,
                shift=copy * 10 * count,
            )
        )


def _columns(env, table, without):
    names = env.execute_query(
        SQL(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND column_name != ALL(%s) ORDER BY 1",
            table,
            list(without),
        )
    )
    return SQL(", ").join(SQL.identifier(name) for [name] in names)


def fill_types(env):
    """Make the types, and reserve for one of them each what is not published: then publish it."""
    type_data.fill(env)
    types = env["customer.type"].search([("code", "=like", "BENCH-%")], order="sequence")
    env.cr.execute(
        """INSERT INTO customer_type_reserved_product_rel (product_id, type_id)
           SELECT id, (%s::int[])[1 + i %% %s]
           FROM (SELECT id, row_number() OVER (ORDER BY id) AS i FROM product_template
                 WHERE NOT is_published AND active AND default_code LIKE 'BENCH-%%') AS numbered""",
        [types.ids, len(types)],
    )
    env.cr.execute(
        "UPDATE product_template SET is_published = TRUE WHERE id IN"
        " (SELECT product_id FROM customer_type_reserved_product_rel)"
    )
    # Types that show a list of their own, and types that hide: not those of the visitors.
    category = env["product.public.category"].search([], limit=2)
    types[40].write({"catalog_mode": "assortment", "assortment_category_ids": category.ids})
    types[41].hidden_category_ids = category[1]
    env.cr.commit()


def time_change(env, path):
    """Reserve a category with a fifth of the products, and time it.

    :param str path: where to write the seconds
    """
    category = env["product.public.category"].create({"name": "Everything of this year"})
    env.cr.execute(
        """INSERT INTO product_public_category_product_template_rel
                  (product_template_id, product_public_category_id)
           SELECT id, %s FROM product_template WHERE is_published AND id %% 5 = 1""",
        [category.id],
    )
    env.cr.commit()
    guest = env.ref("website.default_website").user_id
    customer_type = env["customer.type"].search([("code", "=", "BENCH-49")])
    started = time.perf_counter()
    category.reserved_type_ids = customer_type
    env.cr.commit()
    products = env["product.template"].with_user(guest)
    found = products.search_count([("public_categ_ids", "in", category.ids)])
    seconds = time.perf_counter() - started
    if found:
        raise AssertionError(f"a guest still finds {found} products")
    Path(path).write_text(str(seconds))
