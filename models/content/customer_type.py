import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# A path on this site: "//host" and "/\host" are addresses of other sites to a browser.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\s\\]*", re.ASCII)


class CustomerType(models.Model):
    _inherit = "customer.type"

    landing_page = fields.Char(
        policy="first",
        tracking=True,
        help="The page of the website on which holders arrive after signing in, for example "
        "/members. Who was on the way to another page goes there instead.",
    )

    @api.constrains("landing_page")
    def _check_landing_page(self):
        for customer_type in self.filtered("landing_page"):
            if not LOCAL_PATH.fullmatch(customer_type.landing_page):
                raise ValidationError(
                    self.env._(
                        "The landing page of %(type)s must be a page of your website and begin "
                        'with one slash, for example "/members". It is "%(page)s".',
                        type=customer_type.name,
                        page=customer_type.landing_page,
                    )
                )

    @api.model
    def _get_audience_models(self):
        """:return: names of the models whose records are shown to chosen types"""
        return ["ir.ui.view", "website.menu", "product.document"]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_audience(self):
        """Content for a type that is no more would be content for everybody."""
        for model_name in self._get_audience_models():
            content = (
                self.env[model_name]
                .sudo()
                .with_context(active_test=False)
                .search(Domain("customer_type_ids", "in", self.ids), limit=1)
            )
            if content:
                raise UserError(
                    self.env._(
                        "“%(content)s” of your website is shown to %(type)s. Choose first whom to "
                        "show it to instead, or archive the type.",
                        content=content.display_name,
                        type=(content.customer_type_ids & self)[0].name,
                    )
                )

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"active", "company_id", "website_ids"}:
            self.env["website"]._forget_sitemaps()
        return res
