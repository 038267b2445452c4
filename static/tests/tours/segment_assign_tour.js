import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("customer_type_segment_assign", {
    steps: () => [
        {
            content: "Give it the type with a chip",
            trigger: ".o_field_widget[name=customer_type_ids] input",
            run: "edit Tour Wholesale",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour Wholesale)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=customer_type_ids] .o_tag:contains(Tour Wholesale)",
        },
        ...stepUtils.saveForm(),
        {
            content: "The history knows about it",
            trigger: "a[name=customer_types]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=customer_type_assignment_ids] .o_data_row:contains(Tour Wholesale):contains(By hand)",
        },
        {
            content: "Ask what the restaurant gets",
            trigger: "button[name=action_explain_policy]",
            run: "click",
        },
        {
            trigger: ".modal tr[data-field=payment_term_id]:contains(30 Days):contains(Tour Wholesale)",
        },
        {
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            content: "End it again",
            trigger: "body:not(:has(.modal)) button[name=action_end]",
            run: "click",
        },
        {
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=customer_type_assignment_ids] .o_data_row:contains(Ended)",
        },
        {
            trigger: ".o_field_widget[name=customer_type_ids]:not(:has(.o_tag))",
        },
    ],
});
