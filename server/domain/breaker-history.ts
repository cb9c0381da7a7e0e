import { z } from "zod";
import { BreakerSettings, BreakerTarget } from "./breaker-policy.ts";
import type { OutcomeCounts } from "./outcome-counts.ts";
import type { OverrideMode } from "./override.ts";
import { RouteId } from "./route.ts";
import { ServiceName } from "./service.ts";
import type { BreakerState } from "./traffic.ts";

/** Longest time a chart looks back, ms; how far there is a record is up to the console's settings. */
const MAX_SPAN_MS = 7 * 24 * 3_600_000;

/** What a person asks of a command's history: the time up to now. */
export const HistoryQuery = z.object({
  routeId: RouteId,
  service: ServiceName,
  spanMs: z.int().min(60_000, "A minute or more").max(MAX_SPAN_MS, "At most 7 days"),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** Settings to be tried on the record of the last hours. */
export const SimulationDraft = z.object({
  target: BreakerTarget,
  settings: BreakerSettings,
  hours: z.int().min(1, "An hour or more").max(168, "At most 7 days"),
});
export type SimulationDraft = z.infer<typeof SimulationDraft>;

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
  /** Null: still. Of a gateway that is gone, when it was last heard of. */
  readonly toMs: number | null;
  readonly state: BreakerState;
  /** Share let through during a step of a graded return, percent; else null. */
  readonly percent: number | null;
  readonly cause: string;
}

/** The automatic layer of a command's breaker at one gateway, or one of its workers. Before the first span nothing is known. */
export interface GatewayTimeline {
  readonly gatewayId: string;
  /** From 1: each of a gateway's workers has breakers of its own. Null when the gateway is one process. */
  readonly worker: number | null;
  /** Oldest first, without overlap. */
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
  /** `all gateways`, `only gateway-2`; of one instance: `instance catalog-1, all gateways`. */
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
  /** Oldest first; those without calls are left out. At most 241: the first and the last may be cut by the ends. */
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
  /** How often a closed breaker opened. */
  readonly openCount: number;
  /** The first 200 of those: from when it opened until it was closed again, with the trials between. */
  readonly opens: readonly {
    readonly gatewayId: string;
    /** Which command's breaker: a service's policy is for all routes to it. */
    readonly routeId: string;
    readonly fromMs: number;
    /** Null: to the end of the record. */
    readonly toMs: number | null;
    readonly cause: string;
  }[];
  /** Time with the breaker not closed, ms, all gateways added up. */
  readonly notClosedMs: number;
  /** Calls let through; those that the bulkhead rejected on the record are among them, and stay rejected. */
  readonly passed: number;
  /** Calls refused by the breaker. */
  readonly refused: number;
  /** Of those refused, how many would have gone well: the price. What callers gave up on is in neither. */
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
  /** Routes whose calls were replayed. */
  readonly routeIds: readonly string[];
  /** Since when there is a record; null when there is none. It may be later than `fromMs`. */
  readonly recordedSinceMs: number | null;
  /** Calls on record, refused ones included. */
  readonly calls: number;
  /** Calls of which it is not known how they would have ended, since a breaker refused them; taken to be like those around them. */
  readonly assumed: number;
  readonly present: SimulationOutcome;
  readonly edited: SimulationOutcome;
}
