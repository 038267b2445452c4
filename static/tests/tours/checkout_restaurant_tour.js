import { registry } from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";
import { chooseFile, openProduct } from "./tour_utils";

const PAGE = "#product_details .css_quantity";
const PAGE_INPUT = "input[name=add_qty]";
const LINE = "#cart_products .o_cart_product:contains(Test Wine) div[name=website_sale_cart_line_quantity]";
const CART = "#shop_cart";
const BELOW_MINIMUM = ".o_policy_issue[data-code=order_minimum]";
const TO_FREE_DELIVERY = ".o_policy_issue[data-code=free_shipping]";
const ON_ACCOUNT = ".o_payment_option_label:contains(On your account, due)";

/**
 * @param {number} from bottles in the cart
 * @param {string} sign "plus" or "minus"
 */
function changeByACase(from, sign) {
    return {
        content: `From ${from} bottles, a case (${sign})`,
        trigger: `${LINE}:has(input.js_quantity:value(${from})) a:has(.oi-${sign})`,
        run: "click",
    };
}

/**
 * A restaurant below its minimum fills up by the case, gets free delivery and takes a code, pays on
 * account, and finds the due date on its order.
 */
registry.category("web_tour.tours").add("customer_type_checkout_restaurant", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        // By the case
        openProduct(),
        {
            content: "It is sold by the case",
            trigger: ".o_customer_type_quantity_rule:contains(Sold in multiples of 6)",
        },
        {
            content: "The quantity starts from a case; one more",
            trigger: `${PAGE}:has(${PAGE_INPUT}:value(6)) .css_quantity_plus`,
            run: "click",
        },
        {
            content: "Are two cases; and one less",
            trigger: `${PAGE}:has(${PAGE_INPUT}:value(12)) .css_quantity_minus`,
            run: "click",
        },
        {
            content: "Less than a case there is not",
            trigger: `${PAGE}:has(${PAGE_INPUT}:value(6)) .css_quantity_minus`,
            run: "click",
        },
        {
            content: "Add a case to the cart",
            trigger: `#product_details:has(${PAGE_INPUT}:value(6)) #add_to_cart`,
            run: "click",
        },
        tourUtils.goToCart({ quantity: 6 }),
        // Below the minimum
        {
            content: "The cart says what is missing, and that first",
            trigger: `${CART} .o_policy_issue[data-code=order_minimum]:contains(40.00):contains(to your order minimum):has(.progress[aria-valuenow='60']) ~ ${TO_FREE_DELIVERY}:contains(90.00)`,
        },
        {
            content: "Nobody checks out below the minimum",
            trigger: "a[name=website_sale_main_button].disabled",
        },
        {
            content: "Nor by one click",
            trigger: ".o_customer_type_express.d-none .test_wallet_button:not(:visible)",
        },
        changeByACase(6, "plus"),
        {
            content: "The minimum is met, free delivery is not reached",
            trigger: `${CART}:not(:has(${BELOW_MINIMUM})) ${TO_FREE_DELIVERY}:contains(30.00 more for free delivery)`,
        },
        {
            content: "The button to pay in one click has come",
            trigger: ".test_wallet_button:visible",
        },
        changeByACase(12, "minus"),
        {
            content: "The bar is back, once, and the button is gone",
            trigger: `${CART}:has(${BELOW_MINIMUM}:count(1)) .progress[aria-valuenow='60']`,
        },
        {
            trigger: ".test_wallet_button:not(:visible)",
        },
        changeByACase(6, "plus"),
        {
            trigger: `${CART}:not(:has(${BELOW_MINIMUM})) ${TO_FREE_DELIVERY}:contains(30.00)`,
        },
        changeByACase(12, "plus"),
        {
            content: "Nothing is missing any more",
            trigger: `${CART}:not(:has(.o_policy_issue)) ${LINE} input.js_quantity:value(18)`,
        },
        {
            trigger: "a[name=website_sale_main_button]:not(.disabled)",
        },
        // A code of the trade
        {
            content: "Type the code",
            trigger: "form[name=coupon_code] input[name=promo]",
            run: "edit TRADE5",
        },
        {
            content: "Apply it",
            trigger: "form[name=coupon_code] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is taken off",
            trigger: "#cart_products:contains(5% on your order)",
        },
        // Free delivery
        tourUtils.goToCheckout(),
        {
            content: "The van is the only way, and is free",
            trigger:
                "#o_delivery_methods:has(label:contains(Test Van)):not(:has(label:contains(Test Parcel))) .o_wsale_delivery_price_badge:contains(Free)",
        },
        tourUtils.confirmOrder(),
        // On account
        {
            content: "Type the order number",
            trigger: ".o_customer_reference input[name=client_order_ref]",
            run: "edit PO-77",
        },
        {
            content: "Choose the purchase order, and save nothing",
            trigger: ".o_customer_reference input[name=purchase_order]",
            run() {
                chooseFile(this.anchor, "june.pdf", "%PDF-1.4\n%%EOF\n");
            },
            expectUnloadPage: true,
        },
        {
            content: "Both are there",
            trigger: ".o_customer_reference:has(input:value(PO-77)):contains(june.pdf)",
        },
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
