import { patch } from "@web/core/utils/patch";
import { CartLine } from "@website_sale/interactions/cart_line";
import { WebsiteSale } from "@website_sale/interactions/website_sale";

/**
 * @param {HTMLInputElement} input - bears the limits that the server gave it
 * @returns {{min: number, max: number, step: number}}
 */
function readLimits(input) {
    const { min, max, ruleMax, step } = input.dataset;
    return {
        min: parseFloat(min) || 0,
        max: Math.min(parseFloat(max) || Infinity, parseFloat(ruleMax) || Infinity),
        step: parseFloat(step) || 1,
    };
}

/**
 * The next quantity up or down, back on the steps if the present one is beside them.
 *
 * @param {number} quantity
 * @param {boolean} isLess
 * @param {number} step
 * @returns {number}
 */
function nextQuantity(quantity, isLess, step) {
    return isLess
        ? (Math.ceil(quantity / step) - 1) * step
        : (Math.floor(quantity / step) + 1) * step;
}

patch(WebsiteSale.prototype, {
    /**
     * Step by what the quantity rules of the customer allow.
     *
     * @override
     */
    onChangeQuantity(ev) {
        const input = ev.currentTarget.closest(".input-group").querySelector("input");
        const { min, max, step } = readLimits(input);
        if (step === 1 && !input.dataset.ruleMax) {
            return super.onChangeQuantity(...arguments);
        }
        const quantity = parseFloat(input.value || 0);
        const next = nextQuantity(quantity, ev.currentTarget.name === "remove_one", step);
        const newQuantity = Math.max(Math.min(next, Math.floor(max / step) * step), min);
        if (newQuantity !== quantity) {
            input.value = newQuantity;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        }
    },

    /**
     * Another variant, or another unit of measure, may be sold in other quantities.
     *
     * @override
     */
    _onChangeCombination(ev, parent, combination) {
        super._onChangeCombination(...arguments);
        const limits = combination.quantity_limits || { minimum: 1, step: 1, words: "" };
        const wordsEl = parent.querySelector(".o_customer_type_quantity_rule");
        if (wordsEl) {
            wordsEl.textContent = limits.words;
            wordsEl.classList.toggle("d-none", !limits.words);
        }
        const input = parent.querySelector('input[name="add_qty"]');
        if (!input || !parent.matches(".js_main_product")) {
            return;
        }
        Object.assign(input.dataset, {
            min: limits.minimum,
            ruleMax: limits.maximum || "",
            step: limits.step,
        });
        if (parseFloat(input.value) < limits.minimum) {
            input.value = limits.minimum;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        }
    },
});

patch(CartLine.prototype, {
    /**
     * Step by what the quantity rules of the customer allow; less than the least removes the line.
     *
     * @override
     */
    async incOrDecQuantity(ev, currentTargetEl) {
        const input = currentTargetEl.closest(".css_quantity").querySelector("input.js_quantity");
        if (!input.dataset.step) {
            return super.incOrDecQuantity(...arguments);
        }
        const { min, max, step } = readLimits(input);
        const quantity = parseFloat(input.value || 0);
        const isLess = currentTargetEl.querySelector("i").classList.contains("oi-minus");
        let next = nextQuantity(quantity, isLess, step);
        if (isLess) {
            next = next < min ? 0 : Math.min(next, max);
        } else {
            next = Math.max(Math.min(next, Math.floor(max / step) * step), min);
        }
        if (next !== quantity) {
            input.value = next;
            await this._changeQuantity(input);
        }
    },
});
