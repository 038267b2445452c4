import json

from lxml import etree

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_type.models.content.audience import parse_audience, strip_blocks

from .common import CustomerTypeCommon

PAGE = "/test-cellar-notes"
OPEN_PAGE = "/test-open-page"
NOTES, TRADE, COLLECTORS, STRANGERS = "Qubernoza", "Wiltravex", "Zolmirant", "Yespadrine"
GUIDE = b"%PDF-1.4 Kerbolistan tasting guide"


class ContentCommon(CustomerTypeCommon):
    """A page, a menu and a product document for wholesalers, and a page with blocks for some.

    What is for some says so by a word that stands nowhere else.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.restaurant._assign_customer_types(cls.wholesale)
        cls.collector = cls.env["res.partner"].create({"name": "Test Collector"})
        cls.collector._assign_customer_types(cls.reserve)
        for login, partner in (
            ("ct_chef", cls.chef),
            ("ct_shopper", cls.person),
            ("ct_collector", cls.collector),
        ):
            new_test_user(cls.env, login, groups="base.group_portal", partner_id=partner.id)
        cls.page = cls._create_page(PAGE, f"<p>{NOTES}</p>")
        cls.page.customer_type_ids = cls.wholesale
        cls.open_page = cls._create_page(
            OPEN_PAGE,
            f"""<p>For everybody</p>
            <section data-customer-types="{cls.wholesale.id}"><p>{TRADE}</p></section>
            <section data-customer-types="{cls.reserve.id}"><p>{COLLECTORS}</p></section>
            <p>The end</p>""",
        )
        cls.menu = cls.env["website.menu"].create(
            {
                "name": "Menu of the trade",
                "url": "/shop?trade",
                "parent_id": cls.website.menu_id.id,
                "website_id": cls.website.id,
                "customer_type_ids": [Command.set(cls.wholesale.ids)],
            }
        )
        cls.page_menu = cls.env["website.menu"].create(
            {
                "name": "Menu of the notes",
                "url": PAGE,
                "page_id": cls.page.id,
                "parent_id": cls.website.menu_id.id,
                "website_id": cls.website.id,
            }
        )
        cls.template = cls.product.product_tmpl_id
        cls.template.write({"website_published": True, "sale_ok": True})
        cls.document = cls.env["product.document"].create(
            {
                "name": "kerbolistan.pdf",
                "raw": GUIDE,
                "res_model": "product.template",
                "res_id": cls.template.id,
                "shown_on_product_page": True,
                "customer_type_ids": [Command.set(cls.wholesale.ids)],
            }
        )
        cls.attachment = cls.document.ir_attachment_id

    @classmethod
    def _create_page(cls, url, content, **values):
        key = f"customer_type.test_{url.strip('/').replace('-', '_')}"
        view = cls.env["ir.ui.view"].create(
            {
                "name": url,
                "key": key,
                "type": "qweb",
                "arch": f'<t t-name="{key}"><t t-call="website.layout"><div id="wrap" '
                f'class="oe_structure">{content}</div></t></t>',
            }
        )
        return cls.env["website.page"].create(
            {
                "name": url,
                "url": url,
                "view_id": view.id,
                "is_published": True,
                "website_id": cls.website.id,
                **values,
            }
        )

    def _as(self, login):
        """Browse as this user, or as a guest (None)."""
        self.authenticate(login, login)

    def _open(self, path, login=None, status=200):
        """:return: what this user, or a guest, gets from an address"""
        self._as(login)
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, status, path)
        return response.text

    def _user(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    def _call(self, model, method, *args, **kwargs):
        """:return: what the signed-in user gets by RPC"""
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )


@tagged("post_install", "-at_install")
class TestContentPages(ContentCommon, HttpCase):
    # -- By address ----------------------------------------------------------

    @mute_logger("odoo.http")
    def test_a_page_for_some_is_refused_in_words_to_others(self):
        self.assertIn(NOTES, self._open(PAGE, "ct_chef"))
        self.assertIn(NOTES, self._open(PAGE, "ct_clerk"))
        refusal = self._open(PAGE, None, status=403)
        self.assertNotIn(NOTES, refusal)
        self.assertIn(f'href="/web/login?redirect={PAGE}"', refusal)
        refusal = self._open(PAGE, "ct_shopper", status=403)
        self.assertNotIn(NOTES, refusal)
        self.assertIn(self.person.name, refusal)
        self.assertNotIn("/web/login?redirect", refusal)

    def test_it_is_refused_and_given_at_once_when_types_change(self):
        self.assertIn(NOTES, self._open(PAGE, "ct_chef"))
        self.restaurant.customer_type_ids = self.reserve
        with mute_logger("odoo.http"):
            self._open(PAGE, "ct_chef", status=403)
        self.page.customer_type_ids += self.reserve
        self.assertIn(NOTES, self._open(PAGE, "ct_chef"))
        self.assertIn(NOTES, self._open(PAGE, "ct_collector"))
        self.page.customer_type_ids = False
        self.assertIn(NOTES, self._open(PAGE))

    @mute_logger("odoo.http")
    def test_guests_read_what_is_for_the_type_of_guests(self):
        for _round in range(2):
            self._open(PAGE, status=403)
            self.website.guest_customer_type_id = self.wholesale
            self.assertIn(NOTES, self._open(PAGE))
            # They sign in, and hold no type.
            self._open(PAGE, "ct_shopper", status=403)
            self.website.default_customer_type_id = self.wholesale
            self.assertIn(NOTES, self._open(PAGE, "ct_shopper"))
            self.website.write({"guest_customer_type_id": False, "default_customer_type_id": False})
        self.website.guest_customer_type_id = self.wholesale
        self.assertIn(NOTES, self._open(PAGE))
        self.wholesale.active = False
        self._open(PAGE, status=403)

    @mute_logger("odoo.http")
    def test_an_archived_type_does_not_open_its_pages_and_cannot_be_deleted(self):
        self.wholesale.active = False
        self.env.invalidate_all()
        self.assertEqual(self.page.customer_type_ids, self.wholesale)
        for login in (None, "ct_shopper", "ct_chef"):
            self._open(PAGE, login, status=403)
        trade = self.env["customer.type"].create({"name": "Test Trade"})
        self.page.customer_type_ids = trade
        with self.assertRaisesRegex(UserError, "Test Trade"):
            trade.unlink()
        self.page.customer_type_ids = False
        trade.unlink()

    @mute_logger("odoo.http")
    def test_a_type_of_another_website_does_not_open_it(self):
        other = self.env["website"].create({"name": "Test Other Website"})
        self.wholesale.website_ids = other
        self._open(PAGE, "ct_chef", status=403)
        self.wholesale.website_ids += self.website
        self.assertIn(NOTES, self._open(PAGE, "ct_chef"))

    @mute_logger("odoo.http")
    def test_copies_and_translations_are_for_the_same(self):
        copy = self.page.copy({"url": "/test-cellar-copy", "website_id": self.website.id})
        copy.is_published = True
        self._open(copy.url, status=403)
        self.assertIn(NOTES, self._open(copy.url, "ct_chef"))
        generic = self._create_page("/test-generic-page", f"<p>{NOTES}</p>", website_id=False)
        generic.customer_type_ids = self.wholesale
        other = self.env["website"].create({"name": "Test Other Website"})
        generic.view_id.with_context(website_id=other.id).name = "Changed on the other website"
        specific = self.env["website.page"].search(
            [("url", "=", generic.url), ("website_id", "=", other.id)]
        )
        self.assertEqual(specific.customer_type_ids, self.wholesale)
        french = self.env["res.lang"]._activate_lang("fr_FR")
        self.website.language_ids += french
        self.page.view_id.with_context(lang="fr_FR").arch = self.page.view_id.arch.replace(
            NOTES, f"{NOTES} en français"
        )
        self._open(f"/fr{PAGE}", status=403)
        self.assertIn(NOTES, self._open(f"/fr{PAGE}", "ct_chef"))

    @mute_logger("odoo.http")
    def test_no_other_way_to_the_page(self):
        self.page.view_id.write(
            {
                "arch": f"<p>{NOTES}</p>",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self._as("ct_chef")
        rendered = self._call("ir.ui.view", "render_public_asset", self.page.view_id.id)
        self.assertIn(NOTES, rendered)
        for login in ("ct_shopper", "ct_collector"):
            self._as(login)
            for call in (
                ("ir.ui.view", "render_public_asset", self.page.view_id.id),
                ("ir.ui.view", "read", [self.page.view_id.id], ["arch"]),
                ("website.page", "read", [self.page.id], ["arch"]),
            ):
                with self.assertRaisesRegex(JsonRpcException, "AccessError"):
                    self._call(*call)

    def test_the_dialog_of_a_page_sets_whom_it_is_shown_to(self):
        dialog = self.env["website.page.properties"].create(
            {"target_model_id": self.open_page.id, "website_id": self.website.id}
        )
        dialog.customer_type_ids = self.reserve
        self.assertEqual(self.open_page.customer_type_ids, self.reserve)

    # -- Caches, in both orders ----------------------------------------------

    def _seen(self, login=None, path=OPEN_PAGE):
        page = self._open(path, login)
        self.assertIn("The end", page)
        return {
            word
            for word in (TRADE, COLLECTORS, self.menu.name, self.page_menu.name)
            if word in page
        }

    def test_a_cached_page_never_shows_one_audience_what_is_for_another(self):
        of_trade = {TRADE, self.menu.name, self.page_menu.name}
        for logins in (
            (None, "ct_chef", "ct_collector", "ct_shopper", None),
            ("ct_collector", "ct_chef", None, "ct_chef", "ct_shopper"),
        ):
            self.env.registry.clear_cache("templates")
            for login in logins:
                expected = {"ct_chef": of_trade, "ct_collector": {COLLECTORS}}.get(login, set())
                self.assertEqual(self._seen(login), expected, login)

    def test_the_cache_of_guests_follows_the_type_of_guests(self):
        of_trade = {TRADE, self.menu.name, self.page_menu.name}
        for types in (
            (False, self.wholesale, self.reserve, False),
            (self.wholesale, False, self.reserve, self.wholesale),
        ):
            for guest_type in types:
                self.website.guest_customer_type_id = guest_type
                expected = {self.wholesale: of_trade, self.reserve: {COLLECTORS}}.get(
                    guest_type, set()
                )
                self.assertEqual(self._seen(), expected)
                self.assertEqual(self._seen(), expected, "from the cache")

    def test_one_visitor_is_served_from_the_cache_of_the_same_audience(self):
        """What guards the cache is its key: two audiences of guests fill two entries."""
        self._seen()
        self.website.guest_customer_type_id = self.wholesale
        self.assertIn(TRADE, self._seen())
        # Put the old guests back below the caches: the entry made for the others stays where it is.
        self.env.cr.execute(
            "UPDATE website SET guest_customer_type_id = NULL WHERE id = %s", [self.website.id]
        )
        self.env.invalidate_all()
        policy_ids = type(self.env["website"])._get_policy_ids
        key = policy_ids.__cache__.key(self.website)
        cache = self.env.registry._Registry__caches[policy_ids.__cache__.cache_name]
        cache.pop(key)
        self.assertEqual(self._seen(), set())

    def test_a_menu_follows_at_once(self):
        self.assertIn(self.menu.name, self._seen("ct_chef"))
        self.menu.customer_type_ids = self.reserve
        self.assertNotIn(self.menu.name, self._seen("ct_chef"))
        self.assertIn(self.menu.name, self._seen("ct_collector"))
        self.assertNotIn(self.menu.name, self._seen())
        self.menu.customer_type_ids = False
        self.assertIn(self.menu.name, self._seen())
        self.page.customer_type_ids = False
        self.assertIn(self.page_menu.name, self._seen())

    def test_below_a_menu_for_some_everything_is_for_them(self):
        child = self.env["website.menu"].create(
            {
                "name": "Child of the trade",
                "url": "/shop?child",
                "parent_id": self.menu.id,
                "website_id": self.website.id,
            }
        )
        self.assertIn(child.name, self._open(OPEN_PAGE, "ct_chef"))
        self.assertNotIn(child.name, self._open(OPEN_PAGE))
        fields = ["name", "url", "is_visible"]
        self._as("ct_shopper")
        names = {m["name"] for m in self._call("website.menu", "search_read", [], fields)}
        self.assertIn(self.website.menu_id.name, names)
        self.assertFalse(names & {child.name, self.menu.name, self.page_menu.name})
        with self.assertRaisesRegex(JsonRpcException, "AccessError"), mute_logger("odoo.http"):
            self._call("website.menu", "read", child.ids, ["name"])
        self._as("ct_chef")
        names = {m["name"] for m in self._call("website.menu", "search_read", [], fields)}
        self.assertGreaterEqual(names, {child.name, self.menu.name, self.page_menu.name})

    # -- Search and sitemap --------------------------------------------------

    def _search(self, term, login=None):
        """:return: what the search page and the suggestions of the search field answer"""
        self._as(login)
        suggestions = self.make_jsonrpc_request(
            "/website/snippet/autocomplete",
            {
                "search_type": "pages",
                "term": term,
                "order": "name asc",
                "limit": 5,
                "options": {
                    "displayDescription": True,
                    "displayDetail": True,
                    "displayExtraLink": True,
                    "displayImage": False,
                    "allowFuzzy": True,
                },
            },
        )
        page = self.url_open(f"/website/search?search={term}").text
        found = json.dumps(suggestions["results"]) + page.replace(term, "")
        return found, suggestions.get("fuzzy_search")

    def test_search_finds_only_pages_for_the_visitor(self):
        for logins in ((None, "ct_chef"), ("ct_chef", None)):
            for login in logins:
                found, _fuzzy = self._search(NOTES, login)
                self.assertEqual(PAGE in found, login == "ct_chef", login)
        self.assertNotIn(PAGE, self._search("cellar-notes", "ct_collector")[0])

    def test_search_neither_finds_nor_shows_words_of_blocks_for_others(self):
        self.assertIn(OPEN_PAGE, self._search(TRADE, "ct_chef")[0])
        for login in (None, "ct_shopper", "ct_collector"):
            self.assertNotIn(OPEN_PAGE, self._search(TRADE, login)[0], login)
            found, fuzzy = self._search("everybody", login)
            self.assertIn(OPEN_PAGE, found)
            self.assertNotIn(TRADE, found)
            # A slip of the finger brings up no word that stands only there.
            found, fuzzy = self._search("Wiltravux", login)
            self.assertFalse(fuzzy)
            self.assertNotIn(OPEN_PAGE, found)
        self.assertEqual(self._search("Wiltravux", "ct_chef")[1], TRADE.lower())

    def test_the_sitemap_lists_what_guests_may_read_today(self):
        def listed():
            return PAGE in self._open("/sitemap.xml")

        self.assertFalse(listed())
        self.assertIn(OPEN_PAGE, self._open("/sitemap.xml"))
        self._open("/sitemap.xml", "ct_chef")
        self.assertFalse(listed())
        self.website.guest_customer_type_id = self.wholesale
        self.assertTrue(listed())
        self.website.guest_customer_type_id = False
        self.assertFalse(listed())
        self.page.customer_type_ids = False
        self.assertTrue(listed())
        self.page.customer_type_ids = self.wholesale
        self.assertFalse(listed())
        self.website.guest_customer_type_id = self.wholesale
        self.assertTrue(listed())
        self.wholesale.active = False
        self.assertFalse(listed())

    def test_links_are_suggested_to_readers_of_the_page_only(self):
        for login, suggested in (("ct_shopper", False), ("ct_chef", True), ("ct_shopper", False)):
            self._as(login)
            links = self.make_jsonrpc_request(
                "/website/get_suggested_links", {"needle": "test-cellar"}
            )
            self.assertEqual(PAGE in json.dumps(links), suggested, login)

    # -- Cost ----------------------------------------------------------------

    def test_asking_costs_no_query_when_warm(self):
        shopper = self._user("ct_shopper")
        env = self.env(user=shopper)
        asked = ("ir.ui.view", "website.menu", "product.document")
        hidden = [env[name]._get_hidden_ids() for name in asked]
        self.assertIn(self.page.view_id.id, hidden[0])
        self.assertLessEqual({self.menu.id, self.page_menu.id}, set(hidden[1]))
        self.assertIn(self.document.id, hidden[2])
        with self.assertQueryCount(0):
            self.assertEqual([env[name]._get_hidden_ids() for name in asked], hidden)


@tagged("post_install", "-at_install")
class TestContentBlocks(ContentCommon, HttpCase):
    def test_a_block_is_not_in_the_page_of_those_whom_it_is_not_for(self):
        for login, words in (
            (None, set()),
            ("ct_shopper", set()),
            ("ct_chef", {TRADE}),
            ("ct_collector", {COLLECTORS}),
            ("ct_clerk", {TRADE, COLLECTORS}),
            ("admin", {TRADE, COLLECTORS}),
        ):
            page = self._open(OPEN_PAGE, login)
            self.assertEqual({w for w in (TRADE, COLLECTORS) if w in page}, words, login)
            self.assertIn("The end", page)

    def test_a_block_whose_types_nobody_can_read_is_for_nobody(self):
        for value in ("many", "0", "1x", " , ,7", str(self.wholesale.id + 100000)):
            page = self._create_page(
                "/test-odd-page", f'<section data-customer-types="{value}">{STRANGERS}</section>'
            )
            for login in (None, "ct_chef", "ct_shopper"):
                self.assertNotIn(STRANGERS, self._open(page.url, login), value)
            self.assertIn(STRANGERS, self._open(page.url, "ct_clerk"))
            page.unlink()
        page = self._create_page(
            "/test-odd-page", f'<section data-customer-types="">{STRANGERS}</section>'
        )
        self.assertIn(STRANGERS, self._open(page.url))

    def test_a_block_stands_by_conditions_of_its_own_and_around_others(self):
        both = f"{self.wholesale.id},{self.reserve.id}"
        page = self._create_page(
            "/test-nested-page",
            f"""<section data-customer-types="{both}">
                <p>Outside</p><p data-customer-types="{self.reserve.id}">{COLLECTORS}</p>
            </section>
            <t t-foreach="[1, 2]" t-as="n">
                <p t-if="n == 2" data-customer-types="{self.wholesale.id}">Number <t t-out="n"/></p>
                <p t-else="">Else <t t-out="n"/></p>
            </t>
            <hr class="s_hr" data-customer-types="{self.reserve.id}"/>tail""",
        )
        found = {
            login: [
                word
                for word in ("Outside", COLLECTORS, "Number", "Else", "s_hr", "tail")
                if word
                in self._open(page.url, login).partition('id="wrap"')[2].partition("</div>")[0]
            ]
            for login in (None, "ct_chef", "ct_collector")
        }
        self.assertEqual(
            found,
            {
                None: ["Else", "tail"],
                "ct_chef": ["Outside", "Number", "Else", "tail"],
                "ct_collector": ["Outside", COLLECTORS, "Else", "s_hr", "tail"],
            },
        )

    def test_blocks_in_the_footer(self):
        self.env["ir.ui.view"].create(
            {
                "name": "Test footer",
                "key": "customer_type.test_footer",
                "type": "qweb",
                "inherit_id": self.env.ref("website.layout").id,
                "arch": f"""<xpath expr="//footer" position="inside">
                    <section data-customer-types="{self.reserve.id}">{STRANGERS}</section>
                </xpath>""",
            }
        )
        self.assertNotIn(STRANGERS, self._open(OPEN_PAGE))
        self.assertIn(STRANGERS, self._open(OPEN_PAGE, "ct_collector"))
        self.assertNotIn(STRANGERS, self._open(OPEN_PAGE))
        self.assertNotIn(STRANGERS, self._open("/shop", "ct_chef"))

    def test_blocks_in_descriptions_of_products(self):
        block = f'<p>Open</p><section data-customer-types="{self.reserve.id}">%s</section>tail'
        self.template.write(
            {
                "website_description": block % COLLECTORS,
                "description_ecommerce": block % STRANGERS,
            }
        )
        self.assertIn(COLLECTORS, self.template.website_description)
        path = self.template.website_url
        for login in (None, "ct_chef", "ct_collector", None):
            page = self._open(path, login)
            for word in (COLLECTORS, STRANGERS):
                self.assertEqual(word in page, login == "ct_collector", login)
        fields = ["website_description", "description_ecommerce"]
        for login in ("ct_chef", "ct_collector", "ct_clerk"):
            self._as(login)
            for model, record in (
                ("product.template", self.template),
                ("product.product", self.product),
            ):
                [values] = self._call(model, "read", record.ids, fields)
                self.assertIn("Open", values["website_description"])
                self.assertIn("tail", values["website_description"])
                self.assertEqual(COLLECTORS in json.dumps(values), login != "ct_chef", login)

    def test_search_engines_are_told_what_the_visitor_reads(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Test Size",
                "value_ids": [Command.create({"name": "S"}), Command.create({"name": "L"})],
            }
        )
        wine = self.env["product.template"].create(
            {
                "name": "Test Sized Wine",
                "website_published": True,
                "description_ecommerce": "<p>Openly said</p>"
                f'<p data-customer-types="{self.reserve.id}">{STRANGERS}</p>',
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        for login in ("ct_chef", "ct_collector"):
            page = self._open(wine.website_url, login)
            self.assertIn('"@type": "ProductGroup"', page)
            self.assertIn('"description": "Openly said', page)
            self.assertEqual(STRANGERS in page, login == "ct_collector")

    def test_the_editor_keeps_blocks_and_whom_they_are_for(self):
        page = self._open(OPEN_PAGE, "admin")
        self.assertIn(f'data-customer-types="{self.wholesale.id}"', page)
        view = self.open_page.view_id.with_context(website_id=self.website.id)
        view.save(
            f'<div id="wrap" class="oe_structure"><section data-customer-types="'
            f'{self.reserve.id}"><p>{STRANGERS}</p></section><p>The end</p></div>',
            xpath="/t[1]/t[1]/div[1]",
        )
        self.assertNotIn(STRANGERS, self._open(OPEN_PAGE))
        self.assertIn(STRANGERS, self._open(OPEN_PAGE, "ct_collector"))
        # Also where the block is the root of what is edited.
        view.save(
            f'<section data-customer-types="{self.wholesale.id}"><p>{STRANGERS}</p></section>',
            xpath="/t[1]/t[1]/div[1]/section[1]",
        )
        section = etree.fromstring(self.open_page.view_id.arch).find(".//section")
        self.assertEqual(section.get("data-customer-types"), str(self.wholesale.id))


@tagged("post_install", "-at_install")
class TestContentDocuments(ContentCommon, HttpCase):
    def _paths(self):
        slug = self.env["ir.http"]._slug(self.template)
        return [
            f"/shop/{slug}/document/{self.document.id}",
            f"/web/content/{self.attachment.id}",
            f"/web/content/{self.attachment.id}?download=true",
            f"/web/content/ir.attachment/{self.attachment.id}/datas",
            f"/web/content/{self.attachment.id}?access_token=guessed",
            f"/web/content/product.document/{self.document.id}/raw",
            f"/web/image/{self.attachment.id}",
            f"/web/image/product.document/{self.document.id}/raw",
        ]

    @mute_logger("odoo.http")
    def test_a_document_for_some_is_downloaded_by_them_only(self):
        for login in (None, "ct_shopper", "ct_collector"):
            self._as(login)
            for path in self._paths():
                self.assertNotIn(b"Kerbolistan", self.url_open(path).content, (login, path))
        self._as("ct_chef")
        self.assertEqual(self.url_open(self._paths()[0]).content, GUIDE)
        self._as("ct_clerk")
        for path in self._paths()[:4]:
            self.assertEqual(self.url_open(path).content, GUIDE, path)

    @mute_logger("odoo.http")
    def test_a_guest_is_told_to_sign_in_and_gets_back(self):
        path = self._paths()[0]
        refusal = self._open(path, None, status=403)
        self.assertIn(f'href="/web/login?redirect={path}"', refusal)
        self.assertIn(self.person.name, self._open(path, "ct_shopper", status=403))

    @mute_logger("odoo.http")
    def test_public_or_not_it_is_for_some_and_a_token_comes_from_staff(self):
        self.attachment.public = True
        for login in (None, "ct_collector"):
            self._as(login)
            for path in self._paths():
                self.assertNotIn(b"Kerbolistan", self.url_open(path).content, (login, path))
        self._as("ct_chef")
        for path in self._paths()[:4]:
            self.assertEqual(self.url_open(path).content, GUIDE, path)
        [token] = self.attachment.generate_access_token()
        self._as(None)
        content = self.url_open(f"/web/content/{self.attachment.id}?access_token={token}").content
        self.assertEqual(content, GUIDE)

    def test_the_product_page_lists_it_to_them_only(self):
        for login in (None, "ct_chef", "ct_shopper", "ct_chef", None):
            page = self._open(self.template.website_url, login)
            self.assertEqual("kerbolistan.pdf" in page, login == "ct_chef", login)
        self.restaurant.customer_type_ids = False
        self.assertNotIn("kerbolistan.pdf", self._open(self.template.website_url, "ct_chef"))
        self.document.customer_type_ids = False
        self.assertIn("kerbolistan.pdf", self._open(self.template.website_url))
        self.assertEqual(self.url_open(self._paths()[0]).content, GUIDE)

    @mute_logger("odoo.http")
    def test_nothing_of_it_is_read_by_rpc(self):
        """Even on a database on which customers may read attachments."""
        self.env["ir.model.access"].create(
            {
                "name": "Test attachments for customers",
                "model_id": self.env.ref("base.model_ir_attachment").id,
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
            }
        )
        fields = ["name", "raw", "checksum"]
        domains = (
            [("id", "=", self.attachment.id)],
            [("res_model", "=", "product.template"), ("res_id", "=", self.template.id)],
            [("name", "=", "kerbolistan.pdf")],
        )
        self._as("ct_chef")
        for domain in domains:
            [values] = self._call("ir.attachment", "search_read", domain, fields)
            self.assertEqual(values["id"], self.attachment.id)
        for login in ("ct_shopper", "ct_collector"):
            self._as(login)
            for domain in domains:
                self.assertEqual(self._call("ir.attachment", "search_read", domain, fields), [])
                self.assertEqual(self._call("ir.attachment", "search_count", domain), 0)
            for model, record in (
                ("ir.attachment", self.attachment),
                ("product.document", self.document),
            ):
                with self.assertRaisesRegex(JsonRpcException, "AccessError"):
                    self._call(model, "read", record.ids, fields)

    def test_the_portal_offers_documents_for_the_customer_of_the_order(self):
        self.document.attached_on_sale = "quotation"
        for partner, offered in ((self.chef, True), (self.person, False)):
            order = self._create_order(partner)
            order.action_quotation_sent()
            self.assertEqual(bool(order._get_product_documents()), offered)
            path = order.get_portal_url()
            self.assertEqual("kerbolistan.pdf" in self._open(path), offered)
            path = f"/my/orders/{order.id}/document/{self.document.id}"
            content = self.url_open(f"{path}?access_token={order.access_token}").content
            self.assertEqual(content == GUIDE, offered)

    def test_staff_works_with_it_as_ever(self):
        document = self.document.with_user(self.clerk)
        self.assertEqual(document.ir_attachment_id.raw, GUIDE)
        self.assertTrue(self.attachment.with_user(self.clerk).has_access("read"))
        copy = self.document.copy()
        self.assertEqual(copy.customer_type_ids, self.wholesale)
        shopper = self._user("ct_shopper")
        self.assertFalse(copy.ir_attachment_id.with_user(shopper).has_access("read"))
        with self.assertRaises(AccessError):
            self.attachment.with_user(shopper).check_access("read")


@tagged("post_install", "-at_install")
class TestLandingPage(ContentCommon, HttpCase):
    def _sign_in(self, login, redirect=None):
        """:return: where the user arrives"""
        self.authenticate(None, None)
        data = {
            "login": login,
            "password": login.ljust(8, "x"),
            "csrf_token": http.Request.csrf_token(self),
        }
        if redirect is not None:
            data["redirect"] = redirect
        response = self.url_open("/web/login", data=data, allow_redirects=False)
        self.assertEqual(response.status_code, 303, response.text)
        return response.headers["Location"].removeprefix(self.base_url())

    def test_customers_arrive_on_the_page_of_their_strongest_type(self):
        self.assertEqual(self._sign_in("ct_chef"), "/my")
        self.reserve.landing_page = "/collectors"
        self.wholesale.landing_page = f"{PAGE}?from=login"
        self.assertEqual(self._sign_in("ct_chef"), f"{PAGE}?from=login")
        self.assertEqual(self._sign_in("ct_collector"), "/collectors")
        self.assertEqual(self._sign_in("ct_shopper"), "/my")
        self.restaurant.customer_type_ids += self.reserve
        self.assertEqual(self._sign_in("ct_chef"), f"{PAGE}?from=login")
        self.wholesale.landing_page = False
        self.assertEqual(self._sign_in("ct_chef"), "/collectors")
        self.website.default_customer_type_id = self.reserve
        self.assertEqual(self._sign_in("ct_shopper"), "/collectors")

    def test_whoever_is_on_the_way_to_a_page_goes_there(self):
        self.wholesale.landing_page = PAGE
        self.assertEqual(self._sign_in("ct_chef", redirect="/shop/cart"), "/shop/cart")
        self.assertEqual(self._sign_in("ct_chef", redirect=""), PAGE)

    def test_staff_arrives_at_its_desk(self):
        self.wholesale.landing_page = PAGE
        self.clerk.partner_id._assign_customer_types(self.wholesale)
        self.website.default_customer_type_id = self.wholesale
        for login in ("ct_clerk", "ct_salesman"):
            self.assertTrue(self._sign_in(login).startswith("/odoo"))


@tagged("post_install", "-at_install")
class TestContentRules(CustomerTypeCommon, TransactionCase):
    def test_a_landing_page_is_a_page_of_the_site(self):
        for page in ("/", "/members", "/fr/shop?category=3#top", "/shop/category/wines-1"):
            self.wholesale.landing_page = page
        for page in (
            "members",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            " /members",
            "/mem bers",
            "/members\nSet-Cookie:x",
            "/\t/evil.example",
        ):
            with self.assertRaisesRegex(ValidationError, "landing page of Test Wholesale"):
                self.wholesale.landing_page = page

    def test_explain_says_who_decides_on_the_landing_page(self):
        self.wholesale.landing_page = "/trade"
        self.reserve.landing_page = "/collectors"
        self.restaurant._assign_customer_types(self.wholesale + self.reserve)
        decision = self.restaurant._get_customer_policy().decisions["landing_page"]
        self.assertEqual(decision.value, "/trade")
        self.assertEqual([s.type_id for s in decision.overruled], self.reserve.ids)

    def test_what_is_no_id_is_a_type_that_nobody_holds(self):
        self.assertEqual(parse_audience(""), ())
        self.assertEqual(parse_audience(" "), ())
        self.assertEqual(parse_audience("3"), (3,))
        self.assertEqual(parse_audience("3, 5"), (3, 5))
        self.assertEqual(parse_audience("3,x,-1,²"), (3, 0, 0, 0))

    def test_blocks_are_taken_out_and_the_rest_is_kept(self):
        def strip(markup, **kwargs):
            return strip_blocks(markup, lambda ids: not ids or 1 in ids, **kwargs)

        markup = '<p>a &amp; b</p>x<br>y<p data-customer-types="2">no</p>tail'
        self.assertEqual(strip(markup), "<p>a &amp; b</p>x<br>ytail")
        kept = '<p data-customer-types="1,2">yes</p>'
        self.assertEqual(strip(kept), kept)
        self.assertEqual(strip('<p data-customer-types="2">no</p>'), "")
        arch = '<t t-name="x"><div data-customer-types="2"><br/></div>tail<t t-out="y"/></t>'
        self.assertEqual(strip(arch, is_xml=True), '<t t-name="x">tail<t t-out="y"/></t>')
        self.assertEqual(strip('<p data-customer-types="2">no</p>', is_xml=True), "")
