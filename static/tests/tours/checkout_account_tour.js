import {registry} from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";
import {addToCart, openProduct} from "./tour_utils";

const ON_ACCOUNT = ".o_payment_option_label:contains(On your account, due)";

/** A private customer does not see what restaurants have. */
registry.category("web_tour.tours").add("customer_type_no_account", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        openProduct(),
        addToCart(),
        tourUtils.goToCart(),
        tourUtils.goToCheckout(),
        {
            content: "Other ways to pay are there, this one is not",
            trigger: `#payment_method:has(.o_payment_option_label):not(:has(${ON_ACCOUNT}))`,
        },
        {
            content: "Nor is there anything about an account",
            trigger: "body:not(:has(.o_account_status))",
        },
    ],
});
