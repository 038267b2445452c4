import {registry} from "@web/core/registry";
import * as tourUtils from "@website_sale/js/tours/tour_utils";
import {addToCart, goToShop, openProduct, openSignIn, signIn} from "./tour_utils";

const GUEST_PRICE = "876.50";
const OWN_PRICE = "613.55";

function seePrice(where, trigger, price) {
    return {
        content: `${where}: the price is ${price}`,
        trigger: `${trigger} .oe_currency_value:text(${price})`,
    };
}

/** A wholesaler looks around as a guest, signs in, and orders at the price of their type. */
registry.category("web_tour.tours").add("customer_type_pricing_wholesaler", {
    url: "/shop?search=Test+Wine",
    steps: () => [
        seePrice("Shop, as a guest", ".oe_product_cart", GUEST_PRICE),
        openSignIn(),
        ...signIn(),
        goToShop(),
        ...tourUtils.searchProduct("Test Wine"),
        seePrice("Shop", ".oe_product_cart", OWN_PRICE),
        openProduct(),
        seePrice("Product page", "#product_details .oe_price", OWN_PRICE),
        addToCart(),
        tourUtils.goToCart(),
        seePrice("Cart", "#cart_products .o_cart_product", OWN_PRICE),
        ...tourUtils.assertCartAmounts({untaxed: OWN_PRICE}),
        tourUtils.goToCheckout(),
        ...tourUtils.assertCartAmounts({untaxed: OWN_PRICE, total: OWN_PRICE}),
        ...tourUtils.payWithTransfer({
            expectUnloadPage: true,
            waitFinalizeYourPayment: true,
        }),
        seePrice("Confirmation", 'tr[name="o_order_total"]', OWN_PRICE),
    ],
});
