import type { z } from "zod";
import type { BreakerSettings } from "../breaker-policy.ts";
import type { WindowKind } from "../breaker-window.ts";
import type { OverrideMode } from "../override.ts";
import type { BreakerState } from "../traffic.ts";

/** How a call ends: as named, or with an answer of this status. `ok` is 200, `failed` is 500. */
export type Ending = "ok" | "failed" | "timed-out" | "unreachable" | "abandoned" | number;

/** Why a call is refused; a breaker forced open short-circuits, too. */
export type Refusal = "short-circuited" | "rejected";

export interface WindowCounts {
  readonly total: number;
  readonly errors: number;
  readonly slow?: number;
  readonly waiting?: number;
  /** Kinds that a library does not tell apart are not compared. */
  readonly byKind?: Partial<Readonly<Record<WindowKind, number>>>;
}

/** One thing that is done to a breaker, or that must be so. */
export type Step =
  /** Begun at once, ended `tookMs` later. Those that are refused are just refused. */
  | { readonly kind: "calls"; readonly count: number; readonly ending: Ending; readonly tookMs: number }
  /** Begins one that must be let through, and leaves it under way. */
  | { readonly kind: "admit"; readonly call: string }
  | { readonly kind: "end"; readonly call: string; readonly ending: Ending }
  /** So many calls must be refused. */
  | { readonly kind: "refuse"; readonly why: Refusal; readonly count: number }
  /** So many calls must not be let through for now: refused, or made to wait, where a library does that. */
  | { readonly kind: "hold-back"; readonly count: number }
  /** Of so many good calls exactly so many must be let through. */
  | { readonly kind: "share"; readonly of: number; readonly admitted: number }
  /** Calls at a steady rate, each ending after `tookMs`. */
  | {
      readonly kind: "load";
      readonly perSecond: number;
      readonly forMs: number;
      readonly tookMs: number;
      readonly ending: Ending;
    }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "edit"; readonly settings: ScenarioSettings }
  | { readonly kind: "force"; readonly mode: OverrideMode | null }
  /** The process ends, and another takes its place after `downMs`. */
  | { readonly kind: "restart"; readonly downMs: number }
  /** The automatic state must be this. */
  | { readonly kind: "state"; readonly is: BreakerState }
  | { readonly kind: "window"; readonly is: WindowCounts }
  | { readonly kind: "cause"; readonly is: string };

export type ScenarioSettings = z.input<typeof BreakerSettings>;

/** A rule, as something that can be tried on a breaker with a clock turned by hand. */
export interface Scenario {
  readonly id: string;
  /** The rule, in plain words. Ours, also where others do otherwise. */
  readonly title: string;
  /** Whose test, measurement or complaint this is about. */
  readonly source: string;
  /** What Hystrix itself does, where it was measured (1.5.18; master has the breaker of 1.5.12 and 1.5.13). */
  readonly hystrix?: { readonly "1.5.18": string; readonly master: string };
  /** What is left out is as in BreakerSettings. */
  readonly settings: ScenarioSettings;
  readonly steps: readonly Step[];
}

/** Scenarios of one concern. */
export interface ScenarioGroup {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}
