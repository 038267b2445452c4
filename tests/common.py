from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon


class CustomerTypeCommon(BaseCommon):
    """Two types, a company with a contact, a person, and the three kinds of staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The fallbacks of a demo shop would speak for customers who hold nothing here.
        cls.env["website"].search([]).write(
            {
                "guest_customer_type_id": False,
                "default_customer_type_id": False,
                "signup_customer_type_id": False,
            }
        )
        cls.website = cls.env["website"].search([], limit=1)
        cls.wholesale = cls.env["customer.type"].create(
            {"name": "Test Wholesale", "code": "TEST_WHOLESALE", "sequence": 1}
        )
        cls.reserve = cls.env["customer.type"].create(
            {"name": "Test Reserve", "code": "TEST_RESERVE", "sequence": 2}
        )
        cls.restaurant = cls.env["res.partner"].create(
            {"name": "Test Restaurant", "is_company": True, "email": "restaurant@test.example"}
        )
        cls.chef = cls.env["res.partner"].create(
            {"name": "Test Chef", "parent_id": cls.restaurant.id, "email": "chef@test.example"}
        )
        cls.person = cls.env["res.partner"].create(
            {"name": "Test Person", "email": "person@test.example"}
        )
        cls.clerk = new_test_user(
            cls.env,
            "ct_clerk",
            groups="sales_team.group_sale_salesman_all_leads,customer_type.group_user,"
            "base.group_partner_manager",
        )
        cls.salesman = new_test_user(
            cls.env, "ct_salesman", groups="sales_team.group_sale_salesman_all_leads"
        )
        cls.manager = new_test_user(
            cls.env,
            "ct_manager",
            groups="sales_team.group_sale_manager,customer_type.group_manager",
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Test Wine", "list_price": 100.0, "type": "consu", "taxes_id": False}
        )

    @classmethod
    def _create_order(cls, partner, **values):
        """:return: a quotation over one unit of the test product"""
        return cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": cls.product.id, "product_uom_qty": 1})],
                **values,
            }
        )

    @contextmanager
    def _with_policy_issue(self, issue, stages=("cart", "checkout", "payment", "confirm")):
        """Let the order gate raise one more issue at the given stages."""
        order_class = self.env.registry["sale.order"]
        original = order_class._get_policy_issues

        def _get_policy_issues(order, stage):
            return original(order, stage) + ([issue] if stage in stages else [])

        with patch.object(order_class, "_get_policy_issues", _get_policy_issues):
            yield


class PricingCommon(CustomerTypeCommon):
    """A shop with a retail price list for everybody, and wholesalers who pay less, and later.

    The wholesale list sorts before all others and names no website: Odoo alone would make it the
    default of everybody at the sales desk, and of nobody in the shop.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.type"]._enable_pricelists()
        cls.website.company_id = cls.env.company
        cls.retail_list = cls._create_pricelist(
            "Test Retail", 876.5, sequence=-1000, website_id=cls.website.id
        )
        cls.wholesale_list = cls._create_pricelist("Test Wholesale", 613.55, sequence=-2000)
        cls.net_30 = cls.env["account.payment.term"].create(
            {
                "name": "Test 30 Days",
                "line_ids": [(0, 0, {"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        cls.wholesale.write(
            {"pricelist_id": cls.wholesale_list.id, "payment_term_id": cls.net_30.id}
        )
        cls.product.write({"list_price": 999.0, "website_published": True})
        cls.restaurant._assign_customer_types(cls.wholesale)
        cls.chef_user = new_test_user(
            cls.env, "ct_chef", groups="base.group_portal", partner_id=cls.chef.id
        )
        cls.shopper_user = new_test_user(
            cls.env, "ct_shopper", groups="base.group_portal", partner_id=cls.person.id
        )

    @classmethod
    def _create_pricelist(cls, name, price=None, **values):
        """:return: a price list of no company that sells the test product at a price (float)"""
        item = {
            "applied_on": "0_product_variant",
            "product_id": cls.product.id,
            "compute_price": "fixed",
            "fixed_price": price,
        }
        return cls.env["product.pricelist"].create(
            {
                "name": name,
                "company_id": False,
                "website_id": False,
                "item_ids": [(0, 0, item)] if price is not None else [],
                **values,
            }
        )

    @classmethod
    def _create_cart(cls, partner, **values):
        """:return: an open cart of the customer on the test website"""
        return cls._create_order(partner, website_id=cls.website.id, **values)

    def _pricelist_of(self, partner, website=None):
        """:return: the price list a new order of the customer would get, there"""
        partner = partner.with_context(policy_website_id=website.id if website else False)
        return partner.property_product_pricelist


class ShopTourCommon(PricingCommon):
    """A wholesaler who can check out in few steps: nothing to deliver, one way to pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chef_user.password = "chef in the kitchen"
        (cls.restaurant + cls.chef).write(
            {
                "street": "1 Test Street",
                "city": "Scranton",
                "zip": "18503",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_39").id,
                "phone": "+1 555-555-5555",
            }
        )
        cls.product.type = "service"
        cls.env["payment.provider"].search([]).is_published = False
        transfer = cls.env.ref("payment.payment_provider_transfer")
        transfer.write({"state": "enabled", "is_published": True})
        transfer._transfer_ensure_pending_msg_is_set()


class CatalogCommon(CustomerTypeCommon):
    """A restaurant that holds the reserve type, and somebody who holds none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.type"].search([]).write({"catalog_mode": "public"})
        cls.red, cls.rare, cls.deli = cls.env["product.public.category"].create(
            [{"name": "Test Red"}, {"name": "Test Rare"}, {"name": "Test Deli"}]
        )
        cls.old = cls.env["product.public.category"].create(
            {"name": "Test Old", "parent_id": cls.rare.id}
        )
        cls.tag = cls.env["product.tag"].create({"name": "Test Trade only"})
        cls.wine = cls.product.product_tmpl_id
        cls.wine.write({"website_published": True, "public_categ_ids": cls.red.ids})
        cls.restaurant._assign_customer_types(cls.reserve)
        cls.holder = new_test_user(
            cls.env, "ct_holder", groups="base.group_portal", partner_id=cls.chef.id
        )
        cls.stranger = new_test_user(
            cls.env, "ct_stranger", groups="base.group_portal", partner_id=cls.person.id
        )
        cls.guest = cls.website.user_id

    @classmethod
    def _create_wine(cls, name, **values):
        return cls.env["product.template"].create(
            {"name": name, "type": "consu", "website_published": True, "list_price": 50.0, **values}
        )

    @classmethod
    def _create_wine_in_two_sizes(cls, name="Test Barolo"):
        """:return: a published product and its two variants, a bottle and a magnum"""
        size = cls.env["product.attribute"].create(
            {
                "name": "Test Size",
                "value_ids": [(0, 0, {"name": "Bottle"}), (0, 0, {"name": "Magnum"})],
            }
        )
        line = {"attribute_id": size.id, "value_ids": [(6, 0, size.value_ids.ids)]}
        wine = cls._create_wine(name, attribute_line_ids=[(0, 0, line)])
        return wine, *wine.product_variant_ids

    def _open_everything(self):
        """Take all reservations away, those of demo data too."""
        for model in ("product.template", "product.public.category", "product.tag"):
            self.env[model].search([]).write({"reserved_type_ids": False, "public_from": False})
        self.env["product.product"].search([]).variant_reserved_type_ids = False
        self.env["website"].search([]).shop_type_ids = False

    def _sees(self, user, product):
        """:return: whether the product is there for a user by search, by reading, and by right"""
        products = self.env["product.template"].with_user(user)
        found = product.id in products.search([("id", "=", product.id)]).ids
        readable = product.with_user(user).has_access("read")
        flagged = product.with_user(user).sudo().is_visible_to_user
        self.assertEqual(found, readable, "search and access agree")
        self.assertEqual(found, flagged, "the flag agrees")
        variants = self.env["product.product"].with_user(user)
        variant = product.product_variant_id
        self.assertEqual(found, variant.id in variants.search([("id", "=", variant.id)]).ids)
        return found
