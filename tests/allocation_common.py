from odoo import fields
from odoo.fields import Command

from .common import CustomerTypeCommon


class AllocationCommon(CustomerTypeCommon):
    """A reserve of which holders of one type have six bottles each, those of another twelve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.company_id = cls.env.company
        cls.bottle = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.restaurant._assign_customer_types(cls.wholesale)
        cls.person._assign_customer_types(cls.reserve)
        cls.product.website_published = True
        cls.other = cls.env["product.product"].create(
            {"name": "Test Other", "list_price": 10.0, "type": "consu", "taxes_id": False}
        )
        cls.allocation = cls._create_allocation()

    @classmethod
    def _create_allocation(cls, grants=None, **values):
        """:param dict grants: maximum (or a dict of values) by holder"""
        if grants is None:
            grants = {cls.wholesale: 12.0, cls.reserve: 6.0}
        allocation = cls.env["sale.allocation"].create(
            {
                "name": "Test Réserve",
                "product_ids": cls.product.ids,
                "tz": "Europe/Paris",
                **values,
            }
        )
        for holder, given in grants.items():
            cls._grant(allocation, holder, given)
        return allocation

    @classmethod
    def _grant(cls, allocation, holder, given, **values):
        fname = "partner_id" if holder._name == "res.partner" else "customer_type_id"
        values |= given if isinstance(given, dict) else {"maximum": given}
        return cls.env["sale.allocation.grant"].create(
            {"allocation_id": allocation.id, fname: holder.id, **values}
        )

    @classmethod
    def _order(cls, quantity, partner=None, product=None, **values):
        """:return: a quotation of the sales desk"""
        line = {"product_id": (product or cls.product).id, "product_uom_qty": quantity}
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.person).id,
                "order_line": [Command.create(line)],
                **values,
            }
        )

    @classmethod
    def _cart(cls, quantity, partner=None, **values):
        return cls._order(quantity, partner, website_id=cls.website.id, **values)

    @classmethod
    def _buy(cls, quantity, partner=None, **values):
        order = cls._order(quantity, partner, **values)
        order.action_confirm()
        return order

    def _balance(self, partner=None, allocation=None):
        """:return: (used, held) of a customer, or of the pool"""
        allocation = allocation or self.allocation
        allocation.invalidate_recordset(["balance_ids"])
        balances = allocation.balance_ids.filtered(
            lambda b: b.partner_id == (partner or b.partner_id.browse())
        )
        self._check_ledger(allocation)
        return sum(balances.mapped("used")), sum(balances.mapped("held"))

    def _check_ledger(self, allocation=None):
        """What every balance says is the sum of its lines."""
        for balance in (allocation or self.allocation).balance_ids:
            self.assertAlmostEqual(balance.used, sum(balance.entry_ids.mapped("used")), 4)
            self.assertAlmostEqual(balance.held, sum(balance.entry_ids.mapped("held")), 4)

    def _quota(self, partner=None, product=None, website=None):
        found = self.env["sale.allocation"]._get_customer_allocations(
            product or self.product, partner or self.person, website, self.env.company
        )
        return found.get((product or self.product).id)

    def _codes(self, order, stage="confirm"):
        issues = order._get_policy_issues(stage)
        return [issue.code for issue in issues if issue.code.startswith("allocation")]

    def _transaction(self, order, state=None, **values):
        provider = self.env.ref("payment.payment_provider_transfer")
        method = self.env.ref("payment.payment_method_unknown")
        provider.write({"state": "enabled", "is_published": True})
        tx = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_redirect",
                "sale_order_ids": [Command.set(order.ids)],
                **values,
            }
        )
        if state:
            getattr(tx, f"_set_{state}")()
        return tx

    @classmethod
    def _in(cls, **delta):
        return fields.Datetime.add(fields.Datetime.now(), **delta)
