import { z } from "zod";
import { BreakerTarget } from "./breaker-policy.ts";
import { BUCKETS } from "./histogram.ts";
import { OverrideMode } from "./override.ts";

/** How one call to an instance, or a refusal to make it, ended. */
export const OUTCOMES = [
  "success",
  /** An answer that counts as a failure: 5xx. */
  "failure",
  "timeout",
  /** No connection, or reset before an answer. */
  "unreachable",
  /** Refused: too many in flight. */
  "rejected",
  /** Refused: breaker open. */
  "short-circuited",
  /** The caller went away first. */
  "abandoned",
] as const;
export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

const Count = z.int().min(0);
const Histogram = z.array(
  z.tuple([
    z
      .int()
      .min(0)
      .max(BUCKETS - 1),
    Count,
  ]),
);

/** Name of the caller when a request came in from outside the mesh. */
export const OUTSIDE = "outside";

/** Counts of one window for one (caller, route, service, subset, instance). */
export const EdgeWindow = z.object({
  /** Service that called through its egress listener, or `outside`. */
  caller: z.string(),
  routeId: z.string(),
  service: z.string(),
  subset: z.string(),
  /** Empty when the call was refused before an instance was picked. */
  instance: z.string(),
  /** True when this service answered as a backup for another one. */
  asFallback: z.boolean(),
  counts: z.partialRecord(Outcome, Count),
  latency: Histogram,
  bytesOut: Count,
  /** Most calls in flight at once during the window; of several workers, their own most added up. */
  inFlight: Count.default(0),
});
export type EdgeWindow = z.infer<typeof EdgeWindow>;

export const BreakerState = z.enum(["closed", "open", "half-open"]);
export type BreakerState = z.infer<typeof BreakerState>;

/** An override as readings carry it. */
export const OverrideReading = z.object({
  id: z.string(),
  mode: OverrideMode,
  actor: z.string(),
  reason: z.string(),
  createdAtMs: z.int(),
  expiresAtMs: z.int().nullable(),
});
export type OverrideReading = z.infer<typeof OverrideReading>;

/** The step of a graded return to full traffic that a breaker is in. */
const ReadmissionReading = z.object({
  /** From 1. */
  step: z.int().min(1),
  steps: z.int().min(1),
  /** Share of calls let through. */
  percent: z.int(),
  calls: Count,
  /** Failed and slow ones. */
  errors: Count,
  /** One error more than this opens the breaker again. */
  errorsAllowed: Count,
  /** When the step can end at the earliest, Unix epoch, ms. */
  untilMs: z.int(),
});

/** What answers besides backup services when a call was refused or failed. */
export const ReplyKind = z.enum(["last-good", "fixed"]);
export type ReplyKind = z.infer<typeof ReplyKind>;

/** One breaker of one gateway as it stood when a window closed. Reading it changes nothing. */
export const BreakerReading = z.object({
  routeId: z.string(),
  service: z.string(),
  group: z.string(),
  /** Which of the gateway's workers it is of, from 1: each has breakers of its own. Null when the gateway is one process. */
  worker: z.int().nullable().default(null),
  /** The automatic layer. */
  state: BreakerState,
  /** The person's layer; null when there is none. */
  override: OverrideReading.nullable(),
  /** Unix epoch ms when the automatic state began. */
  sinceMs: z.int(),
  /** Why the automatic state is what it is: "61 % of 214 calls failed: 180 timeout, 34 failure". */
  cause: z.string(),
  /** Unix epoch ms at which an open breaker lets a trial through; null unless open. */
  nextTrialAtMs: z.int().nullable(),
  /** Since when it has not been closed (Unix epoch, ms), and why it opened then; trials may have failed since. */
  outage: z.object({ sinceMs: z.int(), cause: z.string() }).nullable().default(null),
  /** How often it opened in a row, without having closed in between. */
  trips: Count.default(0),
  /** Half-open, with the trials passed: which step it is in; else null. */
  readmission: ReadmissionReading.nullable().default(null),
  /** The window that decides. */
  window: z.object({
    ms: z.int(),
    total: Count,
    errors: Count,
    errorPercent: z.number(),
    /** Slow among `total`. */
    slow: Count.default(0),
    /** Calls in flight that have waited for longer than is slow already; not in `total`. */
    waiting: Count.default(0),
  }),
  /** Last closed second, for display. */
  counts: z.partialRecord(Outcome, Count),
  fallbackServed: Count,
  fallbackFailed: Count,
  /** Fallbacks not tried because too many were under way (Hystrix: FALLBACK_REJECTION); not among those failed. */
  fallbackRejected: Count.default(0),
  inFlight: Count,
  /** Most calls in flight at once during the second. */
  maxInFlight: Count.default(0),
  latency: Histogram,
  thresholds: z.object({
    enabled: z.boolean(),
    requestVolume: z.int(),
    errorPercent: z.int(),
    sleepWindowMs: z.int(),
    timeoutMs: z.int(),
    maxConcurrent: z.int(),
    fallbackMaxConcurrent: z.int().default(100),
    slowCallMs: z.int().nullable().default(null),
    slowCallRatePercent: z.int().default(50),
  }),
  /** Backup services, in order. */
  backups: z.array(z.string()),
  /** What answers after the backups. */
  replies: z.array(ReplyKind).default([]),
});
export type BreakerReading = z.infer<typeof BreakerReading>;

export const BreakerTransition = z.object({
  atMs: z.int(),
  target: BreakerTarget,
  from: BreakerState,
  to: BreakerState,
  cause: z.string(),
  /** Share of calls let through from now on, when that is a step of a graded return; from and to are half-open between steps. */
  percent: z.int().nullable().default(null),
});
export type BreakerTransition = z.infer<typeof BreakerTransition>;

/** How one instance stands with one gateway, or one of its workers, where there is something to say of it. */
export const InstanceStanding = z.object({
  service: z.string(),
  instance: z.string(),
  worker: z.int().nullable().default(null),
  /** Times it was taken out since the gateway first saw it. */
  ejections: Count,
  /** Unix epoch ms; null: it is not out. */
  ejectedUntilMs: z.int().nullable(),
  health: z.enum(["unknown", "healthy", "unhealthy"]),
  /** A person's override of it. */
  override: OverrideReading.nullable(),
});
export type InstanceStanding = z.infer<typeof InstanceStanding>;

/** `ejected`: taken out for failing too often; `returned`: that is over. `unhealthy`, `healthy`: what its health checks found. */
export const InstanceTurn = z.enum(["ejected", "returned", "unhealthy", "healthy"]);
export type InstanceTurn = z.infer<typeof InstanceTurn>;

/** An instance got, or lost, its place among those a gateway calls. */
export const InstanceTransition = z.object({
  atMs: z.int(),
  service: z.string(),
  instance: z.string(),
  /** Which of the gateway's workers it is of, from 1; null when the gateway is one process. */
  worker: z.int().nullable().default(null),
  turn: InstanceTurn,
  /** When an ejection ends by itself, Unix epoch, ms; null for the other turns. */
  untilMs: z.int().nullable().default(null),
  /** `5 failures in a row`, for people. */
  cause: z.string(),
});
export type InstanceTransition = z.infer<typeof InstanceTransition>;

/** What a gateway streams once a second. */
export const TrafficWindow = z.object({
  /** 1, 2, 3 … per gateway process; a gap means windows were lost. */
  sequence: z.int().min(1),
  /** Distinguishes runs of the gateway: sequences start over with it. */
  run: z.string(),
  gatewayId: z.string(),
  startMs: z.int(),
  endMs: z.int(),
  edges: z.array(EdgeWindow),
  breakers: z.array(BreakerReading),
  transitions: z.array(BreakerTransition),
  /** Instances that were ejected, came back, or changed their health since the last window. */
  ejections: z.array(InstanceTransition).default([]),
  /** Instances that were ever ejected, are unhealthy, or are overridden. */
  instances: z.array(InstanceStanding).default([]),
  /** Requests that matched no route, by status, and refusals before matching. */
  unrouted: Count,
  /** Observations given up for want of room since the last window. */
  dropped: Count,
});
export type TrafficWindow = z.infer<typeof TrafficWindow>;
