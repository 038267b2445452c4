import { TourAutomatic } from "@web_tour/js/tour_automatic/tour_automatic";

// A slow machine is no failure: each step of a tour that does not say otherwise may take a minute.
TourAutomatic.prototype.timeout = 60000;
