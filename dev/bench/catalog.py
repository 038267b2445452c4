"""Who sees what: pages of the shop with a fifth of the products reserved over fifty types.

Bare Odoo has the same products; those that guests do not see with the addon are not published
there, so that both sides show the same lists.
"""

from .. import paths
from ..console import say
from . import data, pages, report

PRODUCTS = (5000, 50000)


def run(env):
    """Measure, and print the tables.

    :param Environment env: what to work with
    """
    number = report.rounds(20)
    groups, changes = [], []
    for products in PRODUCTS:
        databases = _databases(env, products)
        addresses = _addresses(env, databases[0])
        groups.append(pages.measure(env, products, databases, number, _pages(addresses)))
        changes.append((products, _time_of_change(env, databases[1])))
    pages.show(groups, number)
    for products, seconds in changes:
        say(
            f"\nReserving a category of {products * 2 // 10:,} of {products:,} products, until"
            f" a guest no longer finds them: {seconds:.2f} s"
        )


def _databases(env, products):
    return data.pair(
        env,
        f"bench{products}_catalog",
        data.bare(env, min(PRODUCTS)),
        "catalog_data",
        (f"Making a shop with {products:,} products", f"fill_bare(env, {products})"),
        ("Reserving products", "fill_types(env)"),
    )


def _addresses(env, database):
    """:return: the addresses of a product and of a category that everybody sees"""
    [[product_id, category_id]] = env.server.query(
        database,
        "SELECT p.product_tmpl_id, r.product_public_category_id FROM product_product p"
        " JOIN product_public_category_product_template_rel r"
        " ON r.product_template_id = p.product_tmpl_id WHERE p.default_code = 'BENCH-0'",
    )
    return f"/shop/{product_id}", f"/shop/category/{category_id}"


def _pages(addresses):
    """:return: functions of who visits, by name of the page"""
    product, category = addresses
    return {
        "list": lambda who, **options: who.get("/shop", **options),
        "search": lambda who, **options: who.get("/shop?search=Riesling", **options),
        "category": lambda who, **options: who.get(category, **options),
        "product": lambda who, **options: who.get(product, **options),
    }


def _time_of_change(env, database):
    """:return: seconds from reserving a fifth of the products until a guest sees none of them"""
    with env.databases.temporary(database, "bench") as copy:
        result = paths.CACHE / "bench-catalog.txt"
        code = (
            "from dev.bench.inside import catalog_data\n"
            f"catalog_data.time_change(env, {str(result)!r})"
        )
        data.script(env, "Reserving a category", copy, code)
    return float(result.read_text())
