import base64
import io
import json
from datetime import timedelta
from urllib.parse import urljoin

from lxml import html
from PIL import Image

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.catalog.doors import DOORS
from ..models.catalog.doors.ask import call, page
from ..models.catalog.doors.target import (
    ACTS,
    CODE,
    MARKS,
    ORDERED,
    PRICE,
    TAG,
    VARIANT,
    Target,
)
from .common import CatalogCommon

ALL = frozenset(MARKS) - {TAG}  # whose name is known where another product has it
# What no customer may ask for, and what only somebody who writes requests by hand asks for.
UNANSWERED = ("/export_data", "/product.document/", "/ir.attachment/", "/website/snippet/filters")
LOGGERS = (
    "odoo.http",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.http_routing.models.ir_http",
)


class LeakCommon(CatalogCommon, HttpCase):
    """A product that is found wherever a shop shows products, with marks found nowhere else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.company_id = cls.env.company
        cls.env.ref("website_sale.filter_products_price").active = True
        cls.env["res.lang"]._activate_lang("en_US")
        cls.tag.name = "Qtrade Tag"
        cls.vault = cls.env["product.public.category"].create({"name": "Qvault Category"})
        cls.shelf = cls.env["product.public.category"].create(
            {"name": "Qshelf Category", "parent_id": cls.vault.id}
        )
        cls.size = cls.env["product.attribute"].create(
            {
                "name": "Test Format",
                "value_ids": [
                    Command.create({"name": "Qgiant Format"}),
                    Command.create({"name": "Qtiny Format"}),
                ],
            }
        )
        cls.secret = cls._create_wine(
            "Qsecret Château 7719",
            list_price=98765.43,
            taxes_id=False,
            image_1920=cls._create_picture("#71a3f2"),
            public_categ_ids=cls.shelf.ids,
            product_tag_ids=cls.tag.ids,
            description_ecommerce="<p>Nothing to say</p>",
            attribute_line_ids=[
                Command.create(
                    {
                        "attribute_id": cls.size.id,
                        "value_ids": [Command.set(cls.size.value_ids.ids)],
                    }
                )
            ],
            product_template_image_ids=[
                Command.create({"name": "Front", "image_1920": cls._create_picture("#12f3a1")})
            ],
        )
        cls.giant, cls.tiny = cls.secret.product_variant_ids
        cls.giant.write(
            {"default_code": "QREF-7719", "image_variant_1920": cls._create_picture("#c03af1")}
        )
        cls.giant.product_template_attribute_value_ids.price_extra = 111.11
        cls.env["product.document"].create(
            {
                "name": "data.txt",
                "res_model": "product.template",
                "res_id": cls.secret.id,
                "shown_on_product_page": True,
                "raw": b"what nobody else may read: 7719",
            }
        )
        cls.secret.message_post(
            body="Qsecret Château 7719 is good",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        cls._create_surroundings()

    @classmethod
    def _create_picture(cls, colour):
        content = io.BytesIO()
        Image.new("RGB", (64, 64), colour).save(content, "PNG")
        return base64.b64encode(content.getvalue())

    @classmethod
    def _create_surroundings(cls):
        """What leads to the product: other products, a combo, orders, rules, a feed."""
        plain = cls._create_wine("Test Plain", taxes_id=False)
        cls.accessory_parent, cls.optional_parent, cls.alternative_parent = (
            cls._create_wine("Test Goes With", accessory_product_ids=cls.giant.ids),
            cls._create_wine("Test Has Options", optional_product_ids=cls.secret.ids),
            cls._create_wine("Test Is Like", alternative_product_ids=cls.secret.ids),
        )
        cls.combo = cls._create_wine(
            "Test Combo",
            type="combo",
            taxes_id=False,
            combo_ids=[
                Command.create(
                    {
                        "name": "Test Choice",
                        "combo_item_ids": [
                            Command.create({"product_id": cls.giant.id}),
                            Command.create({"product_id": plain.product_variant_id.id}),
                        ],
                    }
                )
            ],
        )
        for partner in (cls.person, cls.chef):
            order = cls.env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "website_id": cls.website.id,
                    "order_line": [
                        Command.create({"product_id": cls.giant.id, "product_uom_qty": 1})
                    ],
                }
            )
            order.action_confirm()
        cls.env["product.pricelist"].create(
            {
                "name": "Test List",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": cls.secret.id,
                            "compute_price": "fixed",
                            "fixed_price": 98765.43,
                        }
                    ),
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": cls.giant.id,
                            "compute_price": "fixed",
                            "fixed_price": 98876.54,
                        }
                    ),
                ],
            }
        )
        cls.website.enabled_gmc_src = True
        cls.env["product.feed"].create({"name": "Test Feed", "website_id": cls.website.id})

    # -- Asking ------------------------------------------------------------

    def _sign_in(self, user):
        login = None if user == self.guest else user.login
        self.authenticate(login, login)

    def _ask(self, asked):
        url = urljoin(self.base_url(), asked.path)
        if asked.params is None:
            return self.opener.get(url, timeout=30).content
        call = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": asked.params}
        return self.opener.post(url, json=call, timeout=30).content

    def _empty_carts(self):
        carts = self.env["sale.order"].search(
            [("website_id", "=", self.website.id), ("state", "=", "draft")]
        )
        carts.unlink()
        if "product.wishlist" in self.env:
            self.env["product.wishlist"].search([]).unlink()
        self.env["website.track"].search([]).unlink()

    def _walk(self, user, doors=DOORS):
        """Ask doors in the name of a user.

        :return: each door of the modules that are installed, with the kinds of marks found; and
            the kinds of which there are any
        """
        target = Target(self.giant, self.website, user.partner_id)
        tried = []
        for door in doors:
            if door.module and door.module not in self.env.registry._init_modules:
                continue
            if door.writes:
                self._empty_carts()
            self._sign_in(user)
            self.env.flush_all()
            asked = door.ask(target)
            self.assertTrue(asked, f"{door.name}: there is something to ask")
            found = set()
            for request in asked:
                answer = self._ask(request)
                found |= target.find(answer)
                if door.takes and request.params and target.is_taken(answer):
                    found.add(door.takes)
            tried.append((door, found))
        return tried, {kind for kind in MARKS if target.get_marks(kind)}


@tagged("post_install", "-at_install")
class TestCatalogLeaks(LeakCommon):
    """Whoever may not see a product meets nothing of it, whichever door they try."""

    @mute_logger(*LOGGERS)
    def _check_doors(self, kinds, *outsiders, pages=False):
        """Others meet no mark of these kinds anywhere, and the holder meets one at every door.

        What others may not see, no door takes from them.

        :param bool pages: whether holders are told on pages only
        """
        acts = set(ACTS)
        if kinds <= {TAG, PRICE}:
            acts = {ORDERED} if PRICE in kinds else set()
        for user in outsiders:
            tried, _marks = self._walk(user)
            for door, reached in tried:
                if door.for_guests and self.guest not in outsiders:
                    continue
                with self.subTest(door=str(door.name), user=user.login):
                    self.assertFalse(reached & (kinds | acts))
        doors = [door for door in DOORS if door.shows & kinds and (not pages or door.is_page)]
        tried, marks = self._walk(self.holder, doors)
        self.assertLessEqual(kinds, marks, "there is something to find")
        for door, reached in tried:
            with self.subTest(door=str(door.name), user=self.holder.login):
                self.assertTrue(reached & door.shows & kinds)
                if door.takes:
                    self.assertIn(door.takes, reached)

    def test_a_reserved_product(self):
        self.secret.reserved_type_ids = self.reserve
        self._check_doors(ALL, self.guest, self.stranger)

    def test_a_product_of_a_reserved_category(self):
        self.vault.reserved_type_ids = self.reserve
        self._check_doors(ALL, self.guest)

    def test_a_product_with_a_reserved_tag(self):
        self.tag.reserved_type_ids = self.reserve
        self._check_doors(ALL, self.stranger)

    def test_a_reserved_tag_of_a_product_that_others_see_too(self):
        self.tag.reserved_type_ids = self.reserve
        self.secret.reserved_type_ids = self.reserve + self.wholesale
        self.person._assign_customer_types(self.wholesale)
        self.website.guest_customer_type_id = self.wholesale
        self._check_doors({TAG}, self.guest, self.stranger)

    def test_a_product_that_a_type_hides(self):
        self.wholesale.hidden_product_ids = self.secret
        self.person._assign_customer_types(self.wholesale)
        self._check_doors(ALL, self.stranger)

    def test_a_product_outside_the_assortment(self):
        parents = self.accessory_parent + self.optional_parent + self.alternative_parent
        self.wholesale.write(
            {
                "catalog_mode": "assortment",
                "assortment_product_ids": (parents + self.combo + self.wine).ids,
            }
        )
        self.person._assign_customer_types(self.wholesale)
        self._check_doors(ALL, self.stranger)

    def test_a_reserved_variant(self):
        self.giant.variant_reserved_type_ids = self.reserve
        self._check_doors({VARIANT, CODE}, self.guest, self.stranger)

    @mute_logger(*LOGGERS)
    def test_a_reserved_variant_has_a_price_and_a_picture_of_its_own(self):
        """They are marks as good as its name, and holders meet them."""
        self.giant.variant_reserved_type_ids = self.reserve
        target = Target(self.giant, self.website, self.holder.partner_id)
        marks = target.get_marks(VARIANT)
        picture = base64.b64decode(self.giant.image_variant_1920)
        self.assertLessEqual({b"Qgiant Format", b"98876.54", picture}, marks)
        self._sign_in(self.holder)
        for path, mark in (
            (f"/web/image/product.product/{self.giant.id}/image_variant_1920", picture),
            (f"/shop/{self.secret.id}", b"98876.54"),
        ):
            self.assertIn(mark, self._ask(page(path)))

    @mute_logger(*LOGGERS)
    def test_requests_are_as_the_shop_makes_them(self):
        """Of doors that show something, holders get an answer to each request, and no error."""
        target = Target(self.giant, self.website, self.holder.partner_id)
        for door in DOORS:
            if not door.shows:
                continue
            self._empty_carts()
            self._sign_in(self.holder)
            for asked in door.ask(target):
                answer = self._ask(asked)
                if asked.params is None or any(path in asked.path for path in UNANSWERED):
                    continue
                with self.subTest(door=str(door.name), path=asked.path, params=asked.params):
                    self.assertNotIn("error", json.loads(answer))

    def test_counts_do_not_tell(self):
        self._create_wine("Qsecret Companion")
        self.secret.reserved_type_ids = self.reserve
        for user, count in ((self.guest, 1), (self.stranger, 1), (self.holder, 2)):
            self._sign_in(user)
            asked = call(
                "/website/snippet/autocomplete",
                search_type="products_only",
                term="qsecret",
                order="name asc",
                limit=5,
                options={
                    "displayImage": False,
                    "displayDescription": False,
                    "displayDetail": False,
                    "displayExtraLink": False,
                    "displayExtraDetail": False,
                    "allowFuzzy": False,
                },
            )
            answer = json.loads(self._ask(asked))["result"]
            self.assertEqual((answer["results_count"], len(answer["results"])), (count, count))
            asked = page("/shop", search="qsecret", noFuzzy=1)
            self.assertIn(f"({count})</small>", self._ask(asked).decode())

    def _get_price_bounds(self, **query):
        """:return: where the slider of prices begins and ends"""
        [slider] = html.fromstring(self._ask(page("/shop", **query))).xpath(
            "//*[@id='o_wsale_price_range_option']//input"
        )[:1]
        return float(slider.get("min")), float(slider.get("max"))

    def test_the_bounds_of_the_price_filter_do_not_tell(self):
        """Neither of what is not seen, nor of what is seen without its price."""
        self._create_wine("Qsecret Companion", list_price=12.5)
        for fname in ("reserved_type_ids", "priced_type_ids"):
            self.secret[fname] = self.reserve
            for user in (self.guest, self.stranger, self.holder):
                highest = 98765.43 if user == self.holder else 12.5
                self._sign_in(user)
                with self.subTest(fname=fname, user=user.login):
                    bounds = self._get_price_bounds(search="qsecret")
                    self.assertEqual(bounds, (12.5, highest))
                    # Whoever asks for more than there is for them gets what there is.
                    bounds = self._get_price_bounds(search="qsecret", max_price=99999)
                    self.assertEqual(bounds, (12.5, highest))
            self.secret[fname] = False

    def test_a_private_shop(self):
        self.website.shop_type_ids = self.reserve
        self._check_doors(ALL, self.guest, self.stranger)

    def test_a_product_whose_price_is_for_some(self):
        self.secret.priced_type_ids = self.reserve
        # Where some prices are for some, nobody but staff reads prices past the pages.
        self._check_doors({PRICE}, self.guest, self.stranger, pages=True)

    def test_a_product_that_is_not_yet_public(self):
        self.secret.write(
            {
                "reserved_type_ids": self.reserve.ids,
                "public_from": fields.Datetime.now() + timedelta(days=3),
            }
        )
        self._check_doors(ALL, self.guest)
