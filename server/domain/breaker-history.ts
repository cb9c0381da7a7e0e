import type { OutcomeCounts } from "./outcome-counts.ts";
import type { OverrideMode } from "./override.ts";
import type { BreakerState } from "./traffic.ts";

/** Calls of a command over all gateways during `bucketMs` from `atMs` (Unix epoch) on. */
export interface HistoryBucket {
  readonly atMs: number;
  readonly counts: OutcomeCounts;
  readonly fallbackServed: number;
  readonly fallbackFailed: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** A time during which a gateway's breaker was in one automatic state. Unix epoch, ms. */
export interface StateSpan {
  readonly fromMs: number;
  /** Null: still. */
  readonly toMs: number | null;
  readonly state: BreakerState;
  /** Share let through during a step of a graded return, percent; else null. */
  readonly percent: number | null;
  readonly cause: string;
}

/** The automatic layer of a command's breaker at one gateway. Before the first span nothing is known. */
export interface GatewayTimeline {
  readonly gatewayId: string;
  readonly spans: readonly StateSpan[];
}

/** A time during which a person held the breaker. */
export interface OverrideSpan {
  readonly fromMs: number;
  /** Null: still. */
  readonly toMs: number | null;
  readonly mode: OverrideMode;
  readonly actor: string;
  readonly reason: string;
  /** `all gateways`, `only gateway-2`. */
  readonly where: string;
}

/** Something people did to it, with the audit entry that tells more. */
export interface HistoryMark {
  readonly atMs: number;
  readonly text: string;
  readonly actor: string;
  readonly auditSequence: number;
}

/** One time axis for a command: traffic, states, overrides, edits. */
export interface BreakerHistory {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bucketMs: number;
  /** Oldest first; seconds without calls are left out. */
  readonly buckets: readonly HistoryBucket[];
  readonly timelines: readonly GatewayTimeline[];
  readonly overrides: readonly OverrideSpan[];
  /** Edits of the policies that bind it, oldest first. */
  readonly marks: readonly HistoryMark[];
  /** Since when its calls are on record; null when nothing is. */
  readonly recordedSinceMs: number | null;
}

/** What settings would have done with recorded calls. */
export interface SimulationOutcome {
  readonly opens: readonly {
    readonly gatewayId: string;
    readonly fromMs: number;
    /** Null: to the end of the record. */
    readonly toMs: number | null;
    readonly cause: string;
  }[];
  /** Time with the breaker not closed, ms, all gateways added up. */
  readonly notClosedMs: number;
  /** Calls let through. */
  readonly passed: number;
  /** Calls refused by the breaker. */
  readonly refused: number;
  /** Of those refused, how many would have gone well: the price. */
  readonly refusedGood: number;
  /** Of those refused, how many would have failed: what it saved. */
  readonly refusedBad: number;
  /** Failed calls that were let through. */
  readonly failed: number;
}

/** The record replayed with the policy as it is and as edited. */
export interface SimulationReport {
  readonly fromMs: number;
  readonly toMs: number;
  readonly gateways: readonly string[];
  readonly calls: number;
  /** Calls of which it is not known how they would have ended, since a breaker refused them; taken to be like those around them. */
  readonly assumed: number;
  readonly present: SimulationOutcome;
  readonly edited: SimulationOutcome;
}
