import { patch } from "@web/core/utils/patch";
import wSaleUtils from "@website_sale/js/website_sale_utils";

patch(wSaleUtils, {
    /**
     * Paying in one click is offered as soon, and as long, as the cart may be paid for.
     *
     * @override
     */
    updateCartNavBar(data) {
        super.updateCartNavBar(...arguments);
        if ("express_checkout_ready" in data) {
            for (const el of document.querySelectorAll(".o_customer_type_express")) {
                el.classList.toggle("d-none", !data.express_checkout_ready);
            }
        }
    },
});
