"""Cart, checkout and payment, for a customer whose types have rules for each step."""

from .. import paths, templates
from . import data, pages, report
from .shop import add_to_cart, products_to_buy

PRODUCTS = 60
CUSTOMER = {"customer": "bench"}
BARE = "from dev.bench.inside import checkout_data\ncheckout_data.fill_bare(env)"
WITH = "from dev.bench.inside import checkout_data\ncheckout_data.fill_types(env)"


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
    code = (data.INSIDE / "checkout_data.py").read_bytes()
    bare = data.template(
        env,
        "bench_checkout_bare",
        data.bare(env, PRODUCTS),
        [code],
        lambda name: data.script(env, "Opening a checkout", name, BARE),
    )

    def make_ours(name):
        env.odoo.run("Installing the addon", name, "-i", paths.ADDON)
        data.script(env, "Giving types rules for the checkout", name, WITH)

    key = [templates.code_key(), code, (data.INSIDE / "type_data.py").read_bytes()]
    return bare, data.template(env, "bench_checkout_with", bare, key, make_ours)


def _pages():
    """:return: functions of who visits, by name of the page"""
    return {
        "cart": lambda who, **options: who.get("/shop/cart", **options),
        "checkout": lambda who, **options: who.get("/shop/checkout", **options),
        "payment": lambda who, **options: who.get("/shop/payment", **options),
    }
