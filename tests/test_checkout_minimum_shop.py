import re

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .checkout_common import EXPRESS_ADDRESS
from .common_payment import create_wallet, watch_providers
from .order_size_common import OrderSizeShopCommon

QUIET = ("odoo.http", "odoo.addons.payment.models.payment_transaction")


@tagged("post_install", "-at_install")
class TestOrderMinimumDoors(OrderSizeShopCommon, HttpCase):
    """Every door of the shop and the portal asks the same gate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.order_minimum_amount = 100.0
        cls.cart = cls._create_chef_cart(6)

    def _message(self, answer):
        return answer["error"]["data"]["message"]

    # -- Cart --------------------------------------------------------------

    def test_the_cart_draws_a_bar_and_follows_a_changed_quantity(self):
        self._sign_in()
        page = self.url_open("/shop/cart").text
        self.assertRegex(page, r"40\.00.{,200} to your order minimum of")
        self.assertIn('aria-valuenow="60"', page)
        self.assertRegex(page, r'name="website_sale_main_button"\s+class="[^"]*disabled')
        answer = self._change(self.cart.order_line, 8)
        lines = answer["website_sale.cart_lines"]
        self.assertIn("20.00", lines)
        self.assertIn('aria-valuenow="80"', lines)
        self.assertFalse(answer["cart_ready"])
        answer = self._change(self.cart.order_line, 10)
        self.assertNotIn("order minimum", answer["website_sale.cart_lines"])
        self.assertTrue(answer["cart_ready"])

    def test_all_that_tells_about_the_order_is_in_what_odoo_replaces(self):
        self._sign_in()
        lines = self._change(self.cart.order_line, 8)["website_sale.cart_lines"]
        before, _sep, _after = lines.partition("o_policy_issue")
        self.assertGreater(before.count('class="js_cart_lines'), 0)

    def test_the_bar_is_in_the_currency_of_the_cart(self):
        self.wholesale.pricelist_id = self.foreign_list
        self._sign_in()
        self.assertRegex(self.url_open("/shop/cart").text, r"80\.00.T\$")

    # -- Checkout and payment ----------------------------------------------

    def test_nobody_gets_past_the_cart_below_the_minimum(self):
        self._sign_in()
        for url in ("/shop/checkout", "/shop/address", "/shop/extra_info", "/shop/payment"):
            response = self.url_open(url)
            self.assertTrue(response.url.endswith("/shop/cart"), response.url)
            self.assertIn("to your order minimum", response.text, url)
        self.cart.order_line.product_uom_qty = 10
        self.assertTrue(self.url_open("/shop/payment").url.endswith("/shop/payment"))

    @mute_logger(*QUIET)
    def test_a_payment_is_refused_below_the_minimum(self):
        self._sign_in()
        with watch_providers(self.env) as asked:
            self.assertIn("to your order minimum", self._message(self._pay(self.cart)))
        self.assertFalse(asked)

    @mute_logger(*QUIET)
    def test_a_minimum_that_comes_up_at_the_payment_step_is_told_and_can_be_met(self):
        self.wholesale.order_minimum_amount = 0.0
        self._sign_in()
        self.assertTrue(self.url_open("/shop/payment").url.endswith("/shop/payment"))
        self.wholesale.order_minimum_amount = 100.0
        self.assertIn("40.00", self._message(self._pay(self.cart)))
        self.assertTrue(self.url_open("/shop/payment").url.endswith("/shop/cart"))
        self._change(self.cart.order_line, 10)
        self.assertTrue(self.url_open("/shop/payment").url.endswith("/shop/payment"))
        self.assertIn("reference", self._pay(self.cart)["result"])

    def test_a_type_that_comes_up_at_the_checkout_step_is_told(self):
        self.restaurant.customer_type_assignment_ids._end("Not yet")
        self._sign_in()
        self.assertFalse(self.url_open("/shop/checkout").url.endswith("/shop/cart"))
        self.restaurant._assign_customer_types(self.wholesale)
        response = self.url_open("/shop/checkout")
        self.assertTrue(response.url.endswith("/shop/cart"))
        self.assertIn("to your order minimum", response.text)

    @mute_logger(*QUIET)
    def test_an_order_for_nothing_is_not_placed_below_the_minimum(self):
        self.cart.order_line.discount = 100.0
        self._sign_in()
        response = self.url_open("/shop/payment/validate")
        self.assertNotIn("/shop/confirmation", response.url)
        self.assertEqual(self.cart.state, "draft")

    # -- Express checkout --------------------------------------------------

    def _express_form(self):
        """:return: what the cart has around the button to pay in one click, and the button"""
        pattern = r'class="(o_customer_type_express[^"]*)"(.{,2000}?test_wallet_button)?'
        [(classes, button)] = re.findall(pattern, self.url_open("/shop/cart").text, re.DOTALL)
        return classes.split(), bool(button)

    @mute_logger(*QUIET)
    def test_paying_in_one_click_is_no_way_around(self):
        create_wallet(self.env)
        self._sign_in()
        self.assertEqual(self._express_form(), (["o_customer_type_express", "d-none"], True))
        self.make_jsonrpc_request("/shop/express_checkout", {"billing_address": EXPRESS_ADDRESS})
        answer = self._pay(self.cart, flow="direct")
        self.assertIn("to your order minimum", self._message(answer))
        self.assertFalse(self._change(self.cart.order_line, 8)["express_checkout_ready"])
        self.assertTrue(self._change(self.cart.order_line, 10)["express_checkout_ready"])
        self.assertEqual(self._express_form(), (["o_customer_type_express"], True))

    def test_the_button_to_pay_in_one_click_waits_for_what_only_a_payment_needs(self):
        create_wallet(self.env)
        self.wholesale.po_mode = "require"
        self._sign_in()
        answer = self._change(self.cart.order_line, 10)
        self.assertTrue(answer["cart_ready"])
        self.assertFalse(answer["express_checkout_ready"])
        self.assertEqual(self._express_form(), (["o_customer_type_express", "d-none"], True))
        self.assertFalse(self._change(self.cart.order_line, 0)["express_checkout_ready"])

    # -- Portal ------------------------------------------------------------

    def _create_quotation(self, quantity, **values):
        return self._create_sized_order(quantity, self.chef, state="sent", **values)

    def test_a_quotation_below_the_minimum_is_not_signed(self):
        quotation = self._create_quotation(6, require_signature=True)
        params = {
            "access_token": quotation._portal_ensure_token(),
            "name": "Me",
            "signature": "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs=",
        }
        url = f"/my/orders/{quotation.id}/accept"
        self.assertIn("40.00", self.make_jsonrpc_request(url, params)["error"])
        self.assertEqual(quotation.state, "sent")
        quotation.order_line.product_uom_qty = 10
        self.assertNotIn("error", self.make_jsonrpc_request(url, params))
        self.assertEqual(quotation.state, "sale")

    @mute_logger(*QUIET)
    def test_a_quotation_below_the_minimum_is_not_paid(self):
        quotation = self._create_quotation(6, require_payment=True)
        answer = self._pay(quotation, "/my/orders/%s/transaction")
        self.assertIn("to your order minimum", self._message(answer))
        self.assertFalse(quotation.transaction_ids)

    @mute_logger(*QUIET)
    def test_a_payment_link_over_a_part_is_no_way_around(self):
        quotation = self._create_quotation(6)
        wizard = self.env["payment.link.wizard"].create(
            {
                "res_model": "sale.order",
                "res_id": quotation.id,
                "amount": 10.0,
                "currency_id": quotation.currency_id.id,
                "partner_id": quotation.partner_id.id,
            }
        )
        self.assertEqual(self.url_open(wizard.link).status_code, 200)
        answer = self._pay(quotation, "/my/orders/%s/transaction", amount=10.0)
        self.assertIn("to your order minimum", self._message(answer))
        self.assertFalse(quotation.transaction_ids)

    @mute_logger(*QUIET)
    def test_a_portal_user_cannot_confirm_by_rpc(self):
        self._sign_in()
        for method in ("action_confirm", "action_update_order_minimum_fee"):
            answer = self.url_open(
                f"/web/dataset/call_kw/sale.order/{method}",
                json={
                    "params": {
                        "model": "sale.order",
                        "method": method,
                        "args": [self.cart.ids],
                        "kwargs": {},
                    }
                },
            ).json()
            self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessError", method)
        self.assertEqual(self.cart.state, "draft")


@tagged("post_install", "-at_install")
class TestSmallOrderFeeInShop(OrderSizeShopCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.write(
            {
                "order_minimum_amount": 100.0,
                "order_below_minimum": "fee",
                "order_minimum_fee": 15.0,
            }
        )
        cls.env.ref("customer_type.product_small_order_fee").taxes_id = False
        cls.cart = cls._create_chef_cart(6)

    def _fee(self):
        return self.cart.order_line.filtered("is_order_minimum_fee")

    def test_the_cart_shows_the_fee_as_a_part_of_the_total_and_drops_it_again(self):
        self._sign_in()
        page = self.url_open("/shop/cart").text
        self.assertIn('name="o_order_minimum_fee"', page)
        self.assertNotIn(f'data-line-id="{self._fee().id}"', page)
        wine = self.cart.order_line - self._fee()
        answer = self._change(wine, 10)
        self.assertNotIn("o_order_minimum_fee", answer["website_sale.total"])
        self.assertEqual((answer["amount"], answer["cart_quantity"]), (100.0, 10))
        answer = self._change(wine, 9)
        self.assertIn("o_order_minimum_fee", answer["website_sale.total"])
        self.assertEqual((answer["amount"], answer["cart_quantity"]), (105.0, 9))

    def test_a_forged_request_leaves_the_fee_alone(self):
        self._sign_in()
        self.url_open("/shop/cart")
        fee = self._fee()
        answer = self._change(fee, 0)
        self.assertTrue(answer["warning"])
        self.assertEqual(fee.exists().price_unit, 15.0)
        with mute_logger("odoo.http"):
            answer = self.url_open(
                "/shop/cart/add",
                json={
                    "params": {
                        "product_template_id": fee.product_template_id.id,
                        "product_id": fee.product_id.id,
                        "quantity": -1,
                    }
                },
            ).json()
        self.assertIn("error", answer)
        self.assertEqual(self.cart.amount_total, 75.0)

    def test_the_order_is_paid_with_its_fee(self):
        self._sign_in()
        page = self.url_open("/shop/payment").text
        self.assertIn('name="o_order_minimum_fee"', page)
        self.assertIn("reference", self._pay(self.cart)["result"])
        self.assertEqual(self.cart.transaction_ids.amount, 75.0)

    @mute_logger(*QUIET)
    def test_a_fee_that_changes_at_the_payment_step_is_told_and_the_customer_goes_on(self):
        self._sign_in()
        self.url_open("/shop/payment")
        self.wholesale.order_minimum_fee = 20.0
        answer = self._pay(self.cart)
        self.assertIn("20.00", answer["error"]["data"]["message"])
        self.assertIn("load the page again", answer["error"]["data"]["message"])
        self.url_open("/shop/payment")
        self.assertEqual(self.cart.amount_total, 80.0)
        self.assertIn("reference", self._pay(self.cart)["result"])

    @mute_logger(*QUIET)
    def test_a_fee_that_is_not_due_any_more_is_not_paid(self):
        self._sign_in()
        self.url_open("/shop/payment")
        self.restaurant.customer_type_assignment_ids._end("No more trade")
        self.assertIn("no longer due", self._pay(self.cart)["error"]["data"]["message"])
        self.url_open("/shop/payment")
        self.assertFalse(self._fee())
        self.assertIn("reference", self._pay(self.cart)["result"])

    def test_a_quotation_without_the_fee_is_not_signed(self):
        quotation = self._create_sized_order(10, self.chef, state="sent", require_signature=True)
        self.env.flush_all()  # what was due when it was sent: nothing
        quotation.order_line.product_uom_qty = 6
        params = {
            "access_token": quotation._portal_ensure_token(),
            "name": "Me",
            "signature": "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs=",
        }
        url = f"/my/orders/{quotation.id}/accept"
        self.assertIn("small-order fee", self.make_jsonrpc_request(url, params)["error"])
        quotation.action_update_order_minimum_fee()
        self.assertNotIn("error", self.make_jsonrpc_request(url, params))
        self.assertEqual(quotation.state, "sale")

    def test_an_old_cart_comes_back_with_what_is_due_today(self):
        self.assertFalse(self._fee())
        self._sign_in()
        self.url_open("/shop")
        self.url_open("/shop/cart")
        self.assertEqual(self._fee().price_unit, 15.0)
        self.cart.order_line.filtered(
            lambda line: line.product_id == self.product
        ).product_uom_qty = 10
        self.url_open("/shop/cart")
        self.assertFalse(self._fee())

    def test_a_request_goes_on_to_the_payment(self):
        self.wholesale.order_below_minimum = "request"
        self._sign_in()
        page = self.url_open("/shop/cart").text
        self.assertIn("we will get back to you", page)
        self.assertIn("reference", self._pay(self.cart)["result"])
        self.assertFalse(self._fee())

    def test_gift_cards_pay_the_fee_too(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Test Gift Card",
                "program_type": "gift_card",
                "applies_on": "future",
                "trigger": "auto",
                "rule_ids": [Command.create({"reward_point_amount": 1})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 1,
                            "discount_mode": "per_point",
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        card = self.env["loyalty.card"].create({"program_id": program.id, "points": 500})
        self.cart._follow_order_minimum()
        self.cart._try_apply_code(card.code)
        self.cart._apply_program_reward(program.reward_ids, card)
        self.cart._verify_cart_after_update()
        self.assertEqual(self.cart.amount_total, 0.0)
        self.assertEqual(self._fee().price_unit, 15.0)
        self.assertEqual(self.cart._get_order_limits()[0].counted, 60.0)
