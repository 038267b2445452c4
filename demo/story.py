"""Two years of orders at Vinum, so that lists, reports and rules have something to say.

The same orders come out on every install, relative to the day of the install: who buys how often
and what is drawn from a random generator with a fixed seed.
"""

import random
from collections import defaultdict
from datetime import datetime, time, timedelta
from statistics import fmean

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL, date_utils

from . import allocation, club, stage
from .club_past import Past

SEED = 1855
# How busy each month is, from January on.
SEASONS = (0.6, 0.7, 0.85, 1.0, 1.1, 1.1, 0.9, 0.7, 1.0, 1.1, 1.5, 1.9)
BATCH = 120
# Customers of the story who are not in a data file: name, town, country code, profile.
CROWD = (
    ("Gasthaus zur Linde", "Salzburg", "at", "restaurant"),
    ("Osteria del Porto", "Genova", "it", "restaurant"),
    ("Brasserie du Canal", "Strasbourg", "fr", "restaurant"),
    ("Hôtel des Aiguilles", "Chamonix", "fr", "restaurant"),
    ("Casa Amparo", "València", "es", "restaurant"),
    ("Bistro Norden", "København", "dk", "restaurant"),
    ("The Old Ropewalk", "Dublin", "ie", "restaurant"),
    ("Grand Café Merel", "Utrecht", "nl", "restaurant"),
    ("Anna Berger", "München", "de", "regular"),
    ("Jean-Luc Moreau", "Dijon", "fr", "regular"),
    ("Chiara Romano", "Bologna", "it", "regular"),
    ("Oliver Hartley", "Bristol", "uk", "regular"),
    ("Marta Vidal", "Barcelona", "es", "regular"),
    ("Thomas Keller", "Basel", "ch", "regular"),
    ("Élodie Faure", "Nantes", "fr", "regular"),
    ("Lars Jensen", "Aarhus", "dk", "regular"),
    ("Ines Pereira", "Porto", "pt", "regular"),
    ("Aoife Brennan", "Cork", "ie", "regular"),
    ("Stéphane Blanc", "Lausanne", "ch", "regular"),
    ("Sabine Huber", "Graz", "at", "occasional"),
    ("Nora Svensson", "Göteborg", "se", "occasional"),
    ("Javier Ortega", "Sevilla", "es", "occasional"),
    ("Camille Dubois", "Toulouse", "fr", "occasional"),
    ("Felix Baumann", "Zürich", "ch", "occasional"),
    ("Lorenzo Greco", "Napoli", "it", "occasional"),
    ("Mareike Vogel", "Bremen", "de", "occasional"),
    ("Antoine Roche", "Lille", "fr", "occasional"),
    ("Beatriz Almeida", "Lisboa", "pt", "occasional"),
    ("Jonas Petersen", "Kiel", "de", "lapsed"),
    ("Margaux Simon", "Metz", "fr", "lapsed"),
    ("Elena Russo", "Palermo", "it", "lapsed"),
    ("George Alden", "Leeds", "uk", "lapsed"),
    ("Sven Nilsson", "Malmö", "se", "lapsed"),
    ("Hélène Girod", "Annecy", "fr", "new"),
    ("Tobias Frank", "Leipzig", "de", "new"),
    ("Lucía Navarro", "Granada", "es", "new"),
    ("Saskia Vermeer", "Haarlem", "nl", "new"),
    ("Pascal Meunier", "Genève", "ch", "new"),
)
# Profile: (days between orders, since how many days, until how many days ago, what and how much)
PROFILES = {
    "restaurant": (40, 730, 0, "trade"),
    "regular": (85, 700, 0, "home"),
    "occasional": (190, 680, 0, "home"),
    "lapsed": (85, 720, 250, "home"),
    "new": (25, 45, 0, "home"),
    "collector": (85, 690, 0, "cellar"),
    "member": (70, 640, 0, "home"),
}
# Baskets: (lines, quantities, chance of each family of products)
BASKETS = {
    "trade": ((2, 5), (6, 6, 12, 12, 12, 18, 24, 36), {"wine": 8, "fine": 0.6, "deli": 3}),
    "home": ((1, 4), (1, 1, 2, 2, 3, 6), {"wine": 6, "fine": 0.3, "deli": 3.5, "gifts": 1}),
    "cellar": ((1, 3), (1, 2, 2, 3, 6), {"wine": 1.5, "fine": 6, "deli": 0.5}),
}
# People of the data files: profile, with (since, until) where theirs differ.
KNOWN = {
    "luna_buyer": ("restaurant", 720, 0),
    "bellevue_buyer": ("restaurant", 690, 0),
    "bellevue_sommelier": ("collector", 270, 0),
    "weinwinkel_owner": ("restaurant", 540, 0),
    "orangerie_chef": ("restaurant", 640, 0),
    "txoko_owner": ("restaurant", 450, 120),
    "kestrel_buyer": ("restaurant", 330, 0),
    "henri": ("collector", 700, 0),
    "aumann": ("collector", 420, 0),
    "conti": ("collector", 240, 0),
    "pemberton": ("collector", 580, 95),
    "clara": ("regular", 490, 0),
    "sofia": ("member", 400, 0),
    "girard": ("member", 600, 0),
    "wolff": ("member", 420, 0),
    "marin": ("member", 560, 0),
    "vandijk": ("regular", 180, 0),
    "perrin": ("regular", 300, 0),
    "fischer": ("member", 610, 0),
    "ricci": ("member", 500, 0),
    "tilda": ("new", 40, 0),
}
# Who bought the membership, how many days ago.
MEMBERSHIPS = (
    ("henri", 600), ("girard", 560), ("fischer", 430), ("ricci", 355), ("marin", 300),
    ("wolff", 150), ("sofia", 90), ("fischer", 60),
)  # fmt: skip
# What waits for an answer: who, days ago, sent or not.
QUOTATIONS = (
    ("kestrel_buyer", 2, True), ("luna_chef", 1, False), ("weinwinkel_owner", 6, True),
    ("orangerie_buyer", 0, False), ("aumann", 4, True), ("txoko_owner", 3, True),
)  # fmt: skip


def load(env):
    """Make the past. Called once, when the addon is installed with its demo data."""
    env = env(
        context=dict(
            env.context,
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_create_nolog=True,
            mail_notrack=True,
            no_reset_password=True,
        )
    )
    stage.set_up(env)
    # Credit limits are of today: two years of orders, confirmed in a minute, would not fit in.
    limits = {t: t.credit_limit for t in env["customer.type"].search([("credit_limit", ">", 0)])}
    for customer_type in limits:
        customer_type.credit_limit = 0
    Story(env).tell()
    for customer_type, limit in limits.items():
        customer_type.credit_limit = limit
    club.load(env)
    allocation.load(env)


class Story:
    """The past of one company, told batch by batch."""

    def __init__(self, env):
        self.env = env
        self.company = env.ref("base.main_company")
        self.website = env.ref("website.default_website")
        self.clerk = env.ref("customer_type.demo_user_clerk")
        self.rng = random.Random(SEED)  # noqa: S311 (nothing secret)
        self.today = fields.Date.today()
        self.public_pricelist = env.ref("customer_type.demo_pricelist_public")
        self.club = env.ref("customer_type.demo_type_club")
        self.membership = self._product("club")
        self.shelves = self._fill_shelves()
        self.periods = {}

    def tell(self):
        """Create everything, the past first."""
        self._finish_products()
        buyers = self._create_crowd()
        for key, (profile, since, until) in KNOWN.items():
            buyers[self._partner(key)] = (profile, since, until)
        self.periods = self._read_ledger()
        visits = self._plan_visits(buyers) + self._plan_memberships()
        moments = self._create_orders(sorted(visits, key=lambda visit: visit[0]))
        moments.update(Past(self.env).tell())
        self._backdate(moments)
        self._deliver(moments)
        self._collect(self._invoice(moments))
        self._write_quotations()
        self._fill_cart()

    def _partner(self, key):
        return self.env.ref(f"customer_type.demo_partner_{key}")

    def _product(self, key):
        return self.env.ref(f"customer_type.demo_product_{key}").product_variant_id

    # -- Products and people ------------------------------------------------

    def _fill_shelves(self):
        """:return: the products of each family, by the name of the family"""
        products = self.env["product.product"]
        shelves = {}
        for family in ("wine", "deli", "gifts"):
            category = self.env.ref(f"customer_type.demo_category_{family}")
            shelves[family] = products.search([("categ_id", "child_of", category.id)], order="id")
        fine = self.env.ref("customer_type.demo_category_fine")
        shelves["fine"] = shelves["wine"].filtered(lambda p: p.categ_id == fine)
        shelves["wine"] -= shelves["fine"]
        return shelves

    def _finish_products(self):
        """What a data file cannot say of variants that Odoo creates: magnums."""
        magnum = self.env.ref("customer_type.demo_bottle_magnum")
        for key, name, extra, cost in (
            ("belmaure", "belmaure_magnum", 21.0, 21.5),
            ("delmont_brut", "delmont_magnum", 43.0, 44.0),
        ):
            template = self.env.ref(f"customer_type.demo_product_{key}")
            value = template.attribute_line_ids.product_template_value_ids.filtered(
                lambda v: v.product_attribute_value_id == magnum
            )
            value.price_extra = extra
            variant = value.ptav_product_variant_ids
            variant.write({"image_variant_1920": stage.picture(f"{name}.jpg"), "weight": 2.7})
            variant.standard_price = cost
            (template.product_variant_ids - variant).standard_price = cost * 0.46
        self.env.ref("customer_type.demo_product_comte").accessory_product_ids = (
            self._product("chasselas") + self._product("fig_mustard") + self._product("pinot_gris")
        )

    def _create_crowd(self):
        """:return: profile by partner"""
        partners = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": profile == "restaurant",
                    "city": town,
                    "country_id": self.env.ref(f"base.{country}").id,
                    "email": f"customer{number:02}@mail.example",
                }
                for number, (name, town, country, profile) in enumerate(CROWD, start=1)
            ]
        )
        wholesaler = self.env.ref("customer_type.demo_type_wholesaler")
        private = self.env.ref("customer_type.demo_type_private")
        buyers = {}
        for partner, (*_where, profile) in zip(partners, CROWD, strict=True):
            _gap, since, until, _basket = PROFILES[profile]
            since = until + round((since - until) * self.rng.uniform(0.55, 1))
            buyers[partner] = (profile, since, until)
            held_since = self.today - timedelta(days=since)
            if profile == "restaurant":
                partner._assign_customer_types(
                    wholesaler, source="application", date_from=held_since, reason="Licence checked"
                )
            elif self.rng.random() < 0.6:
                partner._assign_customer_types(
                    private, source="signup", date_from=held_since, reason="Signed up in the shop"
                )
        return buyers

    # -- Orders ---------------------------------------------------------------

    def _plan_visits(self, buyers):
        """Decide who orders when.

        :param buyers: (profile, since, until) by partner; days ago
        :return: list of (moment, partner, profile)
        """
        visits = []
        for partner, (profile, since, until) in buyers.items():
            # Thinned out by season below: the more often somebody would come, the better.
            gap = PROFILES[profile][0] * self.rng.uniform(0.8, 1.25) * fmean(SEASONS) / max(SEASONS)
            ago = since - gap * self.rng.random()
            while ago > until + 0.5:
                day = self.today - timedelta(days=round(ago))
                if self.rng.uniform(0, max(SEASONS)) < SEASONS[day.month - 1]:
                    visits.append((self._moment(day), partner, profile))
                ago -= gap * self.rng.uniform(0.6, 1.4)
        return visits

    def _plan_memberships(self):
        """:return: list of (moment, partner, profile)"""
        visits = []
        for key, ago in MEMBERSHIPS:
            moment = self._moment(self.today - timedelta(days=ago))
            visits.append((moment, self._partner(key), "joining"))
            self.periods.setdefault(self._partner(key), []).append(
                (self.club, moment.date() + timedelta(days=1), self._last_day(moment))
            )
        return visits

    def _last_day(self, moment):
        """:return: the last day (date) of a membership bought then"""
        return moment.date() + timedelta(days=self.membership.granted_customer_type_days - 1)

    def _moment(self, day):
        """:return: some time of the working day, in the past"""
        at = time(self.rng.randint(7, 18), self.rng.randint(0, 59))
        return min(datetime.combine(day, at), fields.Datetime.now() - timedelta(minutes=5))

    def _fill_basket(self, profile):
        """:return: values of order lines"""
        if profile == "joining":
            return [Command.create({"product_id": self.membership.id})]
        (fewest, most), quantities, chances = BASKETS[PROFILES[profile][3]]
        lines = {}
        for _line in range(self.rng.randint(fewest, most)):
            family = self.rng.choices(list(chances), list(chances.values()))[0]
            product = self.rng.choice(self.shelves[family])
            quantity = self.rng.choice(quantities)
            lines[product] = quantity if family == "wine" else max(1, quantity // 4)
        return [
            Command.create({"product_id": product.id, "product_uom_qty": quantity})
            for product, quantity in lines.items()
        ]

    def _order_values(self, moment, partner, profile):
        held = self._type_on(partner, moment.date())
        values = {
            "partner_id": partner.id,
            "company_id": self.company.id,
            "date_order": moment,
            "pricelist_id": (held.pricelist_id or self.public_pricelist).id,
            "payment_term_id": held.payment_term_id.id,
            "order_line": self._fill_basket(profile),
        }
        if profile == "restaurant" and self.rng.random() < 0.65:
            return {**values, "user_id": self.clerk.id}
        return {
            **values,
            "user_id": False,
            "website_id": self.website.id,
            "team_id": self.website.salesteam_id.id,
        }

    def _read_ledger(self):
        """:return: by customer, what was held when, as (type, first day, last day)"""
        periods = {}
        for assignment in self.env["customer.type.assignment"].search([]):
            last_day = assignment.date_to or self.today
            periods.setdefault(assignment.partner_id, []).append(
                (assignment.type_id, assignment.date_from, last_day)
            )
        return periods

    def _type_on(self, partner, day):
        """:return: the strongest type the customer held on that day"""
        periods = self.periods.get(partner.commercial_partner_id, ())
        held = [t for t, first_day, last_day in periods if first_day <= day <= last_day]
        return min(held, key=lambda t: t.sequence, default=self.website.default_customer_type_id)

    def _create_orders(self, visits):
        """Create and confirm what was ordered, at the prices the customer had at that time.

        :return: moment by order
        """
        moments = {}
        for start in range(0, len(visits), BATCH):
            batch = visits[start : start + BATCH]
            orders = self.env["sale.order"].create([self._order_values(*visit) for visit in batch])
            lost = orders.filtered(lambda order: self.rng.random() < 0.02)
            lost -= lost.filtered(lambda order: order.order_line.product_id == self.membership)
            lost._action_cancel()
            for order in orders - lost:
                # What today's rules would not let pass was ordered before there were any.
                blocks = order._get_policy_blocks("confirm")
                order.policy_override_keys = [issue.key for issue in blocks]
            (orders - lost).action_confirm()
            for order, (moment, partner, _profile) in zip(orders, batch, strict=True):
                order.customer_type_id = self._type_on(partner, moment.date())
                moments[order] = moment
            self._begin_memberships(moments, orders)
        return moments

    def _begin_memberships(self, moments, orders):
        """Let memberships begin on the day they were bought."""
        lines = orders.order_line.filtered(lambda line: line.product_id == self.membership)
        for line_id, assignment in lines._get_granted_assignments().items():
            moment = moments[lines.browse(line_id).order_id]
            assignment.write({"date_from": moment.date(), "date_to": self._last_day(moment)})

    def _backdate(self, moments):
        """Confirming an order sets its date to now: put it back, and its creation with it."""
        self._set_moments(
            "sale_order", ("date_order", "create_date"), {o.id: m for o, m in moments.items()}
        )
        first_visits = {}
        for order, moment in sorted(moments.items(), key=lambda item: item[1], reverse=True):
            for partner in order.partner_id | order.partner_id.commercial_partner_id:
                first_visits[partner.id] = moment - timedelta(hours=1)
        self._set_moments("res_partner", ("create_date",), first_visits)

    def _set_moments(self, table, columns, moments):
        """Write timestamps that the ORM keeps to itself.

        :param dict moments: datetime by id
        """
        self.env.flush_all()
        assignments = SQL(", ").join(
            SQL("%s = moments.moment", SQL.identifier(column)) for column in columns
        )
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s t SET %(assignments)s
                     FROM unnest(%(ids)s::int[], %(moments)s::timestamp[]) AS moments(id, moment)
                    WHERE t.id = moments.id""",
                table=SQL.identifier(table),
                assignments=assignments,
                ids=list(moments),
                moments=list(moments.values()),
            )
        )
        self.env.invalidate_all()

    def _deliver(self, moments):
        """What was ordered more than three days ago has left the cellar."""
        before = fields.Datetime.now() - timedelta(days=3)
        orders = self._confirmed(order for order, moment in moments.items() if moment < before)
        for quantity, lines in orders.order_line.grouped("product_uom_qty").items():
            lines.qty_delivered = quantity

    def _confirmed(self, orders):
        orders = self.env["sale.order"].browse(order.id for order in orders)
        return orders.filtered(lambda order: order.state == "sale")

    # -- Money ----------------------------------------------------------------

    def _invoice(self, moments):
        """Invoice every half month what was ordered in it, one invoice per customer.

        :return: posted invoices
        """
        invoices = self.env["account.move"]
        periods = defaultdict(self.env["sale.order"].browse)
        for order in self._confirmed(moments):
            periods[self._period_end(moments[order].date())] += order
        for day, orders in sorted(periods.items()):
            if day < self.today:
                invoices += orders.with_context(default_invoice_date=day)._create_invoices()
        invoices.action_post()
        self._set_moments(
            "account_move",
            ("create_date",),
            {i.id: datetime.combine(i.invoice_date, time(18)) for i in invoices},
        )
        return invoices

    def _period_end(self, day):
        """:return: the last day (date) of the half month in which the day falls"""
        return day.replace(day=15) if day.day <= 15 else date_utils.end_of(day, "month")

    def _collect(self, invoices):
        """Let customers pay, most of them in time; the bank tells every half month."""
        periods = defaultdict(self.env["account.move"].browse)
        for invoice in invoices:
            patience = invoice.invoice_date_due - invoice.invoice_date
            late = timedelta(days=self.rng.choice((-6, -3, -1, 0, 2, 5, 12)) if patience else 0)
            day = max(invoice.invoice_date, invoice.invoice_date_due + late)
            if day <= self.today and self.rng.random() < 0.975:
                periods[min(self._period_end(day), self.today)] += invoice
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        entries = self.env["account.move"].create(
            [self._bank_entry_values(journal, *period) for period in sorted(periods.items())]
        )
        entries.action_post()
        paid = [invoice for _day, paid in sorted(periods.items()) for invoice in paid]
        self.env["account.move.line"]._reconcile_plan(
            [
                self._receivable(invoice) + line
                for invoice, line in zip(paid, self._receivable(entries), strict=True)
            ]
        )

    def _bank_entry_values(self, journal, day, invoices):
        """:return: values of the entry that says these invoices were paid"""
        received = [
            Command.create(
                {
                    "name": invoice.name,
                    "partner_id": invoice.commercial_partner_id.id,
                    "account_id": self._receivable(invoice).account_id.id,
                    "credit": invoice.amount_total,
                }
            )
            for invoice in invoices
        ]
        total = Command.create(
            {
                "name": "Transfers and cards",
                "account_id": journal.default_account_id.id,
                "debit": sum(invoices.mapped("amount_total")),
            }
        )
        return {
            "journal_id": journal.id,
            "move_type": "entry",
            "date": day,
            "ref": "Transfers and cards",
            "line_ids": [total, *received],
        }

    def _receivable(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    # -- What is open -----------------------------------------------------------

    def _write_quotations(self):
        """Quotations that wait for an answer."""
        for key, ago, sent in QUOTATIONS:
            moment = self._moment(self.today - timedelta(days=ago))
            profile = KNOWN.get(key, ("restaurant",))[0]
            quotation = self.env["sale.order"].create(
                {
                    "partner_id": self._partner(key).id,
                    "company_id": self.company.id,
                    "user_id": self.clerk.id,
                    "date_order": moment,
                    "order_line": self._fill_basket(profile),
                }
            )
            if sent:
                quotation.action_quotation_sent()

    def _fill_cart(self):
        """Clara was interrupted by the doorbell."""
        self.env["sale.order"].create(
            {
                "partner_id": self._partner("clara").id,
                "company_id": self.company.id,
                "website_id": self.website.id,
                "team_id": self.website.salesteam_id.id,
                "user_id": False,
                "order_line": [
                    Command.create({"product_id": self._product(key).id, "product_uom_qty": qty})
                    for key, qty in (("cigale", 3), ("schiefer", 2), ("comte", 1))
                ],
            }
        )
