import base64
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, JsonRpcException, tagged

from odoo.addons.customer_type.models.checkout.reference.sale_order import FILE_MAX_SIZE

from .checkout_common import SIGNATURE, CheckoutCommon
from .common_payment import create_paid_transaction

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@tagged("post_install", "-at_install")
class TestReference(CheckoutCommon):
    def test_without_a_word_nobody_is_asked(self):
        order = self._create_order(self.chef)
        self.assertFalse(order._asks_for_reference())
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_asked_for_it_may_stay_empty(self):
        self.wholesale.po_mode = "ask"
        order = self._create_order(self.chef)
        self.assertTrue(order._asks_for_reference())
        self.assertFalse(order._requires_reference())
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_required_there_is_no_order_without_it(self):
        self.wholesale.po_mode = "require"
        order = self._create_order(self.chef).with_user(self.salesman)
        self.assertIn("PO number", order.policy_issues_html)
        with self.assertRaisesRegex(UserError, "PO number"):
            order.action_confirm()
        order.client_order_ref = "  "
        with self.assertRaisesRegex(UserError, "PO number"):
            order.action_confirm()
        order.client_order_ref = "PO-1"
        self.assertFalse(order.policy_issues_html)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_strongest_type_decides(self):
        self.wholesale.po_mode = "ask"
        self.reserve.po_mode = "require"
        self.restaurant._assign_customer_types(self.reserve)
        self.assertFalse(self._create_order(self.chef)._requires_reference())

    def test_it_is_due_when_paying_not_when_shopping(self):
        self.wholesale.po_mode = "require"
        cart = self._create_ready_cart(self.chef)
        self.assertFalse(cart._get_policy_issues("cart") + cart._get_policy_issues("checkout"))
        with self.assertRaisesRegex(ValidationError, "PO number"):
            cart._check_cart_is_ready_to_be_paid()
        cart._save_customer_reference(" PO  77 ")
        self.assertEqual(cart.client_order_ref, "PO 77")
        cart._check_cart_is_ready_to_be_paid()
        self.assertFalse(cart._get_policy_issues("payment"))

    def test_what_is_paid_for_is_confirmed_and_handed_to_a_person(self):
        cart = self._create_ready_cart(self.chef)
        create_paid_transaction(cart, self.transfer)
        self.wholesale.po_mode = "require"
        cart.sudo()._validate_order()
        self.assertEqual(cart.state, "sale")
        self.assertIn("PO number", cart.activity_ids.note)

    def test_a_long_reference_is_refused(self):
        order = self._create_order(self.chef)
        with self.assertRaisesRegex(UserError, "too long"):
            order._save_customer_reference("x" * 101)
        self.assertFalse(order.client_order_ref)

    def test_an_empty_reference_erases_nothing(self):
        order = self._create_order(self.chef, client_order_ref="PO-1")
        order._save_customer_reference("", None, None)
        self.assertEqual(order.client_order_ref, "PO-1")

    def test_a_purchase_order_is_kept_and_is_not_public(self):
        order = self._create_order(self.chef)
        order._save_customer_reference("PO-1", PDF, "C:\\orders\\june.exe")
        self.assertEqual(base64.b64decode(order.purchase_order_file), PDF)
        self.assertEqual(order.purchase_order_filename, "june.pdf")
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "=", order.id),
                ("res_field", "=", "purchase_order_file"),
            ]
        )
        self.assertEqual(len(attachment), 1)
        self.assertFalse(attachment.public)
        self.assertEqual(attachment.mimetype, "application/pdf")
        self.assertFalse(order.copy().purchase_order_file)

    def test_files_that_are_no_documents_are_refused(self):
        order = self._create_order(self.chef)
        bad = (HTML, b"MZ\x90\x00\x03", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        with patch.object(type(order), "write") as write:
            for content in bad:
                with self.assertRaisesRegex(UserError, "not accepted"):
                    order._save_customer_reference("PO-1", content, "order.pdf")
            with self.assertRaisesRegex(UserError, "too large"):
                order._save_customer_reference("PO-1", PDF + b" " * FILE_MAX_SIZE, "order.pdf")
            # The reference is fine, and yet: all or nothing.
            write.assert_not_called()
            order._save_customer_reference("PO-1", PDF, "order.pdf")
            write.assert_called_once()

    def test_a_nameless_file_gets_a_name(self):
        order = self._create_order(self.chef)
        order._save_customer_reference("", PDF, "")
        self.assertEqual(order.purchase_order_filename, "purchase_order.pdf")

    def test_the_invoice_carries_the_reference(self):
        order = self._create_order(self.chef, client_order_ref="PO-1")
        self.assertEqual(order._prepare_invoice()["ref"], "PO-1")


@tagged("post_install", "-at_install")
class TestReferenceShop(CheckoutCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cart = cls._create_ready_cart(cls.chef)

    def setUp(self):
        super().setUp()
        self._sign_in(self.chef_user)

    def test_payment_waits_for_a_required_reference(self):
        self.wholesale.po_mode = "require"
        page = self.url_open("/shop/payment").text
        self.assertIn("Your reference (PO number) is missing.", page)
        self.assertIn("o_customer_reference", page)
        self.assertNotIn("o_payment_form", page)
        page = self._post_form("/shop/reference", {"client_order_ref": "PO-5"}).text
        self.assertEqual(self.cart.client_order_ref, "PO-5")
        self.assertNotIn("is missing", page)
        self.assertIn("o_payment_form", page)
        self.assertIn('value="PO-5"', page)

    def test_payment_does_not_wait_for_an_optional_one(self):
        self.wholesale.po_mode = "ask"
        page = self.url_open("/shop/payment").text
        self.assertIn("o_customer_reference", page)
        self.assertIn("o_payment_form", page)

    def test_those_who_are_not_asked_see_nothing_of_it(self):
        self.assertNotIn("o_customer_reference", self.url_open("/shop/payment").text)
        self._post_form("/shop/reference", {"client_order_ref": "PO-5"})
        self.assertFalse(self.cart.client_order_ref)

    def test_a_forged_payment_is_refused(self):
        self.wholesale.po_mode = "require"
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self._post_transaction(self.cart)
        self.assertIn("PO number", answer["error"]["data"]["message"])
        self.assertFalse(self.cart.transaction_ids)
        self.cart.client_order_ref = "PO-5"
        self.assertNotIn("error", self._post_transaction(self.cart))

    def test_the_file_is_kept(self):
        self.wholesale.po_mode = "ask"
        page = self._post_form("/shop/reference", files={"purchase_order": ("june.pdf", PDF)}).text
        self.assertEqual(base64.b64decode(self.cart.purchase_order_file), PDF)
        self.assertIn("june.pdf", page)

    def test_what_is_wrong_is_said_once(self):
        self.wholesale.po_mode = "ask"
        page = self._post_form("/shop/reference", files={"purchase_order": ("june.pdf", HTML)}).text
        self.assertIn("This kind of file is not accepted.", page)
        self.assertFalse(self.cart.purchase_order_file)
        self.assertNotIn("not accepted", self.url_open("/shop/payment").text)

    def test_it_is_saved_while_it_is_typed(self):
        self.wholesale.po_mode = "ask"
        route = "/shop/reference/save"
        self.assertFalse(self.make_jsonrpc_request(route, {"client_order_ref": "PO-6"}))
        self.assertEqual(self.cart.client_order_ref, "PO-6")
        error = self.make_jsonrpc_request(route, {"client_order_ref": "x" * 200})
        self.assertIn("too long", error)
        self.wholesale.po_mode = False
        self.make_jsonrpc_request(route, {"client_order_ref": "PO-7"})
        self.assertEqual(self.cart.client_order_ref, "PO-6")

    def test_a_rule_that_comes_while_the_page_is_open_is_said_and_met(self):
        page = self.url_open("/shop/payment").text
        self.assertIn("o_payment_form", page)
        self.wholesale.po_mode = "require"
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self._post_transaction(self.cart)
        self.assertIn("PO number", answer["error"]["data"]["message"])
        self._post_form("/shop/reference", {"client_order_ref": "PO-8"})
        self.assertNotIn("error", self._post_transaction(self.cart))

    def test_a_visitor_without_a_cart_is_sent_to_the_shop(self):
        self.wholesale.po_mode = "ask"
        self.cart.unlink()
        response = self._post_form("/shop/reference", {"client_order_ref": "PO-5"})
        self.assertIn("/shop", response.url)
        self.assertFalse(
            self.make_jsonrpc_request("/shop/reference/save", {"client_order_ref": "PO-5"})
        )


@tagged("post_install", "-at_install")
class TestReferencePortal(CheckoutCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale.po_mode = "require"
        cls.quotation = cls._create_order(
            cls.chef, state="sent", require_signature=True, require_payment=False
        )
        cls.token = cls.quotation._portal_ensure_token()
        cls.url = f"/my/orders/{cls.quotation.id}"

    def _accept(self):
        return self.make_jsonrpc_request(
            f"{self.url}/accept",
            {"access_token": self.token, "name": "Me", "signature": SIGNATURE},
        )

    def test_a_quotation_is_signed_with_a_reference(self):
        self._sign_in(self.chef_user)
        self.assertIn("Please fill in your reference before you accept.", self._page())
        self.assertIn("PO number", self._accept()["error"])
        self.assertFalse(self.quotation.signature)
        page = self._post_form(
            f"{self.url}/reference",
            {"access_token": self.token, "client_order_ref": "PO-9"},
            {"purchase_order": ("order.pdf", PDF)},
        ).text
        self.assertIn("order.pdf", page)
        self.assertNotIn("error", self._accept())
        self.assertEqual((self.quotation.state, self.quotation.client_order_ref), ("sale", "PO-9"))
        page = self._page()
        self.assertNotIn("o_customer_reference_portal", page)
        self.assertIn("order.pdf", page)

    def test_a_quotation_is_not_paid_without_it(self):
        self.quotation.write({"require_signature": False, "require_payment": True})
        self._sign_in(self.chef_user)
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self._post_transaction(self.quotation, f"{self.url}/transaction")
        self.assertIn("PO number", answer["error"]["data"]["message"])
        self.assertFalse(self.quotation.transaction_ids)

    def test_the_link_of_the_mail_is_enough(self):
        self.authenticate(None, None)
        self._post_form(
            f"{self.url}/reference", {"access_token": self.token, "client_order_ref": "PO-9"}
        )
        self.assertEqual(self.quotation.client_order_ref, "PO-9")

    def test_strangers_neither_write_nor_read(self):
        self.quotation._save_customer_reference("PO-1", PDF, "order.pdf")
        self._sign_in(self.shopper_user)
        for token in (None, "forged"):
            data = {"access_token": token, "client_order_ref": "MINE"}
            self._post_form(f"{self.url}/reference", data)
            self.assertEqual(self.quotation.client_order_ref, "PO-1")
            response = self.url_open(f"{self.url}/purchase_order?access_token={token or ''}")
            self.assertNotIn(PDF, response.content)
        response = self.url_open(f"/web/content/sale.order/{self.quotation.id}/purchase_order_file")
        self.assertEqual(response.status_code, 404)

    def test_the_customer_gets_the_file_back_as_a_download(self):
        self.quotation._save_customer_reference("PO-1", PDF, "order.pdf")
        self._sign_in(self.chef_user)
        response = self.url_open(f"{self.url}/purchase_order")
        self.assertEqual(response.content, PDF)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn("order.pdf", response.headers["Content-Disposition"])

    def test_what_is_ordered_or_expired_is_not_changed_any_more(self):
        self._sign_in(self.chef_user)
        self.quotation.write({"client_order_ref": "PO-1", "validity_date": "2020-01-01"})
        data = {"access_token": self.token, "client_order_ref": "PO-2"}
        self._post_form(f"{self.url}/reference", data)
        self.assertEqual(self.quotation.client_order_ref, "PO-1")
        self.quotation.validity_date = False
        self.quotation.action_confirm()
        self._post_form(f"{self.url}/reference", data)
        self.assertEqual(self.quotation.client_order_ref, "PO-1")

    def test_customers_write_nothing_by_rpc(self):
        self._sign_in(self.chef_user)
        for method, args in (
            ("write", [self.quotation.ids, {"client_order_ref": "PO-2"}]),
            ("_save_customer_reference", [self.quotation.ids, "PO-2"]),
        ):
            with self.assertLogs("odoo.http", "WARNING"), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/sale.order/{method}",
                    {"model": "sale.order", "method": method, "args": args, "kwargs": {}},
                )
        self.assertFalse(self.quotation.client_order_ref)

    def _page(self):
        return self.url_open(f"{self.url}?access_token={self.token}").text
