"""What gives a product of the shop away, and what leads to it."""

import base64
import html
import json
import re

from odoo.fields import Domain
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
# What somebody could do with a product, of whom a door took it.
ORDERED, NOTED = "ordered", "noted"
ACTS = {
    ORDERED: _lt("it could be ordered"),
    NOTED: _lt("it could be put on a list"),
}
TEXTS = frozenset((NAME, CODE, CATEGORY, VARIANT, TAG))
IMAGE_FIELDS = ("image_1920", "image_1024", "image_512", "image_256", "image_128")


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

    def is_taken(self, body):
        """
        :param bytes body: the answer of a JSON-RPC route
        :return: whether the route did what it was asked for; one of the cart tells with which
            variants
        """
        try:
            answer = json.loads(body)
        except ValueError:
            return False
        if "error" in answer:
            return False
        result = answer.get("result")
        if not isinstance(result, dict) or "tracking_info" not in result:
            return True
        taken = {line["item_id"] for line in result["tracking_info"]}
        return not taken.isdisjoint((self.variant.id, self.variant.barcode))

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
        """What only this variant has: values of attributes, a price, a picture."""
        for ptav in self.variant.product_template_attribute_value_ids:
            if ptav.ptav_product_variant_ids == self.variant and not self._is_said_by_others(
                "product.attribute.value",
                "name",
                ptav.name,
                ptav.product_attribute_value_id,
            ):
                yield from _spell(ptav.name)
        if self.variant.lst_price != self.product.list_price:
            yield from _spell_price(self.variant.lst_price)
        if len(self.product.product_variant_ids) > 1:
            for fname in IMAGE_FIELDS:
                yield from self._spell_file(self.variant, fname.replace("image", "image_variant"))

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
        for price in {self.product.list_price, self.variant.lst_price}:
            yield from _spell_price(price)

    def _get_picture_marks(self):
        for owner in (self.product, self.variant, *self.images):
            for fname in IMAGE_FIELDS:
                yield from self._spell_file(owner, fname)

    def _get_document_marks(self):
        for document in self.documents:
            yield from self._spell_file(document, "datas")

    @staticmethod
    def _spell_file(owner, fname):
        """:return: what a file is as such, and in JSON"""
        content = owner.with_context(bin_size=False)[fname]
        return {base64.b64decode(content), content} if content else set()

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
        return swap_case(self.product.name)

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
    def attachments(self):
        """:return: the pictures, as they are stored"""
        owners = self.product, self.variant, self.images
        return self["ir.attachment"].search(
            Domain("res_field", "in", ("image_1920", "image_variant_1920"))
            & Domain.OR(
                Domain("res_model", "=", owner._name) & Domain("res_id", "in", owner.ids)
                for owner in owners
            )
        )

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


def _spell_price(price):
    """:return: how a price is written, as bytes; only one that is no round number gives away"""
    if price < 10 or price == round(price):
        return set()
    plain, grouped = f"{price:.2f}", f"{price:,.2f}"
    written = {repr(price), plain, grouped}
    written |= {text.translate(str.maketrans(",.", ".,")) for text in written}
    for space in (" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"):
        written |= {grouped.replace(".", point).replace(",", space, 1) for point in ".,"}
    return {text.encode() for text in written}


def _squeeze(body):
    # What is searched for is set apart by tags where it is found.
    return re.sub(rb"<[^>]*>|\\n|\s+", b"", body)


def swap_case(text):
    # Not every database folds the case of other letters.
    return "".join(char.swapcase() if char.isascii() else char for char in text)
