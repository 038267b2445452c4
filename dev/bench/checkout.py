"""Cart, checkout and payment, for a customer whose types have rules for each step."""

from . import data, pages, report
from .shop import add_to_cart, products_to_buy

PRODUCTS = 60
CUSTOMER = {"customer": "bench"}


def run(env):
    """Measure, and print the table.

    :param Environment env: what to work with
    """
    number = report.rounds(20)
    databases = _databases(env)
    in_cart = products_to_buy(env, databases[0])

    def fill_cart(who):
        for product in in_cart:
            add_to_cart(who, product, quantity=6)
        who.get("/shop/checkout")

    rows = pages.measure(env, PRODUCTS, databases, number, _pages(), fill_cart, CUSTOMER)
    pages.show([rows], number)


def _databases(env):
    return data.pair(
        env,
        "bench_checkout",
        data.bare(env, PRODUCTS),
        "checkout_data",
        ("Opening a checkout", "fill_bare(env)"),
        ("Giving types rules for the checkout", "fill_types(env)"),
    )


def _pages():
    """:return: functions of who visits, by name of the page"""
    return {
        "cart": lambda who, **options: who.get("/shop/cart", **options),
        "checkout": lambda who, **options: who.get("/shop/checkout", **options),
        "payment": lambda who, **options: who.get("/shop/payment", **options),
    }
