from odoo import api, models


class IrAttachment(models.Model):
    """The files of product documents."""

    _inherit = "ir.attachment"

    @api.model
    def _get_hidden_ids(self):
        """:return: ids of attachments of documents that are not for the browsing user"""
        documents = self.env["product.document"].sudo()
        return documents.browse(documents._get_hidden_ids()).ir_attachment_id.ids

    def _can_return_content(self, field_name=None, access_token=None):
        """Public or not, a document for some is for them; who has a token has it from staff."""
        if not access_token and self.id in self._get_hidden_ids():
            return False
        return super()._can_return_content(field_name=field_name, access_token=access_token)
