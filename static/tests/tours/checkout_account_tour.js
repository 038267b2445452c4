import {registry} from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";
import {addToCart, openProduct} from "./tour_utils";

const ON_ACCOUNT = ".o_payment_option_label:contains(On your account, due)";

/** From the shop to the payment page, with one bottle. */
function checkOut() {
    return [
        openProduct(),
        addToCart(),
        tourUtils.goToCart(),
        tourUtils.goToCheckout(),
    ];
}

registry.category("web_tour.tours").add("customer_type_account", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        ...checkOut(),
        {
            content: "What is left of the credit limit",
            trigger: ".o_account_status:contains(left of)",
        },
        {
            content: "Choose to pay on account",
            trigger: ON_ACCOUNT,
            run: "click",
        },
        {
            content: "Order",
            trigger: "button[name=o_payment_submit_button]:not(:disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The order is confirmed, and says when it is due",
            trigger: "[name=order_confirmation] .o_account_due:contains(On your account, due)",
        },
        {
            content: "Look at the orders",
            trigger: "body",
            run() {
                window.location.href = "/my/orders";
            },
            expectUnloadPage: true,
        },
        {
            content: "Open the order",
            trigger: ".o_portal_my_doc_table a:first",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The due date is on the order",
            trigger: "#sale_info_table .o_account_due:contains(On your account, due)",
        },
    ],
});

registry.category("web_tour.tours").add("customer_type_no_account", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        ...checkOut(),
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
