from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .checkout_common import CheckoutCommon

WARNING = "Your prices have changed because your customer type changed."


class PayingCommon(CheckoutCommon):
    """A wholesaler who goes off to a provider, to pay 613.55 and 20.00 for the parcel."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cart = cls._create_ready_cart(cls.chef, require_payment=True, prepayment_percent=1.0)

    def _begin(self, order, hours_ago=0, **values):
        """:return: the transaction of a customer who is at the provider now"""
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.transfer.id,
                "payment_method_id": self.transfer.payment_method_ids[:1].id,
                "operation": "online_redirect",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                **values,
            }
        )
        transaction.last_state_change = fields.Datetime.subtract(
            transaction.last_state_change, hours=hours_ago
        )
        return transaction

    def _end_types(self):
        self.restaurant.customer_type_assignment_ids._end("No more")

    def _finish(self, transaction):
        transaction._set_done()
        # Which journal books it is another matter.
        with patch.object(self.env.registry["payment.transaction"], "_create_payment"):
            transaction._post_process()

    def _total(self, order):
        return order.currency_id.round(order.amount_total)


@tagged("post_install", "-at_install")
class TestPaying(PayingCommon):
    def test_what_is_being_paid_stays_as_it_is_and_staff_hear_of_it(self):
        transaction = self._begin(self.cart)
        self._end_types()
        self.assertEqual((self._total(self.cart), self.cart.policy_pending), (633.55, True))
        self._finish(transaction)
        self.assertEqual((self.cart.state, self._total(self.cart)), ("sale", 633.55))
        self.assertIn("types changed during the payment", self.cart.activity_ids.note)

    def test_a_payment_that_was_given_up_holds_nothing_up(self):
        self._begin(self.cart, hours_ago=1)
        self._end_types()
        self.assertEqual((self._total(self.cart), self.cart.policy_pending), (896.5, False))
        self.assertIn(WARNING, self.cart.shop_warning)

    def test_who_puts_in_more_is_not_being_paid_for(self):
        self._begin(self.cart)
        self.cart.order_line[0].product_uom_qty = 2
        self._end_types()
        self.assertEqual(self._total(self.cart), 1773.0)

    def test_delivery_and_promotions_wait_as_prices_do(self):
        self.wholesale.free_shipping_over = 100.0
        self.cart._rate_shipment_again()
        self.assertEqual(self._total(self.cart), 613.55)
        self._begin(self.cart)
        self._end_types()
        self.assertEqual(self._total(self.cart), 613.55)
        self.cart._stop_waiting_for_payment()
        self.assertEqual((self._total(self.cart), self.cart.policy_pending), (896.5, False))

    def test_a_quotation_that_is_being_paid_is_marked_as_ever(self):
        quotation = self._create_order(self.chef, require_payment=True)
        self._begin(quotation)
        self._end_types()
        self.assertTrue(quotation.policy_outdated)
        self.assertFalse(quotation.policy_pending)

    def test_who_paid_what_it_came_to_has_an_order_and_staff_read_the_difference(self):
        transaction = self._begin(self.cart, hours_ago=1)
        self._end_types()
        self._finish(transaction)
        self.assertEqual((self.cart.state, self._total(self.cart)), ("sale", 896.5))
        note = self.cart.activity_ids.note
        self.assertIn("633.55", note)
        self.assertIn("896.50", note)

    def test_the_difference_is_told_too_where_no_payment_is_required(self):
        self.cart.require_payment = False
        transaction = self._begin(self.cart, hours_ago=1)
        self._end_types()
        self._finish(transaction)
        self.assertEqual(self.cart.state, "sale")
        self.assertIn("896.50", self.cart.activity_ids.note)

    def test_nobody_gets_more_for_what_they_began_to_pay(self):
        transaction = self._begin(self.cart)
        self.cart.order_line[0].product_uom_qty = 2
        self._finish(transaction)
        self.assertEqual(self.cart.state, "draft")
        self.assertEqual(self.cart.activity_ids.summary, "Paid, but not confirmed")
        self.assertIn("633.55", self.cart.activity_ids.note)

    def _is_confirmed_after(self, change):
        """:return: whether a cart is confirmed that was changed, and has become dearer by that,
        while its customer was at the provider
        """
        transaction = self._begin(self.cart)
        change(self.cart)
        self.assertGreater(self.cart.amount_total, transaction.amount)
        self._finish(transaction)
        self.assertEqual(bool(self.cart.activity_ids), True)
        return self.cart.state == "sale"

    def test_nobody_pays_for_here_and_has_it_sent_there(self):
        def move(cart):
            cart.partner_shipping_id.zip = "99999"
            cart.order_line.filtered("is_delivery").price_unit = 200.0

        self.assertFalse(self._is_confirmed_after(move))

    def test_nobody_pays_for_the_parcel_and_has_it_sent_by_van(self):
        self.van.product_id = self.parcel.product_id

        def take_the_van(cart):
            cart._remove_delivery_line()
            cart.set_delivery_line(self.van, 50.0)

        self.assertFalse(self._is_confirmed_after(take_the_van))

    def test_nobody_takes_the_taxes_off_to_pay(self):
        tax = self.env["account.tax"].create({"name": "Test Tax", "amount": 10.0})

        def pay_taxes(cart):
            cart.fiscal_position_id = self.env["account.fiscal.position"].create({"name": "Test"})
            cart.order_line[0].tax_ids = tax

        self.assertFalse(self._is_confirmed_after(pay_taxes))

    def test_nobody_pays_for_it_plain_and_has_it_engraved(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Test Engraving",
                "create_variant": "no_variant",
                "value_ids": [
                    Command.create({"name": "Without"}),
                    Command.create({"name": "With", "default_extra_price": 50.0}),
                ],
            }
        )
        line = {"attribute_id": attribute.id, "value_ids": attribute.value_ids.ids}
        bought = self.cart.order_line[0]
        bought.product_id.product_tmpl_id.attribute_line_ids = [Command.create(line)]
        plain, engraved = bought.product_id.attribute_line_ids.product_template_value_ids
        bought.product_no_variant_attribute_value_ids = plain

        def engrave(cart):
            bought.product_no_variant_attribute_value_ids = engraved
            bought.price_unit += 50.0

        self.assertFalse(self._is_confirmed_after(engrave))

    def test_what_a_coupon_gave_is_not_kept_without_the_coupon(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Test Coupons",
                "program_type": "coupons",
                "applies_on": "current",
                "trigger": "with_code",
                "reward_ids": [Command.create({"reward_type": "discount", "discount": 10.0})],
            }
        )
        coupon = self.env["loyalty.card"].create({"program_id": program.id, "points": 1.0})
        self.cart._try_apply_code(coupon.code)
        self.cart._apply_program_reward(program.reward_ids, coupon)
        self.assertTrue(self.cart.order_line.reward_id)
        take_out = lambda cart: cart.order_line.filtered("reward_id").unlink()  # noqa: E731
        self.assertFalse(self._is_confirmed_after(take_out))

    def test_a_gift_card_is_not_taken_back_out(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Test Gift Card",
                "program_type": "gift_card",
                "trigger": "auto",
                "applies_on": "future",
                "rule_ids": [Command.create({"reward_point_mode": "money"})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                        }
                    )
                ],
            }
        )
        card = self.env["loyalty.card"].create({"program_id": program.id, "points": 100.0})
        self.cart._try_apply_code(card.code)
        self.cart._apply_program_reward(program.reward_ids, card)
        self.assertEqual(self._total(self.cart), 533.55)
        transaction = self._begin(self.cart)
        self.cart.order_line.filtered("reward_id").unlink()
        self._finish(transaction)
        self.assertEqual(self.cart.state, "draft")
        self.assertTrue(self.cart.activity_ids)

    def test_a_part_that_was_asked_for_is_nothing_to_look_at(self):
        quotation = self._create_order(self.chef, require_payment=False)
        self._finish(self._begin(quotation, amount=100.0))
        self.assertEqual(quotation.state, "sale")
        self.assertFalse(quotation.activity_ids)

    def test_a_part_that_was_never_enough_confirms_nothing(self):
        quotation = self._create_order(self.chef, require_payment=True, prepayment_percent=1.0)
        self._finish(self._begin(quotation, amount=100.0))
        self.assertNotEqual(quotation.state, "sale")
        self.assertFalse(quotation.activity_ids)

    def test_a_part_that_does_not_come_was_not_paid(self):
        quotation = self._create_order(self.chef, require_payment=True, prepayment_percent=1.0)
        self.transfer.support_manual_capture = "partial"
        first = self._begin(quotation, amount=quotation.amount_total - 10.0)
        first._set_authorized()
        second = self._begin(quotation, amount=10.0)
        first._set_canceled()
        self._finish(second)
        self.assertNotEqual(quotation.state, "sale")

    def test_two_halves_are_a_whole_whichever_comes_first(self):
        half = self._total(self.cart) / 2.0
        first, second = (self._begin(self.cart, amount=half, hours_ago=1) for _half in range(2))
        self._end_types()
        self._finish(second)
        self.assertEqual(self.cart.state, "draft")
        self._finish(first)
        self.assertEqual((self.cart.state, self._total(self.cart)), ("sale", 896.5))

    def test_who_paid_in_another_currency_is_looked_at(self):
        transaction = self._begin(self.cart)
        self.cart.pricelist_id = self.env["product.pricelist"].create(
            {"name": "Test Abroad", "currency_id": self.env.ref("base.CHF").id}
        )
        self.env.ref("base.CHF").active = True
        self.assertEqual(self.cart.currency_id.name, "CHF")
        self._finish(transaction)
        self.assertEqual(self.cart.state, "sale")
        self.assertIn("CHF", self.cart.activity_ids.note)

    def test_who_left_the_company_looks_after_nothing(self):
        self.cart.user_id = self.salesman
        self.cart.team_id = False
        self.salesman.active = False
        transaction = self._begin(self.cart)
        self._end_types()
        self._finish(transaction)
        self.assertTrue(self.cart.activity_ids.user_id.active)

    def test_what_waited_follows_when_the_payment_fails(self):
        self.transfer.support_manual_capture = "partial"
        for state, fail in (("draft", "_set_error"), ("authorized", "_set_canceled")):
            with self.subTest(state):
                self.restaurant._assign_customer_types(self.wholesale)
                self.cart._follow_customer_policy()
                transaction = self._begin(self.cart)
                transaction.state = state
                self._end_types()
                self.assertEqual(self._total(self.cart), 633.55)
                getattr(transaction, fail)("Refused")
                transaction._post_process()
                self.assertEqual((self._total(self.cart), self.cart.policy_pending), (896.5, False))

    def test_a_transfer_that_never_came_leaves_a_marked_quotation(self):
        transaction = self._begin(self.cart)
        transaction._set_pending()
        transaction._post_process()
        self.assertEqual(self.cart.state, "sent")
        self._end_types()
        self.assertFalse(self.cart.policy_outdated)
        transaction._set_canceled()
        transaction._post_process()
        self.assertTrue(self.cart.policy_outdated)

    def test_what_was_cancelled_and_paid_is_handed_to_a_person(self):
        transaction = self._begin(self.cart)
        self.cart._action_cancel()
        self._finish(transaction)
        self.assertEqual(self.cart.state, "cancel")
        self.assertEqual(self.cart.activity_ids.summary, "Paid, but not confirmed")


@tagged("post_install", "-at_install")
class TestPayingShop(PayingCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self._sign_in(self.chef_user)
        self.url_open("/shop/payment")

    def _begin_in_shop(self):
        answer = self._post_transaction(self.cart)
        self.assertIn("result", answer, answer)
        self.assertEqual(self.cart.transaction_ids.state, "draft")
        return self.cart.transaction_ids

    def test_other_pages_leave_alone_what_is_being_paid(self):
        transaction = self._begin_in_shop()
        self._end_types()
        # Also what only shows in the session: a price list set on the customer.
        self.restaurant.specific_property_product_pricelist = self.retail_list
        for url in ("/shop", self.product.website_url, "/shop/cart", "/my"):
            self.url_open(url)
            self.assertEqual(self._total(self.cart), 633.55, url)
        self._finish(transaction)
        self.assertEqual((self.cart.state, self._total(self.cart)), ("sale", 633.55))
        self.assertTrue(self.cart.activity_ids)

    def test_what_is_paid_stays_as_it_is_until_it_is_confirmed(self):
        transaction = self._begin_in_shop()
        self._end_types()
        transaction._set_done()
        # Odoo lets go of it on one page, and takes it up as an abandoned cart on the next.
        for url in ("/shop/cart", "/shop/cart", "/shop", "/shop/checkout", "/shop/cart"):
            self.url_open(url)
            self.assertEqual(self._total(self.cart), 633.55, url)
        self._finish(transaction)
        self.assertEqual((self.cart.state, self._total(self.cart)), ("sale", 633.55))

    def test_who_goes_on_without_that_payment_gets_the_prices_of_today(self):
        self._begin_in_shop()
        self._end_types()
        with mute_logger("odoo.http"):
            answer = self._post_transaction(self.cart)
        self.assertIn("Please load the page again.", answer["error"]["data"]["message"])
        page = self.url_open("/shop/payment").text
        self.assertEqual(self._total(self.cart), 896.5)
        self.assertIn(WARNING, page)
        answer = self._post_transaction(self.cart)
        self.assertIn("result", answer)

    def test_what_was_given_up_follows_on_the_next_page(self):
        transaction = self._begin_in_shop()
        self._end_types()
        transaction.last_state_change = fields.Datetime.subtract(
            transaction.last_state_change, hours=1
        )
        self.assertIn(WARNING, self.url_open("/shop/cart").text)
        self.assertEqual(self._total(self.cart), 896.5)
        self.assertFalse(self.cart.policy_pending)
