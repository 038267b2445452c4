import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

/** :return: a selector of the run whose counts are these */
function counts(values) {
    return Object.entries(values)
        .map(([name, value]) => `:has(.o_field_widget[name=${name}_count]:text(${value}))`)
        .join("");
}

function call(model, method, args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
}

/** Staff looks at a run, mends what would fail, makes the orders; a declined card recovers. */
registry.category("web_tour.tours").add("customer_type_club_run", {
    steps: () => [
        {
            content: "Nothing is known yet: ask what would happen",
            trigger: ".o_form_view:contains(Begin with a dry run) button[name=action_dry_run]",
            run: "click",
        },
        {
            content: "All five members are there",
            trigger: ".o_list_view:has(.o_data_row:nth-child(5)) .o_data_row:contains(Test Fine):contains(306.50)",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "Three of them are to be looked at",
            trigger: ".o_form_view button:contains(To look at):contains(3)",
            run: "click",
        },
        {
            content: "One has no card, one does not live anywhere, one takes too little",
            trigger:
                ".o_list_view:not(:has(.o_data_row:nth-child(4)))" +
                ":has(.o_data_row:contains(Test Cardless):contains(Would fail):contains(There is no card))" +
                ":has(.o_data_row:contains(Test Nowhere):contains(Look at it):contains(The address is not complete))" +
                " .o_data_row:contains(Test Modest):contains(at least 3) .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            content: "More of it",
            trigger: ".o_field_widget[name=line_ids] .o_data_cell[name=quantity]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=line_ids] .o_field_widget[name=quantity] input",
            run: "edit 4",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "Who has no card gets nothing until there is one",
            trigger: ".o_data_row:contains(Test Cardless) .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=member_id] a",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_hold]",
            run: "click",
        },
        {
            trigger: ".o_form_view:has(button[name=action_resume])",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: ".o_form_view:has(.o_field_widget[name=run_id])",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "What is on hold is no exception any more; who lives nowhere is left out",
            trigger:
                ".o_list_view:not(:contains(Test Cardless)) .o_data_row:contains(Test Nowhere) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_skip]",
            run: "click",
        },
        {
            trigger: ".o_list_view:not(:contains(Test Nowhere))",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "Ask again",
            trigger: `.o_form_view${counts({ skipped: 1, held: 1, waiting: 3, expected: 5 })} button[name=action_dry_run]`,
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Test Modest):contains(Fine)",
        },
        {
            trigger: ".o_list_view:not(:contains(Would fail))",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "Make the orders",
            trigger: ".o_form_view button[name=action_process]",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "One card is declined",
            trigger: `.o_form_view${counts({ done: 2, skipped: 1, held: 1, failed: 1, waiting: 0 })} button[name=action_retry_declined]`,
            run: "click",
        },
        {
            content: "It recovers: nobody is left",
            trigger: `.o_form_view${counts({ done: 3, skipped: 1, held: 1, failed: 0, expected: 5 })}:not(:has(button[name=action_retry_declined]))`,
        },
    ],
});

/** Whoever watches a run sees its counts move. */
registry.category("web_tour.tours").add("customer_type_club_watch", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_process]",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Somebody else is at work",
            trigger: `.o_form_view${counts({ waiting: 2, skipped: 0 })} button[name=action_stop]`,
            async run() {
                const domain = [["partner_id.name", "=", "Test Member 0"]];
                const ids = await call("sale.club.shipment", "search", [domain]);
                await call("sale.club.shipment", "action_skip", [ids]);
            },
        },
        {
            content: "The page tells without being asked",
            trigger: `.o_form_view${counts({ waiting: 1, skipped: 1 })} .o_field_widget[name=progress]:contains(50)`,
        },
    ],
});
