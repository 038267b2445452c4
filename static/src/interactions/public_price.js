import { patch } from "@web/core/utils/patch";
import { WebsiteSale } from "@website_sale/interactions/website_sale";

patch(WebsiteSale.prototype, {
    /**
     * Say what the customer saves on the chosen variant and quantity.
     *
     * @override
     */
    _onChangeCombination(ev, parent, combination) {
        super._onChangeCombination(...arguments);
        const savingEl = parent.querySelector(".o_customer_type_saving");
        if (savingEl) {
            savingEl.textContent = combination.public_saving_label || "";
            savingEl.classList.toggle("d-none", !combination.public_saving_label);
        }
    },
});
