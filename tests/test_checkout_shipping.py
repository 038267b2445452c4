from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .checkout_common import EXPRESS_ADDRESS, CheckoutCommon
from .common_payment import create_paid_transaction


@tagged("post_install", "-at_install")
class TestCarriers(CheckoutCommon):
    def test_without_a_word_everybody_chooses_among_all(self):
        cart = self._create_cart(self.chef)
        self.assertEqual(cart._get_delivery_methods(), self.parcel + self.van)

    def test_holders_choose_among_what_their_types_name(self):
        self.wholesale.carrier_ids = self.van
        self.assertEqual(self._create_cart(self.chef)._get_delivery_methods(), self.van)
        self.assertEqual(
            self._create_cart(self.person)._get_delivery_methods(), self.parcel + self.van
        )

    def test_two_types_give_what_either_gives(self):
        self.wholesale.carrier_ids = self.van
        self.reserve.carrier_ids = self.parcel
        self.restaurant._assign_customer_types(self.reserve)
        self.assertEqual(
            self._create_cart(self.chef)._get_delivery_methods(), self.parcel + self.van
        )

    def test_a_carrier_only_for_types_is_for_their_holders(self):
        self.wholesale.carrier_ids = self.van + self.parcel
        self.van.only_for_types = True
        self.assertEqual(
            self._create_cart(self.chef)._get_delivery_methods(), self.parcel + self.van
        )
        self.assertEqual(self._create_cart(self.person)._get_delivery_methods(), self.parcel)
        self.assertEqual(self.van.customer_type_ids, self.wholesale)

    def test_archived_and_foreign_carriers_say_nothing(self):
        self.wholesale.carrier_ids = self.van
        self.van.active = False
        self.assertEqual(self._create_cart(self.chef)._get_delivery_methods(), self.parcel)
        self.van.write(
            {"active": True, "company_id": self.env["res.company"].create({"name": "Other"}).id}
        )
        self.assertEqual(self._create_cart(self.chef)._get_delivery_methods(), self.parcel)

    def test_what_is_said_on_the_carrier_acts_at_once(self):
        cart = self._create_ready_cart(self.chef)
        self.van.customer_type_ids = self.wholesale
        self.assertEqual(cart._get_delivery_methods(), self.van)
        self.van.customer_type_ids = False
        self.assertEqual(cart._get_delivery_methods(), self.parcel + self.van)
        new = self._create_carrier("Test Bike", 5.0, customer_type_ids=self.wholesale.ids)
        self.assertEqual(cart._get_delivery_methods(), new)
        new.unlink()
        self.assertEqual(cart._get_delivery_methods(), self.parcel + self.van)

    def test_who_may_not_edit_types_does_not_by_the_carrier(self):
        seller = new_test_user(self.env, "ct_head", groups="sales_team.group_sale_manager")
        van = self.van.with_user(seller)
        van.name = "Test Lorry"
        with self.assertRaises(AccessError):
            van.customer_type_ids = self.wholesale
        van.with_user(self.manager).customer_type_ids = self.wholesale

    def test_guests_choose_among_what_their_type_names(self):
        self.reserve.carrier_ids = self.parcel
        self.website.guest_customer_type_id = self.reserve
        guest = self._create_cart(self.website.user_id.partner_id)
        self.assertEqual(guest._get_delivery_methods(), self.parcel)

    def test_the_sales_desk_is_offered_the_same(self):
        self.wholesale.carrier_ids = self.van
        order = self._create_order(self.chef).with_user(self.clerk)
        wizard = self.env["choose.delivery.carrier"].with_user(self.clerk)
        wizard = wizard.create({"order_id": order.id, "carrier_id": self.van.id})
        self.assertEqual(wizard.available_carrier_ids, self.van)

    def test_a_forged_choice_at_the_sales_desk_is_not_confirmed(self):
        self.wholesale.carrier_ids = self.van
        order = self._create_order(self.chef, carrier_id=self.parcel.id)
        with self.assertRaisesRegex(UserError, "Test Parcel is not available"):
            order.with_user(self.salesman).action_confirm()
        self.assertIn("Test Parcel", order.with_user(self.salesman).policy_issues_html)
        order.carrier_id = self.van
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_type_page_tells_what_it_gives(self):
        self.wholesale.write({"carrier_ids": self.van.ids, "free_shipping_over": 250})
        words = dict(self.wholesale._get_policy_words())
        self.assertEqual(words["Delivery Methods"], "Test Van")
        self.assertIn("250.00", words["Free Delivery from"])

    def test_a_carrier_of_another_company_is_refused_on_a_type(self):
        self.van.company_id = self.env["res.company"].create({"name": "Other"})
        self.wholesale.company_id = self.env.company
        with self.assertRaises(ValidationError):
            self.wholesale.carrier_ids = self.van


@tagged("post_install", "-at_install")
class TestFreeShipping(CheckoutCommon):
    def test_it_is_free_from_the_amount_on_and_says_why(self):
        self.wholesale.free_shipping_over = 613.55
        order = self._create_order(self.chef)
        rate = self.parcel.rate_shipment(order)
        self.assertEqual((rate["price"], rate["carrier_price"]), (0.0, 20.0))
        self.assertIn("613.55", rate["warning_message"])
        self.wholesale.free_shipping_over = 613.56
        rate = self.parcel.rate_shipment(order)
        self.assertEqual(rate["price"], 20.0)
        self.assertFalse(rate["warning_message"])

    def test_others_pay(self):
        self.wholesale.free_shipping_over = 1
        self.assertEqual(self.parcel.rate_shipment(self._create_order(self.person))["price"], 20.0)

    def test_the_smallest_amount_of_several_types_counts(self):
        self.wholesale.free_shipping_over = 10000
        self.reserve.free_shipping_over = 500
        order = self._create_order(self.chef)
        self.assertEqual(self.parcel.rate_shipment(order)["price"], 20.0)
        self.restaurant._assign_customer_types(self.reserve)
        self.assertEqual(self.parcel.rate_shipment(order)["price"], 0.0)

    def test_some_methods_are_always_paid_for(self):
        self.wholesale.free_shipping_over = 1
        self.van.free_for_types = False
        order = self._create_order(self.chef)
        self.assertEqual(self.van.rate_shipment(order)["price"], 50.0)
        self.assertEqual(self.parcel.rate_shipment(order)["price"], 0.0)

    def test_methods_with_rules_are_free_too(self):
        self.wholesale.free_shipping_over = 500
        self.parcel.write(
            {
                "delivery_type": "base_on_rule",
                "price_rule_ids": [
                    Command.create(
                        {
                            "variable": "price",
                            "operator": ">=",
                            "max_value": 0.0,
                            "list_base_price": 33.0,
                        }
                    )
                ],
            }
        )
        order = self._create_order(self.chef)
        self.assertEqual(self.parcel.rate_shipment(order)["price"], 0.0)
        self.wholesale.free_shipping_over = 5000
        self.assertEqual(self.parcel.rate_shipment(order)["price"], 33.0)

    def test_the_amount_counts_taxes_and_discounts_and_no_delivery(self):
        tax = self.env["account.tax"].create({"name": "10", "amount": 10})
        self.product.taxes_id = tax
        self.wholesale.free_shipping_over = 674.9
        order = self._create_order(self.chef)
        self.assertAlmostEqual(order.amount_total, 674.91)
        self.assertEqual(self.parcel.rate_shipment(order)["price"], 0.0)
        order.order_line.discount = 1
        self.assertEqual(self.parcel.rate_shipment(order)["price"], 20.0)
        order.set_delivery_line(self.van, 50.0)
        self.assertEqual(self.parcel.rate_shipment(order)["price"], 20.0)

    def test_the_amount_is_one_of_the_companys_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2.0})],
            }
        )
        pricelist = self._create_pricelist("Test in T", 1000.0, currency_id=currency.id)
        order = self._create_order(self.chef, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        self.wholesale.free_shipping_over = 500
        self.assertEqual(order._get_free_shipping_over(), 1000.0)
        self.assertEqual(self.parcel.rate_shipment(order)["price"], 0.0)
        self.wholesale.free_shipping_over = 501
        self.assertEqual(order._get_missing_for_free_shipping(), 2.0)

    def test_a_negative_amount_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.wholesale.free_shipping_over = -1
            self.env.flush_all()

    def test_the_wizard_of_the_sales_desk_explains_it(self):
        self.wholesale.free_shipping_over = 100
        order = self._create_order(self.chef).with_user(self.clerk)
        wizard = Form.from_action(self.env(user=self.clerk), order.action_open_delivery_wizard())
        wizard.carrier_id = self.parcel
        self.assertEqual(wizard.display_price, 20.0)
        self.assertIn("free", wizard.delivery_message)
        wizard = wizard.save()
        self.assertEqual(wizard.delivery_price, 0.0)
        wizard.button_confirm()
        line = order.order_line.filtered("is_delivery")
        self.assertEqual(line.price_unit, 0.0)
        self.assertIn("Free Shipping", line.name)

    def test_the_cart_says_what_is_missing(self):
        self.wholesale.free_shipping_over = 650
        cart = self._create_cart(self.chef)
        [issue] = cart._get_policy_issues("cart")
        self.assertEqual((issue.code, issue.level), ("free_shipping", "info"))
        self.assertIn("36.45", issue.message)
        cart.order_line.product_uom_qty = 2
        self.assertFalse(cart._get_policy_issues("cart"))
        self.product.type = "service"
        cart.order_line.product_uom_qty = 1
        self.assertFalse(cart._get_policy_issues("cart"))

    def test_the_cart_follows_what_is_put_in(self):
        self.wholesale.free_shipping_over = 1000
        cart = self._create_ready_cart(self.chef)
        self.assertEqual(cart.amount_delivery, 20.0)
        cart._cart_update_line_quantity(cart.order_line[0].id, 2)
        cart._verify_cart_after_update()
        self.assertEqual(cart.amount_delivery, 0.0)


@tagged("post_install", "-at_install")
class TestShippingFollows(CheckoutCommon):
    """A type, or what it gives, changes while a cart is open."""

    def test_free_delivery_comes_and_goes_with_the_type(self):
        self.reserve.free_shipping_over = 100
        cart = self._create_ready_cart(self.chef)
        self.restaurant._assign_customer_types(self.reserve)
        self.assertEqual(cart.amount_delivery, 0.0)
        self.assertEqual(cart.shop_warning, "Delivery is free now.")
        cart.shop_warning = False
        self.reserve.free_shipping_over = 100000
        self.assertEqual(cart.amount_delivery, 20.0)
        self.assertIn("Delivery costs $", cart.shop_warning)
        self.assertIn("20.00 now.", cart.shop_warning)

    def test_delivery_that_costs_the_same_is_not_worth_a_word(self):
        cart = self._create_ready_cart(self.chef)
        self.restaurant._assign_customer_types(self.reserve)
        self.assertEqual(cart.amount_delivery, 20.0)
        self.assertFalse(cart.shop_warning)

    def test_a_quotation_keeps_what_a_person_offered(self):
        order = self._create_order(self.chef, state="sent")
        order.set_delivery_line(self.parcel, 7.0)
        self.wholesale.free_shipping_over = 1
        self.assertEqual(order.order_line.filtered("is_delivery").price_unit, 7.0)

    def test_a_carrier_that_is_lost_waits_for_another_choice(self):
        cart = self._create_ready_cart(self.chef)
        self.wholesale.carrier_ids = self.van
        self.assertEqual([i.level for i in cart._get_policy_issues("cart")], ["warning"])
        self.assertFalse(cart._get_policy_blocks("checkout"))
        with self.assertRaisesRegex(ValidationError, "choose another delivery method"):
            cart._check_cart_is_ready_to_be_paid()
        cart._set_delivery_method(self.van)
        cart._check_cart_is_ready_to_be_paid()
        self.assertFalse(cart._get_policy_issues("payment"))

    def test_what_is_paid_for_is_confirmed_and_handed_to_a_person(self):
        cart = self._create_ready_cart(self.chef)
        create_paid_transaction(cart, self.transfer)
        self.wholesale.carrier_ids = self.van
        cart.sudo().with_user(self.salesman).sudo()._validate_order()
        self.assertEqual(cart.state, "sale")
        self.assertIn("Test Parcel", cart.activity_ids.note)


@tagged("post_install", "-at_install")
class TestShippingDoors(CheckoutCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.write({"carrier_ids": cls.van.ids, "free_shipping_over": 700})

    def test_the_cart_page_says_what_is_missing_for_free_delivery(self):
        self._create_cart(self.chef)
        self._sign_in(self.chef_user)
        self.assertIn("86.45 more for free delivery", self._text("/shop/cart"))
        self._sign_in(self.shopper_user)
        self._create_cart(self.person)
        self.assertNotIn("free delivery", self._text("/shop/cart"))

    def test_checkout_offers_what_is_the_customers_and_mends_what_is_not(self):
        cart = self._create_cart(self.chef, carrier_id=self.parcel.id)
        self._sign_in(self.chef_user)
        page = self._text("/shop/checkout")
        self.assertIn("Test Van", page)
        self.assertEqual(cart.carrier_id, self.van)
        words = "Test Parcel is not available to you any more. Your order comes by Test Van now."
        self.assertEqual(page.count("Test Parcel"), 1)
        self.assertEqual(page.count(words), 1)
        self.assertNotIn("Test Parcel", self._text("/shop/checkout"))

    def test_a_lost_method_of_the_same_price_is_replaced_too(self):
        self.van.fixed_price = self.parcel.fixed_price
        cart = self._create_ready_cart(self.chef)
        self._sign_in(self.chef_user)
        self.assertIn("Your order comes by Test Van now.", self._text("/shop/checkout"))
        self.assertEqual(cart.carrier_id, self.van)

    def test_forged_choices_change_nothing(self):
        cart = self._create_cart(self.chef)
        self._sign_in(self.chef_user)
        self.make_jsonrpc_request("/shop/set_delivery_method", {"dm_id": self.parcel.id})
        self.assertNotEqual(cart.carrier_id, self.parcel)
        with (
            self.assertLogs("odoo.http", "WARNING") as logs,
            self.assertRaises(JsonRpcException),
        ):
            self.make_jsonrpc_request("/shop/get_delivery_rate", {"dm_id": self.parcel.id})
        self.assertIn("refresh the page", logs.output[0])

    def test_payment_waits_for_another_choice(self):
        cart = self._create_cart(self.chef, carrier_id=self.parcel.id)
        self._sign_in(self.chef_user)
        page = self._text("/shop/payment")
        self.assertIn("Test Parcel is not available to you.", page)
        self.assertNotIn("o_payment_form", page)
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self._post_transaction(cart)
        self.assertIn("Test Parcel is not available", answer["error"]["data"]["message"])
        self.assertFalse(cart.transaction_ids)

    def test_express_checkout_offers_what_is_the_customers(self):
        cart = self._create_cart(self.chef)
        cart.order_line.product_uom_qty = 2
        self._sign_in(self.chef_user)
        answer = self.make_jsonrpc_request(
            "/shop/express/shipping_address_change",
            {
                "partial_delivery_address": {
                    "city": "Scranton",
                    "zip": "18503",
                    "country": "US",
                    "state": "PA",
                }
            },
        )
        self.assertEqual(
            [(m["id"], m["minorAmount"]) for m in answer["delivery_methods"]], [(self.van.id, 0)]
        )
        self.make_jsonrpc_request(
            "/shop/express_checkout",
            {
                "billing_address": dict(EXPRESS_ADDRESS),
                "shipping_address": dict(EXPRESS_ADDRESS),
                "shipping_option": {"id": self.parcel.id},
            },
        )
        self.assertNotEqual(cart.carrier_id, self.parcel)

    def test_a_quotation_with_a_lost_carrier_is_neither_signed_nor_paid(self):
        order = self._create_order(
            self.chef,
            state="sent",
            require_signature=True,
            require_payment=True,
            carrier_id=self.parcel.id,
        )
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": order._portal_ensure_token(), "name": "Me", "signature": "R0lG"},
        )
        self.assertIn("contact us for another delivery method", answer["error"])
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self._post_transaction(order, f"/my/orders/{order.id}/transaction")
        self.assertIn("Test Parcel is not available", answer["error"]["data"]["message"])

    def test_customers_learn_nothing_about_types_by_rpc(self):
        self._sign_in(self.chef_user)
        for fname in ("customer_type_ids", "only_for_types", "free_for_types"):
            with self.assertLogs("odoo.http", "WARNING"), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    "/web/dataset/call_kw/delivery.carrier/read",
                    {
                        "model": "delivery.carrier",
                        "method": "read",
                        "args": [[self.van.id], [fname]],
                        "kwargs": {},
                    },
                )

    def _text(self, url):
        return self.url_open(url).text
