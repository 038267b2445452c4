"""What customers who can sign in read by RPC."""

from odoo.tools import LazyTranslate

from .ask import CATEGORIES, NAMED, PAGE, PRICED, TAGS, Door, call, page, rpc
from .target import PRICE, TAG

_lt = LazyTranslate(__name__)


def ask_rpc_of_products(t):
    asked = []
    for record in (t.product, t.variant):
        model, ids = record._name, record.ids
        by_id, by_name = [("id", "in", ids)], [("name", "=", t.product.name)]
        fnames = ["name", "display_name", "default_code"]
        for domain in (by_id, by_name):
            asked += [
                rpc(model, "search_read", domain, fnames),
                rpc(model, "name_search", t.product.name, domain),
                rpc(
                    model,
                    "web_search_read",
                    domain=domain,
                    specification={fname: {} for fname in fnames},
                ),
                rpc(model, "formatted_read_group", domain, ["name"], ["__count"]),
                rpc(model, "web_read_group", domain, ["name"], ["__count"]),
                rpc(model, "read_group", domain, ["name"], ["name"]),
            ]
        asked += [
            rpc(model, "read", ids, fnames),
            rpc(model, "web_read", ids, {fname: {} for fname in fnames}),
            rpc(model, "export_data", ids, fnames),
            rpc(model, "get_metadata", ids),
        ]
    asked.append(rpc("product.product", "get_product_multiline_description_sale", t.variant.ids))
    return asked


def ask_rpc_of_prices(t):
    asked = []
    for record in (t.product, t.variant):
        model, ids = record._name, record.ids
        fnames = [fname for fname in ("list_price", "lst_price") if fname in record._fields]
        asked += [
            rpc(model, "search_read", [("id", "in", ids)], fnames),
            rpc(model, "read", ids, ["list_price"]),
            rpc(model, "export_data", ids, ["list_price"]),
            rpc(model, "get_contextual_price", ids),
            rpc(model, "formatted_read_group", [("id", "in", ids)], [], ["list_price:max"]),
        ]
    # One by one: an error about one of them would hide what the others tell.
    asked += [
        rpc(
            "product.pricelist.item",
            "search_read",
            [("product_tmpl_id", "=", t.product.id)],
            [fname],
        )
        for fname in ("fixed_price", "product_id", "name")
    ]
    return asked


def ask_rpc_of_belongings(t):
    """What tells of a product in other models."""
    lines = t.product.attribute_line_ids
    values = lines.product_template_value_ids
    owned = [
        (t.images, ["name", "display_name", "product_tmpl_id", "product_variant_id"]),
        (lines, ["product_tmpl_id", "display_name"]),
        (values, ["product_tmpl_id", "name"]),
        (t.documents, ["name"]),
        (t.attachments, ["name", "datas"]),
        # What everybody reads, and what it would tell of the products that have it.
        (t.product.categ_id, ["display_name", "product_count"]),
        (t.product.uom_id, ["display_name"]),
        (t.variant.base_unit_id, ["display_name"]),
        (t.product.website_ribbon_id, ["display_name"]),
    ]
    asked = []
    for records, fnames in owned:
        if records:
            asked += [
                rpc(records._name, "search_read", [("id", "in", records.ids)], fnames),
                rpc(records._name, "read", records.ids, fnames),
            ]
    for model, fname in (
        ("product.pricelist.item", "product_tmpl_id"),
        ("product.tag", "product_template_ids"),
        ("product.public.category", "product_tmpl_ids"),
    ):
        domain = [(fname, "in", t.product.ids)]
        asked.append(rpc(model, "search_read", domain, [fname, "display_name"]))
        asked.append(
            rpc(
                model,
                "web_search_read",
                domain=domain,
                specification={fname: {"fields": {"display_name": {}}}},
            )
        )
    return asked


def ask_rpc_of_categories(t):
    ids, model = t.categories.parents_and_self.ids, "product.public.category"
    names = t.categories.mapped("name")
    return [
        rpc(model, "search_read", [("id", "in", ids)], ["name", "display_name"]),
        rpc(model, "search_read", [("name", "in", names)], ["name", "parents_and_self"]),
        rpc(model, "name_search", names[0] if names else ""),
        rpc(model, "formatted_read_group", [("id", "in", ids)], ["name"], ["__count"]),
        *([rpc(model, "read", ids, ["name"])] if ids else []),
    ]


def ask_rpc_of_tags(t):
    ids, model = t.tags.ids, "product.tag"
    if not ids:
        return []
    return [
        rpc(model, "search_read", [("id", "in", ids)], ["name", "display_name"]),
        rpc(model, "name_search", t.tags[0].name),
        rpc(model, "formatted_read_group", [("id", "in", ids)], ["name"], ["__count"]),
        rpc(model, "read", ids, ["name"]),
        rpc(
            t.product._name,
            "web_read",
            t.product.ids,
            {"product_tag_ids": {"fields": {"display_name": {}}}},
        ),
    ]


def ask_price_list_report(t):
    data = {
        "active_model": "product.product",
        "active_ids": t.variant.ids,
        "quantities": [1],
        "pricelist_id": (
            t.partner.property_product_pricelist or t["product.pricelist"].search([], limit=1)
        ).id,
    }
    return [rpc("report.product.report_pricelist", "get_html", data)]


def ask_sales_desk(t):
    """Reports and routes that are for staff."""
    return [
        *(
            page(f"/report/html/product.report_producttemplatelabel{paper}/{t.product.id}")
            for paper in ("2x7", "_dymo")
        ),
        *(
            call(
                "/product/catalog/order_lines_info",
                res_model="sale.order",
                order_id=order_id,
                product_ids=t.variant.ids,
            )
            for order_id in (False, t.orders[:1].id)
        ),
    ]


DOORS = (
    Door(
        _lt("RPC: products"),
        ask_rpc_of_products,
        PAGE - {PRICE, TAG},
        signed_in=True,
        is_page=False,
    ),
    Door(_lt("RPC: prices"), ask_rpc_of_prices, frozenset((PRICE,)), signed_in=True, is_page=False),
    Door(
        _lt("RPC: what belongs to it"), ask_rpc_of_belongings, NAMED, signed_in=True, is_page=False
    ),
    Door(_lt("RPC: categories"), ask_rpc_of_categories, CATEGORIES, signed_in=True, is_page=False),
    Door(_lt("RPC: tags"), ask_rpc_of_tags, TAGS, signed_in=True, is_page=False),
    Door(_lt("Price list report"), ask_price_list_report, PRICED, signed_in=True, is_page=False),
    Door(
        _lt("Labels and catalogue of the sales desk"),
        ask_sales_desk,
        frozenset(),
        signed_in=True,
        is_page=False,
    ),
)
