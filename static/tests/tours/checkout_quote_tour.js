import { registry } from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";

/** A hotel whose orders start with a quotation asks for one. */
registry.category("web_tour.tours").add("customer_type_quote_request", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        ...tourUtils.addToCart({ productName: "Test Wine", search: false, expectUnloadPage: true }),
        tourUtils.goToCart(),
        {
            content: "The cart asks for a quote",
            trigger: "a[name=website_sale_main_button]:contains(Request a quote)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Nothing is to be paid",
            trigger: "#wrap:not(:has(form#o_payment_form)) #o_quote_request:contains(Nothing is to be paid now)",
        },
        {
            content: "The steps say so",
            trigger: ".o_wizard .fw-bold:contains(Quote)",
        },
        {
            content: "Say what it is for",
            trigger: "#quote_message",
            run: "edit For the opening in June",
        },
        {
            content: "Ask",
            trigger: "button[name=o_request_quote]:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Follow it",
            trigger: "a:contains(Follow your quotation)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is being prepared, and cannot be accepted yet",
            trigger: "#quote_content:not(:has([data-bs-target='#modalaccept'])) .o_quote_requested",
        },
    ],
});

/** Once it has been sent, the hotel fills in its order number and accepts. */
registry.category("web_tour.tours").add("customer_type_quote_accept", {
    url: "/my/quotes",
    steps: () => [
        {
            content: "Open the quotation",
            trigger: ".o_portal_my_doc_table a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Type the order number",
            trigger: ".o_customer_reference_portal input[name=client_order_ref]",
            run: "edit PO-2231",
        },
        {
            content: "Save it",
            trigger: ".o_customer_reference_portal button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is on the quotation",
            trigger: "#portal_sale_content:contains(PO-2231)",
        },
        {
            content: "Accept",
            trigger: "#sale_order_sidebar_button a:contains(Sign)",
            run: "click",
        },
        {
            content: "Type the name",
            trigger: ".modal .o_web_sign_name_and_signature input",
            run: "fill Test Chef",
        },
        {
            content: "The signature is there",
            trigger: ".modal canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            content: "Sign",
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is an order",
            trigger: "#quote_content:contains(Your order has been confirmed.)",
        },
    ],
});
