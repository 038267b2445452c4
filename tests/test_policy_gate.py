from unittest.mock import patch

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.payment.tests.common import PaymentCommon

from odoo.addons.customer_type.models.policy.policy import PolicyIssue

from .common import CustomerTypeCommon

BLOCK = PolicyIssue("test_block", "block", "Not enough wine.", fix="Add six bottles.")
WARNING = PolicyIssue("test_warning", "warning", "A little wine.")
INFO = PolicyIssue("test_info", "info", "More wine for a free glass.")


@tagged("post_install", "-at_install")
class TestOrderGate(CustomerTypeCommon):
    def test_a_block_stops_confirmation_and_says_what_to_do(self):
        order = self._create_order(self.person).with_user(self.salesman)
        with self._with_policy_issue(BLOCK):
            with self.assertRaises(UserError) as caught:
                order.action_confirm()
            self.assertEqual(str(caught.exception), "Not enough wine. Add six bottles.")
        self.assertEqual(order.state, "draft")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_warning_is_shown_and_stops_nothing(self):
        order = self._create_order(self.person).with_user(self.salesman)
        with self._with_policy_issue(WARNING):
            self.assertIn("A little wine.", order.policy_issues_html)
            order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_what_stops_the_order_stands_above_what_is_good_to_know(self):
        order = self._create_order(self.person).with_user(self.salesman)
        with (
            self._with_policy_issue(INFO),
            self._with_policy_issue(WARNING),
            self._with_policy_issue(BLOCK),
        ):
            banner = str(order.policy_issues_html)
        places = [banner.index(issue.message) for issue in (BLOCK, WARNING, INFO)]
        self.assertEqual(places, sorted(places))

    def test_several_orders_are_confirmed_together_or_not_at_all(self):
        orders = self._create_order(self.person) + self._create_order(self.chef)
        with self._with_policy_issue(BLOCK), self.assertRaises(UserError):
            orders.with_user(self.manager).action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"draft"})

    def test_the_override_group_confirms_with_a_reason_that_is_logged(self):
        order = self._create_order(self.person).with_user(self.manager)
        with self._with_policy_issue(BLOCK):
            with self.assertRaises(RedirectWarning) as caught:
                order.action_confirm()
            action = caught.exception.args[1]
            wizard = (
                self.env[action["res_model"]]
                .with_user(self.manager)
                .with_context(**action["context"])
                .create({"reason": "Old friend"})
            )
            wizard.action_override()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.policy_override_reason, "Old friend")
        bodies = "".join(order.message_ids.mapped("body"))
        self.assertIn("Old friend", bodies)
        self.assertIn("Not enough wine.", bodies)

    def test_an_override_accepts_what_stood_then_and_nothing_else(self):
        order = self._create_order(self.person).with_user(self.manager)
        with self._with_policy_issue(BLOCK):
            order._override_policy("Old friend")
        worse = PolicyIssue("test_block", "block", "No wine at all.")
        with self._with_policy_issue(worse), self.assertRaises(RedirectWarning):
            order.action_confirm()

    def test_others_can_neither_open_the_override_nor_forge_it(self):
        order = self._create_order(self.person).with_user(self.salesman)
        with self.assertRaises(AccessError):
            self.env["sale.order.policy.override"].with_user(self.salesman).create(
                {"order_id": order.id, "reason": "Mine"}
            )
        with self._with_policy_issue(BLOCK):
            with self.assertRaises(AccessError):
                order.write({"policy_override_keys": [BLOCK.key]})
            with self.assertRaises(UserError):
                order.with_context(policy_override_reason="x", su=True).action_confirm()

    def test_nobody_accepts_an_issue_without_a_reason(self):
        order = self._create_order(self.person).with_user(self.manager)
        with self._with_policy_issue(BLOCK), self.assertRaises(AccessError):
            order.write({"policy_override_keys": [BLOCK.key]})

    def test_an_order_of_somebody_else_is_not_shown_by_the_override(self):
        seller = new_test_user(
            self.env,
            "ct_seller",
            groups="sales_team.group_sale_salesman,customer_type.group_override",
        )
        order = self._create_order(self.person, user_id=self.manager.id)
        self.env.flush_all()
        self.env.invalidate_all()
        wizard = self.env["sale.order.policy.override"].with_user(seller)
        with self._with_policy_issue(BLOCK), self.assertRaises(AccessError):
            wizard.create({"order_id": order.id, "reason": "Curious"}).issues_html  # noqa: B018

    # -- Past the button ---------------------------------------------------

    def test_nobody_writes_an_order_to_be_confirmed(self):
        for user in (self.salesman, self.manager):
            for state in ("draft", "sent", "cancel"):
                order = self._create_order(self.person, state=state).with_user(user)
                for context in ({}, {"policy_gate_asked": 1}, {"policy_gate_asked": True}):
                    with (
                        self.subTest(user=user.login, state=state, context=context),
                        self._with_policy_issue(BLOCK),
                        self.assertRaisesRegex(UserError, "Not enough wine. Add six bottles."),
                    ):
                        order.with_context(**context).write({"state": "sale"})
                    self.assertEqual(order.state, state)
                order.write({"state": "sale"})
                self.assertEqual(order.state, "sale")

    def test_what_is_written_along_counts(self):
        self.wholesale.order_maximum_amount = 150.0
        self.restaurant._assign_customer_types(self.wholesale)
        order = self._create_order(self.chef).with_user(self.salesman)
        more = {"order_line": [Command.create({"product_id": self.product.id})]}
        with self.assertRaisesRegex(UserError, "over your order maximum"):
            order.write({"state": "sale", **more})
        self.assertEqual(order.state, "draft")

    def test_nobody_creates_a_confirmed_order_past_the_rules(self):
        self.wholesale.order_maximum_amount = 150.0
        self.restaurant._assign_customer_types(self.wholesale)
        orders = self.env["sale.order"].with_user(self.salesman)
        line = Command.create({"product_id": self.product.id})
        values = {"partner_id": self.chef.id, "order_line": [line, line]}
        with self.assertRaisesRegex(UserError, "over your order maximum"):
            orders.create({"state": "sale", **values})
        with self.assertRaisesRegex(UserError, "over your order maximum"):
            orders.with_context(default_state="sale").create(values)
        order = orders.create({"state": "sale", **values, "order_line": [line]})
        self.assertEqual((order.state, order.amount_total), ("sale", 100.0))

    def test_a_confirmed_order_that_is_created_takes_its_credit_once(self):
        self.wholesale.write({"pay_on_account": "allowed", "credit_limit": 100.0})
        self.restaurant._assign_customer_types(self.wholesale)
        orders = self.env["sale.order"].with_user(self.salesman)
        line = Command.create({"product_id": self.product.id})
        values = {"partner_id": self.chef.id, "state": "sale", "order_line": [line]}
        self.assertEqual(orders.create(values).state, "sale")
        with self.assertRaisesRegex(UserError, "The credit limit is"):
            orders.create(values)

    def test_each_of_several_may_not_have_what_all_together_may_not(self):
        self.wholesale.write({"pay_on_account": "allowed", "credit_limit": 150.0})
        self.restaurant._assign_customer_types(self.wholesale)
        orders = self._create_order(self.chef) + self._create_order(self.chef)
        clerk = orders.with_user(self.salesman)
        line = Command.create({"product_id": self.product.id})
        values = {"partner_id": self.chef.id, "state": "sale", "order_line": [line]}
        for confirm in (
            lambda: clerk.write({"state": "sale"}),
            lambda: clerk.create([values, values]),
        ):
            with self.assertRaises(UserError) as caught:
                confirm()
            self.assertIn("The credit limit is", str(caught.exception))
        self.assertEqual(set(orders.mapped("state")), {"draft"})

    def test_nobody_answers_by_rpc_for_the_gate(self):
        order = self._create_order(self.person).with_user(self.salesman)
        answered = order.with_context(policy_answers={(order.id, "confirm"): []})
        with self._with_policy_issue(BLOCK), self.assertRaisesRegex(UserError, "Not enough wine."):
            answered.action_confirm()

    def test_nobody_creates_an_order_with_an_override(self):
        orders = self.env["sale.order"].with_user(self.manager)
        values = {"partner_id": self.person.id}
        with self.assertRaises(AccessError):
            orders.create({**values, "policy_override_keys": [BLOCK.key]})
        with self.assertRaises(AccessError):
            orders.with_context(default_policy_override_keys=[BLOCK.key]).create(values)

    def test_the_button_asks_once(self):
        order = self._create_order(self.person).with_user(self.salesman)
        order_class = self.env.registry["sale.order"]
        with patch.object(order_class, "_get_policy_error", return_value=False) as ask:
            order.action_confirm()
        self.assertEqual(ask.call_count, 1)
        self.assertEqual(order.state, "sale")

    def test_the_system_is_not_asked(self):
        order = self._create_order(self.person)
        with self._with_policy_issue(BLOCK):
            order.sudo().write({"state": "sale"})
        self.assertEqual(order.state, "sale")

    def test_an_override_is_not_copied(self):
        order = self._create_order(self.person)
        with self._with_policy_issue(BLOCK):
            order._override_policy("Old friend")
            self.assertFalse(order.copy().policy_override_keys)

    def test_a_cart_with_a_block_is_not_ready(self):
        order = self._create_order(self.person, website_id=self.website.id)
        self.assertTrue(order._is_cart_ready())
        with self._with_policy_issue(BLOCK, stages=("cart",)):
            self.assertFalse(order._is_cart_ready())
        with (
            self._with_policy_issue(BLOCK, stages=("payment",)),
            self.assertRaises(ValidationError),
        ):
            order._check_cart_is_ready_to_be_paid()


@tagged("post_install", "-at_install")
class TestPaidOrder(CustomerTypeCommon, PaymentCommon):
    """Money has moved: what turned bad in between goes to a person, the order is confirmed."""

    def _pay(self, order, state="done"):
        transaction = self._create_transaction(
            "direct",
            reference=order.name,
            amount=order.amount_total,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)],
        )
        transaction._set_done() if state == "done" else transaction._set_pending()
        return transaction

    def test_a_paid_order_is_confirmed_and_flagged(self):
        order = self._create_order(self.person)
        transaction = self._pay(order)
        with self._with_policy_issue(BLOCK, stages=("confirm",)):
            transaction._post_process()
        self.assertEqual(order.state, "sale")
        activity = order.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn("Not enough wine.", activity.note)

    def test_a_paid_order_without_a_salesperson_is_handed_to_who_may_override(self):
        order = self._create_order(self.person)
        transaction = self._pay(order)
        order.write({"user_id": False, "team_id": False})
        public = self.env.ref("base.public_user")
        with self._with_policy_issue(BLOCK, stages=("confirm",)):
            transaction.with_user(public).sudo()._post_process()
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.activity_ids.user_id.has_group("customer_type.group_override"))

    def test_a_transaction_of_a_blocked_order_is_never_created(self):
        """Whatever route it comes by: creating it fails, before it gets anywhere."""
        order = self._create_order(self.person)
        with (
            self._with_policy_issue(BLOCK, stages=("payment",)),
            patch.object(self.env.registry["payment.transaction"], "_set_done") as pay,
            self.assertRaises(ValidationError) as caught,
        ):
            self._pay(order)
        self.assertIn("Not enough wine.", str(caught.exception))
        pay.assert_not_called()
        self._pay(order)
        self.assertEqual(order.transaction_ids.state, "done")

    def test_a_pending_payment_is_not_money(self):
        order = self._create_order(self.person)
        self._pay(order, state="pending")
        with self._with_policy_issue(BLOCK, stages=("confirm",)), self.assertRaises(UserError):
            order.with_user(self.salesman).action_confirm()


@tagged("post_install", "-at_install")
class TestGateDoors(CustomerTypeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.website_published = True
        cls.portal = cls._create_new_portal_user(
            partner_id=cls.person.id, login="gate_portal", password="gate_portal"
        )
        cls.person.write(
            {
                "street": "Rue 1",
                "city": "Namur",
                "zip": "5000",
                "phone": "+32 81 81 37 00",
                "country_id": cls.env.ref("base.be").id,
            }
        )
        cls.cart = cls._create_order(cls.person, website_id=cls.website.id)

    def test_the_cart_says_what_is_wrong_and_lets_nobody_past(self):
        self.authenticate("gate_portal", "gate_portal")
        with self._with_policy_issue(BLOCK):
            page = self.url_open("/shop/cart").text
            self.assertIn("Not enough wine.", page)
            self.assertIn("Add six bottles.", page)
            for url in ("/shop/checkout", "/shop/payment"):
                response = self.url_open(url)
                self.assertTrue(response.url.endswith("/shop/cart"), response.url)
        self.assertNotIn("Not enough wine.", self.url_open("/shop/cart").text)

    def test_who_comes_back_from_paying_is_not_refused(self):
        provider = self.env.ref("payment.payment_provider_transfer").sudo()
        self.env["payment.transaction"].sudo().create(
            {
                "reference": "Paid for the gate",
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "amount": self.cart.amount_total,
                "currency_id": self.cart.currency_id.id,
                "partner_id": self.person.id,
                "operation": "offline",
                "sale_order_ids": [Command.set(self.cart.ids)],
            }
        ).state = "done"
        self.assertTrue(self.cart._is_paid_for())
        self.authenticate("gate_portal", "gate_portal")
        with self._with_policy_issue(BLOCK, stages=("payment",)):
            response = self.url_open("/shop/payment/validate")
        self.assertNotIn("Not enough wine.", response.text)
        self.assertEqual(response.status_code, 200)

    def test_the_payment_page_and_its_route_refuse(self):
        self.authenticate("gate_portal", "gate_portal")
        self.product.type = "service"
        transfer = self.env.ref("payment.payment_provider_transfer")
        transfer.write({"state": "enabled", "is_published": True})
        transfer._transfer_ensure_pending_msg_is_set()
        self.assertIn("o_payment_form", self.url_open("/shop/payment").text)
        with self._with_policy_issue(BLOCK, stages=("payment",)):
            response = self.url_open("/shop/payment")
            self.assertTrue(response.url.endswith("/shop/payment"), response.url)
            self.assertIn("Not enough wine.", response.text)
            self.assertIn("Add six bottles.", response.text)
            self.assertNotIn("o_payment_form", response.text)
            response = self.url_open(
                f"/shop/payment/transaction/{self.cart.id}",
                json={
                    "params": {
                        "access_token": self.cart._portal_ensure_token(),
                        "amount": self.cart.amount_total,
                        "provider_id": 1,
                        "payment_method_id": 1,
                        "token_id": None,
                        "flow": "direct",
                        "tokenization_requested": False,
                        "landing_route": "/shop",
                    }
                },
            ).json()
        self.assertIn("Not enough wine.", str(response["error"]["data"]["message"]))

    def test_a_quotation_says_beforehand_what_would_be_refused(self):
        for is_paid in (False, True):
            quotation = self._create_order(
                self.person, state="sent", require_signature=not is_paid, require_payment=is_paid
            )
            quotation._portal_ensure_token()
            url = quotation.get_portal_url()
            stage = quotation._get_acceptance_stage()
            self.assertEqual(stage, "payment" if is_paid else "confirm")
            with self._with_policy_issue(BLOCK, stages=(stage,)):
                page = self.url_open(url).text
            # At the top of the page, and again where it is signed or paid.
            self.assertEqual(page.count("Not enough wine."), 2)
            self.assertIn("Add six bottles.", page)
            with self._with_policy_issue(WARNING):
                self.assertNotIn("A little wine.", self.url_open(url).text)
            quotation.action_confirm()
            with self._with_policy_issue(BLOCK):
                self.assertNotIn("Not enough wine.", self.url_open(url).text)

    def test_a_quotation_is_not_signed_over_a_block(self):
        quotation = self._create_order(self.person, state="sent", require_signature=True)
        params = {
            "access_token": quotation._portal_ensure_token(),
            "name": "Me",
            "signature": "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs=",
        }
        url = f"/my/orders/{quotation.id}/accept"
        with self._with_policy_issue(BLOCK, stages=("confirm",)):
            answer = self.make_jsonrpc_request(url, params)
        self.assertIn("Not enough wine.", answer["error"])
        self.assertFalse(quotation.signature)
        self.assertEqual(quotation.state, "sent")
        with self._with_policy_issue(BLOCK, stages=("confirm",)):
            answer = self.make_jsonrpc_request(url, {**params, "access_token": "forged"})
        self.assertNotIn("wine", str(answer), "strangers learn nothing about the order")
