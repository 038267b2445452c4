"""The pages of the shop, and its searches."""

from odoo.tools import LazyTranslate

from .ask import CATEGORIES, PAGE, PRICED, TAGS, Door, call, page
from .target import NAME, swap_case

_lt = LazyTranslate(__name__)

PRODUCT_CARD = "website_sale.dynamic_filter_template_product_product_products_item"
CATEGORY_CARD = "website_sale.dynamic_filter_template_product_public_category_clickable_items"


def ask_product_page(t):
    paths = [t.slug(t.product), t.product.id, f"product/{t.slug(t.product)}"]
    paths += [f"{t.slug(category)}/{t.product.id}" for category in t.categories]
    return [
        *(page(f"/shop/{path}") for path in paths),
        page(f"/shop/{t.product.id}", category=t.categories[:1].id or ""),
        page(f"/shop/ask/{t.product.id}"),
    ]


def ask_led_to(t):
    """The pages, and what their scripts then load into them."""
    return [
        request
        for parent in t.leading
        for request in (
            page(f"/shop/{parent.id}"),
            call(
                "/website/snippet/filters",
                filter_id=parent._get_alternative_product_filter(),
                template_key=PRODUCT_CARD,
                limit=16,
                search_domain=[],
                productTemplateId=parent.id,
            ),
        )
    ]


def ask_shop(t):
    return [
        page("/shop", search=t.words),
        page("/shop", search=t.words, noFuzzy=1),
        page("/shop", search=swap_case(t.variant.default_code or "")),
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
    words = [t.words, *(swap_case(category.name) for category in t.categories)]
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


def ask_cart_history(t):
    return [page("/shop/cart")]


DOORS = (
    Door(_lt("Product page"), ask_product_page, PAGE | CATEGORIES),
    Door(_lt("Pages of products that lead to it"), ask_led_to, PRICED),
    Door(_lt("Shop: list and search"), ask_shop, PRICED | TAGS),
    Door(_lt("Shop: price range"), ask_price_range, PRICED),
    Door(_lt("Shop: categories"), ask_categories, CATEGORIES | {NAME}),
    Door(_lt("Website search"), ask_website_search, frozenset((NAME,))),
    Door(_lt("Search suggestions"), ask_suggestions, CATEGORIES | PRICED),
    Door(_lt("Building blocks with products"), ask_snippets, PRICED | CATEGORIES),
    Door(_lt("Building blocks with one product"), ask_single_snippets, PRICED),
    Door(_lt("Building blocks with one category"), ask_single_category_snippets, CATEGORIES),
    Door(_lt("Reviews"), ask_messages, frozenset((NAME,))),
    Door(
        _lt("What was ordered before, in the cart"),
        ask_cart_history,
        frozenset((NAME,)),
        signed_in=True,
    ),
)
