import {registry} from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";
import {addToCart, openProduct, signIn} from "./tour_utils";

function seeSaving(where, label) {
    return {
        content: `${where}: ${label}`,
        trigger: `.o_customer_type_saving:contains(${label})`,
    };
}

/** A guest finds no prices, signs in right there, sees price and saving, and buys. */
registry.category("web_tour.tours").add("customer_type_price_visibility_sign_in", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        {
            content: "The shop shows no price to guests",
            trigger: ".oe_product_cart:not(:has(.oe_currency_value)) a:contains(Sign in to see prices)",
        },
        openProduct(),
        {
            content: "Nor does the product page, and nothing can be bought",
            trigger: "#product_details:not(:has(.oe_currency_value)):not(:has(#add_to_cart:visible))",
        },
        {
            content: "Sign in",
            trigger: "#product_details a:contains(Sign in to see prices)",
            run: "click",
            expectUnloadPage: true,
        },
        ...signIn(),
        {
            content: "Back on the product page: the price is there",
            trigger: "#product_details .oe_price .oe_currency_value:text(613.55)",
        },
        {
            content: "The public price is struck through",
            trigger: "#product_details .oe_default_price .oe_currency_value:text(876.50)",
        },
        seeSaving("Product page", "262.95"),
        {
            content: "Take ten: there is a better price for that",
            trigger: "input[name=add_qty]",
            run: "edit 10 && press Enter",
        },
        seeSaving("Product page, for ten", "376.50"),
        {
            content: "Take one",
            trigger: "input[name=add_qty]",
            run: "edit 1 && press Enter",
        },
        seeSaving("Product page, for one again", "262.95"),
        addToCart(),
        tourUtils.goToCart(),
        {
            content: "Cart: the public price is struck through",
            trigger: "#cart_products del .oe_currency_value:text(876.50)",
        },
        {
            content: "Cart: what is saved altogether",
            trigger: "tr[name=o_order_public_saving]:contains(262.95)",
        },
        tourUtils.goToCheckout(),
        ...tourUtils.assertCartAmounts({untaxed: "613.55"}),
        ...tourUtils.payWithTransfer({
            expectUnloadPage: true,
            waitFinalizeYourPayment: true,
        }),
    ],
});
