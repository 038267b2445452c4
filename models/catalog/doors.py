"""Every door through which a product, a variant or a category of the shop can be reached.

Each door is described once, for the leak check of managers and for the regression test alike: how
to ask for a product, and what somebody who may see it then gets to see.
"""

import base64
import html
import json
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# What gives a product away, by kind.
NAME, CODE, PRICE, IMAGE, FILE = "name", "reference", "price", "picture", "document"
CATEGORY, VARIANT, TAG = "category", "variant", "tag"
MARKS = {
    NAME: _lt("its name"),
    CODE: _lt("its internal reference"),
    PRICE: _lt("its price"),
    IMAGE: _lt("its picture"),
    FILE: _lt("a document of it"),
    CATEGORY: _lt("its category"),
    VARIANT: _lt("its variant"),
    TAG: _lt("its tag"),
}
TEXTS = frozenset((NAME, CODE, CATEGORY, VARIANT, TAG))
IMAGE_FIELDS = ("image_1920", "image_1024", "image_512", "image_256", "image_128")


class Ask(NamedTuple):
    """One request. Without ``params`` it is a page, else a call of a JSON-RPC route with them."""

    path: str
    params: dict | None = None


class Door(NamedTuple):
    """
    :ivar str name: what managers call it
    :ivar ask: function of a :class:`Target`, gives the requests in their order; none where there is
        no such door for this product
    :ivar frozenset shows: the kinds of marks of which some are seen by who may see the product
    :ivar bool writes: whether asking leaves something behind: a line in a cart, a wish
    :ivar bool signed_in: whether guests are turned away whatever they ask for
    :ivar bool for_guests: whether everybody is answered as guests are
    :ivar bool is_page: whether it is of the website, not of the backend or of RPC
    """

    name: str
    ask: Callable
    shows: frozenset
    writes: bool = False
    signed_in: bool = False
    for_guests: bool = False
    is_page: bool = True


class Target:
    """A product to look for.

    :param variant: product.product
    :param website: the website whose doors are tried
    :param partner: res.partner who asks; the public one for guests
    """

    def __init__(self, variant, website, partner):
        self.website = website.sudo()
        self.partner = partner.sudo()
        self.variant = variant.sudo()
        self.product = self.variant.product_tmpl_id
        self.env = self.variant.env
        self._marks = {}

    def __getitem__(self, model):
        return self.env[model].sudo()

    # -- What gives it away ------------------------------------------------

    def find(self, body, kinds=tuple(MARKS)):
        """
        :param bytes body: an answer
        :param kinds: the kinds of marks to look for
        :return: the kinds of which there are marks in the answer
        :rtype: set
        """
        text = _squeeze(body)
        return {
            kind
            for kind in kinds
            if any(
                mark in body or (kind in TEXTS and _squeeze(mark) in text)
                for mark in self.get_marks(kind)
            )
        }

    def get_marks(self, kind):
        """:return: the bytes of one kind that give the product away, none where they would say
        nothing because they are found elsewhere as well
        """
        if kind not in self._marks:
            self._marks[kind] = set(getattr(self, f"_get_{kind}_marks")())
        return self._marks[kind]

    def _get_name_marks(self):
        name = self.product.name
        if self._is_said_by_others("product.template", "name", name, self.product):
            return ()
        return _spell(name) | self._spell_in_address(name)

    def _get_reference_marks(self):
        code = self.variant.default_code
        if not code or self._is_said_by_others(
            "product.product", "default_code", code, self.variant
        ):
            return ()
        return _spell(code)

    def _get_variant_marks(self):
        """Values that only this variant has, of all that there are."""
        for ptav in self.variant.product_template_attribute_value_ids:
            if ptav.ptav_product_variant_ids == self.variant and not self._is_said_by_others(
                "product.attribute.value",
                "name",
                ptav.name,
                ptav.product_attribute_value_id,
            ):
                yield from _spell(ptav.name)

    def _get_category_marks(self):
        for category in self.categories:
            name = category.name
            if not self._is_said_by_others("product.public.category", "name", name, category):
                yield from _spell(name) | self._spell_in_address(name)

    def _get_tag_marks(self):
        for tag in self.tags:
            if not self._is_said_by_others("product.tag", "name", tag.name, tag):
                yield from _spell(tag.name)

    def _get_price_marks(self):
        """Only a price that is no round number gives a product away."""
        price = self.variant.lst_price
        if price < 10 or price == round(price):
            return
        plain, grouped = f"{price:.2f}", f"{price:,.2f}"
        for written in (repr(price), plain, grouped):
            yield written.encode()
            yield written.translate(str.maketrans(",.", ".,")).encode()
        for space in (" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"):
            for point in ".,":
                yield grouped.replace(".", point).replace(",", space, 1).encode()

    def _get_picture_marks(self):
        for owner in (self.product, self.variant, *self.images):
            for fname in IMAGE_FIELDS:
                if content := owner.with_context(bin_size=False)[fname]:
                    yield base64.b64decode(content)

    def _get_document_marks(self):
        for document in self.documents:
            if document.raw:
                yield document.raw

    def _spell_in_address(self, name):
        slug = self.env["ir.http"]._slugify(name)
        return {f"/{slug}-".encode()} if slug else set()

    def _is_said_by_others(self, model, fname, text, record):
        """Whether a text is part of what other records are called, and so gives nothing away."""
        records = self[model].with_context(active_test=False)
        domain = [(fname, "ilike", text), ("id", "not in", record.ids)]
        return not text or bool(records.search_count(domain, limit=1))

    # -- What belongs to the product ---------------------------------------

    def slug(self, record):
        """:return: an address of a record that does not say what it is called"""
        return f"x-{record.id}"

    @property
    def words(self):
        """:return: the product's name as a query, which is never taken for the name itself when
        a page repeats it
        """
        return _swap_case(self.product.name)

    @property
    def ptav_ids(self):
        return self.variant.product_template_attribute_value_ids.ids

    @property
    def value_ids(self):
        return self.variant.product_template_attribute_value_ids.product_attribute_value_id.ids

    @property
    def categories(self):
        return self.product.public_categ_ids

    @property
    def tags(self):
        return self.variant.all_product_tag_ids.filtered("visible_to_customers")

    @property
    def combos(self):
        """:return: the published products that have this one among their choices"""
        items = self["product.combo.item"].search([("product_id", "=", self.variant.id)])
        return self["product.template"].search(
            [("combo_ids", "in", items.combo_id.ids), ("website_published", "=", True)]
        )

    def parents(self, *fnames):
        """:return: other published products that lead to this one by one of these fields"""
        found = self["product.template"]
        for fname in fnames:
            one = self.variant if found._fields[fname].comodel_name == "product.product" else None
            found |= found.search(
                [
                    (fname, "in", (one or self.product).ids),
                    ("website_published", "=", True),
                    ("id", "!=", self.product.id),
                ]
            )
        return found

    @property
    def leading(self):
        """:return: published products whose pages may show this one"""
        return self.parents(
            "alternative_product_ids", "accessory_product_ids", "optional_product_ids"
        )

    @property
    def images(self):
        return self.product.product_template_image_ids | self.variant.product_variant_image_ids

    @property
    def documents(self):
        return self.product.product_document_ids.filtered("shown_on_product_page")

    @property
    def orders(self):
        """:return: what the asking customer has ordered of it"""
        return self["sale.order"].search(
            [
                ("partner_id", "child_of", self.partner.commercial_partner_id.ids),
                ("order_line.product_id", "=", self.variant.id),
                ("state", "=", "sale"),
            ]
        )


def _spell(text):
    """:return: how a text is written in pages and in JSON, as bytes"""
    return {written.encode() for written in (text, html.escape(text), json.dumps(text).strip('"'))}


def _squeeze(body):
    # What is searched for is set apart by tags where it is found.
    return re.sub(rb"<[^>]*>|\\n|\s+", b"", body)


def _swap_case(text):
    # Not every database folds the case of other letters.
    return "".join(char.swapcase() if char.isascii() else char for char in text)


# -- Requests ----------------------------------------------------------------


def page(path, **query):
    return Ask(f"{path}?{urlencode(query)}" if query else path)


def call(path, **params):
    return Ask(path, params)


def rpc(model, method, *args, **kwargs):
    return call(
        f"/web/dataset/call_kw/{model}/{method}",
        model=model,
        method=method,
        args=list(args),
        kwargs=kwargs,
    )


def ask_product_page(t):
    paths = [t.slug(t.product), t.product.id, f"product/{t.slug(t.product)}"]
    paths += [f"{t.slug(category)}/{t.product.id}" for category in t.categories]
    return [
        *(page(f"/shop/{path}") for path in paths),
        page(f"/shop/{t.product.id}", category=t.categories[:1].id or ""),
        page(f"/shop/ask/{t.product.id}"),
    ]


def ask_shop(t):
    return [
        page("/shop", search=t.words),
        page("/shop", search=t.words, noFuzzy=1),
        page("/shop", search=_swap_case(t.variant.default_code or "")),
        *(page("/shop", search=t.words, order=order) for order in ("name asc", "list_price desc")),
        *(page("/shop", search=t.words, tags=tag.id) for tag in t.product.product_tag_ids),
    ]


def ask_price_range(t):
    price = t.product.list_price
    return [
        page("/shop", search=t.words),
        page("/shop", search=t.words, min_price=price - 1, max_price=price + 1),
        *(page(f"/shop/category/{category.id}") for category in t.categories),
    ]


def ask_categories(t):
    above = t.categories.parents_and_self
    return [
        page("/shop"),
        *(page(f"/shop/category/{t.slug(category)}") for category in above),
        *(page(f"/shop/category/{category.id}", search=t.words) for category in above),
        *(page("/shop", category=category.id) for category in above),
    ]


def ask_website_search(t):
    return [
        page("/website/search", search=t.words),
        page("/website/search/products", search=t.words),
    ]


def ask_suggestions(t):
    options = {
        "displayImage": True,
        "displayDescription": True,
        "displayDetail": True,
        "displayExtraLink": True,
        "displayExtraDetail": True,
        "allowFuzzy": True,
    }
    words = [t.words, *(_swap_case(category.name) for category in t.categories)]
    return [
        call(
            "/website/snippet/autocomplete",
            search_type=search_type,
            term=term,
            order=order,
            limit=20,
            options=options,
        )
        for search_type, order in (
            ("products_only", "list_price desc"),
            ("products", "name asc"),
            ("product_categories_only", "name asc"),
            ("all", "name asc"),
        )
        for term in words
    ]


def ask_combination(t):
    return [
        call(
            "/website_sale/get_combination_info",
            product_template_id=t.product.id,
            product_id=product_id,
            combination=t.ptav_ids,
            add_qty=1,
        )
        for product_id in (t.variant.id, False)
    ]


def ask_mixed_up(t):
    """A product that everybody sees, with what belongs to this one."""
    return [
        request
        for other in t.leading[:1]
        for request in (
            call(
                "/website_sale/get_combination_info",
                product_template_id=other.id,
                product_id=t.variant.id,
                combination=t.ptav_ids,
                add_qty=1,
            ),
            call(
                "/website_sale/get_combination_info",
                product_template_id=other.id,
                product_id=t.variant.id,
                combination=[],
                add_qty=1,
            ),
            call(
                "/website_sale/product_configurator/update_combination",
                **_configure(other, ptav_ids=t.ptav_ids),
            ),
            call(
                "/website_sale/product_configurator/get_values",
                **_configure(other, ptav_ids=t.ptav_ids),
            ),
            page(f"/shop/{other.id}", attribute_values=",".join(map(str, t.value_ids))),
        )
    ]


def ask_led_to(t):
    return [page(f"/shop/{parent.id}") for parent in t.leading]


def _configure(product, **params):
    return {
        "product_template_id": product.id,
        "quantity": 1,
        "currency_id": product.currency_id.id,
        "so_date": "2026-01-01",
        "ptav_ids": [],
        "pricelist_id": None,
        "company_id": None,
        **params,
    }


def ask_product_configurator(prefix):
    def ask(t):
        path = f"{prefix}/product_configurator"
        own = _configure(t.product, ptav_ids=t.ptav_ids)
        return [
            call(f"{path}/get_values", **_configure(t.product)),
            call(f"{path}/get_values", **own),
            call(f"{path}/update_combination", **own),
        ]

    return ask


def ask_optional_products(prefix):
    def ask(t):
        path = f"{prefix}/product_configurator"
        return [
            request
            for parent in t.parents("optional_product_ids")
            for request in (
                call(f"{path}/get_values", **_configure(parent)),
                call(
                    f"{path}/get_optional_products",
                    **_configure(parent, parent_ptav_ids=[]),
                ),
            )
        ]

    return ask


def ask_combo_configurator(prefix):
    def ask(t):
        return [
            call(
                f"{prefix}/combo_configurator/get_data",
                product_tmpl_id=combo.id,
                quantity=1,
                date="2026-01-01",
                currency_id=combo.currency_id.id,
                pricelist_id=None,
                company_id=None,
            )
            for combo in t.combos
        ]

    return ask


def ask_combo_price(prefix):
    def ask(t):
        return [
            call(
                f"{prefix}/combo_configurator/get_price",
                product_tmpl_id=t.product.id,
                quantity=1,
                date="2026-01-01",
                currency_id=t.product.currency_id.id,
                pricelist_id=None,
                company_id=None,
            )
        ]

    return ask


def ask_images(t):
    owners = [t.product, t.variant, *t.images]
    attachments = t["ir.attachment"].search(
        [
            ("res_model", "in", list({owner._name for owner in owners})),
            ("res_field", "=", "image_1920"),
            "|",
            "|",
            "&",
            ("res_model", "=", t.product._name),
            ("res_id", "=", t.product.id),
            "&",
            ("res_model", "=", t.variant._name),
            ("res_id", "=", t.variant.id),
            "&",
            ("res_model", "=", t.images._name),
            ("res_id", "in", t.images.ids),
        ]
    )
    return [
        *(
            page(f"/web/{route}/{owner._name}/{owner.id}/{fname}")
            for owner in owners
            for route, fname in (
                ("image", "image_1920"),
                ("image", "image_128"),
                ("content", "image_1920"),
                ("content", "image_512"),
            )
        ),
        *(
            page(f"/web/{route}/{attachment.id}")
            for attachment in attachments
            for route in ("image", "content")
        ),
    ]


def ask_documents(t):
    return [
        request
        for document in t.documents
        for request in (
            page(f"/shop/{t.slug(t.product)}/document/{document.id}"),
            page(f"/shop/{t.product.id}/document/{document.id}"),
            page(f"/web/content/{document.ir_attachment_id.id}"),
            page(f"/web/content/product.document/{document.id}/datas"),
        )
    ]


PRODUCT_CARD = "website_sale.dynamic_filter_template_product_product_products_item"
CATEGORY_CARD = "website_sale.dynamic_filter_template_product_public_category_clickable_items"


def ask_snippets(t):
    filters = t["website.snippet.filter"].search([("website_id", "in", (False, t.website.id))])
    wanted = {"product.product": PRODUCT_CARD, "product.public.category": CATEGORY_CARD}
    return [
        call(
            "/website/snippet/filters",
            filter_id=snippet.id,
            template_key=wanted[snippet.model_name],
            limit=16,
            search_domain=domain,
            productTemplateId=parent_id,
        )
        for snippet in filters
        if snippet.model_name in wanted
        for domain, parent_id in [
            ([], None),
            *([([("name", "ilike", t.product.name)], None)] * bool(t.product.name)),
            *(([], parent.id) for parent in t.leading if snippet.product_cross_selling),
        ]
    ]


def ask_single_snippets(t):
    filters = t["website.snippet.filter"].search([])
    own = filters.filtered(lambda f: f.model_name == "product.product")[:1]
    asked = [("product.product", t.variant.id), ("product.template", t.product.id)]
    return [
        call(
            "/website/snippet/filters",
            filter_id=filter_id,
            template_key=PRODUCT_CARD,
            limit=1,
            res_model=model,
            res_id=res_id,
        )
        for filter_id in (False, own.id)
        for model, res_id in asked
    ]


def ask_single_category_snippets(t):
    filters = t["website.snippet.filter"].search([])
    own = filters.filtered(lambda f: f.model_name == "product.public.category")[:1]
    return [
        call(
            "/website/snippet/filters",
            filter_id=own.id,
            template_key=CATEGORY_CARD,
            limit=1,
            res_model="product.public.category",
            res_id=category.id,
        )
        for category in t.categories.parents_and_self
    ]


def ask_sitemap(t):
    return [page("/sitemap.xml")]


def ask_feeds(t):
    feeds = t["product.feed"].search([("website_id", "=", t.website.id)])
    return [
        page("/gmc.xml", feed_id=feed.id, access_token=feed.access_token)
        for feed in feeds
        if t.website.enabled_gmc_src
    ]


def ask_comparison(t):
    if "product.attribute.category" not in t.env:
        return []
    return [
        page("/shop/compare", products=t.variant.id),
        call("/shop/compare/get_product_data", product_ids=t.variant.ids),
    ]


def ask_wishlist(t):
    if "product.wishlist" not in t.env:
        return []
    return [
        call("/shop/wishlist/add", product_id=t.variant.id),
        page("/shop/wishlist"),
    ]


def ask_cart_history(t):
    return [page("/shop/cart")]


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
        asked += [
            rpc(model, "search_read", [("id", "in", ids)], ["list_price", "lst_price"]),
            rpc(model, "read", ids, ["list_price"]),
            rpc(model, "export_data", ids, ["list_price"]),
            rpc(model, "get_contextual_price", ids),
            rpc(model, "formatted_read_group", [("id", "in", ids)], [], ["list_price:max"]),
        ]
    asked.append(
        rpc(
            "product.pricelist.item",
            "search_read",
            [("product_tmpl_id", "=", t.product.id)],
            ["fixed_price"],
        )
    )
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


def ask_messages(t):
    """Reviews of the product."""
    return [
        call("/mail/chatter_fetch", thread_model=t.product._name, thread_id=t.product.id),
        call("/mail/thread/messages", thread_model=t.product._name, thread_id=t.product.id),
        call(
            "/portal/chatter_init",
            thread_model=t.product._name,
            thread_id=t.product.id,
        ),
    ]


# -- Doors that write --------------------------------------------------------


def add_to_cart(product, path="/shop/cart/add", linked=()):
    """:param linked: dicts of what comes along
    :return: a request that puts a variant into the cart
    """
    return call(
        path,
        product_template_id=product.product_tmpl_id.id,
        product_id=product.id,
        quantity=1,
        **({"linked_products": list(linked)} if linked else {}),
    )


def linked_product(parent, variant, **values):
    """:return: how a variant comes along with a product.template, as the browser says so"""
    return {
        "product_template_id": variant.product_tmpl_id.id,
        "parent_product_template_id": parent.id,
        "product_id": variant.id,
        "combination": variant.product_template_attribute_value_ids.ids,
        "no_variant_attribute_value_ids": [],
        "product_custom_attribute_values": [],
        "quantity": 1,
        **values,
    }


def ask_to_add(t):
    return [add_to_cart(t.variant), page("/shop/cart")]


def ask_to_add_quickly(t):
    return [add_to_cart(t.variant, "/shop/cart/quick_add"), page("/shop/cart")]


def ask_to_add_along(t):
    return [
        *(
            add_to_cart(parent.product_variant_id, linked=[linked_product(parent, t.variant)])
            for parent in t.parents("optional_product_ids")
        ),
        page("/shop/cart"),
    ]


def ask_to_add_in_combo(t):
    asked = []
    for product in t.combos:
        chosen = []
        for combo in product.combo_ids:
            items = combo.combo_item_ids
            item = items.filtered(lambda i: i.product_id == t.variant)[:1] or items[:1]
            chosen.append(linked_product(product, item.product_id, combo_item_id=item.id))
        asked.append(add_to_cart(product.product_variant_id, linked=chosen))
    return [*asked, page("/shop/cart")]


def ask_to_reorder(t):
    return [
        *(call("/my/orders/reorder", order_id=order.id) for order in t.orders),
        page("/shop/cart"),
    ]


def ask_cart_suggestions(t):
    parents = t.parents("accessory_product_ids")
    return [
        *(add_to_cart(parent.product_variant_id) for parent in parents),
        page("/shop/cart"),
    ]


def ask_recently_viewed(t):
    viewed = t.env.ref("website_sale.dynamic_filter_latest_viewed_products", False)
    if not viewed:
        return []
    return [
        call("/shop/products/recently_viewed_update", product_id=t.variant.id),
        call(
            "/website/snippet/filters",
            filter_id=viewed.id,
            template_key=PRODUCT_CARD,
            limit=16,
            search_domain=[],
        ),
    ]


def ask_create_variant(t):
    return [
        call(
            "/website_sale/product_configurator/create_product",
            product_template_id=t.product.id,
            ptav_ids=t.ptav_ids,
        ),
        call(
            "/sale/create_product_variant",
            product_template_id=t.product.id,
            product_template_attribute_value_ids=t.ptav_ids,
        ),
    ]


PAGE = frozenset((NAME, CODE, PRICE, VARIANT, TAG))
PRICED = frozenset((NAME, PRICE))
NAMED = frozenset((NAME, VARIANT))
CATEGORIES = frozenset((CATEGORY,))
TAGS = frozenset((TAG,))

DOORS = (
    Door(_lt("Product page"), ask_product_page, PAGE | CATEGORIES),
    Door(_lt("Shop: list and search"), ask_shop, PRICED | TAGS),
    Door(_lt("Shop: price range"), ask_price_range, PRICED),
    Door(_lt("Shop: categories"), ask_categories, CATEGORIES | {NAME}),
    Door(_lt("Website search"), ask_website_search, frozenset((NAME,))),
    Door(_lt("Search suggestions"), ask_suggestions, CATEGORIES | PRICED),
    Door(_lt("Choice of a variant"), ask_combination, PRICED | {VARIANT, TAG}),
    Door(_lt("Ids of it with another product"), ask_mixed_up, frozenset()),
    Door(_lt("Pages of products that lead to it"), ask_led_to, frozenset()),
    Door(
        _lt("Product configurator"), ask_product_configurator("/website_sale"), PRICED | {VARIANT}
    ),
    Door(
        _lt("Product configurator of the sales desk"),
        ask_product_configurator("/sale"),
        PRICED | {VARIANT},
        signed_in=True,
        is_page=False,
    ),
    Door(_lt("Optional products"), ask_optional_products("/website_sale"), PRICED),
    Door(
        _lt("Optional products of the sales desk"),
        ask_optional_products("/sale"),
        PRICED,
        signed_in=True,
        is_page=False,
    ),
    Door(_lt("Choices of a combo"), ask_combo_configurator("/website_sale"), NAMED),
    Door(
        _lt("Choices of a combo at the sales desk"),
        ask_combo_configurator("/sale"),
        NAMED,
        signed_in=True,
        is_page=False,
    ),
    Door(_lt("Price of a combo"), ask_combo_price("/website_sale"), frozenset((PRICE,))),
    Door(
        _lt("Price of a combo at the sales desk"),
        ask_combo_price("/sale"),
        frozenset((PRICE,)),
        signed_in=True,
        is_page=False,
    ),
    Door(_lt("Pictures"), ask_images, frozenset((IMAGE,))),
    Door(_lt("Documents"), ask_documents, frozenset((FILE,))),
    Door(_lt("Building blocks with products"), ask_snippets, PRICED | CATEGORIES),
    Door(_lt("Building blocks with one product"), ask_single_snippets, PRICED),
    Door(_lt("Building blocks with one category"), ask_single_category_snippets, CATEGORIES),
    Door(_lt("Sitemap"), ask_sitemap, frozenset(), for_guests=True),
    Door(_lt("Product feeds"), ask_feeds, frozenset(), for_guests=True),
    Door(_lt("Comparison"), ask_comparison, PRICED),
    Door(
        _lt("What was ordered before, in the cart"),
        ask_cart_history,
        frozenset((NAME,)),
        signed_in=True,
    ),
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
    Door(_lt("Reviews"), ask_messages, frozenset()),
    Door(_lt("Wishlist"), ask_wishlist, PRICED, writes=True),
    Door(_lt("Adding to the cart"), ask_to_add, PRICED, writes=True),
    Door(
        _lt("Adding to the cart at once"),
        ask_to_add_quickly,
        PRICED,
        writes=True,
        signed_in=True,
    ),
    Door(_lt("Adding along with another"), ask_to_add_along, PRICED, writes=True),
    Door(_lt("Adding in a combo"), ask_to_add_in_combo, NAMED, writes=True),
    Door(_lt("Ordering again"), ask_to_reorder, PRICED, writes=True, signed_in=True),
    Door(_lt("Suggestions in the cart"), ask_cart_suggestions, frozenset((NAME,)), writes=True),
    Door(_lt("Recently viewed"), ask_recently_viewed, frozenset((NAME,)), writes=True),
    Door(_lt("Creating a variant"), ask_create_variant, frozenset(), writes=True),
)
