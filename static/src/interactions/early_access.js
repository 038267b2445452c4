import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Counts down to the moment from which everybody sees a product. */
export class EarlyAccess extends Interaction {
    static selector = ".o_customer_type_early";
    dynamicContent = {
        ".o_customer_type_countdown": { "t-out": () => this.remaining },
        _root: { "t-att-class": () => ({ "d-none": this.milliseconds <= 0 }) },
    };

    setup() {
        this.until = new Date(this.el.dataset.until);
    }

    start() {
        const timer = setInterval(() => this.updateContent(), MINUTE);
        this.registerCleanup(() => clearInterval(timer));
    }

    get milliseconds() {
        return this.until - new Date();
    }

    get remaining() {
        const left = Math.max(this.milliseconds, 0);
        const days = Math.floor(left / DAY);
        const hours = Math.floor((left % DAY) / HOUR);
        const minutes = Math.floor((left % HOUR) / MINUTE);
        const clock = `${hours}:${String(minutes).padStart(2, "0")}`;
        return days ? `${days} d ${clock}` : clock;
    }
}

registry.category("public.interactions").add("customer_type.early_access", EarlyAccess);
