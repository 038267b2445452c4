import { registry } from "@web/core/registry";

/** A clerk confirms a small order of a good customer, and says why. */
registry.category("web_tour.tours").add("customer_type_checkout_override", {
    steps: () => [
        {
            content: "The order says what is missing",
            trigger: ".o_policy_issue[data-code=order_minimum]:contains(40.00)",
        },
        {
            content: "Confirm it",
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is refused, with a way out",
            trigger: ".modal:contains(to your order minimum) button:contains(Confirm all the same)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit First order of the season",
        },
        {
            trigger: ".modal button[name=action_override]",
            run: "click",
        },
        {
            content: "The order is confirmed, and the reason stands on it",
            trigger: ".o_arrow_button_current:contains(Sales Order)",
        },
        {
            trigger: ".o-mail-Message:contains(First order of the season)",
        },
    ],
});
