from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.payment.tests.common import PaymentCommon

from .common import CustomerTypeCommon

# In these, two orders differ that are the same for the customer.
_IGNORED = {
    "id", "name", "display_name", "order_id", "create_date", "write_date", "date_order",
    "access_token", "club_id", "club_shipment_id", "origin", "reference", "order_line",
    "partner_id", "partner_invoice_id", "partner_shipping_id", "order_partner_id",
    "commitment_date", "message_ids",
}  # fmt: skip


class ClubCommon(CustomerTypeCommon, PaymentCommon):
    """A club of two wines on account, whose members hold the reserve type."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.white = cls.env["product.product"].create(
            {"name": "Test White", "list_price": 35.5, "type": "consu", "taxes_id": False}
        )
        cls.membership = cls.env["product.product"].create(
            {"name": "Test Membership", "type": "service", "list_price": 0.0}
        )
        cls.club = cls._create_club("Test Cellar Club")

    @classmethod
    def _create_club(cls, name, **values):
        return cls.env["sale.club"].create(
            {
                "name": name,
                "payment": "account",
                "customer_type_id": cls.reserve.id,
                "anchor_date": "2027-01-31",
                "interval_number": 1,
                "tz": "Europe/Berlin",
                "line_ids": [
                    Command.create({"product_id": cls.product.id, "quantity": 2}),
                    Command.create({"product_id": cls.white.id, "quantity": 3}),
                ],
                **values,
            }
        )

    @classmethod
    def _create_members(cls, count, club=None, **values):
        """:return: active members of the club, new customers all"""
        partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Test Member {number}",
                    "email": f"member{number}@test.example",
                    "street": "1 Test Street",
                    "city": "Scranton",
                    "country_id": cls.env.ref("base.us").id,
                }
                for number in range(count)
            ]
        )
        members = cls.env["sale.club.member"]
        for partner in partners:
            members += (club or cls.club)._join(partner, **values)
        return members

    @classmethod
    def _create_run(cls, club=None, ship_date="2027-01-31", **values):
        return cls.env["sale.club.run"].create(
            {"club_id": (club or cls.club).id, "ship_date": ship_date, **values}
        )

    def _process(self, run):
        """Let the scheduled action work on a run, with its commits."""
        run.env.flush_all()
        if run.state in ("draft", "window", "review"):
            run.action_process()
        self._run_cron("cron_club_process")
        run.env.invalidate_all()

    def _run_cron(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"customer_type.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _counts(self, run):
        """:return: (expected, done, skipped, held, failed, waiting), which add up"""
        run.invalidate_recordset()
        parts = [
            run[f"{state}_count"] for state in ("done", "skipped", "held", "failed", "waiting")
        ]
        self.assertEqual(run.expected_count, sum(parts))
        self.assertEqual(run.expected_count, len(run.shipment_ids))
        return (run.expected_count, *parts)

    @classmethod
    def _create_card(cls, partner):
        return cls.env["payment.token"].create(
            {
                "provider_id": cls.dummy_provider.id,
                "payment_method_id": cls.payment_method_id,
                "partner_id": partner.id,
                "payment_details": "1234",
                "provider_ref": "test",
            }
        )

    @contextmanager
    def _provider_answers(self, answer):
        """Let the provider answer each request for a charge.

        :param answer: function of the transaction
        :return: the list of transactions for which the provider was asked
        """
        asked = []

        def _send_payment_request(transaction):
            asked.append(transaction.reference)
            answer(transaction)

        transactions = self.env.registry["payment.transaction"]
        with patch.object(transactions, "_send_payment_request", _send_payment_request):
            yield asked

    # -- What Odoo makes by itself -------------------------------------------

    def _values(self, records):
        """:return: the stored values of each record but those by which records differ anyway"""
        names = [
            name
            for name, field in records._fields.items()
            if field.store and field.type != "one2many" and name not in _IGNORED
        ]
        return [
            {
                name: record[name].ids if hasattr(record[name], "ids") else record[name]
                for name in names
            }
            for record in records
        ]

    def _plain_order(self, partner, content, discount=0.0, carrier=None):
        """:return: the confirmed order that Odoo makes of (product, quantity) by itself"""
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                    for product, quantity in content
                ],
            }
        )
        for line in order.order_line if discount else ():
            line.discount = 100 - (100 - line.discount) * (100 - discount) / 100
        if carrier:
            order.set_delivery_line(carrier, carrier.rate_shipment(order)["price"])
        order.action_confirm()
        return order
