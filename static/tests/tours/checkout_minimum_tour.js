import { registry } from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";
import {openProduct} from "./tour_utils";

const PAGE_QUANTITY = "#product_details input[name=add_qty]";
const CART_LINE = "#cart_products .o_cart_product:contains(Test Wine)";
const CART_QUANTITY = "div[name=website_sale_cart_line_quantity]";

/** A restaurant buys by the case, is below its minimum, fills up and checks out. */
registry.category("web_tour.tours").add("customer_type_checkout_minimum", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        openProduct(),
        {
            content: "It is sold by the case",
            trigger: ".o_customer_type_quantity_rule:contains(Sold in multiples of 6)",
        },
        {
            content: "The quantity starts from a case",
            trigger: `${PAGE_QUANTITY}:value(6)`,
        },
        {
            content: "One case more",
            trigger: "#product_details .css_quantity_plus",
            run: "click",
        },
        {
            content: "Are two cases; and one less",
            trigger: `#product_details .css_quantity:has(input[name=add_qty]:value(12)) .css_quantity_minus`,
            run: "click",
        },
        {
            content: "Less than a case there is not",
            trigger: `#product_details .css_quantity:has(input[name=add_qty]:value(6)) .css_quantity_minus`,
            run: "click",
        },
        {
            content: "Add a case to the cart",
            trigger: `#product_details:has(input[name=add_qty]:value(6)) #add_to_cart`,
            run: "click",
        },
        tourUtils.goToCart({ quantity: 6 }),
        {
            content: "The cart says what is missing",
            trigger: ".o_policy_issue[data-code=order_minimum]:contains(40.00):contains(to your order minimum) .progress[aria-valuenow='60']",
        },
        {
            content: "Nobody checks out below the minimum",
            trigger: "a[name=website_sale_main_button].disabled",
        },
        {
            content: "One case more",
            trigger: `${CART_LINE} ${CART_QUANTITY} a:has(.oi-plus)`,
            run: "click",
        },
        {
            content: "Are two cases, and the minimum is met",
            trigger: `#shop_cart:not(:has(.o_policy_issue)) ${CART_LINE} ${CART_QUANTITY} input.js_quantity:value(12)`,
        },
        {
            content: "One case less: the bar is back, once",
            trigger: `${CART_LINE} ${CART_QUANTITY} a:has(.oi-minus)`,
            run: "click",
        },
        {
            trigger: "#shop_cart:has(.o_policy_issue:count(1)) .progress[aria-valuenow='60']",
        },
        {
            content: "Fill up again",
            trigger: `${CART_LINE} ${CART_QUANTITY}:has(input:value(6)) a:has(.oi-plus)`,
            run: "click",
        },
        {
            trigger: `#shop_cart:not(:has(.o_policy_issue)) ${CART_LINE} ${CART_QUANTITY} input.js_quantity:value(12)`,
        },
        {
            trigger: "a[name=website_sale_main_button]:not(.disabled)",
        },
        tourUtils.goToCheckout(),
        ...tourUtils.assertCartAmounts({ untaxed: "120.00", total: "120.00" }),
        ...tourUtils.payWithTransfer({
            expectUnloadPage: true,
            waitFinalizeYourPayment: true,
        }),
        {
            content: "The order is placed",
            trigger: 'tr[name="o_order_total"]:contains(120.00)',
        },
    ],
});

/** A clerk confirms a small order of a good customer, and says why. */
registry.category("web_tour.tours").add("customer_type_checkout_override", {
    steps: () => [
        {
            content: "The order says what is missing",
            trigger: ".o_policy_issue[data-code=order_minimum]:contains(40.00)",
        },
        {
            content: "Confirm it",
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is refused, with a way out",
            trigger: ".modal:contains(to your order minimum) button:contains(Confirm all the same)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit First order of the season",
        },
        {
            trigger: ".modal button[name=action_override]",
            run: "click",
        },
        {
            content: "The order is confirmed, and the reason stands on it",
            trigger: ".o_arrow_button_current:contains(Sales Order)",
        },
        {
            trigger: ".o-mail-Message:contains(First order of the season)",
        },
    ],
});
