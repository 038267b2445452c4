from odoo import fields, models
from odoo.tools import SQL


class SaleClubMovementReport(models.Model):
    """Who came to a club and who left it, and why. Added up from the first day on, these are the
    members over time.
    """

    _name = "sale.club.movement.report"
    _description = "Club Members over Time"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "member_id"
    _depends = {
        "sale.club.member": [
            "club_id", "company_id", "joined_on", "left_on", "partner_id", "reason_code",
        ],
        "sale.club.move": ["date", "from_club_id", "member_id", "to_club_id"],
        "res.partner": ["customer_type_id"],
    }  # fmt: skip

    date = fields.Date(readonly=True)
    club_id = fields.Many2one("sale.club", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    member_id = fields.Many2one("sale.club.member", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_type_id = fields.Many2one("customer.type", readonly=True)
    kind = fields.Selection(
        [
            ("joined", "Joined"),
            ("moved_in", "Came from another club"),
            ("moved_out", "Went to another club"),
            ("left", "Left the club"),
        ],
        string="What happened",
        readonly=True,
    )
    reason_code = fields.Selection(
        lambda self: self.env["sale.club.member"]._fields["reason_code"].selection,
        string="Why they left",
        readonly=True,
    )
    change = fields.Integer(string="Members", readonly=True)
    joins = fields.Integer(string="Joined", readonly=True)
    leaves = fields.Integer(string="Left the club", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT movement.*,
                   member.company_id,
                   member.partner_id,
                   customer.customer_type_id,
                   CASE WHEN movement.kind IN ('joined', 'moved_in') THEN 1 ELSE -1 END AS change,
                   CASE WHEN movement.kind = 'joined' THEN 1 ELSE 0 END AS joins,
                   CASE WHEN movement.kind = 'left' THEN 1 ELSE 0 END AS leaves
              FROM (%s UNION ALL %s UNION ALL %s UNION ALL %s) AS movement
              JOIN sale_club_member AS member ON member.id = movement.member_id
              JOIN res_partner AS customer ON customer.id = member.commercial_partner_id
            """,
            self._select_joined(),
            self._select_left(),
            self._select_moved("moved_out", 2),
            self._select_moved("moved_in", 3),
        )

    def _select_joined(self):
        """:return: SQL of those who became members, in the club that they joined"""
        return SQL(
            """
            SELECT 4 * joined.id AS id, joined.id AS member_id, joined.joined_on AS date,
                   'joined' AS kind, NULL AS reason_code,
                   COALESCE(first_move.from_club_id, joined.club_id) AS club_id
              FROM sale_club_member AS joined
         LEFT JOIN LATERAL (
                       SELECT from_club_id FROM sale_club_move
                        WHERE member_id = joined.id ORDER BY id LIMIT 1
                   ) AS first_move ON TRUE
             WHERE joined.joined_on IS NOT NULL
            """
        )

    def _select_left(self):
        """:return: SQL of those who left; who only waited for a place has left nothing"""
        return SQL(
            """
            SELECT 4 * id + 1, id, left_on, 'left', reason_code, club_id
              FROM sale_club_member
             WHERE joined_on IS NOT NULL AND left_on IS NOT NULL
            """
        )

    def _select_moved(self, kind, number):
        """:return: SQL of those who changed the club, as they go or as they come"""
        club = SQL.identifier("from_club_id" if kind == "moved_out" else "to_club_id")
        return SQL(
            "SELECT 4 * id + %s, member_id, date, %s, NULL, %s FROM sale_club_move",
            number,
            kind,
            club,
        )
