import {registry} from "@web/core/registry";
import {clickOnSave, clickOnSnippet, registerWebsitePreviewTour} from "@website/js/tours/tour_utils";
import {signIn} from "./tour_utils";

/** A member signs in, lands on the members' page, follows the menu and gets the guide. */
registry.category("web_tour.tours").add("customer_type_content_member", {
    url: "/web/login",
    steps: () => [
        ...signIn(),
        {
            content: "They arrive on the members' page",
            trigger: "#wrap:contains(Qubernoza)",
        },
        {
            content: "The menu has an entry for them",
            trigger: "header #top_menu a:contains(Menu of the trade)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It leads to a product with a document for them, which they get",
            trigger: "#product_documents a:contains(kerbolistan.pdf)",
            async run({anchor}) {
                const response = await fetch(anchor.href);
                const guide = await response.text();
                if (!guide.includes("Kerbolistan tasting guide")) {
                    throw new Error(`No guide, but ${response.status}: ${guide}`);
                }
            },
        },
    ],
});

/** A guest meets nothing of it; asked for, the page says what to do, and comes after signing in. */
registry.category("web_tour.tours").add("customer_type_content_guest", {
    url: "/test-open-page",
    steps: () => [
        {
            content: "No menu, no block",
            trigger: "body:not(:contains(Menu of the trade)) #wrap:contains(The end)",
        },
        {
            content: "No block",
            trigger: "#wrap:not(:contains(Wiltravex))",
            run() {
                window.location.assign("/test-cellar-notes");
            },
            expectUnloadPage: true,
        },
        {
            content: "The page is for others, says what to do, and shows nothing of itself",
            trigger: "body:not(:contains(Qubernoza)) .o_customer_type_content_refused a:contains(Sign in)",
            run: "click",
            expectUnloadPage: true,
        },
        ...signIn(),
        {
            content: "Here it is",
            trigger: "#wrap:contains(Qubernoza)",
        },
    ],
});

/** A designer chooses in the website editor who gets a block. */
registerWebsitePreviewTour(
    "customer_type_content_block",
    {url: "/test-edited-page", edition: true},
    () => [
        ...clickOnSnippet("#wrap .s_text_block"),
        {
            content: "Choose the types",
            trigger: ".o_customize_tab [data-label='Shown to'] .o-hb-selectMany2X-toggle",
            run: "click",
        },
        {
            trigger: ".o-hb-selectMany2X-dropdown .o-dropdown-item:contains(Test Reserve)",
            run: "click",
        },
        {
            content: "The block is for them",
            trigger: ".o_customize_tab [data-label='Shown to'] input[data-name='Test Reserve']",
        },
        {
            trigger: ":iframe #wrap .s_text_block[data-customer-types]",
        },
        ...clickOnSave(),
    ]
);
