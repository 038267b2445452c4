import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Saves the customer's reference while it is typed: paying leaves the page without a submit. */
export class CustomerReference extends Interaction {
    static selector = ".o_customer_reference";
    dynamicContent = {
        "input[name=client_order_ref]": {
            "t-on-input": this.debounced(this.onInput, 300),
        },
        ".o_customer_reference_status": { "t-out": () => this.status },
    };

    setup() {
        this.status = "";
    }

    async onInput(ev) {
        const reference = ev.target.value;
        if (!reference.trim()) {
            return;
        }
        const error = await this.waitFor(
            rpc("/shop/reference/save", { client_order_ref: reference })
        );
        this.status = error || "";
    }
}

/** Sends the purchase order as soon as it is chosen: whoever pays or signs next would lose it. */
export class PurchaseOrder extends Interaction {
    static selector = ".o_customer_reference, .o_customer_reference_portal";
    dynamicContent = {
        "input[name=purchase_order]": {
            "t-on-change": (ev) => {
                if (ev.target.files.length) {
                    // Without asking for what else is missing in the form.
                    ev.target.form.submit();
                }
            },
        },
    };
}

registry
    .category("public.interactions")
    .add("customer_type.customer_reference", CustomerReference);
registry.category("public.interactions").add("customer_type.purchase_order", PurchaseOrder);
