from lxml import etree

from odoo.tools import sql

from odoo.addons.payment import reset_payment_provider

from .demo import story
from .models.content.audience import AUDIENCE_ATTRIBUTE

# Stored computed columns that must not be computed for every row when the addon is
# installed on a database with years of history: the types start empty, so do these.
_EMPTY_COLUMNS = (
    ("res_partner", "customer_type_id", "int4"),
    ("res_partner", "customer_type_key", "varchar"),
    ("sale_order", "customer_type_id", "int4"),
    ("sale_order", "policy_pricelist_id", "int4"),
    ("sale_order", "policy_payment_term_id", "int4"),
    ("sale_order", "policy_outdated", "bool"),
    ("sale_order", "order_minimum_fee_sent", "numeric"),
    ("account_move", "customer_type_id", "int4"),
)


def pre_init_hook(env):
    """Create the stored computed columns empty, instead of computing millions of nothings."""
    for table, column, column_type in _EMPTY_COLUMNS:
        if not sql.column_exists(env.cr, table, column):
            sql.create_column(env.cr, table, column, column_type)
    env.cr.execute(
        """CREATE TABLE IF NOT EXISTS customer_type_res_partner_rel (
               partner_id integer NOT NULL,
               type_id integer NOT NULL,
               PRIMARY KEY (partner_id, type_id)
           );
           CREATE INDEX IF NOT EXISTS customer_type_res_partner_rel_type_id_partner_id_idx
               ON customer_type_res_partner_rel (type_id, partner_id)"""
    )


def post_init_hook(env):
    """Tell the demo company's past, when the addon comes with its demo data."""
    if env.ref("base.module_customer_type").demo:
        story.load(env)


def uninstall_hook(env):
    """Take back what data files gave to groups of other addons, and leave nothing open to all that
    was for some.
    """
    reserved = [("customer_type_ids", "!=", False)]
    env["website.page"].search(reserved).is_published = False
    env["website.menu"].search(reserved).unlink()
    env["product.document"].search(reserved).shown_on_product_page = False
    _close_blocks(env)
    _close_shops(env)
    _unpublish_products(env)
    manager = env.ref("sales_team.group_sale_manager", raise_if_not_found=False)
    if manager:
        ours = env.ref("customer_type.group_user") + env.ref("customer_type.group_override")
        manager.implied_ids -= ours
    reset_payment_provider(env, "custom", custom_mode="on_account")


def _close_blocks(env):
    """Leave the blocks that were for some types to the editors of the website."""
    views = env["ir.ui.view"].with_context(active_test=False, lang=None)
    for view in views.search([("arch_db", "like", AUDIENCE_ATTRIBUTE)]):
        root = etree.fromstring(view.arch_db)
        for node in root.xpath(f"//*[@{AUDIENCE_ATTRIBUTE}]"):
            if node.attrib.pop(AUDIENCE_ATTRIBUTE).strip():
                node.set("groups", "website.group_website_restricted_editor")
        view.arch_db = etree.tostring(root, encoding="unicode")


def _close_shops(env):
    """Turn guests away where the shop, or its prices, were not for them."""
    websites = env["website"].search([])
    closed = websites.filtered(lambda w: w.shop_type_ids or w._hides_prices_from_guests())
    closed.ecommerce_access = "logged_in"


def _unpublish_products(env):
    """Take out of the shop what guests did not see, in part or with its price."""
    table = env["customer.type"]._get_catalog_table()
    products = env["product.template"].search([("is_published", "=", True)])
    open_to_all = products.filtered(lambda product: product.id not in table.variant_template_ids)
    for right in ("see", "price"):
        open_to_all = open_to_all._filter_by_right(right, ())
    (products - open_to_all).is_published = False
