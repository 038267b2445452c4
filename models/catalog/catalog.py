"""Who may see, price and buy what: plain values, and the SQL that asks for it.

A *reservation* names the types for which something is. A product has its own, or else those of its
categories and tags; a category has its own, or else that of its parent. Where several categories
and tags of one product are reserved, it is there for the types of any of them.
"""

from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

# Three rights, each with the field that names the types which have it. Empty: everybody.
RIGHTS = {"see": "reserved_type_ids", "price": "priced_type_ids", "buy": "sold_type_ids"}
RESERVED_MODELS = ("product.template", "product.public.category", "product.tag")

TEMPLATE_RELATIONS = {
    "see": "customer_type_reserved_product_rel",
    "price": "customer_type_priced_product_rel",
    "buy": "customer_type_sold_product_rel",
}
VARIANT_RELATION = "customer_type_reserved_variant_rel"
ASSORTMENT_RELATION = "customer_type_assortment_product_rel"
HIDDEN_RELATION = "customer_type_hidden_product_rel"

# What depends on who asks, and on everything that decides on the catalogue.
AUDIENCE_FIELDS = {
    "product.template": [
        *("is_visible_to_user", "lacks_price_right", "lacks_buy_right"),
        *("visible_type_ids", "reservation_summary"),
    ],
    "product.product": ["is_variant_visible_to_user"],
    "product.template.attribute.value": ["is_value_visible_to_user"],
    "product.attribute.value": ["is_value_visible_to_user"],
    "product.public.category": ["has_published_products", "reservation_summary"],
}


class Reservation(NamedTuple):
    """What one product, category or tag says about one right. Moments are in UTC."""

    type_ids: frozenset = frozenset()
    since: datetime | None = None  # before, not even its types have it
    until: datetime | None = None  # from then on, everybody has it

    def is_acting(self, now):
        """:return: whether there is anything to say at a moment (datetime)"""
        return self.until > now if self.until else bool(self.type_ids)

    def has_ended(self, now):
        """:return: whether everybody has the right since a moment before (datetime)"""
        return bool(self.until) and self.until <= now

    def admits(self, type_ids, now):
        """:return: whether holders of these types have the right at a moment (datetime)"""
        started = not self.since or self.since <= now
        return started and not self.type_ids.isdisjoint(type_ids)


class Selection(NamedTuple):
    """Products, and whole categories (their subtree is in here) and tags of products."""

    has_products: bool = False
    category_ids: frozenset = frozenset()
    tag_ids: frozenset = frozenset()

    def __bool__(self):
        return self.has_products or bool(self.category_ids) or bool(self.tag_ids)


class TypeCatalog(NamedTuple):
    """The catalogue of one customer type."""

    is_assortment: bool = False
    assortment: Selection = Selection()
    hidden: Selection = Selection()


class CatalogTable(NamedTuple):
    """Everything that decides on the catalogue, but what is set on single products.

    :ivar dict categories: by right, by category id, the reservations of the category and of those
        above it, nearest first
    :ivar dict tags: by right, by tag id, the same; a tag has nothing above it
    :ivar frozenset own: the rights for which there are products with a reservation of their own
    :ivar frozenset variant_template_ids: the products that have reserved variants
    :ivar dict types: :class:`TypeCatalog` by id of a type that has one
    :ivar bool opens: whether anything is, or was, to be seen by everybody from a moment on
    """

    categories: dict
    tags: dict
    own: frozenset
    variant_template_ids: frozenset
    types: dict
    opens: bool

    def restricts(self, right):
        """:return: whether there is anything on which somebody lacks a right (str); ``part`` stands
        for seeing all variants of a product that is seen
        """
        if right == "part":
            return bool(self.variant_template_ids)
        return bool(
            right in self.own
            or self.categories[right]
            or self.tags[right]
            or (right == "see" and self.types)
        )


def split(chains, type_ids, now):
    """Split reserved categories, or tags, into those open to types and those closed to them.

    :param dict chains: reservations, nearest first, by id
    :return: two lists of ids: open, closed; neither has those that are not reserved now
    """
    open_ids, closed_ids = [], []
    for record_id, chain in chains.items():
        reservation = next((r for r in chain if r.is_acting(now) or r.has_ended(now)), None)
        if reservation and reservation.is_acting(now):
            admitted = reservation.admits(type_ids, now)
            (open_ids if admitted else closed_ids).append(record_id)
    return open_ids, closed_ids


class CatalogConditions:
    """SQL conditions on products, for somebody who acts with certain types.

    Conditions are :class:`SQL`, or ``None`` where every product meets them.

    :param CatalogTable table: what decides
    :param type_ids: the types, none for somebody without
    :param datetime now: the moment, in UTC
    :param products: the model product.template
    :param str alias: its table in the query
    """

    def __init__(self, table, type_ids, now, products, alias):
        self.table = table
        self.type_ids = tuple(type_ids)
        self.now = now
        self.product_id = SQL.identifier(alias, "id")
        self.moments = [
            SQL.identifier(alias, fname, to_flush=products._fields[fname])
            for fname in ("reserved_from", "public_from")
        ]

    def get(self, right):
        """:param str right: ``see``, ``price`` or ``buy``
        :return: the condition that holds for products on which one of the types has the right
        """
        return self._visible() if right == "see" else self._reserved(right, self.type_ids)

    def _visible(self):
        """Somebody sees what one of their types sees; without a type, what is not reserved."""
        catalogs = {type_id: self.table.types.get(type_id) for type_id in self.type_ids}
        plain = [type_id for type_id, catalog in catalogs.items() if not catalog]
        ways = []
        if plain or not catalogs:
            ways.append(self._reserved("see", plain))
        for type_id, catalog in catalogs.items():
            if catalog:
                ways.append(self._visible_to_type(type_id, catalog))
        return None if None in ways else _join(" OR ", ways)

    def _visible_to_type(self, type_id, catalog):
        if catalog.is_assortment:
            shown = self._selected(ASSORTMENT_RELATION, type_id, catalog.assortment)
        else:
            shown = self._reserved("see", [type_id])
        if not catalog.hidden:
            return shown
        hidden = self._selected(HIDDEN_RELATION, type_id, catalog.hidden)
        return _all([shown, SQL("NOT %s", hidden)])

    def _reserved(self, right, type_ids):
        """The product's own reservation decides; without one, its categories and tags."""
        inherited = self._inherited(right, type_ids)
        if right not in self.table.own:
            return inherited
        relation = TEMPLATE_RELATIONS[right]
        acting, admitted = self._linked(relation), self._linked(relation, type_ids)
        if right == "see":
            since, until = self.moments
            acting = SQL("COALESCE(%s > %s, %s)", until, self.now, acting)
            admitted = SQL("(%s AND (%s IS NULL OR %s <= %s))", admitted, since, since, self.now)
        if not type_ids:
            admitted = SQL("FALSE")
        if inherited is None:
            return SQL("(NOT %s OR %s)", acting, admitted)
        if right == "see":
            # Once everybody sees it, they do whatever its categories say.
            ended = SQL("COALESCE(%s <= %s, FALSE)", self.moments[1], self.now)
            inherited = SQL("(%s OR %s)", ended, inherited)
        return SQL("CASE WHEN %s THEN %s ELSE %s END", acting, admitted, inherited)

    def _inherited(self, right, type_ids):
        category_ids = split(self.table.categories.get(right, {}), type_ids, self.now)
        tag_ids = split(self.table.tags.get(right, {}), type_ids, self.now)
        admitting, excluding = (
            [*self._in_categories(categories), *self._in_tags(tags)]
            for categories, tags in zip(category_ids, tag_ids, strict=True)
        )
        if not excluding:
            return None
        return _join(" OR ", [*admitting, SQL("NOT %s", _join(" OR ", excluding))])

    def _selected(self, relation, type_id, selection):
        ways = [
            *([self._linked(relation, [type_id])] if selection.has_products else []),
            *self._in_categories(selection.category_ids),
            *self._in_tags(selection.tag_ids),
        ]
        return _join(" OR ", ways) if ways else SQL("FALSE")

    def _linked(self, relation, type_ids=None):
        return _linked(relation, self.product_id, type_ids)

    def _in_categories(self, category_ids):
        return self._in_any(
            "product_public_category_product_template_rel",
            "product_public_category_id",
            category_ids,
        )

    def _in_tags(self, tag_ids):
        return self._in_any("product_tag_product_template_rel", "product_tag_id", tag_ids)

    def _in_any(self, relation, column, ids):
        """:return: a list with the condition, or nothing where there are no ids"""
        if not ids:
            return []
        return [
            SQL(
                "EXISTS (SELECT 1 FROM %s rel WHERE rel.product_template_id = %s AND %s = ANY(%s))",
                SQL.identifier(relation),
                self.product_id,
                SQL.identifier("rel", column),
                list(ids),
            )
        ]


class VariantConditions(NamedTuple):
    """SQL conditions on variants and their values, for somebody who acts with certain types.

    None of them names variants: there may be thousands.

    :ivar tuple type_ids: the types, none for somebody without
    :ivar tuple open_tag_ids: the reserved tags that are for them
    :ivar tuple closed_tag_ids: those that are for others
    """

    type_ids: tuple
    open_tag_ids: tuple
    closed_tag_ids: tuple

    def hidden_variant(self, variant_id):
        """
        :param SQL variant_id: id of a product.product
        :return: the condition that it is reserved for others: by itself, else by its own tags
        """
        reserved = _linked(VARIANT_RELATION, variant_id)
        admitted = _linked(VARIANT_RELATION, variant_id, self.type_ids)
        if not self.closed_tag_ids:
            return SQL("(%s AND NOT %s)", reserved, admitted)
        return SQL(
            "CASE WHEN %s THEN NOT %s ELSE %s AND NOT %s END",
            reserved,
            admitted,
            self._tagged(variant_id, self.closed_tag_ids),
            self._tagged(variant_id, self.open_tag_ids),
        )

    def _tagged(self, variant_id, tag_ids):
        return SQL(
            "EXISTS (SELECT 1 FROM product_tag_product_product_rel rel"
            " WHERE rel.product_product_id = %s AND rel.product_tag_id = ANY(%s))",
            variant_id,
            list(tag_ids),
        )

    def hidden_value(self, value_id):
        """
        :param SQL value_id: id of a product.template.attribute.value
        :return: the condition that only variants have it which are reserved for others
        """
        having = SQL(
            """SELECT 1 FROM product_variant_combination c
                 JOIN product_product p ON p.id = c.product_product_id
                WHERE c.product_template_attribute_value_id = %s""",
            value_id,
        )
        hidden = self.hidden_variant(SQL("p.id"))
        return SQL(
            "(EXISTS (%(having)s AND %(hidden)s)"
            " AND NOT EXISTS (%(having)s AND p.active AND NOT %(hidden)s))",
            having=having,
            hidden=hidden,
        )

    def hidden_attribute_values(self):
        """:return: a query for the ids of each product.attribute.value of which there is nothing
        but hidden values of products
        """
        return SQL(
            """SELECT v.product_attribute_value_id
                 FROM product_template_attribute_value v
                WHERE v.product_attribute_value_id IN (
                          SELECT r.product_attribute_value_id
                            FROM (%(reserved)s) reserved (variant_id)
                            JOIN product_variant_combination c
                              ON c.product_product_id = reserved.variant_id
                            JOIN product_template_attribute_value r
                              ON r.id = c.product_template_attribute_value_id
                      )
             GROUP BY 1
               HAVING BOOL_OR(%(hidden)s) AND NOT BOOL_OR(v.ptav_active AND NOT %(hidden)s)""",
            reserved=self.reserved_variants(),
            hidden=self.hidden_value(SQL("v.id")),
        )

    def reserved_variants(self):
        """:return: a query for the ids of all variants that may be reserved for others"""
        return SQL(
            """SELECT product_id FROM %s
                UNION
               SELECT product_product_id FROM product_tag_product_product_rel
                WHERE product_tag_id = ANY(%s)""",
            SQL.identifier(VARIANT_RELATION),
            list(self.closed_tag_ids),
        )


def _linked(relation, record_id, type_ids=None):
    """
    :param str relation: the table of a many2many field
    :param SQL record_id: id of a product or of a variant
    :return: whether the relation links it with one of these types; without them, with any
    """
    among = SQL(" AND rel.type_id = ANY(%s)", list(type_ids)) if type_ids is not None else SQL()
    return SQL(
        "EXISTS (SELECT 1 FROM %s rel WHERE rel.product_id = %s%s)",
        SQL.identifier(relation),
        record_id,
        among,
    )


def _join(operator, conditions):
    """:return: conditions, at least one, joined by an SQL operator (str), in brackets"""
    return SQL("(%s)", SQL(operator).join(conditions))


def _all(conditions):
    conditions = [condition for condition in conditions if condition is not None]
    return _join(" AND ", conditions) if conditions else None
