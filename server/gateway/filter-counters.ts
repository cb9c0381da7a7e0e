import { Counter, type Registry } from "prom-client";

/** What filters do to requests on their own account. Labels are configured names only. */
export interface FilterCounters {
  rateLimited(route: string): void;
  faultInjected(route: string, fault: "delay" | "abort"): void;
  /** `skipped`: no copy was sent, for want of room, of an instance, or of a body short enough. */
  mirrored(route: string, outcome: "answered" | "failed" | "skipped"): void;
}

export function filterCounters(registers: Registry[]): FilterCounters {
  const rateLimited = new Counter({
    name: "meshkeeper_rate_limited_total",
    help: "Requests refused by a rate limit of their route.",
    labelNames: ["route"],
    registers,
  });
  const faults = new Counter({
    name: "meshkeeper_faults_injected_total",
    help: "Requests that an operator had delayed or failed, for a trial.",
    labelNames: ["route", "fault"],
    registers,
  });
  const mirrored = new Counter({
    name: "meshkeeper_mirrored_total",
    help: "Copies of requests to another service, by what became of them; skipped: none was sent.",
    labelNames: ["route", "outcome"],
    registers,
  });
  return {
    rateLimited: (route) => rateLimited.inc({ route }),
    faultInjected: (route, fault) => faults.inc({ route, fault }),
    mirrored: (route, outcome) => mirrored.inc({ route, outcome }),
  };
}
