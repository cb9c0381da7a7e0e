import { Counter, type Registry } from "prom-client";

/** What filters do to requests on their own account. Labels are configured names only. */
export interface FilterCounters {
  rateLimited(route: string): void;
  faultInjected(route: string, fault: "delay" | "abort"): void;
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
  return {
    rateLimited: (route) => rateLimited.inc({ route }),
    faultInjected: (route, fault) => faults.inc({ route, fault }),
  };
}
