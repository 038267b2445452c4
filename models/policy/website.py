from urllib.parse import quote

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.website.models import ir_http


class Website(models.Model):
    _inherit = "website"

    # -- Which website -----------------------------------------------------

    @api.model
    def _get_browsed_website(self):
        """:return: the website browsed, never one that the caller of an RPC names"""
        website = (
            ir_http.get_request_website()
            or self.with_context(website_id=False).get_current_website()
        )
        # That of the request belongs to who asks, also where the sitemap is made for guests.
        return website.with_env(self.env)

    @api.model
    def _get_named_website(self):
        """The website that our own code has named as ``policy_website_id`` in the context: what an
        order gets must not depend on where its customer, or a colleague, happens to be.

        :return: a website, none where it named that of no website; ``None`` where it named nothing,
            or where the context may be what a customer has sent along
        """
        if "policy_website_id" not in self.env.context or self._is_context_from_customer():
            return None
        return self.browse(self.env.context["policy_website_id"] or ())

    @api.model
    def _is_context_from_customer(self):
        """:return: whether the context may be what a customer has sent along with an RPC"""
        if not request or getattr(request, "is_frontend", False):
            return False
        if request.httprequest.path.startswith("/payment/"):
            # Takes no context, and confirms orders in the name of the customer.
            return False
        # Where a request signs in on its way (XML-RPC), it belongs to nobody before.
        asker = request.env.user if request.env.uid else self.env.user
        return not asker._is_internal()

    # -- The cart ----------------------------------------------------------

    def _get_and_cache_current_cart(self):
        cart = super()._get_and_cache_current_cart()
        if cart.policy_pending and not request.env.cr.readonly and not cart._is_being_paid():
            request.cart = cart
            cart._stop_waiting_for_payment()
        return cart

    # -- Whose policy ------------------------------------------------------

    @api.model
    def _get_visitor(self):
        """:return: the browsing user (res.users), as ``env.user`` has it

        In one environment for the whole transaction: a page asks dozens of times, in as many
        contexts, and ``env.user`` makes itself an environment in each.
        """
        cache, key = self.env.cr.cache, ("customer_type.visitor", self.env.uid)
        if key not in cache:
            cache[key] = self.env(context={}).user
        return cache[key]

    def _get_visitor_policy(self):
        """What the browsing user gets on this website, before there is an order.

        :rtype: CustomerPolicy
        """
        self.ensure_one()
        ids, user = self._get_policy_ids(), self._get_visitor()
        company_id = ids["company_id"]
        if user.id == ids["public_user_id"]:
            return self._get_guest_policy(company_id)
        # Asked dozens of times for a page: without the detour by many customers, nor by the company
        # of a contact, who shows what the company holds.
        policy = user.partner_id._get_held_policy(company_id, self)
        if policy.type_ids:
            return policy
        if user._is_public():
            return self._get_guest_policy(company_id)
        return self._get_default_policy(company_id)

    def _get_guest_policy(self, company_id):
        """:return: the :class:`CustomerPolicy` of visitors who have not signed in"""
        return self._get_fallback_policy("guest_customer_type_id", company_id, "guest")

    def _get_default_policy(self, company_id):
        """:return: the :class:`CustomerPolicy` of customers who hold no type that acts here"""
        return self._get_fallback_policy("default_customer_type_id", company_id, "default")

    def _get_fallback_policy(self, fname, company_id, origin):
        type_id = self._get_policy_ids()[fname]
        return self.env["customer.type"]._resolve_policy(
            (type_id,) if type_id else (), company_id, self.id, origin
        )

    def _treats_guests_alike(self):
        """:return: whether customers who hold no type get here what guests get"""
        ids = self._get_policy_ids()
        return ids["guest_customer_type_id"] == ids["default_customer_type_id"]

    def _get_sign_in_url(self, target=None):
        """:param str target: where to go after signing in; the page that is shown, by default
        :return: address of the sign-in page
        """
        if not target:
            path, query = request.httprequest.path, request.httprequest.query_string.decode()
            target = f"{path}?{query}" if query else path
        return f"/web/login?redirect={quote(target)}"

    @tools.ormcache("self.id", cache="stable")
    def _get_policy_ids(self):
        """What edits of types and price lists do not change, and so need not be read again.

        :return: ids of the types that act for those who hold none, by field name, and
            ``public_user_id`` and ``public_partner_id``, this website's public user, and
            ``company_id``
        """
        website = self.sudo()
        return {
            "guest_customer_type_id": website.guest_customer_type_id.id,
            "default_customer_type_id": website.default_customer_type_id.id,
            "public_user_id": website.user_id.id,
            "public_partner_id": website.user_id.partner_id.id,
            "company_id": website.company_id.id,
        }

    @api.model
    def _forget_sitemaps(self):
        """The sitemaps that Odoo keeps for hours list what guests saw when they were made."""
        self.env["ir.attachment"].sudo().search(
            Domain("url", "=like", "/sitemap-%.xml") & Domain("type", "=", "binary")
        ).unlink()

    def write(self, vals):
        res = super().write(vals)
        deciding = {"guest_customer_type_id", "default_customer_type_id", "user_id", "company_id"}
        if vals.keys() & deciding:
            self.env.registry.clear_cache("stable")
        if "guest_customer_type_id" in vals:
            self._forget_sitemaps()
        return res
