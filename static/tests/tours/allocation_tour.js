import { registry } from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";
import { addToCart, openProduct } from "./tour_utils";

const PAGE_QUANTITY = "#product_details input[name=add_qty]";
const CART_LINE = "#cart_products .o_cart_product:contains(Test Wine)";
const CART_QUANTITY = "div[name=website_sale_cart_line_quantity]";

/** A club member buys 6 of 6, is told why not 7, and asks for more. */
registry.category("web_tour.tours").add("customer_type_allocation_member", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        {
            content: "The list says what is left",
            trigger: ".oe_product_cart:contains(Test Wine) .o_allocation_badge:contains(6 of 6 left for you)",
        },
        openProduct(),
        {
            content: "The page says until when",
            trigger: ".o_allocation_words:contains(6 of 6 left for you until):contains((Europe/Paris))",
        },
        {
            content: "Type more than there is, and leave the field",
            trigger: PAGE_QUANTITY,
            run: "edit 7 && press Tab",
        },
        {
            content: "It goes back to what is left",
            trigger: `${PAGE_QUANTITY}:value(6)`,
        },
        addToCart(),
        tourUtils.goToCart({ quantity: 6 }),
        {
            content: "The cart says that this is all",
            trigger: ".o_allocation_line:contains(That is all of what is left for you)",
        },
        {
            content: "Ask for a seventh all the same",
            trigger: `${CART_LINE} ${CART_QUANTITY} input.js_quantity`,
            run: "edit 7 && press Enter",
        },
        {
            content: "Why not",
            trigger: "#data_warning:contains(Only 6 of Test Réserve are left for you.)",
        },
        {
            trigger: `${CART_LINE} ${CART_QUANTITY} input.js_quantity:value(6)`,
        },
        tourUtils.goToCheckout(),
        ...tourUtils.payWithTransfer({
            expectUnloadPage: true,
            waitFinalizeYourPayment: true,
        }),
        {
            content: "The order is placed; see what is allocated",
            trigger: 'tr[name="o_order_total"]:contains(600.00)',
            run: () => {
                window.location.href = "/my/allocations";
            },
            expectUnloadPage: true,
        },
        {
            content: "Nothing is left",
            trigger: ".o_portal_allocation:contains(Test Réserve) .o_allocation_badge:contains(Sold out for you)",
        },
        {
            content: "I would like more",
            trigger: ".o_portal_allocation:contains(Test Réserve) .o_allocation_ask summary",
            run: "click",
        },
        {
            trigger: ".o_portal_allocation .o_allocation_ask input[name=quantity]:visible",
            run: "edit 6",
        },
        {
            trigger: ".o_portal_allocation .o_allocation_ask button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The wish has arrived",
            trigger: ".o_allocation_wish:contains(Test Réserve) .badge:contains(Requested)",
        },
    ],
});

/** Staff has granted four more: the member sees it, and buys them. */
registry.category("web_tour.tours").add("customer_type_allocation_granted", {
    steps: () => [
        {
            content: "The wish is granted",
            trigger: ".o_allocation_wish:contains(Test Réserve):contains(Granted: 4)",
        },
        {
            content: "Four are left",
            trigger: ".o_portal_allocation:contains(Test Réserve) .o_allocation_badge:contains(4 of 10 left for you)",
        },
        {
            trigger: ".o_portal_allocation:contains(Test Réserve) button:contains(Buy now)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "All four",
            trigger: `${CART_LINE} ${CART_QUANTITY} input.js_quantity`,
            run: "edit 4 && press Enter",
        },
        {
            trigger: ".o_allocation_line:contains(That is all of what is left for you)",
        },
        tourUtils.goToCheckout(),
        ...tourUtils.payWithTransfer({
            expectUnloadPage: true,
            waitFinalizeYourPayment: true,
        }),
        {
            content: "The order is placed",
            trigger: 'tr[name="o_order_total"]:contains(400.00)',
        },
    ],
});

/** A restaurant comes before its moment. */
registry.category("web_tour.tours").add("customer_type_allocation_before", {
    steps: () => [
        {
            content: "It opens later, and the time runs",
            trigger: ".o_allocation_words[data-state=coming]:contains(Opens for you on)",
        },
        {
            trigger: ".o_allocation_timer:contains(1:5)",
        },
        {
            content: "Nothing can be bought yet",
            trigger: "#product_details:not(:has(#add_to_cart:visible))",
        },
    ],
});

/** The moment has come: it is sold by the case. */
registry.category("web_tour.tours").add("customer_type_allocation_after", {
    steps: () => [
        {
            trigger: ".o_allocation_words[data-state=open]:contains(12 of 12 left for you)",
        },
        {
            content: "It starts from a case",
            trigger: `${PAGE_QUANTITY}:value(6)`,
        },
        {
            content: "One case more",
            trigger: "#product_details .css_quantity_plus",
            run: "click",
        },
        {
            content: "Are all there are",
            trigger: `#product_details .css_quantity:has(input[name=add_qty]:value(12)) .css_quantity_plus`,
            run: "click",
        },
        {
            trigger: `#product_details .css_quantity:has(input[name=add_qty]:value(12)) .css_quantity_minus`,
            run: "click",
        },
        {
            trigger: `${PAGE_QUANTITY}:value(6)`,
        },
        addToCart(),
        tourUtils.goToCart({ quantity: 6 }),
        {
            trigger: ".o_allocation_line:contains(6 more left for you)",
        },
    ],
});

/** What is put into the cart is kept, and the time runs. */
registry.category("web_tour.tours").add("customer_type_allocation_timer", {
    steps: () => [
        addToCart(),
        tourUtils.goToCart({ quantity: 1 }),
        {
            content: "The time runs",
            trigger: ".o_allocation_kept .o_allocation_timer:contains(14:)",
        },
    ],
});
