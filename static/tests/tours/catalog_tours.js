import {registry} from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";
import {addToCart, goToShop, openProduct, openSignIn, signIn} from "./tour_utils";

/** A guest never meets the reserve wines; a reserve customer does, and buys one. */
registry.category("web_tour.tours").add("customer_type_catalog_reserve", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        {
            content: "A guest finds nothing",
            trigger: "#products_grid:not(:has(.oe_product_cart))",
        },
        openSignIn(),
        ...signIn(),
        goToShop(),
        ...tourUtils.searchProduct("Test Wine"),
        openProduct(),
        addToCart(),
        tourUtils.goToCart(),
        tourUtils.goToCheckout(),
        ...tourUtils.payWithTransfer({
            expectUnloadPage: true,
            waitFinalizeYourPayment: true,
        }),
    ],
});

/** Before the moment: who is early reads so, and until when. */
registry.category("web_tour.tours").add("customer_type_catalog_early", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        {
            content: "The list says that it is early, and counts down",
            trigger: ".oe_product_cart .o_customer_type_early .o_customer_type_countdown:contains(:)",
        },
        openProduct(),
        {
            content: "The page says from when everybody sees it",
            trigger: "#product_details:contains(For everybody from)",
        },
        {
            content: "It can be bought",
            trigger: "#add_to_cart:visible",
        },
    ],
});

/** After the moment: everybody sees it, and nobody is told of early access. */
registry.category("web_tour.tours").add("customer_type_catalog_public", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        {
            content: "It is there",
            trigger: ".oe_product_cart:not(:has(.o_customer_type_early)) a:contains(Test Wine)",
        },
    ],
});

/** A private shop says so, and lets those in for whom it is. */
registry.category("web_tour.tours").add("customer_type_catalog_private", {
    url: "/shop",
    steps: () => [
        {
            content: "The page says for whom the shop is, and how to apply",
            trigger: "#wrap:contains(It is for: Test Wholesale)",
        },
        {
            content: "There is a way to ask for access",
            trigger: "#wrap a:contains(Ask for access)",
        },
        {
            content: "Sign in",
            trigger: "#wrap a:contains(Sign in)",
            run: "click",
            expectUnloadPage: true,
        },
        ...signIn(),
        {
            content: "The shop is open",
            trigger: "#products_grid .oe_product_cart",
        },
    ],
});

/** What is not sold to a customer can be asked for. */
registry.category("web_tour.tours").add("customer_type_catalog_ask", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        openProduct(),
        {
            content: "It cannot be put into the cart; ask for it",
            trigger: "#product_details:not(:has(#add_to_cart)) a:contains(Ask your representative)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Say how many",
            trigger: "input[name=quantity]",
            run: "edit 12",
        },
        {
            content: "Say what for",
            trigger: "textarea[name=message]",
            run: "edit For a wedding in May",
        },
        {
            content: "Send it",
            trigger: "button:contains(Ask for an offer)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is with somebody now",
            trigger: "h1:contains(Thank you)",
        },
    ],
});
