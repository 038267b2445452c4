import inspect
import re
import xmlrpc.client
from urllib.parse import urljoin

from lxml import html

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.catalog.doors import remote
from ..models.catalog.doors.ask import call, page, rpc
from ..models.catalog.doors.target import Target
from ..models.catalog.doors.writing import (
    add_to_cart,
    ask_to_add_in_combo,
    linked_product,
)
from .test_catalog_leaks import ALL, LOGGERS, LeakCommon

REFUSED = re.compile(r"not available to you|does not exist|[Nn]othing can be reordered")


@tagged("post_install", "-at_install")
class TestCatalogDoors(LeakCommon):
    """What is refused is refused in words, what is old stays readable, and nothing is mixed up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret.reserved_type_ids = cls.reserve

    def _target(self, user):
        return Target(self.giant, self.website, user.partner_id)

    def _answer(self, asked):
        return self._ask(asked).decode()

    def _call(self, asked):
        """:return: the answer of a JSON-RPC route: ``result``, or the name and words of an error"""
        response = self.opener.post(
            urljoin(self.base_url(), asked.path),
            json={"jsonrpc": "2.0", "method": "call", "id": 0, "params": asked.params},
        ).json()
        error = response.get("error", {}).get("data", {})
        return response.get("result"), error.get("name"), error.get("message")

    def _get_cart(self, user):
        domain = [("website_id", "=", self.website.id), ("state", "=", "draft")]
        if user != self.guest:
            domain.append(("partner_id", "=", user.partner_id.id))
        return self.env["sale.order"].search(domain, order="id desc", limit=1)

    # -- Forged adds -------------------------------------------------------

    def _get_forged_adds(self, user):
        bread = self.wine.product_variant_id
        options = self.optional_parent
        forged = {
            "main": add_to_cart(self.giant),
            "main, of another product": call(
                "/shop/cart/add",
                product_template_id=self.wine.id,
                product_id=self.giant.id,
                quantity=1,
            ),
            "linked": add_to_cart(
                options.product_variant_id, linked=[linked_product(options, self.giant)]
            ),
            "linked to what it does not go with": add_to_cart(
                bread, linked=[linked_product(self.wine, self.giant)]
            ),
            "combo": ask_to_add_in_combo(self._target(user))[0],
        }
        if user != self.guest:
            forged["at once"] = add_to_cart(self.giant, "/shop/cart/quick_add")
            forged["again"] = call("/my/orders/reorder", order_id=self._target(user).orders.id)
        return forged

    @mute_logger(*LOGGERS)
    def test_forged_adds_are_refused_in_words_and_leave_the_cart_as_it_was(self):
        for user in (self.guest, self.stranger):
            self._empty_carts()
            self._sign_in(user)
            self._call(add_to_cart(self.wine.product_variant_id))
            cart = self._get_cart(user)
            before = cart.order_line.mapped(lambda line: (line.product_id, line.product_uom_qty))
            self.assertEqual(len(before), 1)
            for way, forged in self._get_forged_adds(user).items():
                with self.subTest(user=user.login, way=way):
                    result, error, words = self._call(forged)
                    self.assertFalse(result)
                    self.assertIn(
                        error, ("odoo.exceptions.UserError", "odoo.exceptions.ValidationError")
                    )
                    self.assertRegex(words, REFUSED)
                    self.assertNotIn(self.secret.name, words)
                    cart.invalidate_recordset()
                    after = cart.order_line.mapped(
                        lambda line: (line.product_id, line.product_uom_qty)
                    )
                    self.assertEqual(after, before)
                    self.assertEqual(self._get_cart(user), cart)

    @mute_logger(*LOGGERS)
    def test_holders_add_in_all_these_ways(self):
        for way in self._get_forged_adds(self.holder):
            if way in ("main, of another product", "linked to what it does not go with"):
                continue
            with self.subTest(way=way):
                self._empty_carts()
                self._sign_in(self.holder)
                _result, error, words = self._call(self._get_forged_adds(self.holder)[way])
                self.assertFalse(error, words)
                lines = self._get_cart(self.holder).order_line
                self.assertIn(self.giant, lines.product_id)

    def test_of_what_became_hidden_a_cart_takes_less_but_not_more(self):
        bread = self.wine.product_variant_id
        self._sign_in(self.stranger)
        self._call(add_to_cart(bread))
        line = self._get_cart(self.stranger).order_line
        line.product_uom_qty = 3
        self.wine.reserved_type_ids = self.reserve
        for quantity, expected in ((5, 3), (2, 2), (3, 2), (0, 0)):
            with self.subTest(quantity=quantity):
                result, error, words = self._call(
                    call("/shop/cart/update", line_id=line.id, quantity=quantity)
                )
                self.assertFalse(error, words)
                line.invalidate_recordset()
                self.assertEqual(line.exists().product_uom_qty, expected)
                refused = quantity > expected
                self.assertEqual("not available to you" in result.get("warning", ""), refused)

    @mute_logger(*LOGGERS)
    def test_a_wish_from_before_is_not_put_into_the_cart(self):
        if "product.wishlist" not in self.env:
            self.skipTest("no wishlist")
        self.env["product.wishlist"].create(
            {
                "partner_id": self.stranger.partner_id.id,
                "product_id": self.giant.id,
                "website_id": self.website.id,
            }
        )
        self._sign_in(self.stranger)
        self.assertNotIn(self.secret.name, self._answer(page("/shop/wishlist")))
        self.assertEqual(self._call(call("/shop/wishlist/get_product_ids"))[0], [])
        added, _error, words = self._call(add_to_cart(self.giant))
        self.assertFalse(added)
        self.assertRegex(words, REFUSED)
        self.assertFalse(self._get_cart(self.stranger).order_line)

    # -- Searching ---------------------------------------------------------

    def test_codes_of_the_variants_that_a_customer_sees_can_be_searched(self):
        self.env.ref("website_sale.filter_products_price").active = True
        wine, bottle, magnum = self._create_wine_in_two_sizes("Test Findable")
        bottle.default_code, magnum.default_code = "QOPEN-1", "QCLOSED-1"
        magnum.variant_reserved_type_ids = self.reserve
        for user in (self.guest, self.stranger, self.holder):
            self._sign_in(user)
            for words, expected in (
                ("test findable", True),
                ("qopen-1", True),
                ("qclosed-1", user == self.holder),
            ):
                with self.subTest(user=user.login, words=words):
                    response = self.url_open(f"/shop?search={words}&noFuzzy=1")
                    self.assertEqual(response.status_code, 200)
                    self.assertEqual(wine.name in response.text, expected)

    # -- What is old stays readable ----------------------------------------

    def test_old_orders_and_invoices_stay_readable(self):
        order = self._target(self.stranger).orders
        self.giant.invoice_policy = "order"
        invoice = order._create_invoices()
        invoice.action_post()
        self._sign_in(self.stranger)
        for path in (
            f"/my/orders/{order.id}",
            f"/my/orders/{order.id}?report_type=html",
            f"/my/invoices/{invoice.id}?report_type=html",
        ):
            with self.subTest(path=path):
                self.assertIn(self.secret.name, self._answer(page(path)))
        for path in (f"/my/orders/{order.id}", f"/my/invoices/{invoice.id}"):
            response = self.url_open(f"{path}?report_type=pdf")
            self.assertEqual(response.status_code, 200)
        result, error, _words = self._call(
            rpc("sale.order.line", "read", order.order_line.ids, ["name", "product_id"])
        )
        self.assertFalse(error)
        self.assertEqual(result[0]["product_id"][0], self.giant.id)

    # -- Caches ------------------------------------------------------------

    def test_what_is_cached_is_not_mixed_up(self):
        """Menus, pages and lists, asked by one and then by the other, both ways round."""
        slug = self.env["ir.http"]._slug
        self.env["website.menu"].create(
            [
                {
                    "name": name,
                    "url": url,
                    "website_id": self.website.id,
                    "parent_id": self.website.menu_id.id,
                }
                for name, url in (
                    ("Qmenu One", f"/shop/category/{slug(self.shelf)}"),
                    ("Qmenu Two", f"/shop/{slug(self.secret)}"),
                    ("Qmenu Three", f"/shop/{slug(self.shelf)}/{slug(self.secret)}?x=1"),
                    ("Qmenu Open", f"/shop/{slug(self.wine)}"),
                    ("Qmenu Shop", "/shop/page/2"),
                )
            ]
        )
        of_menus = [page("/"), page("/contactus"), page("/shop")]
        own = [page("/shop", search="qSECRET"), page(f"/shop/{self.secret.id}")]
        seen = {self.guest: False, self.stranger: False, self.holder: True}
        for users in (
            (self.guest, self.holder, self.guest),
            (self.holder, self.guest, self.stranger, self.holder),
        ):
            self.env.registry.clear_all_caches()
            for user in users:
                self._sign_in(user)
                for asked in own:
                    found = self.secret.name in self._answer(asked)
                    self.assertEqual(found, seen[user], (user.login, asked.path))
                for asked in of_menus:
                    text = self._answer(asked)
                    for name in ("Qmenu One", "Qmenu Two", "Qmenu Three"):
                        self.assertEqual(name in text, seen[user], (user.login, asked, name))
                    for name in ("Qmenu Open", "Qmenu Shop"):
                        self.assertIn(name, text)
                    self.assertEqual("qsecret" in text.lower(), seen[user])

    def test_the_sitemap_is_for_guests_whoever_asks_first(self):
        slug = self.env["ir.http"]._slug
        asked = page("/sitemap.xml")
        for user in (self.holder, self.guest, self.holder):
            self._sign_in(user)
            text = self._answer(asked)
            self.assertIn(f"/shop/{slug(self.optional_parent)}<", text)
            self.assertNotIn("qsecret", text)
            self.assertNotIn("qshelf", text)
        self.secret.reserved_type_ids = False
        text = self._answer(asked)
        self.assertIn(slug(self.secret), text)
        self.assertIn(slug(self.shelf), text)

    def test_feeds_are_for_guests_whoever_asks_first(self):
        feed = self.env["product.feed"].search([("website_id", "=", self.website.id)], limit=1)
        asked = page("/gmc.xml", feed_id=feed.id, access_token=feed.access_token)
        for user in (self.holder, self.guest, self.holder):
            self._sign_in(user)
            text = self._answer(asked)
            self.assertIn(self.optional_parent.name, text)
            self.assertNotIn(self.secret.name, text)
        self.secret.reserved_type_ids = False
        self.assertIn(self.secret.name, self._answer(asked))

    # -- Guessing ----------------------------------------------------------

    @mute_logger(*LOGGERS)
    def test_domains_and_orders_tell_nothing(self):
        """What somebody may not read is not told by searching for it through something else."""
        self._sign_in(self.stranger)
        name, price = self.secret.name, self.secret.list_price
        guesses = [
            ("product.public.category", [("product_tmpl_ids.name", "=", name)]),
            ("product.public.category", [("product_tmpl_ids", "any", [("name", "=", name)])]),
            ("product.tag", [("product_template_ids.name", "=", name)]),
            ("product.tag", [("product_ids.name", "=", name)]),
            ("product.tag", [("product_template_ids.list_price", "=", price)]),
            ("product.attribute", [("product_tmpl_ids.name", "=", name)]),
            ("product.attribute.value", [("pav_attribute_line_ids.product_tmpl_id", "=", name)]),
            ("product.pricelist", [("item_ids.product_tmpl_id.name", "=", name)]),
            ("product.pricelist", [("item_ids.fixed_price", "=", price)]),
            ("product.template", [("optional_product_ids.name", "=", name)]),
            ("product.template", [("alternative_product_ids", "=", name)]),
            ("product.template", [("accessory_product_ids.list_price", "=", price)]),
            ("product.template", [("combo_ids.combo_item_ids.product_id.name", "=", name)]),
            ("product.image", [("product_tmpl_id.name", "=", name)]),
            ("uom.uom", [("product_uom_ids.product_id.name", "=", name)]),
            ("product.category", [("product_count", ">", 0), ("name", "=", name)]),
            ("mail.message", [("body", "ilike", name)]),
            ("ir.attachment", [("res_model", "=", "product.template"), ("name", "ilike", "a")]),
        ]
        for model, domain in guesses:
            with self.subTest(model=model, domain=domain):
                result, _error, _words = self._call(rpc(model, "search_count", domain))
                self.assertFalse(result)

    @mute_logger(*LOGGERS)
    def test_the_context_of_an_rpc_opens_nothing(self):
        elsewhere = self.env["website"].create({"name": "Elsewhere"})
        elsewhere.default_customer_type_id = self.reserve
        contexts = [
            {"policy_website_id": elsewhere.id},
            {"website_id": elsewhere.id},
            {"website_id": elsewhere.id, "policy_website_id": elsewhere.id},
            {"allowed_company_ids": self.env["res.company"].search([]).ids},
            {"uid": self.holder.id, "su": True, "active_test": False},
            {"policy_website_id": [elsewhere.id]},
            {"policy_website_id": "x"},
            {"without_customer_policy": True},
        ]
        self._sign_in(self.stranger)
        for context in contexts:
            with self.subTest(context=context):
                domain = [("id", "=", self.secret.id)]
                asked = rpc("product.template", "search_read", domain, ["name"], context=context)
                self.assertFalse(self._call(asked)[0])
                asked = rpc("product.template", "read", self.secret.ids, context=context)
                self.assertFalse(self._call(asked)[0])

    # -- Other ways to the same records -------------------------------------

    @mute_logger(*LOGGERS)
    def test_routes_that_answer_yes_or_no_tell_nothing(self):
        asked = {
            "allowed": call("/shop/product/is_add_to_cart_allowed", product_id=self.giant.id),
            "created": call(
                "/website_sale/product_configurator/create_product",
                product_template_id=self.secret.id,
                ptav_ids=self.giant.product_template_attribute_value_ids.ids,
            ),
        }
        for user in (self.guest, self.stranger, self.holder):
            self._sign_in(user)
            for what, request in asked.items():
                with self.subTest(user=user.login, what=what):
                    self.assertEqual(bool(self._call(request)[0]), user == self.holder)

    def _get_api_key(self, user):
        self.env["ir.config_parameter"].set_param("portal.allow_api_keys", True)
        tomorrow = fields.Datetime.add(fields.Datetime.now(), days=1)
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate("rpc", "Test Key", tomorrow)

    def _post(self, path, json, **headers):
        url = urljoin(self.base_url(), path)
        return self.opener.post(url, json=json, headers=headers, timeout=30).content

    @mute_logger(*LOGGERS)
    def test_an_api_key_opens_no_more_than_the_session(self):
        """What is read by RPC in the browser, read by a key: in JSON, JSON-RPC and XML-RPC."""
        doors = [door for door in remote.DOORS if door.shows & ALL]
        for user, is_told in ((self.stranger, False), (self.holder, True)):
            self.authenticate(None, None)
            target, key = self._target(user), self._get_api_key(user)
            for door in doors:
                found = {"json2": set(), "jsonrpc": set(), "xmlrpc": set()}
                for _path, asked in door.ask(target):
                    model, method = asked["model"], asked["method"]
                    args = [self.env.cr.dbname, user.id, key, model, method]
                    args += [asked["args"], asked["kwargs"]]
                    by_service = {"service": "object", "method": "execute_kw", "args": args}
                    answers = {
                        "json2": self._post(
                            f"/json/2/{model}/{method}",
                            self._name_arguments(model, method, asked),
                            Authorization=f"bearer {key}",
                        ),
                        "jsonrpc": self._post(
                            "/jsonrpc", {"jsonrpc": "2.0", "method": "call", "params": by_service}
                        ),
                        "xmlrpc": self.opener.post(
                            urljoin(self.base_url(), "/xmlrpc/2/object"),
                            data=xmlrpc.client.dumps(tuple(args), "execute_kw", allow_none=True),
                            headers={"Content-Type": "text/xml"},
                            timeout=30,
                        ).content,
                    }
                    for way, answer in answers.items():
                        found[way] |= target.find(answer, door.shows & ALL)
                for way, kinds in found.items():
                    with self.subTest(user=user.login, door=str(door.name), way=way):
                        self.assertEqual(bool(kinds), is_told)

    def _name_arguments(self, model, method, asked):
        """:return: the same call as /json/2 wants it, where arguments have names"""
        function = getattr(self.env.registry[model], method)
        names = [*inspect.signature(function).parameters][1:]
        args = asked["args"]
        if not hasattr(function, "_api_model"):
            names = ["ids", *names]
        return {**dict(zip(names, args, strict=False)), **asked["kwargs"]}

    @mute_logger(*LOGGERS)
    def test_nobody_is_answered_by_rpc_without_a_password(self):
        self.authenticate(None, None)
        target = self._target(self.guest)
        for user in (self.guest, self.holder):
            for password in ("", False, "public"):
                args = [self.env.cr.dbname, user.id, password, "product.template", "read"]
                args.append([self.secret.ids, ["name"]])
                service = {"service": "object", "method": "execute_kw", "args": args}
                answer = self._post(
                    "/jsonrpc", {"jsonrpc": "2.0", "method": "call", "params": service}
                )
                self.assertIn(b"Access Denied", answer)
        for door in remote.DOORS:
            for asked in door.ask(target):
                self.assertFalse(target.find(self._ask(asked), ALL), asked.path)

    # -- Rewards -----------------------------------------------------------

    def test_rewards_do_not_name_what_is_not_for_the_customer(self):
        self.env["loyalty.program"].create(
            {
                "name": "Test Gift",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({"minimum_qty": 1})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "product",
                            "reward_product_id": self.giant.id,
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        for user in (self.guest, self.stranger, self.holder):
            self._empty_carts()
            self._sign_in(user)
            self._call(add_to_cart(self.wine.product_variant_id))
            text = self._answer(page("/shop/cart"))
            self.assertIn(self.wine.name, text)
            self.assertEqual(self.secret.name in text, user == self.holder, user.login)

    # -- Private shops -----------------------------------------------------

    def test_a_private_shop_names_for_whom_it_is_but_no_testers(self):
        testers = self.env["customer.type"].create({"name": "Qtesters", "is_test": True})
        self.authenticate(None, None)
        for types, words in (
            (testers, None),
            (testers + self.reserve, "Test Reserve"),
            (testers + self.reserve + self.wholesale, "Test Wholesale or Test Reserve"),
        ):
            self.website.shop_type_ids = types
            self.env.flush_all()
            with self.subTest(words=words), mute_logger(*LOGGERS):
                response = self.url_open("/shop")
                self.assertEqual(response.status_code, 403)
                self.assertNotIn("Qtesters", response.text)
                [audience] = html.fromstring(response.text).xpath(
                    "//div[@id='wrap']//p[contains(., 'It is for:')]/b/text()"
                ) or [None]
                self.assertEqual(audience, words)
