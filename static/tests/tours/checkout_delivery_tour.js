import { registry } from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";

/** A restaurant fills its cart up to free delivery, enters a code and its order number, and pays. */
registry.category("web_tour.tours").add("customer_type_checkout_delivery", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        ...tourUtils.addToCart({ productName: "Test Wine", search: false, expectUnloadPage: true }),
        tourUtils.goToCart(),
        {
            content: "The cart says what is missing",
            trigger: ".o_policy_issue:contains(386.45 more for free delivery)",
        },
        {
            content: "One more",
            trigger: "#cart_products .css_quantity a:has(.oi-plus)",
            run: "click",
        },
        ...tourUtils.assertCartAmounts({ untaxed: "1,227.10" }),
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
        {
            content: "Nothing is missing any more",
            trigger: "body:not(:has(.o_policy_issue:contains(more for free delivery)))",
        },
        tourUtils.goToCheckout(),
        {
            content: "The van is the only way, and is free",
            trigger:
                "#o_delivery_methods:has(label:contains(Test Van)):not(:has(label:contains(Test Parcel))) .o_wsale_delivery_price_badge:contains(Free)",
        },
        tourUtils.confirmOrder(),
        {
            content: "Type the order number",
            trigger: ".o_customer_reference input[name=client_order_ref]",
            run: "edit PO-77",
        },
        {
            content: "Save it",
            trigger: ".o_customer_reference button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        ...tourUtils.payWithTransfer({
            expectUnloadPage: true,
            waitFinalizeYourPayment: true,
        }),
    ],
});
