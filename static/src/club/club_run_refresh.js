import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const INTERVAL = 3000;

/** Reads a run again and again while it is processed or checked: somebody watches its counts. */
export class ClubRunRefresh extends Component {
    static props = { ...standardWidgetProps };
    static template = xml`<span class="o_club_run_refresh"/>`;

    setup() {
        onMounted(() => {
            this.timer = browser.setInterval(() => this.refresh(), INTERVAL);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    async refresh() {
        const { record } = this.props;
        const isWatched = document.visibilityState === "visible";
        const isUnderWay = record.data.state === "processing" || record.data.is_preview_due;
        if (!isUnderWay || !isWatched || this.isLoading) {
            return;
        }
        this.isLoading = true;
        try {
            if (!(await record.isDirty())) {
                await record.load();
            }
        } catch {
            // The next time it may work: nobody has asked for this.
        } finally {
            this.isLoading = false;
        }
    }
}

registry.category("view_widgets").add("customer_type_club_run_refresh", {
    component: ClubRunRefresh,
});
