from odoo import api, fields, models

from ...policy.policy import PolicyIssue


class SaleOrder(models.Model):
    _inherit = "sale.order"

    quote_state = fields.Selection(
        [("requested", "To answer"), ("answered", "Answered")],
        string="Requested Quote",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="To answer: the customer asked for this quotation in the shop, and cannot accept it "
        "before you have sent it.",
    )

    # -- Asking -------------------------------------------------------------

    def _asks_for_quote(self):
        """:return: whether this is a cart for which the customer asks for a quotation, and does
        not pay
        """
        self.ensure_one()
        return self._is_cart() and self._get_customer_policy().get("checkout_mode") == "quote"

    def _request_quote(self, message=None):
        """Make a quotation of this cart, for which a salesperson is asked.

        As a draft of a website it would go on to be the customer's cart.

        :param str message: what the customer wants to say, as plain text
        """
        self.ensure_one()
        self.env.add_to_compute(self._fields["validity_date"], self)
        company = self.company_id
        self.write(
            {
                "state": "sent",
                "quote_state": "requested",
                "date_order": fields.Datetime.now(),
                # The shop asks nobody to sign; and a quotation has to be accepted in some way.
                "require_signature": company.portal_confirmation_sign or not self.require_payment,
            }
        )
        self.message_subscribe(self.partner_id.ids)
        if message:
            self.message_post(
                body=message,
                author_id=self.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self._ask_staff(
            self.env._("Quote requested by %s", self.partner_id.display_name),
            activity_type="customer_type.mail_activity_quote_request",
        )
        self._send_order_notification_mail(
            self.env.ref("customer_type.mail_template_quote_request", raise_if_not_found=False)
        )

    @api.model
    def _prepare_catalog_request(self, website, partner, product, quantity):
        """What was asked for is accepted once a person has answered, like any other quote."""
        values = super()._prepare_catalog_request(website, partner, product, quantity)
        return values | {"quote_state": "requested"}

    # -- Answering ----------------------------------------------------------

    def action_answer_quote(self):
        """Let the customers accept these quotations as they are, without a mail."""
        self.check_access("write")
        self._answer_quote()
        return True

    def _answer_quote(self):
        answered = self.filtered(lambda order: order.quote_state == "requested")
        if answered:
            answered.quote_state = "answered"
            answered.activity_feedback(["customer_type.mail_activity_quote_request"])

    def message_post(self, **kwargs):
        # A context may come from the chatter of the portal: only staff answers.
        if self.env.context.get("mark_so_as_sent") and self.env.user._is_internal():
            self._answer_quote()
        return super().message_post(**kwargs)

    def _action_confirm(self):
        self._answer_quote()
        return super()._action_confirm()

    def _action_cancel(self):
        self._answer_quote()
        return super()._action_cancel()

    # -- The doors ----------------------------------------------------------

    def _is_quote_open(self):
        """:return: whether the customer still waits for a quotation: there is nothing to accept"""
        self.ensure_one()
        return self.quote_state == "requested" or self._asks_for_quote()

    def _has_to_be_signed(self):
        return super()._has_to_be_signed() and not self._is_quote_open()

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and not self._is_quote_open()

    def _get_policy_issues(self, stage):
        issues = super()._get_policy_issues(stage)
        # A salesperson who confirms answers, too: only the customer has to wait.
        if stage == "payment" and (issue := self._get_quote_issue()):
            issues.append(issue)
        return issues

    def _get_quote_issue(self):
        """:return: why the customer cannot pay for this order, or not yet"""
        if self.quote_state == "requested":
            return PolicyIssue(
                "quote",
                "block",
                self.env._("We are preparing your quotation."),
                fix=self.env._("You can accept it as soon as we have sent it to you."),
            )
        if self._asks_for_quote():
            return PolicyIssue(
                "quote",
                "block",
                self.env._("Your orders start with a quotation and are not paid in the shop."),
                fix=self.env._("Please request a quote."),
            )
        return None
