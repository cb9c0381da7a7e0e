import type { BreakerSettings } from "../breaker-policy.ts";
import type { OverrideMode } from "../override.ts";
import type { BreakerState } from "../traffic.ts";
import type { Ending, Refusal, Scenario, Step, WindowCounts } from "./scenario.ts";

/** What not every library has, in the words of the table. What a scenario needs and a library lacks it *cannot*, rather than fails. */
export type Ability =
  | "counts that can be read"
  | "a cause that can be read"
  | "being forced open"
  | "being forced closed"
  | "other settings while it runs"
  | "a state that can be saved"
  | "a bulkhead"
  | "rejections that do not count"
  | "several trials"
  | "being switched off"
  | "slow calls"
  | "a longer sleep each time"
  | "jitter"
  | "a graded return";

/** What became of an attempt to make a call. Who `waits` is neither let through nor refused for now. */
export type Begun =
  | { readonly kind: "admitted" | "waits"; readonly end: (ending: Ending) => void | Promise<void> }
  | { readonly kind: "refused"; readonly why: Refusal };

/** A breaker that scenarios are played on, with its clock. Optional members are abilities. */
export interface Subject {
  begin(): Begun | Promise<Begun>;
  /** Time passes. */
  wait(ms: number): void | Promise<void>;
  /** The automatic state. */
  state(): BreakerState;
  stop(): void;
  window?(): Required<Omit<WindowCounts, "byKind">> & Pick<WindowCounts, "byKind">;
  cause?(): string;
  force?(mode: OverrideMode | null): void | Promise<void>;
  edit?(settings: BreakerSettings): void;
  restart?(downMs: number): void | Promise<void>;
}

export interface Library {
  readonly name: string;
  readonly abilities: ReadonlySet<Ability>;
  make(settings: BreakerSettings): Subject;
}

/** What a scenario needs of a library. */
export function needsOf({ settings, steps }: Scenario): Ability[] {
  const needs = new Set<Ability>();
  const edits = steps.flatMap((step) => (step.kind === "edit" ? [step.settings] : []));
  for (const part of [settings, ...edits]) {
    if (part.enabled === false) needs.add("being switched off");
    if (part.maxConcurrent !== undefined) needs.add("a bulkhead");
    if (part.countRejections === false) needs.add("rejections that do not count");
    if ((part.halfOpenPermits ?? 1) > 1) needs.add("several trials");
    if ((part.slowCallMs ?? null) !== null) needs.add("slow calls");
    if ((part.sleepBackoffFactor ?? 1) > 1) needs.add("a longer sleep each time");
    if ((part.sleepJitterPercent ?? 0) > 0) needs.add("jitter");
    if ((part.readmission ?? null) !== null) needs.add("a graded return");
  }
  for (const step of steps) {
    const need = needOf(step);
    if (need !== null) needs.add(need);
  }
  return [...needs];
}

function needOf(step: Step): Ability | null {
  switch (step.kind) {
    case "window":
      return "counts that can be read";
    case "cause":
      return "a cause that can be read";
    case "edit":
      return "other settings while it runs";
    case "restart":
      return "a state that can be saved";
    case "force":
      if (step.mode === null) return null;
      return step.mode === "forced-open" ? "being forced open" : "being forced closed";
    default:
      return null;
  }
}
