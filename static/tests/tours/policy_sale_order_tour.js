import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("customer_type_policy_sale_order", {
    url: "/odoo/sales/new",
    steps: () => [
        {
            content: "A clerk picks the wholesaler on a new order",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Tour Restaurant",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour Restaurant)",
            run: "click",
        },
        {
            content: "The order has the type, its list and terms, and says why, before it is saved",
            trigger: ".o_field_widget[name=customer_type_id]:contains(Tour Wholesale)",
        },
        {
            trigger: ".o_field_widget[name=pricelist_id] input:value(/Tour List/)",
        },
        {
            trigger: ".o_field_widget[name=payment_term_id] input:value(30 Days)",
        },
        {
            trigger: ".o_field_widget[name=policy_reason]:contains(Tour Wholesale)",
        },
        ...stepUtils.saveForm(),
        {
            content: "Why?",
            trigger: "button[name=action_explain_policy]",
            run: "click",
        },
        {
            trigger: ".modal tr[data-field=pricelist_id]:contains(Tour List):contains(Tour Wholesale)",
        },
        {
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
