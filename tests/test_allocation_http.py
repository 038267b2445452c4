import contextlib
import os
import random
import re
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from http.client import HTTPException

import psycopg2

from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.customer_type.models.allocation.period import ENDLESS
from odoo.addons.customer_type.models.allocation.sale_allocation_balance import BalanceKey

from .allocation_server import (
    Again,
    Broken,
    Browser,
    Refused,
    at_once,
    copied_database,
    environment,
    running_server,
)

# Small where it is one test of many; ``make chaos WHAT=allocation`` asks for the full size.
FULL = os.environ.get("ALLOCATION_CHAOS") == "full"
CUSTOMERS, POOL = (50, 20) if FULL else (8, 3)
KILLS, DEADLOCKS = (6, 10) if FULL else (2, 1)
# The customers are many, and the connections that a small database server allows are few.
QUERIES = threading.Semaphore(4)
TRY_AGAIN = ("please try again", "already being processed")
LIMIT = 6
TABS = 10


@tagged("post_install", "-at_install")
class TestAllocationHttp(BaseCase):
    """Many customers at once, on a server of several processes that are killed while they buy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = cls.enterClassContext(copied_database(get_db_name()))
        cls._set_up_shop()
        cls.server = cls.enterClassContext(running_server(cls.database))

    @classmethod
    def _set_up_shop(cls):
        with environment(cls.database, tracking_disable=True, no_reset_password=True) as env:
            # Letters go out later, by the scheduler, which is off.
            env["ir.config_parameter"].set_param("sale.async_emails", "True")
            env["website"].search([]).write(
                {"guest_customer_type_id": False, "default_customer_type_id": False}
            )
            env["payment.provider"].search(
                [("custom_mode", "!=", "on_account")]
            ).is_published = False
            buyers = env["customer.type"].create(
                {"name": "Test Buyers", "code": "TEST_CHAOS", "pay_on_account": "allowed"}
            )
            address = {
                "street": "1 Test Street",
                "city": "Namur",
                "zip": "5000",
                "phone": "+32 81 81 37 00",
                "country_id": env.ref("base.be").id,
            }
            customers = env["res.partner"].create(
                [
                    {"name": f"Test {i}", "email": f"test{i}@test.example", **address}
                    for i in range(CUSTOMERS)
                ]
            )
            customers._assign_customer_types(buyers)
            users = env["res.users"].create(
                [
                    {
                        "login": customer.email,
                        "partner_id": customer.id,
                        "group_ids": [Command.set(env.ref("base.group_portal").ids)],
                    }
                    for customer in customers
                ]
            )
            cls.type_id, cls.user_ids = buyers.id, users.ids

    def _release(self, grant=LIMIT, users=None, **values):
        """Put bottles on sale, and have customers come.

        :return: the browser of each customer
        """
        with environment(self.database) as env:
            # What is left of another test would be bought with it.
            env["sale.order"].search(
                [("partner_id.user_ids", "in", self.user_ids), ("state", "=", "draft")]
            )._action_cancel()
            product = env["product.product"].create(
                {
                    "name": "Test Chaos",
                    "type": "service",
                    "list_price": 10.0,
                    "taxes_id": False,
                    "website_published": True,
                }
            )
            allocation = env["sale.allocation"].create(
                {
                    "name": "Test Chaos",
                    "product_ids": product.ids,
                    "grant_ids": [
                        Command.create({"customer_type_id": self.type_id, "maximum": grant})
                    ],
                    **values,
                }
            )
            self.bottle = {
                "product_template_id": product.product_tmpl_id.id,
                "product_id": product.id,
            }
            self.product_id, self.allocation_id = product.id, allocation.id
            browsers = [
                Browser(self.server.port, env["res.users"].browse(user_id).with_user(user_id))
                for user_id in users or self.user_ids
            ]
        for browser in browsers:
            self.addCleanup(browser.forget)
        return browsers

    # -- What a customer does ----------------------------------------------

    def _add(self, browser, quantity=1):
        answer = browser.call("/shop/cart/add", **self.bottle, quantity=quantity)
        return answer["quantity"]

    def _pay(self, browser):
        """Go from the cart to the order.

        :raise Refused: with what the shop says
        """
        page = browser.open("/shop/payment")
        route = re.search(r'data-transaction-route="([^"]+)"', page)
        if not route:
            return self._read_cart(browser)
        values = {
            name: re.search(rf'data-{name.replace("_", "-")}="([^"]*)"', page)[1]
            for name in ("access_token", "landing_route")
        }
        paid = browser.call(
            route[1],
            **values,
            provider_id=self._find(page, "provider-id"),
            payment_method_id=self._find(page, "payment-option-id"),
            token_id=None,
            flow="redirect",
            tokenization_requested=False,
        )
        browser.open("/payment/custom/process", reference=paid["reference"])
        return self._wait_for_order(browser)

    def _read_cart(self, browser):
        """Where there is nothing to pay, the cart says why, or a payment is waiting."""
        page = browser.open("/shop/cart")
        if said := re.search(r"[^<>]*(left of|left for you|had all of)[^<>]*", page):
            raise Refused(said[0].strip())
        if "o_payment_status" not in browser.open("/payment/status"):
            raise Refused("The cart is empty")
        return self._wait_for_order(browser)

    def _find(self, page, name):
        return int(re.search(rf'data-{name}="(\d+)"', page)[1])

    def _wait_for_order(self, browser):
        for poll in range(40):
            try:
                answer = browser.call("/payment/status/poll")
            except Again:
                time.sleep(min(0.2 * (poll + 1), 2))
                continue
            if answer["state"] != "pending" or answer["landing_route"] == "/shop/payment":
                raise Refused("It was taken by somebody else")
            return answer
        raise Broken("The page waits for ever")

    def _buy(self, browser):
        """Buy a bottle; somebody whose page did not load finds it in the cart.

        :return: ``bought``, or what the shop said
        """
        try:
            if not self._count(browser, "draft") and not self._add(browser):
                return "refused in the cart"
            self._pay(browser)
        except Refused as error:
            return str(error)
        return "bought"

    def _insist(self, browser):
        """Try again like somebody whose page did not load, until the shop answers."""
        for _attempt in range(10):
            with contextlib.suppress(ConnectionError, TimeoutError, HTTPException):
                said = self._buy(browser)
                if not any(words in said for words in TRY_AGAIN):
                    return said
            time.sleep(random.uniform(0.1, 0.5))
            if self._count(browser, "sale"):
                return "bought"
        raise Broken(f"The shop never answers: {said}")

    def _count(self, browser, state):
        """:return: how many bottles a customer has, in the cart or in orders"""
        with QUERIES, closing(db_connect(self.database).cursor()) as cr:
            cr.execute(
                """
                SELECT COALESCE(sum(l.product_uom_qty), 0)
                  FROM sale_order_line l
                  JOIN sale_order o ON o.id = l.order_id
                  JOIN res_users u ON u.partner_id = o.partner_id
                 WHERE l.product_id = %s AND o.state = %s AND u.id = %s
                """,
                (self.product_id, state, browser.session.uid),
            )
            return cr.fetchone()[0]

    # -- What must hold ----------------------------------------------------

    def _check_books(self):
        """Orders, ledger and balances tell one story.

        :return: how much was sold
        """
        with environment(self.database) as env:
            allocation = env["sale.allocation"].browse(self.allocation_id)
            lines = env["sale.order.line"].search([("product_id", "=", self.product_id)])
            sold = sum(lines.filtered(lambda line: line.state == "sale").mapped("product_uom_qty"))
            balances = allocation.balance_ids
            for balance in balances:
                entries = balance.entry_ids
                self.assertAlmostEqual(balance.used, sum(entries.mapped("used")))
                self.assertAlmostEqual(balance.held, sum(entries.mapped("held")))
            by_customer = Counter()
            for line in lines.filtered(lambda line: line.state == "sale"):
                by_customer[line.order_id.partner_id.commercial_partner_id] += line.product_uom_qty
            for customer, quantity in by_customer.items():
                balance = balances.filtered(lambda b, customer=customer: b.partner_id == customer)
                self.assertAlmostEqual(balance.used, quantity)
                self.assertLessEqual(balance.used + balance.held, LIMIT)
            pool = balances.filtered(lambda b: not b.partner_id)
            if allocation.pool_quantity:
                self.assertAlmostEqual(pool.used, sold)
                self.assertLessEqual(pool.used + pool.held, allocation.pool_quantity)
            self.assertFalse(balances.entry_ids.filtered("is_override"))
            self.assertFalse(
                env["sale.allocation.difference"]._find_order_differences(lines.order_id)
            )
            return sold

    def _check_faces(self, results):
        """Nobody has seen what only programmers should see."""
        errors = [repr(result) for result in results if not isinstance(result, str)]
        self.assertFalse(errors, "\n".join(errors)[:6000])
        return Counter(results)

    def _check_sold_out(self, results):
        said = self._check_faces(results)
        self.assertEqual(self._check_books(), POOL, said)
        self.assertEqual(said["bought"], POOL, said)
        self._tell(said)

    def _tell(self, said):
        if FULL:
            lines = [f"  {number:4} {words}\n" for words, number in said.most_common()]
            sys.stdout.write(f"\n{self._testMethodName}\n{''.join(lines)}")

    # -- What happens ------------------------------------------------------

    def test_the_last_bottles(self):
        browsers = self._release(pool_quantity=POOL)
        self._check_sold_out(
            at_once([lambda browser=browser: self._insist(browser) for browser in browsers])
        )

    def test_the_last_bottles_are_kept_in_carts(self):
        browsers = self._release(pool_quantity=POOL, mode="reserve")
        self._check_sold_out(
            at_once([lambda browser=browser: self._insist(browser) for browser in browsers])
        )

    def test_one_customer_in_many_tabs(self):
        browsers = self._release(users=self.user_ids[:1] * 2)

        def shop(tab):
            browser = browsers[tab % len(browsers)]
            try:
                self._add(browser, 1 + tab % 2)
                time.sleep(random.uniform(0, 0.2))
                self._pay(browser)
            except Refused as error:
                return str(error)
            return "bought"

        said = self._check_faces(at_once([lambda tab=tab: shop(tab) for tab in range(TABS)]))
        self.assertLessEqual(self._check_books(), LIMIT)
        # What a tab keeps that was closed before it paid is free after a while.
        with environment(self.database) as env:
            self._forget_carts(env)
        while (words := self._buy(browsers[0])) == "bought":
            said[words] += 1
        self.assertEqual(self._check_books(), LIMIT, words)
        self._tell(said)

    def test_processes_are_killed(self):
        browsers = self._release(pool_quantity=POOL)
        done = threading.Event()

        def kill():
            killed = 0
            while killed < KILLS and not done.wait(random.uniform(0.3, 0.9)):
                killed += self.server.kill_worker(random.randrange(4))
            return f"killed {killed} times"

        def buy(browser):
            return self._insist(browser)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            results = at_once([lambda browser=browser: buy(browser) for browser in browsers])
        finally:
            done.set()
            killer.join()
        said = self._check_faces(results)
        # A process that died between a payment and its order leaves a customer who waits, whose
        # bottle nobody else gets.
        self._finish_payments()
        self.assertEqual(self._check_books(), POOL, said)
        self._tell(said)

    def _forget_carts(self, env):
        """What the scheduler does for customers who closed the page, and what time does."""
        lines = env["sale.order.line"].search(
            [("product_id", "=", self.product_id), ("state", "=", "draft")]
        )
        lines.order_id.transaction_ids.filtered(lambda tx: tx.state == "pending")._post_process()
        waiting = lines.filtered("allocation_held_until")
        waiting.allocation_held_until = "2020-01-01"
        waiting.order_id._sync_allocations()
        lines.order_id.filtered(lambda order: order.state == "draft")._action_cancel()

    def _finish_payments(self):
        """Let those buy the rest who got nothing because others had left in the middle."""
        with environment(self.database) as env:
            self._forget_carts(env)
            buyers = self._get_buyers(env)
            browsers = [
                Browser(self.server.port, env["res.users"].browse(user_id).with_user(user_id))
                for user_id in self.user_ids
                if user_id not in buyers
            ]
        for browser in browsers:
            self.addCleanup(browser.forget)
            self._buy(browser)

    def _get_buyers(self, env):
        lines = env["sale.order.line"].search(
            [("product_id", "=", self.product_id), ("state", "=", "sale")]
        )
        return set(lines.order_id.partner_id.user_ids.ids)

    def test_deadlocks(self):
        browsers = self._release(pool_quantity=POOL, mode="reserve")
        with environment(self.database) as env:
            # Who buys takes the customer's row, then that of the pool.
            ids = [*env["res.users"].browse(self.user_ids).partner_id.ids, None]
            env["sale.allocation.balance"]._book(
                {BalanceKey(self.allocation_id, i, ENDLESS): (0.0, 0.0, None) for i in ids}
            )
        done = threading.Event()
        disturbances = Counter()
        disturber = threading.Thread(target=self._disturb, args=(done, disturbances))
        disturber.start()
        try:
            results = at_once(
                [lambda browser=browser: self._insist(browser) for browser in browsers]
            )
        finally:
            done.set()
            disturber.join()
        self.assertTrue(self._count_deadlocks(), disturbances)
        self._check_sold_out(results)
        self._tell(disturbances)

    def _count_deadlocks(self):
        """:return: how many PostgreSQL has found; it says so with some delay"""
        for _try in range(30):
            if number := self._read_deadlocks():
                return number
            time.sleep(0.1)
        return 0

    def _read_deadlocks(self):
        with closing(db_connect(self.database).cursor()) as cr:
            cr.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            return cr.fetchone()[0]

    def _disturb(self, done, disturbances):
        """Take the balance of the pool before those of customers, who do the contrary."""
        while not done.wait(0.2) and self._read_deadlocks() < DEADLOCKS:
            with closing(db_connect(self.database).cursor()) as cr:
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                rows = "SELECT id FROM sale_allocation_balance WHERE allocation_id = %s"
                try:
                    cr.execute(
                        f"{rows} AND partner_id IS NULL FOR UPDATE",
                        (self.allocation_id,),
                        log_exceptions=False,
                    )
                    if self._wait_for_waiter(cr, done):
                        disturbances["tries"] += 1
                        cr.execute(
                            f"{rows} ORDER BY id FOR UPDATE",
                            (self.allocation_id,),
                            log_exceptions=False,
                        )
                except psycopg2.OperationalError:
                    disturbances["lost"] += 1
                cr.rollback()

    def _wait_for_waiter(self, cr, done):
        """:return: whether a customer waits for the pool"""
        for _try in range(30):
            cr.execute(
                "SELECT 1 FROM pg_locks held JOIN pg_locks wanted USING (transactionid)"
                " WHERE held.pid = pg_backend_pid() AND held.granted AND NOT wanted.granted"
            )
            if cr.rowcount:
                return True
            if done.wait(0.1):
                break
        return False
