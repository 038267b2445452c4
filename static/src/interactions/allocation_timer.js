import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const SECOND = 1000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Counts down the seconds that the server has told: the clock of the visitor may be wrong, so only
 * what has passed since is measured, and the server is asked again when the page comes back.
 */
export class AllocationTimer extends Interaction {
    static selector = ".o_allocation_timer";
    dynamicContent = {
        _root: { "t-out": () => this.words },
        _document: { "t-on-visibilitychange": this.onVisibilityChange },
    };

    setup() {
        const { seconds, ended, reload, source } = this.el.dataset;
        this.ended = ended || "";
        this.reload = Boolean(reload);
        this.source = source;
        this.isOver = false;
        this.setSeconds(parseFloat(seconds) || 0);
    }

    start() {
        const timer = setInterval(() => this.tick(), SECOND);
        this.registerCleanup(() => clearInterval(timer));
    }

    setSeconds(seconds) {
        this.endsAt = performance.now() + seconds * SECOND;
    }

    get seconds() {
        return Math.max(Math.ceil((this.endsAt - performance.now()) / SECOND), 0);
    }

    get words() {
        if (this.isOver) {
            return this.ended;
        }
        const left = this.seconds;
        const days = Math.floor(left / DAY);
        const hours = Math.floor((left % DAY) / HOUR);
        const minutes = Math.floor((left % HOUR) / MINUTE);
        const pad = (number) => String(number).padStart(2, "0");
        if (days || hours) {
            const clock = `${hours}:${pad(minutes)}:${pad(left % MINUTE)}`;
            return days ? `${days} d ${clock}` : clock;
        }
        return `${minutes}:${pad(left % MINUTE)}`;
    }

    async tick() {
        if (this.isOver) {
            return;
        }
        if (!this.seconds) {
            await this.askServer();
            if (!this.seconds) {
                this.end();
            }
        }
        this.updateContent();
    }

    /** A device that slept has not counted. */
    async onVisibilityChange() {
        if (!document.hidden && !this.isOver) {
            await this.askServer();
            this.updateContent();
        }
    }

    async askServer() {
        if (this.source) {
            const { seconds } = await this.waitFor(rpc(this.source, {}));
            this.setSeconds(seconds || 0);
        }
    }

    end() {
        this.isOver = true;
        if (this.reload) {
            // Not everybody in the same second.
            this.waitForTimeout(() => window.location.reload(), Math.random() * 2 * SECOND);
        }
    }
}

registry.category("public.interactions").add("customer_type.allocation_timer", AllocationTimer);
