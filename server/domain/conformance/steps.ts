import type { OverrideMode } from "../override.ts";
import type { BreakerState } from "../traffic.ts";
import type { Ending, Refusal, ScenarioSettings, Step, WindowCounts } from "./scenario.ts";

/** Calls that begin at once and end at once, or after `tookMs`. */
export function calls(count: number, ending: Ending, tookMs = 0): Step {
  return { kind: "calls", count, ending, tookMs };
}

export function ok(count = 1): Step {
  return calls(count, "ok");
}

export function failed(count = 1): Step {
  return calls(count, "failed");
}

export function admit(call: string): Step {
  return { kind: "admit", call };
}

export function end(call: string, ending: Ending): Step {
  return { kind: "end", call, ending };
}

/** Several calls, named `prefix1`, `prefix2` and so on. */
export function admitAll(prefix: string, count: number): Step[] {
  return named(prefix, count).map(admit);
}

export function endAll(prefix: string, count: number, ending: Ending): Step[] {
  return named(prefix, count).map((call) => end(call, ending));
}

export function refuse(why: Refusal, count = 1): Step {
  return { kind: "refuse", why, count };
}

export function holdBack(count = 1): Step {
  return { kind: "hold-back", count };
}

export function share(of: number, admitted: number): Step {
  return { kind: "share", of, admitted };
}

export function load(perSecond: number, forMs: number, tookMs: number, ending: Ending): Step {
  return { kind: "load", perSecond, forMs, tookMs, ending };
}

export function wait(ms: number): Step {
  return { kind: "wait", ms };
}

export function edit(settings: ScenarioSettings): Step {
  return { kind: "edit", settings };
}

export function force(mode: OverrideMode): Step {
  return { kind: "force", mode };
}

export const lift: Step = { kind: "force", mode: null };

export function restart(downMs: number): Step {
  return { kind: "restart", downMs };
}

export function state(is: BreakerState): Step {
  return { kind: "state", is };
}

export function window(total: number, errors: number, more: Omit<WindowCounts, "total" | "errors"> = {}): Step {
  return { kind: "window", is: { total, errors, ...more } };
}

export function cause(is: string): Step {
  return { kind: "cause", is };
}

function named(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}
