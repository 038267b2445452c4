import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("customer_type_allocation_grant", {
    steps: () => [
        {
            content: "The form shows how far each type has taken what it is offered",
            trigger: ".o_allocation_take_up tr[data-name='Test Reserve'] .badge:contains(6)",
        },
        {
            content: "A customer waits for an answer",
            trigger: "button[name=action_grant_requests]",
            run: "click",
        },
        {
            content: "The preview shows who gets what, before anything is granted",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Test Person)",
        },
        {
            content: "The manager gives less than was asked for",
            trigger: ".modal .o_data_row td[name=granted]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row td[name=granted] input",
            run: "edit 4",
        },
        {
            trigger: ".modal .o_field_widget[name=allocation_id]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=granted]:contains(4.00)",
        },
        {
            trigger: ".modal footer button[name=action_apply]",
            run: "click",
        },
        {
            content: "Nobody waits any more",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has(button[name=action_grant_requests]))",
        },
    ],
});

registry.category("web_tour.tours").add("customer_type_allocation_override", {
    steps: () => [
        {
            content: "The order says that there is not so much left for the customer",
            trigger: ".o_field_widget[name=policy_issues_html]:contains(Only 6 of Tour Réserve)",
        },
        {
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            trigger: ".modal footer button:contains(Confirm all the same)",
            run: "click",
        },
        {
            content: "The clerk says why it goes through all the same",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Fiftieth birthday",
        },
        {
            trigger: ".modal footer button[name=action_override]",
            run: "click",
        },
        {
            content: "What was taken stands on the order",
            trigger: "button[name=action_view_allocation_entries]",
            run: "click",
        },
        {
            content: "The ledger says who took it, and why",
            trigger: ".o_data_row:contains(Fiftieth birthday)",
        },
    ],
});
