"""Turn Odoo's stock demo company into Vinum: its name, its shop, and no office furniture.

Only records of Odoo's own demo data are touched, and nothing at all where the company has been
given a name already.
"""

import base64
import logging

from odoo.exceptions import UserError
from odoo.tools import file_open

_logger = logging.getLogger(__name__)

STOCK_NAMES = ("YourCompany", "My Company")


def picture(name):
    """:return: a picture of the demo data, as image fields want it"""
    with file_open(f"customer_type/static/demo/{name}", "rb") as file:
        return base64.b64encode(file.read())


def set_up(env):
    """Make Vinum of the stock demo company and website.

    :return: whether it was one
    """
    company = env.ref("base.main_company")
    if company.name not in STOCK_NAMES:
        return False
    _clear_books(env, company)
    _clear_catalogue(env)
    _clear_contacts(env)
    _name_company(env, company)
    _dress_website(env.ref("website.default_website"))
    _accept_transfers(env)
    return True


def _stock(env, model, *modules):
    """:return: the records of a model that come from the demo data of these modules"""
    data = env["ir.model.data"].search([("model", "=", model), ("module", "in", modules)])
    return env[model].with_context(active_test=False).browse(data.mapped("res_id")).exists()


def _clear_books(env, company):
    """Remove stock orders and entries: they sell desks, and keep the currency from changing."""
    orders = _stock(env, "sale.order", "sale", "website_sale")
    orders = orders.filtered(lambda order: order.company_id == company)
    orders._action_cancel()
    orders.unlink()
    statements = _stock(env, "account.bank.statement", "account")
    transactions = _stock(env, "account.bank.statement.line", "account") | statements.line_ids
    statements.filtered(lambda statement: statement.company_id == company).unlink()
    transactions.filtered(lambda line: line.company_id == company).unlink()
    moves = _stock(env, "account.move", "account").filtered(lambda m: m.company_id == company)
    moves.filtered(lambda move: move.state == "posted").button_draft()
    moves.with_context(force_delete=True).unlink()


def _clear_catalogue(env):
    """Archive stock products and what is about them; their categories go to the second website."""
    _stock(env, "product.template", "product", "sale", "website_sale").action_archive()
    _stock(env, "product.pricelist", "product", "website_sale").action_archive()
    _stock(env, "delivery.carrier", "delivery", "website_sale").action_archive()
    free_cabinet = env.ref("loyalty.3_cabinets_plus_1_free", raise_if_not_found=False)
    if free_cabinet:
        free_cabinet.active = False
    second_website = env.ref("website.website2", raise_if_not_found=False)
    if second_website:
        _stock(env, "product.public.category", "website_sale").website_id = second_website


def _clear_contacts(env):
    """Archive stock customers, but for companies some of whose people sign in."""
    partners = _stock(env, "res.partner", "base").filtered("active")
    users = env["res.users"].with_context(active_test=False).search([])
    companies = env["res.company"].search([])
    kept = users.partner_id.commercial_partner_id | companies.partner_id
    partners.filtered(lambda p: p.commercial_partner_id not in kept).action_archive()


def _name_company(env, company):
    company.partner_id.write(
        {
            "name": "Vinum",
            "image_1920": picture("logo.png"),
            "street": "3 quai de la Douane",
            "street2": False,
            "zip": "67000",
            "city": "Strasbourg",
            "state_id": False,
            "country_id": env.ref("base.fr").id,
            "phone": "+33 3 55 50 01 00",
            "email": "hello@vinum.example",
            "website": "https://vinum.example",
            "tz": "Europe/Paris",
        }
    )
    try:
        with env.cr.savepoint():
            company.currency_id = env.ref("base.EUR")
    except UserError:
        _logger.info("The company has entries of its own and keeps its currency.")


def _dress_website(website):
    """Name, logo, colours, four products in a row, and the home page of ``website.xml``."""
    website.write(
        {
            "name": "Vinum",
            "logo": picture("logo.png"),
            "homepage_url": "/vinum",
            "shop_ppr": 4,
            "salesperson_id": website.env.ref("customer_type.demo_user_manager").id,
        }
    )
    website.env["website.assets"].with_context(website_id=website.id).make_scss_customization(
        "/website/static/src/scss/options/colors/user_color_palette.scss",
        {
            "o-color-1": "#7b1e34",
            "o-color-2": "#a8894b",
            "o-color-3": "#f7f3ec",
            "o-color-4": "#ffffff",
            "o-color-5": "#2b2523",
        },
    )


def _accept_transfers(env):
    """Restaurants pay by wire transfer."""
    provider = env.ref("payment.payment_provider_transfer", raise_if_not_found=False)
    if provider:
        provider.write({"state": "enabled", "is_published": True})
