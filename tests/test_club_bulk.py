from odoo.fields import Command
from odoo.tests import tagged

from .club_common import ClubCommon


@tagged("post_install", "-at_install")
class TestClubBulk(ClubCommon):
    """A run works out once what many orders have in common, and each is as Odoo makes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.type"]._enable_pricelists()
        taxes = cls.env["account.tax"].create(
            [
                {"name": f"Test 19 % {kind}", "amount": 19.0, "price_include_override": kind}
                for kind in ("tax_included", "tax_excluded")
            ]
        )
        cls.product.write({"taxes_id": taxes[0].ids, "list_price": 17.77, "weight": 1.5})
        cls.white.write({"taxes_id": taxes[1].ids, "weight": 0.75})
        cls.abroad = cls.env["account.fiscal.position"].create({"name": "Test Abroad"})
        cls.env["account.tax"].create(
            {
                "name": "Test 3.3 %",
                "amount": 3.3,
                "fiscal_position_ids": [Command.set(cls.abroad.ids)],
                "original_tax_ids": [Command.set(taxes.ids)],
            }
        )
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.env["res.currency.rate"].create(
            {"currency_id": cls.euro.id, "name": "2020-01-01", "rate": 0.9137}
        )
        cls.wholesale.pricelist_id = cls._create_pricelist(
            cls.env.company.currency_id, compute_price="percentage", percent_price=13.3
        )
        cls.importer = cls.env["customer.type"].create(
            {
                "name": "Test Importer",
                "code": "TEST_IMPORTER",
                "sequence": 0,
                "pricelist_id": cls._create_pricelist(
                    cls.euro, compute_price="formula", price_discount=7.0, price_surcharge=0.31
                ).id,
            }
        )

    @classmethod
    def _create_pricelist(cls, currency, **rule):
        return cls.env["product.pricelist"].create(
            {
                "name": f"Test {currency.name}",
                "currency_id": currency.id,
                "item_ids": [Command.create(rule)],
            }
        )

    def _create_all_kinds(self, each=3):
        """:return: members of which no kind pays what another one does, so many of each"""
        members = self._create_members(6 * each)
        kinds = [members[start::6] for start in range(6)]
        kinds[1].partner_id._assign_customer_types(self.wholesale)
        kinds[2].partner_id._assign_customer_types(self.importer)
        kinds[3].partner_id._assign_customer_types(self.wholesale + self.importer)
        kinds[3].partner_id.property_account_position_id = self.abroad
        kinds[4].partner_id.property_account_position_id = self.abroad
        kinds[5].partner_id.write({"state_id": self.env.ref("base.state_us_5").id, "zip": "90001"})
        return members

    def _assert_as_odoo_makes_them(self, members, discount=0.0, carrier=None):
        """:return: the totals that there are"""
        totals = set()
        for member in members:
            order = member.shipment_ids.order_id
            content = [
                (line.product_id, line.product_uom_qty)
                for line in order.order_line
                if not line.is_delivery
            ]
            plain = self._plain_order(member.partner_id, content, discount, carrier)
            self.assertEqual(self._values(order.order_line), self._values(plain.order_line))
            self.assertEqual(self._values(order), self._values(plain))
            totals.add((order.currency_id, order.amount_untaxed, order.amount_total))
        return totals

    def test_taxes_currencies_fiscal_positions_and_types(self):
        self.club.write({"discount": 3.7})
        members = self._create_all_kinds()
        run = self._create_run()
        run._open_window()
        self._process(run)
        self.assertEqual(self._counts(run)[:2], (18, 18), run.shipment_ids.mapped("reason"))
        totals = self._assert_as_odoo_makes_them(members, discount=3.7)
        self.assertEqual(len(totals), 5, "Those of another state pay what those without types do")
        self.assertEqual(
            {currency for currency, *_amounts in totals}, {self.env.company.currency_id, self.euro}
        )

    def test_a_total_in_another_currency_is_no_other_price(self):
        self.club.price_alert = 10.0
        member = self._create_members(1)
        for day in ("2027-02-28", "2027-03-31"):
            run = self._create_run(ship_date=day)
            run._open_window()
            if day == "2027-03-31":
                member.partner_id._assign_customer_types(self.importer)
                run.action_dry_run()
                found = run.shipment_ids
                self.assertEqual((found.preview_state, found.preview_reason), ("ok", False))
            self._process(run)
        before, after = member.shipment_ids.sorted("ship_date").order_id
        self.assertNotEqual(before.currency_id, after.currency_id)

    def test_choices_of_their_own(self):
        self.club.content = "choice"
        members = self._create_all_kinds()
        for i, member in enumerate(members):
            member.line_ids = [
                Command.create({"product_id": product.id, "quantity": 1 + (i + j) % 4})
                for j, product in enumerate((self.product, self.white)[: 1 + i % 2])
            ]
        run = self._create_run()
        run._open_window()
        self._process(run)
        self.assertEqual(self._counts(run)[:2], (18, 18), run.shipment_ids.mapped("reason"))
        self.assertGreater(len(self._assert_as_odoo_makes_them(members)), 8)

    # -- Delivery ------------------------------------------------------------

    def _create_carrier(self, **values):
        product = self.env["product.product"].create(
            {
                "name": "Test Post",
                "type": "service",
                "list_price": 7.9,
                "taxes_id": self.white.taxes_id.ids,
            }
        )
        return self.env["delivery.carrier"].create(
            {"name": "Test Post", "product_id": product.id, **values}
        )

    def _process_with(self, carrier):
        """:return: members, of a run that has been processed with a delivery method"""
        self.club.carrier_id = carrier
        members = self._create_all_kinds()
        run = self._create_run()
        run._open_window()
        self._process(run)
        self.assertEqual(self._counts(run)[:2], (18, 18), run.shipment_ids.mapped("reason"))
        return members

    def test_a_fixed_price_by_price_list_and_fiscal_position(self):
        carrier = self._create_carrier(delivery_type="fixed", fixed_price=7.9, margin=0.1)
        members = self._process_with(carrier)
        self.assertEqual(len(self._assert_as_odoo_makes_them(members, carrier=carrier)), 5)

    def test_free_from_an_amount_or_by_type(self):
        carrier = self._create_carrier(
            delivery_type="fixed", fixed_price=7.9, free_over=True, amount=170.0
        )
        self.importer.free_shipping_over = 1.0
        members = self._process_with(carrier)
        self._assert_as_odoo_makes_them(members, carrier=carrier)
        prices = {
            line.price_unit for line in members.shipment_ids.order_id.order_line if line.is_delivery
        }
        self.assertIn(0.0, prices)
        self.assertGreater(len(prices), 1)

    def test_rules_by_weight(self):
        carrier = self._create_carrier(
            delivery_type="base_on_rule",
            price_rule_ids=[
                Command.create(
                    {
                        "variable": "weight",
                        "operator": ">",
                        "max_value": 5.0,
                        "list_base_price": 11.3,
                        "list_price": 0.5,
                        "variable_factor": "weight",
                    }
                )
            ],
        )
        members = self._process_with(carrier)
        self._assert_as_odoo_makes_them(members, carrier=carrier)

    def test_where_it_does_not_go_nobody_gets_it(self):
        carrier = self._create_carrier(
            delivery_type="fixed",
            fixed_price=7.9,
            state_ids=[Command.set(self.env.ref("base.state_us_5").ids)],
            country_ids=[Command.set(self.env.ref("base.us").ids)],
        )
        self.club.carrier_id = carrier
        members = self._create_all_kinds()
        run = self._create_run()
        run._open_window()
        self._process(run)
        self.assertEqual(self._counts(run), (18, 3, 0, 0, 15, 0))
        reached = members.filtered(lambda m: m.shipment_ids.state == "done")
        self.assertEqual(set(reached.partner_id.mapped("zip")), {"90001"})
        self.assertEqual(set((members - reached).shipment_ids.mapped("failure")), {"delivery"})
        self._assert_as_odoo_makes_them(reached, carrier=carrier)

    # -- Queries -------------------------------------------------------------

    def _count_marginal_queries(self, prepare=None):
        """:return: queries for each further member of a batch, once caches are warm"""
        used = []
        for day, number in (("2027-02-28", 12), ("2027-03-31", 12), ("2027-04-30", 48)):
            members = self._create_members(number)
            if prepare:
                prepare(members)
            run = self._create_run(ship_date=day)
            run._add_members(members)
            run._freeze_content()
            run.state = "processing"
            self.env.flush_all()
            self.env.invalidate_all()
            with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
                worked = run.with_env(run.env(cr=cr))
                before = cr.sql_log_count
                worked._process_batch()
                cr.flush()
                used.append(cr.sql_log_count - before)
            self.assertEqual(self._counts(run)[:2], (number, number))
        return (used[2] - used[1]) / 36

    def test_queries_of_a_pack(self):
        self.assertLessEqual(self._count_marginal_queries(), 2.5)

    def test_queries_of_choices(self):
        self.club.content = "choice"

        def choose(members):
            for i, member in enumerate(members):
                member.line_ids = [
                    Command.create({"product_id": self.white.id, "quantity": 1 + i % 3})
                ]

        self.assertLessEqual(self._count_marginal_queries(choose), 3)

    def test_queries_of_deliveries(self):
        self.club.carrier_id = self._create_carrier(delivery_type="fixed", fixed_price=7.9)
        self.assertLessEqual(self._count_marginal_queries(), 3)
