from .club_common import ClubCommon

SHIPMENT = "odoo.addons.customer_type.models.club.sale_club_shipment"


class Killed(BaseException):
    """What a process that is killed looks like to the code: nothing catches it."""


class ClubCardCommon(ClubCommon):
    """A club that charges cards, with members who have one, and a run whose window is open."""

    member_count = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.club.write({"payment": "token", "retry_days": "3,7"})
        cls.members = cls._create_members(cls.member_count)
        for member in cls.members:
            member.payment_token_id = cls._create_card(member.partner_id)
        cls.club_run = cls._create_run()
        cls.club_run._open_window()

    def _done(self, transaction):
        transaction._set_done()

    def _refuse(self, transaction):
        transaction._set_error("No money")
