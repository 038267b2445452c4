"""The pages of the shop: list, search, product, and the cart."""

from . import data, pages, report

PRODUCTS = (60, 5000)
IN_CART = 3


def run(env):
    """Measure, and print the table.

    :param Environment env: what to work with
    """
    number = report.rounds(20)
    groups = [_measure(env, products, number) for products in PRODUCTS]
    pages.show(groups, number)


def _measure(env, products, number):
    templates = data.bare(env, products), data.with_addon(env, products)
    in_cart = products_to_buy(env, templates[0])

    def fill_cart(who):
        for product in in_cart:
            add_to_cart(who, product)

    return pages.measure(env, products, templates, number, _pages(in_cart[0]), fill_cart)


def products_to_buy(env, database):
    """:return: (template id, variant id, name) of what is put into the cart"""
    return env.server.query(
        database,
        "SELECT t.id, p.id, t.name->>'en_US' FROM product_template t JOIN product_product p"
        " ON p.product_tmpl_id = t.id WHERE p.default_code = ANY(%s) ORDER BY 1",
        [f"BENCH-{i}" for i in range(IN_CART)],
    )


def _pages(product):
    """:return: functions of who visits, by name of the page"""
    template, _variant, name = product
    address = f"/shop/{name.lower().replace(' ', '-')}-{template}"
    return {
        "list": lambda who, **options: who.get("/shop", **options),
        "search": lambda who, **options: who.get("/shop?search=Riesling", **options),
        "product": lambda who, **options: who.get(address, **options),
        "add to cart": lambda who, **options: add_to_cart(who, product, **options),
        "cart": lambda who, **options: who.get("/shop/cart", **options),
    }


def add_to_cart(who, product, quantity=1, **options):
    """Put a product into the cart of who visits."""
    template, variant, _name = product
    return who.call(
        "/shop/cart/add",
        product_template_id=template,
        product_id=variant,
        quantity=quantity,
        **options,
    )
