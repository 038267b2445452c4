import { registry } from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";

/** A visitor buys the membership of a club, and pays less from then on. */
registry.category("web_tour.tours").add("customer_type_club_join", {
    url: "/clubs",
    steps: () => [
        {
            content: "Open the club",
            trigger: ".o_clubs .card:contains(Test Joined Club) a.btn",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Join it",
            trigger: ".o_club_join:contains(Join the club)",
            run: "click",
            expectUnloadPage: true,
        },
        tourUtils.goToCheckout(),
        {
            content: "It costs nothing: order it",
            trigger: "form[name=o_wsale_confirm_order] button:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Look at the club again",
            trigger: "#wrap:has([name=order_confirmation])",
            run() {
                window.location.href = "/clubs";
            },
            expectUnloadPage: true,
        },
        {
            content: "The visitor is a member",
            trigger: ".o_clubs .card:contains(Test Joined Club):contains(You are a member)",
            run() {
                window.location.href = "/shop?search=Test+Wine";
            },
            expectUnloadPage: true,
        },
        {
            content: "The shop has the prices of members",
            trigger: ".oe_product_cart:contains(Test Wine) .oe_currency_value:contains(83.25)",
        },
    ],
});

/** A member swaps a wine, skips the shipment, and takes it after all. */
registry.category("web_tour.tours").add("customer_type_club_member", {
    url: "/my/clubs",
    steps: () => [
        {
            content: "Open the membership",
            trigger: ".o_my_club:contains(Test Cellar Club)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "No white wine this time",
            trigger: ".o_club_choice div:has(> label:contains(Test White)) > input",
            run: "edit 0",
        },
        {
            content: "But more of the red one",
            trigger: ".o_club_choice div:has(> label:contains(Test Wine)) > input",
            run: "edit 5",
        },
        {
            content: "Save",
            trigger: "button[name=choose]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is saved",
            trigger: ".alert-success:contains(Your choice is saved)",
        },
        {
            content: "Skip the shipment",
            trigger: "button[name=skip]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is skipped: take it after all",
            trigger: ".o_club_next:has(.o_club_skipped) button[name=undo_skip]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It comes",
            trigger: ".o_club_next:not(:has(.o_club_skipped)) button[name=skip]",
        },
    ],
});
