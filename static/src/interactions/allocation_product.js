import { patch } from "@web/core/utils/patch";
import { WebsiteSale } from "@website_sale/interactions/website_sale";

patch(WebsiteSale.prototype, {
    /**
     * Tell what is left of the chosen variant, and start from the quantity that is proposed.
     *
     * @override
     */
    _onChangeCombination(ev, parent, combination) {
        super._onChangeCombination(...arguments);
        const allocationEl = parent.querySelector(".o_allocation");
        if (!allocationEl || !parent.matches(".js_main_product")) {
            return;
        }
        const allocation = combination.allocation;
        if (!combination.no_product_change || !allocation) {
            this.services["public.interactions"].stopInteractions(allocationEl);
            allocationEl.innerHTML = combination.allocation_html || "";
            this.services["public.interactions"].startInteractions(allocationEl);
        }
        allocationEl.parentElement.classList.toggle(
            "o_allocation_not_for_sale",
            Boolean(allocation?.state) && !allocation.is_buyable
        );
        const input = parent.querySelector('input[name="add_qty"]');
        if (!input || !allocation?.state) {
            return;
        }
        const { maximum, default: proposed } = combination.quantity_limits;
        const quantity = combination.no_product_change ? parseFloat(input.value) : proposed;
        input.value = maximum ? Math.min(quantity, maximum) : quantity;
    },
});
