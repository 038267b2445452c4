import { onWillStart } from "@odoo/owl";
import { ComboConfiguratorDialog } from "@sale/js/combo_configurator_dialog/combo_configurator_dialog";
import { Product } from "@sale/js/product/product";
import { ProductConfiguratorDialog } from "@sale/js/product_configurator_dialog/product_configurator_dialog";
import { patch } from "@web/core/utils/patch";

// See the method _prepare_quantity_input of product.template.
const QUANTITY_LIMITS = { type: [Object, { value: false }], optional: true };

/**
 * The quantity nearest to what is wanted that can be ordered: for more the next higher one, for
 * less the next lower one.
 *
 * @param {number} wanted
 * @param {number} previous
 * @param {{minimum: number, maximum: number|false, step: number}} [limits]
 * @returns {number}
 */
function correctQuantity(wanted, previous, limits) {
    if (!limits) {
        return wanted;
    }
    const { minimum, maximum, step } = limits;
    const round = wanted < previous ? Math.floor : Math.ceil;
    const highest = Math.floor((maximum || Infinity) / step) * step;
    return Math.max(Math.min(round(wanted / step) * step, highest), minimum);
}

patch(Product, { props: { ...Product.props, quantity_limits: QUANTITY_LIMITS } });

patch(ProductConfiguratorDialog.prototype, {
    /** @override */
    async _loadData() {
        const data = await super._loadData(...arguments);
        const [product] = data.products;
        const quantity = correctQuantity(product.quantity, 0, product.quantity_limits);
        if (this.env.showQuantity && quantity !== product.quantity) {
            const { price } = await this._updateCombination(product, quantity, product.uom.id);
            Object.assign(product, { quantity, price: parseFloat(price) });
        }
        return data;
    },

    /** @override */
    async _setQuantity(productTmplId, quantity) {
        const { quantity: previous, quantity_limits: limits } = this._findProduct(productTmplId);
        if (limits) {
            const isMain = productTmplId === this.env.mainProductTmplId;
            // Less than the least removes what is optional.
            const isRemoved = !isMain && quantity < previous && quantity < limits.minimum;
            quantity = isRemoved ? 0 : correctQuantity(quantity, previous, limits);
        }
        return super._setQuantity(productTmplId, quantity);
    },

    /** @override */
    async _addProduct(productTmplId) {
        await super._addProduct(...arguments);
        await this._followQuantityLimits(productTmplId);
    },

    /** @override */
    async _updateCombination(product) {
        const values = await super._updateCombination(...arguments);
        product.quantity_limits = values.quantity_limits;
        return values;
    },

    /** @override */
    async _updateProductTemplateSelectedPTAV(productTmplId) {
        await super._updateProductTemplateSelectedPTAV(...arguments);
        await this._followQuantityLimits(productTmplId);
    },

    /** @override */
    async _setUnitOfMeasure(productTmplId) {
        const isChanged = await super._setUnitOfMeasure(...arguments);
        await this._followQuantityLimits(productTmplId);
        return isChanged;
    },

    /**
     * Another variant, or another unit of measure, may be sold in other quantities.
     *
     * @param {number} productTmplId
     */
    async _followQuantityLimits(productTmplId) {
        const product = this.state.products.find((p) => p.product_tmpl_id === productTmplId);
        if (product?.quantity_limits && this.env.showQuantity) {
            await this._setQuantity(productTmplId, product.quantity);
        }
    },
});

patch(ComboConfiguratorDialog, {
    props: { ...ComboConfiguratorDialog.props, quantity_limits: QUANTITY_LIMITS },
});

patch(ComboConfiguratorDialog.prototype, {
    /** @override */
    setup() {
        super.setup(...arguments);
        onWillStart(async () => {
            const { quantity, quantity_limits: limits } = this.props;
            if (correctQuantity(quantity, 0, limits) !== quantity) {
                await this.setQuantity(quantity);
            }
        });
    },

    /** @override */
    async setQuantity(quantity) {
        const limits = this.props.quantity_limits;
        return super.setQuantity(correctQuantity(quantity, this.state.quantity, limits));
    },
});
