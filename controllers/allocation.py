from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.addons.website_sale.controllers.variant import WebsiteSaleVariantController


class AllocationShop(WebsiteSale):
    def _prepare_product_values(self, product, category, **kwargs):
        values = super()._prepare_product_values(product, category, **kwargs)
        product._tell_allocation(
            values["combination_info"], request.website, request.cart, values["product_variant"]
        )
        return values


class AllocationVariant(WebsiteSaleVariantController):
    @route()
    def get_combination_info_website(
        self, product_template_id, product_id, combination, add_qty, uom_id=None, **kwargs
    ):
        info = super().get_combination_info_website(
            product_template_id, product_id, combination, add_qty, uom_id=uom_id, **kwargs
        )
        template = request.env["product.template"].browse(info["product_template_id"])
        variant = request.env["product.product"].browse(info["product_id"])
        uom = request.env["uom.uom"].browse(uom_id) or template.uom_id
        template._tell_allocation(info, request.website, request.cart, variant, uom)
        if info["allocation"]:
            info["allocation_html"] = request.env["ir.ui.view"]._render_template(
                "customer_type.product_allocation_content",
                {"allocation": info["allocation"], "product": template},
            )
        return info


class AllocationCart(Cart):
    @route(
        "/shop/cart/allocation",
        type="jsonrpc",
        auth="public",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def cart_allocation(self):
        """:return: ``seconds`` for which what is in the cart is kept, None where nothing is"""
        cart = request.cart
        return {"seconds": cart._get_allocation_seconds() if cart else None}

    @route(
        "/shop/cart/allocation/keep",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def cart_keep_allocation(self, **_kwargs):
        """Keep again what was kept in the cart, if it is still there."""
        cart = request.cart
        if cart:
            try:
                with request.env.cr.savepoint():
                    cart._renew_allocation_holds()
            except UserError as error:
                request.env["sale.allocation"]._forget_quotas()
                cart.shop_warning = str(error)
        return request.redirect("/shop/cart")


class AllocationPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "allocation_count" in counters:
            values["allocation_count"] = len(self._get_allocation_rows())
        return values

    def _get_allocation_rows(self):
        return request.env["sale.allocation"]._get_portal_allocations(request.website)

    @route("/my/allocations", type="http", auth="user", website=True, readonly=True, sitemap=False)
    def portal_my_allocations(self, **kwargs):
        """What is allocated to the customer: what is open, and coming, and what was asked for."""
        return self._render_allocations(asked=kwargs.get("asked") == "1")

    def _render_allocations(self, **more):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="allocation",
            rows=self._get_allocation_rows(),
            requests=self._get_allocation_requests(),
            **more,
        )
        return request.render("customer_type.portal_my_allocations", values)

    def _get_allocation_requests(self):
        """:return: what the customer asked for, in sudo, the last first"""
        customer = request.env.user.sudo().partner_id.commercial_partner_id
        return (
            request.env["sale.allocation.request"]
            .sudo()
            .search([("partner_id", "=", customer.id)], order="id desc", limit=20)
        )

    def _find_allocation_row(self, allocation_id):
        """:return: what the customer is told of an allocation
        :raise NotFound: where the customer is told nothing of it, as where there is none
        """
        for row in self._get_allocation_rows():
            if str(row["allocation_id"]) == str(allocation_id):
                return row
        raise NotFound

    @route(
        "/my/allocations/buy",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_allocation_buy(self, allocation_id=None, product_id=None, **_kwargs):
        """Put the quantity that is proposed to the customer into the cart."""
        row = self._find_allocation_row(allocation_id)
        wanted = next((p for p in row["products"] if str(p.id) == str(product_id)), None)
        product = wanted and wanted._get_allocated_variant()
        if not product:
            raise NotFound
        website = request.website
        told = request.env["sale.allocation"]._get_shop_values(product, website, request.cart)
        if not told or not told["is_buyable"]:
            return self._render_allocations(error=told.get("words") or row["words"])
        try:
            with request.env.cr.savepoint():
                Cart().add_to_cart(
                    product.product_tmpl_id.id, product.id, quantity=told["limits"]["default"]
                )
        except UserError as error:
            request.env["sale.allocation"]._forget_quotas()
            return self._render_allocations(error=str(error))
        return request.redirect("/shop/cart")

    @route(
        "/my/allocations/ask",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_allocation_ask(self, allocation_id=None, quantity="", note="", **_kwargs):
        """Ask for more of an allocation."""
        row = self._find_allocation_row(allocation_id)
        partner = request.env.user.sudo().partner_id.commercial_partner_id
        try:
            with request.env.cr.savepoint():
                request.env["sale.allocation.request"].sudo()._create_from_customer(
                    row["allocation"], partner, quantity, note, request.website
                )
        except UserError as error:
            return self._render_allocations(error=str(error))
        return request.redirect("/my/allocations?asked=1")
