from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_content import OPEN_PAGE, PAGE, STRANGERS, ContentCommon


@tagged("post_install", "-at_install")
class TestContentTour(ContentCommon, HttpCase):
    # The website editor asks for much at once, and the cursor of a test is one.
    test_cursor_lock_timeout = 120

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._user(cls, "ct_chef").password = "chef in the kitchen"
        cls.wholesale.landing_page = PAGE
        cls.menu.write({"url": cls.template.website_url, "sequence": -1})

    def test_a_member_lands_on_the_members_page_and_gets_the_guide(self):
        self.start_tour("/web/login", "customer_type_content_member")

    @mute_logger("odoo.http")
    def test_a_guest_meets_nothing_of_it_before_signing_in(self):
        self.start_tour(OPEN_PAGE, "customer_type_content_guest")

    def test_a_designer_chooses_who_gets_a_block(self):
        page = self._create_page(
            "/test-edited-page",
            f"""<section class="s_text_block pt40 pb40" data-snippet="s_text_block"
                    data-name="Text"><div class="container"><p>{STRANGERS}</p></div></section>""",
        )
        self._put_together(
            "web.assets_backend",
            "website.website_builder_assets",
            "website.assets_inside_builder_iframe",
        )
        url = self.env["website"].get_client_action_url(page.url, mode_edit=True)
        self.start_tour(url, "customer_type_content_block", login="admin", timeout=180)
        self.assertIn(f'data-customer-types="{self.reserve.id}"', page.view_id.arch)
        self.assertNotIn(STRANGERS, self._open(page.url, "ct_shopper"))
        self.assertIn(STRANGERS, self._open(page.url, "ct_collector"))

    def _put_together(self, *bundles):
        """Do not let the tour wait for what the first to open the website editor waits for."""
        self._as("admin")
        for bundle in bundles:
            for asset in self.url_open(f"/web/bundle/{bundle}?lang=en_US", timeout=240).json():
                self.assertEqual(self.url_open(asset["src"], timeout=240).status_code, 200)
