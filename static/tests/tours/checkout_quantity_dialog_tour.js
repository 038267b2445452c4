import { registry } from "@web/core/registry";
import configuratorTourUtils from "@sale/js/tours/product_configurator_tour_utils";

const WINE = "Test Wine";
const CORKS = "Test Corks";

/**
 * @param {string} product
 * @param {number} quantity
 * @returns {string} selector of the row of a product in the dialog, once it has that quantity
 */
function row(product, quantity) {
    const selector = configuratorTourUtils.productSelector(product).trim();
    return `${selector} input[name=sale_quantity]:value(${quantity})`;
}

/** The dialog for a product with options starts from a case, and counts by the case. */
registry.category("web_tour.tours").add("customer_type_checkout_quantity_dialog", {
    steps: () => [
        { content: "Add a case", trigger: "#add_to_cart", run: "click" },
        { content: "The dialog has a case", trigger: row(WINE, 6) },
        configuratorTourUtils.increaseProductQuantity(WINE),
        { content: "One case more", trigger: row(WINE, 12) },
        configuratorTourUtils.increaseProductQuantity(WINE),
        { content: "And another", trigger: row(WINE, 18) },
        configuratorTourUtils.decreaseProductQuantity(WINE),
        { content: "One case less", trigger: row(WINE, 12) },
        configuratorTourUtils.addOptionalProduct(CORKS),
        { content: "An option starts from a case, too", trigger: row(CORKS, 6) },
        configuratorTourUtils.decreaseProductQuantity(CORKS),
        {
            content: "Less than a case is none",
            trigger: configuratorTourUtils.optionalProductSelector(CORKS),
        },
        configuratorTourUtils.addOptionalProduct(CORKS),
        { content: "It starts from a case again", trigger: row(CORKS, 6) },
        {
            content: "Buy",
            trigger: "button[name=website_sale_product_configurator_continue_button]",
            run: "click",
        },
        {
            content: "Both are in the cart",
            trigger: ".o_wsale_my_cart .my_cart_quantity:contains(18)",
        },
    ],
});
