from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .checkout_common import CheckoutCommon


class PromotionCommon(CheckoutCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.auto = cls._create_program("Test Ten Percent")
        cls.today = fields.Date.context_today(cls.auto)

    @classmethod
    def _create_program(cls, name, code=None, percent=10, **values):
        """:return: a promotion that takes a share off the order, by itself or with a code"""
        rule = {"mode": "with_code", "code": code} if code else {}
        return cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": "promo_code" if code else "promotion",
                "trigger": "with_code" if code else "auto",
                "applies_on": "current",
                "rule_ids": [Command.clear(), Command.create(rule)],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": percent,
                            "discount_mode": "percent",
                            "discount_applicability": "order",
                        }
                    ),
                ],
                **values,
            }
        )

    def _programs_on(self, order):
        """:return: the promotions that the order gets by itself"""
        order._update_programs_and_rewards()
        order._auto_apply_rewards()
        return order.order_line.reward_id.program_id

    def _create_money(self, program_type):
        """:return: a card of 25, and its program"""
        program = self.env["loyalty.program"].create(
            {
                "name": f"Test {program_type}",
                "program_type": program_type,
                "trigger": "auto",
                "applies_on": "future",
                "rule_ids": [Command.clear()],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 1,
                            "discount_mode": "per_point",
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    ),
                ],
            }
        )
        return self.env["loyalty.card"].create(
            {
                "program_id": program.id,
                "points": 25,
                "partner_id": self.chef.id if program_type == "ewallet" else False,
            }
        )


@tagged("post_install", "-at_install")
class TestPromotions(PromotionCommon):
    def test_without_a_word_it_is_for_everybody(self):
        for partner in (self.chef, self.person):
            self.assertEqual(self._programs_on(self._create_cart(partner)), self.auto)

    def test_only_for_the_holders_of_a_type(self):
        self.auto.customer_type_ids = self.wholesale
        self.assertEqual(self._programs_on(self._create_cart(self.chef)), self.auto)
        self.assertFalse(self._programs_on(self._create_cart(self.person)))
        self.assertFalse(self._programs_on(self._create_order(self.person)), "sales desk")
        self.assertEqual(self._programs_on(self._create_order(self.chef)), self.auto)

    def test_not_for_the_holders_of_a_type_whatever_else_they_hold(self):
        self.auto.excluded_customer_type_ids = self.wholesale
        self.assertFalse(self._programs_on(self._create_cart(self.chef)))
        self.assertEqual(self._programs_on(self._create_cart(self.person)), self.auto)
        self.restaurant._assign_customer_types(self.reserve)
        self.auto.customer_type_ids = self.reserve
        self.assertFalse(self._programs_on(self._create_cart(self.chef)))

    def test_guests_are_a_type_too(self):
        self.website.guest_customer_type_id = self.reserve
        self.auto.customer_type_ids = self.reserve
        guest = self._create_cart(self.website.user_id.partner_id)
        self.assertEqual(self._programs_on(guest), self.auto)
        self.assertFalse(self._programs_on(self._create_cart(self.chef)))

    def test_both_for_a_type_and_not_is_refused(self):
        with self.assertRaises(ValidationError):
            self.auto.write(
                {
                    "customer_type_ids": self.wholesale.ids,
                    "excluded_customer_type_ids": self.wholesale.ids,
                }
            )

    def test_some_start_earlier(self):
        self.auto.write(
            {
                "date_from": self.today + timedelta(days=5),
                "early_date_from": self.today,
                "early_customer_type_ids": self.wholesale.ids,
            }
        )
        self.assertEqual(self._programs_on(self._create_cart(self.chef)), self.auto)
        self.assertFalse(self._programs_on(self._create_cart(self.person)))
        self.auto.early_date_from = self.today + timedelta(days=1)
        self.assertFalse(self._programs_on(self._create_cart(self.chef)))
        self.auto.write({"early_date_from": False, "date_from": self.today})
        self.assertEqual(self._programs_on(self._create_cart(self.person)), self.auto)

    def test_an_earlier_end_is_the_end_for_all(self):
        self.auto.write(
            {
                "date_from": self.today - timedelta(days=5),
                "date_to": self.today - timedelta(days=1),
                "early_date_from": self.today - timedelta(days=9),
                "early_customer_type_ids": self.wholesale.ids,
            }
        )
        self.assertFalse(self._programs_on(self._create_cart(self.chef)))

    def test_earlier_means_before_the_others(self):
        with self.assertRaises(ValidationError):
            self.auto.write(
                {"date_from": self.today, "early_date_from": self.today + timedelta(days=1)}
            )
        with self.assertRaises(ValidationError):
            self.auto.write({"date_from": False, "early_date_from": self.today})

    def test_codes_are_refused_alike_whether_they_exist_or_not(self):
        code = self._create_program("Test Secret", code="SECRET")
        code.customer_type_ids = self.wholesale
        cart = self._create_cart(self.person).sudo().with_user(self.shopper_user).sudo()
        refused, unknown = (cart._try_apply_code(c) for c in ("SECRET", "NOTHING"))
        self.assertEqual(
            refused["error"].replace("SECRET", ""), unknown["error"].replace("NOTHING", "")
        )
        self.assertEqual(refused.keys(), unknown.keys())
        own = self._create_cart(self.chef)
        self.assertNotIn("error", own._try_apply_code("SECRET"))

    def test_staff_reads_why_a_code_is_refused(self):
        code = self._create_program("Test Secret", code="SECRET")
        code.customer_type_ids = self.wholesale
        order = self._create_order(self.person)
        wizard = self.env["sale.loyalty.coupon.wizard"].with_user(self.salesman)
        with self.assertRaisesRegex(ValidationError, "Test Secret is not for this customer"):
            wizard.create({"order_id": order.id, "coupon_code": "SECRET"}).action_apply()
        with self.assertRaisesRegex(ValidationError, "invalid"):
            wizard.create({"order_id": order.id, "coupon_code": "NOTHING"}).action_apply()
        wizard.create(
            {"order_id": self._create_order(self.chef).id, "coupon_code": "SECRET"}
        ).action_apply()

    def test_a_code_of_an_early_start(self):
        code = self._create_program("Test Early", code="EARLY")
        code.write(
            {
                "date_from": self.today + timedelta(days=5),
                "early_date_from": self.today,
                "early_customer_type_ids": self.wholesale.ids,
            }
        )
        self.assertNotIn("error", self._create_cart(self.chef)._try_apply_code("EARLY"))
        self.assertIn("error", self._create_cart(self.person)._try_apply_code("EARLY"))

    def test_coupons_gift_cards_and_wallets(self):
        coupons = self._create_program("Test Coupons", code="X")
        coupons.write({"program_type": "coupons", "rule_ids": [Command.clear()]})
        coupons.rule_ids = [Command.create({})]
        coupon = self.env["loyalty.card"].create({"program_id": coupons.id, "points": 1})
        gift = self._create_money("gift_card")
        for card in (coupon, gift):
            card.program_id.customer_type_ids = self.reserve
            self.assertIn("error", self._create_cart(self.chef)._try_apply_code(card.code))
            card.program_id.customer_type_ids = self.wholesale
            self.assertNotIn("error", self._create_cart(self.chef)._try_apply_code(card.code))
        wallet = self._create_money("ewallet")
        cart = self._create_cart(self.chef)
        cart._update_programs_and_rewards()
        self.assertIn(wallet, cart._get_claimable_and_showable_rewards())
        wallet.program_id.customer_type_ids = self.reserve
        cart = self._create_cart(self.chef)
        cart._update_programs_and_rewards()
        self.assertNotIn(wallet, cart._get_claimable_and_showable_rewards())

    def test_type_prices_or_promotions(self):
        self.wholesale.promotion_stacking = "own"
        self.assertFalse(self._programs_on(self._create_cart(self.chef)))
        self.assertEqual(self._programs_on(self._create_cart(self.person)), self.auto)
        self.auto.customer_type_ids = self.wholesale
        self.assertEqual(
            self._programs_on(self._create_cart(self.chef)), self.auto, "made for the type"
        )
        self.auto.customer_type_ids = False
        self.wholesale.promotion_stacking = "stack"
        self.assertEqual(self._programs_on(self._create_cart(self.chef)), self.auto)

    def test_other_prices_than_the_types_bear_promotions(self):
        self.wholesale.promotion_stacking = "own"
        own = self._create_pricelist("Test Own", 500.0)
        order = self._create_order(self.chef, pricelist_id=own.id)
        self.assertEqual(self._programs_on(order), self.auto)
        order.pricelist_id = self.wholesale_list
        self.assertFalse(self._programs_on(order))

    def test_money_is_taken_on_top_of_type_prices(self):
        self.wholesale.promotion_stacking = "own"
        gift = self._create_money("gift_card")
        self.assertNotIn("error", self._create_cart(self.chef)._try_apply_code(gift.code))

    def test_the_list_of_programs_finds_those_of_a_type(self):
        self.auto.customer_type_ids = self.wholesale
        programs = self.env["loyalty.program"].with_user(self.salesman)
        found = programs.search([("customer_type_ids", "ilike", "Test Wholesale")])
        self.assertEqual(found, self.auto)
        self.assertEqual(found.customer_type_ids.name, "Test Wholesale")


@tagged("post_install", "-at_install")
class TestPromotionsFollow(PromotionCommon):
    """A type, or what it gives, changes while there is a cart or a quotation."""

    def test_a_cart_loses_what_the_customer_no_longer_gets_and_says_so(self):
        self.auto.customer_type_ids = self.wholesale
        cart = self._create_cart(self.chef)
        self.assertEqual(self._programs_on(cart), self.auto)
        self.restaurant.customer_type_ids = False
        self.assertFalse(cart.order_line.reward_id)
        self.assertIn("these promotions went: 10%", cart.shop_warning)

    def test_a_cart_gets_what_the_customer_now_gets(self):
        self.auto.customer_type_ids = self.reserve
        cart = self._create_cart(self.chef)
        self.assertFalse(self._programs_on(cart))
        self.restaurant._assign_customer_types(self.reserve)
        self.assertEqual(cart.order_line.reward_id.program_id, self.auto)

    def test_a_code_that_was_applied_goes_too(self):
        code = self._create_program("Test Secret", code="SECRET")
        code.customer_type_ids = self.wholesale
        self.auto.active = False
        cart = self._create_cart(self.chef)
        [(coupon, rewards)] = cart._try_apply_code("SECRET").items()
        cart._apply_program_reward(rewards, coupon)
        self.assertEqual(cart.order_line.reward_id.program_id, code)
        self.restaurant.customer_type_ids = False
        self.assertFalse(cart.order_line.reward_id)

    def test_what_the_type_says_about_promotions_acts_at_once(self):
        cart = self._create_cart(self.chef)
        self.assertEqual(self._programs_on(cart), self.auto)
        self.wholesale.promotion_stacking = "own"
        self.assertFalse(cart.order_line.reward_id)

    def test_a_quotation_keeps_what_was_offered_and_staff_reads_it(self):
        self.auto.customer_type_ids = self.wholesale
        order = self._create_order(self.chef)
        self.assertEqual(self._programs_on(order), self.auto)
        order.action_quotation_sent()
        total = order.amount_total
        self.restaurant.customer_type_ids = False
        self.assertIn("Test Ten Percent", order.policy_issues_html)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual((order.state, order.amount_total), ("sale", total))

    def test_what_was_paid_for_keeps_its_promotion(self):
        self.auto.customer_type_ids = self.wholesale
        cart = self._create_ready_cart(self.chef)
        self.assertEqual(self._programs_on(cart), self.auto)
        total = cart.amount_total
        self.env["payment.transaction"].create(
            {
                "provider_id": self.transfer.id,
                "payment_method_id": self.transfer.payment_method_ids[:1].id,
                "operation": "online_redirect",
                "reference": cart.name,
                "amount": total,
                "currency_id": cart.currency_id.id,
                "partner_id": self.chef.id,
                "sale_order_ids": [Command.set(cart.ids)],
                "state": "done",
            }
        )
        self.restaurant.customer_type_ids = False
        cart.sudo()._validate_order()
        self.assertEqual((cart.state, cart.amount_total), ("sale", total))

    def test_a_draft_for_another_customer_loses_it(self):
        self.auto.customer_type_ids = self.wholesale
        order = self._create_order(self.chef)
        self.assertEqual(self._programs_on(order), self.auto)
        order.partner_id = self.person
        order._update_programs_and_rewards()
        self.assertFalse(order.order_line.reward_id)


@tagged("post_install", "-at_install")
class TestPromotionDoors(PromotionCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auto.customer_type_ids = cls.wholesale
        cls.code = cls._create_program("Test Secret", code="SECRET", percent=5)
        cls.code.customer_type_ids = cls.wholesale

    def test_the_cart_of_another_type_gets_nothing(self):
        cart = self._create_cart(self.person)
        self._sign_in(self.shopper_user)
        self.url_open("/shop/cart")
        self.assertFalse(cart.order_line.reward_id)
        page = self._post_form("/shop/pricelist", {"promo": "SECRET"}).text
        self.assertIn("Some codes are for certain customers only.", page)
        self.assertNotIn("Test Secret", page)
        self.url_open("/coupon/SECRET")
        self.url_open("/shop/cart")
        self.assertFalse(cart.order_line.reward_id)

    def test_a_forged_reward_gives_nothing(self):
        cart = self._create_cart(self.person)
        self._sign_in(self.shopper_user)
        for reward in (self.auto + self.code).reward_ids:
            self.url_open(f"/shop/claimreward?reward_id={reward.id}&code=SECRET")
        self.assertFalse(cart.order_line.reward_id)

    def test_the_cart_of_the_type_gets_it(self):
        cart = self._create_cart(self.chef)
        self._sign_in(self.chef_user)
        self.url_open("/shop/cart")
        self.assertEqual(cart.order_line.reward_id.program_id, self.auto)

    def test_a_type_that_goes_while_the_payment_page_is_open(self):
        cart = self._create_ready_cart(self.chef)
        self._sign_in(self.chef_user)
        self.assertIn("o_payment_form", self.url_open("/shop/payment").text)
        amount = cart.amount_total
        self.restaurant.customer_type_ids = False
        self.assertGreater(cart.amount_total, amount)
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.url_open(
                f"/shop/payment/transaction/{cart.id}",
                json={
                    "params": {
                        "access_token": cart._portal_ensure_token(),
                        "amount": amount,
                        "provider_id": self.transfer.id,
                        "payment_method_id": self.transfer.payment_method_ids[:1].id,
                        "token_id": None,
                        "flow": "redirect",
                        "tokenization_requested": False,
                        "landing_route": "/shop/payment/validate",
                    }
                },
            ).json()
        self.assertIn("refresh the page", answer["error"]["data"]["message"])
        self.assertIn("these promotions went", self.url_open("/shop/cart").text)
        self.assertNotIn("error", self._post_transaction(cart))

    def test_customers_read_no_programs_by_rpc(self):
        self._sign_in(self.chef_user)
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.url_open(
                "/web/dataset/call_kw/loyalty.program/search_read",
                json={
                    "params": {
                        "model": "loyalty.program",
                        "method": "search_read",
                        "args": [[], ["name", "customer_type_ids"]],
                        "kwargs": {},
                    }
                },
            ).json()
        self.assertIn("error", answer)
