import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

from ...policy.policy import PolicyIssue

# A reference is printed on one line of orders and invoices.
REFERENCE_MAX_LENGTH = 100
FILE_MAX_MEGABYTES = 10
FILE_MAX_SIZE = FILE_MAX_MEGABYTES * 1024 * 1024
# What a file is, by what is in it and not by its name: documents and pictures that no browser runs.
FILE_TYPES = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    purchase_order_file = fields.Binary(
        string="Customer's Purchase Order",
        attachment=True,
        copy=False,
        help="The purchase order as the customer sent it.",
    )
    purchase_order_filename = fields.Char(copy=False)

    @api.depends("client_order_ref")
    def _compute_policy_issues_html(self):
        return super()._compute_policy_issues_html()

    def _asks_for_reference(self):
        """:return: whether the customer is to be asked for a reference of their own"""
        self.ensure_one()
        return self.state in ("draft", "sent") and bool(self._get_customer_policy().get("po_mode"))

    def _requires_reference(self):
        """:return: whether there is no order without a reference of the customer's own"""
        self.ensure_one()
        return self._get_customer_policy().get("po_mode") == "require"

    def _get_policy_issues(self, stage):
        issues = super()._get_policy_issues(stage)
        if (
            stage in ("payment", "confirm")
            and not (self.client_order_ref or "").strip()
            and self._requires_reference()
        ):
            issues.append(
                PolicyIssue(
                    "reference",
                    "block",
                    self.env._("Your reference (PO number) is missing."),
                    fix=self.env._("Please fill in your reference."),
                )
            )
        return issues

    # -- What the customer says ---------------------------------------------

    def _save_customer_reference(self, reference, content=None, filename=None):
        """Put on this order what its customer says about it.

        :param str reference: the customer's own reference; empty leaves what is there
        :param bytes content: the purchase order, or None
        :param str filename: what the customer calls it
        :raise UserError: saying what is wrong with it, in the customer's words
        """
        self.ensure_one()
        values = {}
        reference = " ".join((reference or "").split())
        if len(reference) > REFERENCE_MAX_LENGTH:
            raise UserError(
                self.env._("Your reference is too long: %s letters at most.", REFERENCE_MAX_LENGTH)
            )
        if reference and reference != self.client_order_ref:
            values["client_order_ref"] = reference
        if content:
            values |= self._prepare_purchase_order(content, filename)
        if values:
            self.write(values)
            if not self._is_cart():
                self._message_log(
                    body=self.env._(
                        "From the customer: %s",
                        ", ".join(
                            values[fname]
                            for fname in ("client_order_ref", "purchase_order_filename")
                            if fname in values
                        ),
                    )
                )

    def _prepare_purchase_order(self, content, filename):
        """:return: the values of the uploaded file, once it has been looked at

        See :meth:`_save_customer_reference` for the parameters and errors.
        """
        if len(content) > FILE_MAX_SIZE:
            raise UserError(self.env._("The file is too large: %s MB at most.", FILE_MAX_MEGABYTES))
        extension = FILE_TYPES.get(guess_mimetype(content))
        if not extension:
            raise UserError(
                self.env._(
                    "This kind of file is not accepted. Please send a PDF, a picture (PNG, JPEG) "
                    "or a document (Word, Excel, OpenDocument)."
                )
            )
        stem = (filename or "").replace("\\", "/").split("/")[-1].rpartition(".")[0].strip()
        return {
            "purchase_order_file": base64.b64encode(content),
            # The name tells what the file is, whatever the customer called it.
            "purchase_order_filename": (stem[:80] or self.env._("purchase_order")) + extension,
        }
