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

registry
    .category("public.interactions")
    .add("customer_type.customer_reference", CustomerReference);
