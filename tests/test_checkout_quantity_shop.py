import re

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .order_size_common import OrderSizeShopCommon

QUIET = ("odoo.http", "odoo.addons.payment.models.payment_transaction")


@tagged("post_install", "-at_install")
class TestQuantityRuleDoors(OrderSizeShopCommon, HttpCase):
    """Wholesalers buy wine in cases of six, ten cases at most; others by the bottle."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env["customer.type.quantity.rule"].create(
            {
                "customer_type_ids": cls.wholesale.ids,
                "applied_on": "product",
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "multiple": 6,
                "maximum": 60,
            }
        )
        cls.cart = cls._create_chef_cart(6)

    def _add(self, quantity, route="/shop/cart/add", **params):
        return self.make_jsonrpc_request(
            route,
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": quantity,
                **params,
            },
        )

    def _quantity_input(self, page):
        """:return: attributes of the quantity input of a product page, by name"""
        [tag] = re.findall(r"<input[^>]*name=\"add_qty\"[^>]*>", page)
        return dict(re.findall(r'([\w-]+)="([^"]*)"', tag))

    # -- Product page ------------------------------------------------------

    def test_the_product_page_starts_from_the_minimum_and_steps_by_the_multiple(self):
        url = self.product.website_url
        page = self.url_open(url).text
        attributes = self._quantity_input(page)
        self.assertEqual((attributes["value"], attributes["data-min"]), ("1", "1"))
        self.assertNotIn("in multiples of", page)
        self._sign_in()
        page = self.url_open(url).text
        attributes = self._quantity_input(page)
        names = ("value", "data-min", "data-step", "data-rule-max")
        self.assertEqual([attributes[n] for n in names], ["6", "6", "6", "60"])
        self.assertIn("Sold in multiples of 6 Units, at most 60 Units per order.", page)

    def test_another_unit_of_measure_is_told_to_the_page(self):
        self._sign_in()
        params = {
            "product_template_id": self.product.product_tmpl_id.id,
            "product_id": self.product.id,
            "combination": [],
            "add_qty": 1,
        }
        url = "/website_sale/get_combination_info"
        limits = self.make_jsonrpc_request(url, params)["quantity_limits"]
        self.assertEqual((limits["minimum"], limits["maximum"], limits["step"]), (6, 60, 6))
        params["uom_id"] = self.env.ref("uom.product_uom_dozen").id
        limits = self.make_jsonrpc_request(url, params)["quantity_limits"]
        self.assertEqual((limits["minimum"], limits["maximum"], limits["step"]), (1, 5, 1))
        self.rule.active = False
        self.assertNotIn("quantity_limits", self.make_jsonrpc_request(url, params))

    def test_the_dialogs_of_the_shop_count_by_the_rule_as_well(self):
        self._sign_in()
        params = {
            "product_template_id": self.product.product_tmpl_id.id,
            "ptav_ids": [],
            "quantity": 1,
            "currency_id": self.env.company.currency_id.id,
            "so_date": "2026-01-01",
            "company_id": self.env.company.id,
            "pricelist_id": self.pricelist.id,
        }
        url = "/website_sale/product_configurator/get_values"
        limits = self.make_jsonrpc_request(url, params)["products"][0]["quantity_limits"]
        self.assertEqual((limits["minimum"], limits["maximum"], limits["step"]), (6, 60, 6))
        url = "/website_sale/product_configurator/update_combination"
        params["product_uom_id"] = self.env.ref("uom.product_uom_dozen").id
        limits = self.make_jsonrpc_request(url, params)["quantity_limits"]
        self.assertEqual((limits["minimum"], limits["maximum"], limits["step"]), (1, 5, 1))
        box = self.env["product.template"].create(
            {
                "name": "Test Box",
                "type": "combo",
                "website_published": True,
                "combo_ids": [
                    Command.create(
                        {
                            "name": "Test Choice",
                            "combo_item_ids": [Command.create({"product_id": self.product.id})],
                        }
                    )
                ],
            }
        )
        self.rule.copy({"product_tmpl_id": box.id, "multiple": 2, "maximum": 0})
        url = "/website_sale/combo_configurator/get_data"
        params = {"product_tmpl_id": box.id, "quantity": 1, "date": "2026-01-01"}
        limits = self.make_jsonrpc_request(url, params)["quantity_limits"]
        self.assertEqual((limits["minimum"], limits["step"]), (2, 2))
        self.env["customer.type.quantity.rule"].search([]).active = False
        self.assertFalse(self.make_jsonrpc_request(url, params)["quantity_limits"])

    # -- Cart --------------------------------------------------------------

    def test_the_cart_steps_by_the_multiple(self):
        self._sign_in()
        page = self.url_open("/shop/cart").text
        self.assertRegex(page, r'data-min="6"[^>]*data-rule-max="60"[^>]*data-step="6"')

    def test_a_forged_quantity_is_corrected_with_a_message(self):
        self._sign_in()
        answer = self._add(1)
        self.assertEqual(answer["quantity"], 12)
        self.assertIn("12 instead of 7", answer["notification_info"]["warning"])
        answer = self._change(self.cart.order_line, 11)
        self.assertEqual(answer["quantity"], 6)
        self.assertIn("6 instead of 11", answer["warning"])
        answer = self._change(self.cart.order_line, 10**9)
        self.assertEqual(answer["quantity"], 60)
        answer = self._change(self.cart.order_line, -5)
        self.assertFalse(self.cart.order_line)

    def test_a_quick_add_starts_from_the_minimum(self):
        self.cart.order_line.unlink()
        self._sign_in()
        answer = self._add(1, "/shop/cart/quick_add")
        self.assertEqual(answer["quantity"], 6)
        self.assertIn("6 instead of 1", answer["notification_info"]["warning"])
        self.assertTrue(answer["cart_ready"])

    def test_a_reorder_gets_what_is_allowed_today_and_says_so(self):
        self.rule.active = False
        order = self._create_chef_cart(7)
        order.action_confirm()
        self.rule.active = True
        self.cart.order_line.unlink()
        self._sign_in()
        self.make_jsonrpc_request("/my/orders/reorder", {"order_id": order.id})
        self.assertEqual(self.cart.order_line.product_uom_qty, 12)
        self.assertIn("12 instead of 7", self.url_open("/shop/cart").text)

    def test_a_box_in_the_cart_is_no_way_around_the_maximum(self):
        self.rule.write({"multiple": 0, "maximum": 8})
        combo = self.env["product.combo"].create(
            {"name": "Wine", "combo_item_ids": [Command.create({"product_id": self.product.id})]}
        )
        box = self.env["product.product"].create(
            {
                "name": "Test Box",
                "type": "combo",
                "combo_ids": combo.ids,
                "list_price": 25.0,
                "website_published": True,
            }
        )
        self._sign_in()
        item = {
            "product_id": self.product.id,
            "product_template_id": self.product.product_tmpl_id.id,
            "parent_product_template_id": box.product_tmpl_id.id,
            "combo_item_id": combo.combo_item_ids.id,
            "quantity": 5,
            "product_custom_attribute_values": [],
            "no_variant_attribute_value_ids": [],
        }
        params = {
            "product_template_id": box.product_tmpl_id.id,
            "product_id": box.id,
            "linked_products": [item],
        }
        answer = self._add(5, **params)
        self.assertEqual(answer["quantity"], 2)
        self.assertIn("at most 8", answer["notification_info"]["warning"])
        lines = self.cart.order_line
        wines = lines.filtered(lambda line: line.product_id == self.product)
        self.assertEqual(sum(wines.mapped("product_uom_qty")), 8)
        answer = self._add(5, **params)
        self.assertEqual(answer["quantity"], 0)
        self.assertIn("cannot be ordered", answer["notification_info"]["warning"])
        self.assertEqual(self.cart.order_line, lines)

    # -- Checkout, payment, portal -----------------------------------------

    @mute_logger(*QUIET)
    def test_a_rule_that_comes_up_at_the_payment_step_is_told_and_can_be_followed(self):
        self.rule.active = False
        self.cart.order_line.product_uom_qty = 7
        self._sign_in()
        self.assertTrue(self.url_open("/shop/payment").url.endswith("/shop/payment"))
        self.rule.active = True
        answer = self._pay(self.cart)
        self.assertIn("Order 12 Units instead.", answer["error"]["data"]["message"])
        response = self.url_open("/shop/checkout")
        self.assertTrue(response.url.endswith("/shop/cart"))
        self.assertIn("7 cannot be ordered", response.text)
        answer = self._change(self.cart.order_line, 8)
        self.assertEqual((answer["quantity"], answer["cart_ready"]), (12, True))
        self.assertNotIn("cannot be ordered", answer["website_sale.cart_lines"])
        self.url_open("/shop/payment")
        self.assertIn("reference", self._pay(self.cart)["result"])

    def _create_option(self, quantity=0, product=None, **values):
        """:return: an optional line of a quotation, which its customer may change in the portal"""
        wine = product or self._create_wine()
        self.rule.copy({"product_tmpl_id": wine.product_tmpl_id.id})
        quotation = self._create_sized_order(6, self.chef, state="sent", **values)
        self._add_line(
            quotation,
            product_id=False,
            product_uom_qty=0,
            name="You may also like",
            display_type="line_section",
            is_optional=True,
            sequence=100,
        )
        return self._add_line(quotation, wine, quantity, sequence=101)

    def _change_option(self, option, **params):
        """:return: the quantity of an option once it was changed in the portal, and the page"""
        order = option.order_id
        params |= {"line_id": option.id, "access_token": order._portal_ensure_token()}
        self.make_jsonrpc_request(f"/my/orders/{order.id}/update_line_dict", params)
        return option.product_uom_qty, self.url_open(order.get_portal_url()).text

    def test_an_option_in_the_portal_is_corrected_as_in_the_cart(self):
        option = self._create_option()
        quantity, page = self._change_option(option, input_quantity=5)
        self.assertEqual(quantity, 6)
        self.assertIn("6 instead of 5", page)
        self.assertNotIn("6 instead of 5", self.url_open(option.order_id.get_portal_url()).text)
        quantity, page = self._change_option(option)
        self.assertEqual(quantity, 12)
        self.assertIn("12 instead of 7", page)
        quantity, page = self._change_option(option, remove=True)
        self.assertEqual(quantity, 6)
        quantity, page = self._change_option(option, remove=True)
        self.assertEqual(quantity, 0)
        self.assertNotIn("o_option_correction", page)
        self.assertEqual(self._change_option(option, input_quantity=10**6)[0], 60)
        self.env["customer.type.quantity.rule"].search([]).active = False
        self.assertEqual(self._change_option(option, input_quantity=5)[0], 5)

    @mute_logger(*QUIET)
    def test_an_option_is_not_changed_by_strangers(self):
        option = self._create_option()
        url = f"/my/orders/{option.order_id.id}/update_line_dict"
        params = {"line_id": option.id, "access_token": "forged", "input_quantity": 5}
        self.url_open(url, json={"params": params})
        self.assertEqual(option.product_uom_qty, 0)
        params["access_token"] = option.order_id._portal_ensure_token()
        other = self._create_option(6)
        self.make_jsonrpc_request(url, {**params, "line_id": other.id})
        self.make_jsonrpc_request(url, {**params, "line_id": option.order_id.order_line[0].id})
        self.assertEqual(other.product_uom_qty, 6)
        self.assertEqual(option.order_id.order_line[0].product_uom_qty, 6)

    def test_the_small_order_fee_follows_the_options(self):
        self.env.ref("customer_type.product_small_order_fee").taxes_id = False
        self.wholesale.write(
            {
                "order_minimum_amount": 100.0,
                "order_below_minimum": "fee",
                "order_minimum_fee": 15.0,
            }
        )
        option = self._create_option(6)
        order = option.order_id
        self.assertEqual(order.amount_total, 120.0)
        self._change_option(option, remove=True)
        self.assertEqual(order.amount_total, 75.0)
        fee = order.order_line.filtered("is_order_minimum_fee")
        self.assertFalse(fee.parent_id.is_optional, "the fee is no option")
        self._change_option(option)
        self.assertEqual(order.amount_total, 120.0)
        self._change_option(option, input_quantity=0)
        order.order_line.filtered("is_order_minimum_fee").price_unit = 5.0
        self._change_option(option)
        self.assertEqual(order.amount_total, 125.0, "what a person has typed stays")

    def test_an_option_that_fits_no_rule_any_more_is_not_signed(self):
        option = self._create_option(require_signature=True)
        quotation = option.order_id
        self.rule.active = False
        self._change_option(option, input_quantity=6)
        line = self._add_line(quotation, quantity=5)
        self.rule.active = True
        params = {
            "access_token": quotation._portal_ensure_token(),
            "name": "Me",
            "signature": "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs=",
        }
        url = f"/my/orders/{quotation.id}/accept"
        self.assertIn("11 cannot be ordered", self.make_jsonrpc_request(url, params)["error"])
        self.assertEqual(quotation.state, "sent")
        line.product_uom_qty = 6
        self.assertNotIn("error", self.make_jsonrpc_request(url, params))
        self.assertEqual(quotation.state, "sale")

    @mute_logger(*QUIET)
    def test_a_portal_user_does_not_reach_the_rules_by_rpc(self):
        self._sign_in()
        for method, args in (("read", [["multiple"]]), ("write", [{"multiple": 1}])):
            answer = self.url_open(
                f"/web/dataset/call_kw/customer.type.quantity.rule/{method}",
                json={
                    "params": {
                        "model": "customer.type.quantity.rule",
                        "method": method,
                        "args": [self.rule.ids, *args],
                        "kwargs": {},
                    }
                },
            ).json()
            self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessError")
