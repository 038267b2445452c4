"""What the clubs of Vinum have sent so far, who came and who went: what their reports tell of."""

from datetime import datetime, time, timedelta

from odoo import fields

from ..models.club.schedule import nth_date

# By club: who is a member, and since how many days.
MEMBERS = {
    "cellar": {"henri": 580, "girard": 540, "wolff": 330, "marin": 280, "sofia": 160},
    "case": {"luna": 250, "bellevue": 240, "weinwinkel": 200, "orangerie": 130, "kestrel": 60},
    "larder": {"clara": 170, "perrin": 110},
}
# Customers of the story who have left: club, name, since and until how many days ago, why.
LEAVERS = (
    ("cellar", "Anna Berger", 560, 190, "choice"),
    ("cellar", "Oliver Hartley", 500, 95, "choice"),
    ("cellar", "Élodie Faure", 450, 250, "declined"),
    ("cellar", "Thomas Keller", 400, 60, "declined"),
    ("cellar", "Chiara Romano", 300, 30, "choice"),
    ("case", "Osteria del Porto", 245, 100, "choice"),
    ("case", "Casa Amparo", 245, 40, "staff"),
)
# Who changed from one club to another: from, to, name, since and until when in the first one.
MOVER = ("larder", "cellar", "Marta Vidal", 300, 120)
# By club: how many runs there were, or on which days.
RUNS = {"cellar": 6, "case": 8, "larder": (80, 200)}
# What came of some shipments: the run, counted from the last one, and the member.
SKIPPED = {
    ("cellar", 1, "Paul Girard"),
    ("cellar", 2, "Anna Berger"),
    ("cellar", 2, "Henri Laurent"),
    ("cellar", 3, "Paul Girard"),
    ("case", 2, "Hotel Bellevue"),
    ("case", 5, "Casa Amparo"),
}
RECOVERED = {
    ("cellar", 1, "Katharina Wolff"),
    ("cellar", 2, "Diego Marín"),
    ("cellar", 3, "Thomas Keller"),
}
LOST = {("cellar", 1, "Thomas Keller"), ("cellar", 3, "Élodie Faure")}
REASONS = {"choice": "Cancelled by the member", "staff": "Closed", "declined": "No cover"}


class Past:
    """The past of three clubs."""

    def __init__(self, env):
        self.env = env(context=dict(env.context, club_no_notice=True))
        self.today = fields.Date.today()
        self.clubs = {key: self.env.ref(f"customer_type.demo_club_{key}") for key in MEMBERS}
        # Who was in which club from when to when.
        self.stays = []

    def tell(self):
        """:return: moment (datetime) by order that was sent"""
        self._come_and_go()
        moments = {}
        for key, club in self.clubs.items():
            payment = club.payment
            # No card is charged for what is told.
            club.payment = "account"
            for number, day in enumerate(self._get_dates(key), start=1):
                moments.update(self._ship(key, number, day))
            club.payment = payment
        return moments

    def _ago(self, days):
        return self.today - timedelta(days=days)

    def _find(self, name):
        return self.env["res.partner"].search([("name", "=", name)], limit=1)

    def _join(self, key, partner, since):
        member = self.clubs[key]._join(partner)
        member._write_state({"joined_on": self._ago(since)})
        return member

    def _come_and_go(self):
        for key, name, since, until, code in LEAVERS:
            member = self._join(key, self._find(name), since)
            member._leave("cancelled", code, REASONS[code])
            member._write_state({"left_on": self._ago(until)})
            self.stays.append((member, key, self._ago(since), self._ago(until)))
        first, second, name, since, until = MOVER
        member = self._join(first, self._find(name), since)
        member._change_club(self.clubs[second])
        self.env["sale.club.move"].search([("member_id", "=", member.id)]).date = self._ago(until)
        self.stays.append((member, first, self._ago(since), self._ago(until)))
        self.stays.append((member, second, self._ago(until), self.today))
        for key, people in MEMBERS.items():
            for person, since in people.items():
                partner = self.env.ref(f"customer_type.demo_partner_{person}")
                member = self._join(key, partner, since)
                self.stays.append((member, key, self._ago(since), self.today))

    def _get_dates(self, key):
        """:return: the days on which the club has shipped, the last one first"""
        club, runs = self.clubs[key], RUNS[key]
        if isinstance(runs, tuple):
            return [self._ago(days) for days in runs]
        return [
            nth_date(club.anchor_date, -number, club.interval_number, club.interval_unit)
            for number in range(1, runs + 1)
        ]

    def _ship(self, key, number, day):
        """:return: moment by order of the run on a day"""
        run = self.env["sale.club.run"].create({"club_id": self.clubs[key].id, "ship_date": day})
        moment = datetime.combine(day, time(9))
        shipments = self.env["sale.club.shipment"].create(
            [
                {"run_id": run.id, "member_id": member.id, "notice": "shipped"}
                for member, where, since, until in self.stays
                if where == key and since <= day <= until
            ]
        )
        for shipment in shipments:
            case = (key, number, shipment.partner_id.name)
            if case in SKIPPED:
                shipment._write_outcome("skipped", "Skipped", is_skip_wish=True)
            elif case in RECOVERED | LOST:
                shipment.write({"declined_at": moment, "attempts": 1 if case in RECOVERED else 4})
        run._make_orders(shipments.filtered(lambda s: s.state == "waiting"))
        for shipment in shipments:
            if (key, number, shipment.partner_id.name) in LOST:
                shipment.order_id._action_cancel()
                shipment._fail("declined", REASONS["declined"])
        run.write({"state": "done", "started_at": moment, "done_at": moment})
        return {order: moment for order in shipments.order_id if order.state == "sale"}
