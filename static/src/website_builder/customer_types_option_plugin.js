import {BaseOptionComponent} from "@html_builder/core/utils";
import {BuilderAction} from "@html_builder/core/builder_action";
import {CONDITIONAL_VISIBILITY} from "@website/builder/option_sequence";
import {Plugin} from "@html_editor/plugin";
import {onWillStart} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {withSequence} from "@html_editor/utils/resource";

/** Who gets a block: the ids of customer types in an attribute, which the server obeys. */
export class CustomerTypesOption extends BaseOptionComponent {
    static template = "customer_type.CustomerTypesOption";
    static dependencies = ["customerTypesOption"];
    static selector = "section, .s_hr";

    setup() {
        super.setup();
        onWillStart(() => this.dependencies.customerTypesOption.loadTypes());
    }
}

export class SetCustomerTypesAction extends BuilderAction {
    static id = "setCustomerTypes";
    static dependencies = ["customerTypesOption"];

    getValue({editingElement}) {
        const ids = (editingElement.dataset.customerTypes || "").split(",").filter(Boolean);
        return JSON.stringify(ids.map((id) => this.dependencies.customerTypesOption.getType(id)));
    }

    apply({editingElement, value}) {
        const types = JSON.parse(value || "[]");
        if (types.length) {
            editingElement.dataset.customerTypes = types.map((type) => type.id).join(",");
        } else {
            delete editingElement.dataset.customerTypes;
        }
    }
}

export class CustomerTypesOptionPlugin extends Plugin {
    static id = "customerTypesOption";
    static shared = ["loadTypes", "getType"];
    resources = {
        builder_options: [withSequence(CONDITIONAL_VISIBILITY, CustomerTypesOption)],
        builder_actions: {SetCustomerTypesAction},
    };

    setup() {
        this.types = new Map();
    }

    /** Archived types too: a block may still name them. */
    loadTypes() {
        this.loading ??= this.services.orm
            .searchRead("customer.type", [], ["name", "display_name"], {
                context: {active_test: false},
            })
            .then((types) => types.forEach((type) => this.types.set(type.id, type)));
        return this.loading;
    }

    getType(id) {
        const name = `#${id}`;
        return this.types.get(Number(id)) || {id: Number(id), name, display_name: name};
    }
}

registry
    .category("website-plugins")
    .add(CustomerTypesOptionPlugin.id, CustomerTypesOptionPlugin);
