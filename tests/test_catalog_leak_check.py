import glob
import os
from contextlib import contextmanager, suppress
from unittest.mock import patch

from lxml import html

from odoo.exceptions import UserError, ValidationError
from odoo.http import root
from odoo.tests import Form, tagged
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME
from odoo.tools import mute_logger

from ..models.catalog import customer_type_leak_check
from ..models.catalog.doors import DOORS
from ..models.catalog.doors.ask import page
from ..models.catalog.doors.target import ORDERED
from ..models.catalog.doors.writing import add_to_cart
from ..models.catalog.visit import Visitor
from .test_catalog_leaks import ALL, LOGGERS, LeakCommon


@tagged("post_install", "-at_install")
class TestCatalogLeakCheck(LeakCommon):
    """The button of managers: it asks as others, tells what they reach, and leaves nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.group_ids += cls.env.ref("product.group_product_manager")
        cls.secret.reserved_type_ids = cls.reserve

    @contextmanager
    def _as_server(self):
        """Let the application answer to itself while this test holds the database."""
        original = Visitor._get_cookies

        def _get_cookies(visitor):
            return f"{original(visitor)}; {TEST_CURSOR_COOKIE_NAME}={self.http_request_key}"

        with self.allow_requests(), patch.object(Visitor, "_get_cookies", _get_cookies):
            yield

    def _create_check(self, **values):
        check = self.env["customer.type.leak.check"].with_user(self.manager)
        return check.create({"type_id": self.reserve.id, **values})

    @mute_logger(*LOGGERS)
    def _run(self, check):
        """:return: the cells of the table by name of door: guest, stranger, holder"""
        with self._as_server():
            action = check.action_check()
        self.assertEqual(action["res_id"], check.id)
        rows = html.fromstring(check.table).xpath("//tbody/tr")
        return {row[0].text_content(): list(row[1:]) for row in rows}

    def _count_sessions(self):
        """:return: how many sessions of this database are kept; others may share the store"""
        mark = f'"{self.env.cr.dbname}"'
        count = 0
        for path in glob.glob(os.path.join(root.session_store.path, "*", "*")):
            with suppress(OSError), open(path, encoding="utf-8") as session:
                count += mark in session.read()
        return count

    # -- What is offered ---------------------------------------------------

    def test_it_offers_whom_to_ask_and_what_to_look_for(self):
        check = self._create_check()
        self.assertIn(self.holder, check.holder_candidate_ids)
        self.assertNotIn(self.holder, check.stranger_candidate_ids)
        self.assertIn(self.stranger, check.stranger_candidate_ids)
        self.assertTrue(check.holder_id)
        self.assertIn(self.secret, check.product_ids.product_tmpl_id)
        form = Form(
            self.env["customer.type.leak.check"]
            .with_user(self.manager)
            .with_context(default_type_id=self.wholesale.id)
        )
        self.assertFalse(form.holder_id)
        self.assertFalse(form.product_ids[:])
        with self.assertRaises(UserError):
            form.save().action_check()

    def test_only_managers_ask_and_only_as_customers(self):
        check = self._create_check()
        with self.assertRaises(UserError):
            check.with_user(self.clerk).action_check()
        with self.assertRaises(ValidationError):
            check.holder_id = self.salesman

    # -- What it tells -----------------------------------------------------

    def test_a_tight_shop(self):
        self.tag.reserved_type_ids = self.reserve
        check = self._create_check(
            holder_id=self.holder.id, stranger_id=self.stranger.id, product_ids=self.giant.ids
        )
        sessions = self._count_sessions()
        kept = self._count_kept()
        cells = self._run(check)
        asked = [door for door in DOORS if door.tells]
        self.assertEqual(set(cells), {str(door.name) for door in asked})
        [unasked] = html.fromstring(check.table).xpath("//p[@name='unasked']")
        for door in DOORS:
            self.assertEqual(str(door.name) in unasked.text_content(), not door.tells)
        leaks = html.fromstring(check.table).xpath("//tr[td[@name='leak']]")
        self.assertEqual([row.text_content() for row in leaks], [])
        for door in asked:
            if door.module and door.module not in self.env.registry._init_modules:
                continue
            texts = [cell.text_content().strip() for cell in cells[str(door.name)]]
            with self.subTest(door=str(door.name)):
                # A guest has no orders of before.
                has_door = str(door.name) != "Ordering again"
                self.assertEqual(texts[:2], ["Not reached" if has_door else "–", "Not reached"])
                if door.takes or door.shows & ALL:
                    self.assertEqual(texts[2], "Reached")
        self.assertEqual(self._count_sessions(), sessions)
        self.assertEqual(self._count_kept(), kept)

    def _count_kept(self):
        """:return: how much there is of what asking would leave behind, were it not undone"""
        models = "sale.order", "sale.order.line", "mail.message", "mail.mail", "res.partner"
        models += "product.wishlist", "website.visitor", "sale.allocation.balance"
        numbers = self.env["ir.sequence"].search([("code", "=", "sale.order")])
        numbers.invalidate_recordset()
        return {
            **{
                model: self.env[model].with_context(active_test=False).search_count([])
                for model in models
                if model in self.env
            },
            "numbers": numbers.mapped("number_next_actual"),
        }

    @patch.object(customer_type_leak_check, "DOORS", [d for d in DOORS if d.takes == ORDERED])
    def test_what_can_be_ordered_by_who_may_not_is_red(self):
        self.secret.reserved_type_ids = False
        self.secret.sold_type_ids = self.reserve
        check = self._create_check(
            holder_id=self.holder.id, stranger_id=self.stranger.id, product_ids=self.giant.ids
        )
        order_class = self.env.registry["sale.order"]
        # Others see it, and are told whom to ask.
        guest, stranger, holder = self._run(check)["Adding to the cart"]
        self.assertEqual([c.get("name") for c in (guest, stranger, holder)], [None] * 3)
        self.assertIn("Not reached", stranger.text_content())
        self.assertIn("table-success", holder.get("class"))
        # Somebody has changed the code.
        allowed = patch.object(
            self.env.registry["product.product"], "_is_add_to_cart_allowed", lambda *_args: True
        )
        unasked = patch.object(order_class, "_get_catalog_refusal", lambda *_args: False)
        with allowed, unasked:
            cells = self._run(check)
        for name in cells:
            with self.subTest(door=name):
                stranger = cells[name][1]
                self.assertEqual(stranger.get("name"), "leak")
                self.assertIn("it could be ordered", stranger.text_content())
                self.assertIn("table-success", cells[name][2].get("class"))

    @mute_logger(*LOGGERS)
    def test_who_commits_on_the_way_does_not_in_a_visit(self):
        cart_class = self.env.registry["sale.order"]
        original = cart_class._cart_add

        def _cart_add(order, *args, **kwargs):
            values = original(order, *args, **kwargs)
            order.env.cr.commit()
            return values

        kept = self._count_kept()
        with (
            self._as_server(),
            patch.object(cart_class, "_cart_add", _cart_add),
            Visitor(self.holder, self.website).visit() as visitor,
        ):
            visitor.ask(add_to_cart(self.giant))
        self.assertEqual(self._count_kept(), kept)

    def test_a_leak_is_red_and_explained(self):
        check = self._create_check(
            holder_id=self.holder.id, stranger_id=self.stranger.id, product_ids=self.giant.ids
        )
        # Somebody has taken the rule of products away.
        self.env.ref("customer_type.rule_product_template_catalog").active = False
        cells = self._run(check)
        guest, stranger, holder = cells["Product page"]
        for cell in (guest, stranger):
            self.assertEqual(cell.get("name"), "leak")
            self.assertIn("table-danger", cell.get("class"))
            self.assertIn("its name", cell.text_content())
        self.assertIn("table-success", holder.get("class"))

    # -- Asking as somebody else -------------------------------------------

    @mute_logger(*LOGGERS)
    def test_a_visit_writes_nothing(self):
        sitemaps = [("url", "=like", "/sitemap-%"), ("type", "=", "binary")]
        self.env["ir.attachment"].search(sitemaps).unlink()
        with self._as_server(), Visitor(self.guest, self.website).visit() as visitor:
            body = visitor.ask(page("/sitemap.xml"))
        self.assertIn(b"<urlset", body)
        self.assertFalse(self.env["ir.attachment"].search(sitemaps))

    @mute_logger(*LOGGERS)
    def test_a_visit_to_any_website(self):
        elsewhere = self.env["website"].create(
            {"name": "Elsewhere", "domain": "https://elsewhere.example"}
        )
        for website in (self.website, elsewhere):
            with self._as_server(), Visitor(self.holder, website).visit() as visitor:
                body = visitor.ask(page("/shop"))
            self.assertIn(f'data-website-id="{website.id}"', body.decode())
