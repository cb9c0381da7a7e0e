import { z } from "zod";
import { FailureStatuses } from "./failure-statuses.ts";
import { RouteId } from "./route.ts";
import { Labels, ServiceName, subsetName } from "./service.ts";

/** What a policy is attached to: every route to a service, or one route's calls to it (which wins). */
export const BreakerTarget = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("service"), service: ServiceName }),
  z.object({ kind: z.literal("command"), routeId: RouteId, service: ServiceName }),
]);
export type BreakerTarget = z.infer<typeof BreakerTarget>;

/** Stable id of the one policy a target may have; also its znode's name. */
export function breakerTargetId(target: BreakerTarget): string {
  return target.kind === "service" ? `service:${target.service}` : `command:${target.routeId}:${target.service}`;
}

/** Whose policies and overrides bind a target's calls, the one that wins first: a command's own beat its service's. */
export function bindingTargets(target: BreakerTarget): BreakerTarget[] {
  return target.kind === "service" ? [target] : [target, { kind: "service", service: target.service }];
}

/** What binds a target's calls of what `find` has by id of its target; undefined: nothing, so the defaults do. */
export function bindingPolicy<Policy>(
  target: BreakerTarget,
  find: (id: string) => Policy | undefined,
): Policy | undefined {
  for (const binding of bindingTargets(target)) {
    const policy = find(breakerTargetId(binding));
    if (policy !== undefined) return policy;
  }
  return undefined;
}

/** Another service answers, with breaker, balancing and bulkhead of its own. */
const BackupService = z.object({
  kind: z.literal("service"),
  service: ServiceName,
  labels: Labels.default({}),
});

/** The last good answer to the same GET, while it is no older than this (RFC 5861 `stale-if-error`). */
const LastGoodReply = z.object({
  kind: z.literal("last-good"),
  maxAgeMs: z.int().min(1000, "1 s or more").max(86_400_000, "At most 24 h").default(60_000),
  /** Larger answers are not kept, bytes. */
  maxBytes: z.int().min(1).max(1_048_576, "At most 1 MiB").default(65_536),
});

/** Always the same answer. */
const FixedReply = z.object({
  kind: z.literal("fixed"),
  status: z.int().min(200, "200 to 599").max(599, "200 to 599").default(200),
  contentType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)*$/, "A media type, such as application/json")
    .max(200)
    .default("application/json"),
  body: z.string().max(8192, "At most 8 KiB").default(""),
});

/** What answers when a call was refused, failed or timed out. Tried in the order listed. */
export const Fallback = z.discriminatedUnion("kind", [BackupService, LastGoodReply, FixedReply]);
export type Fallback = z.infer<typeof Fallback>;

/**
 * Graded return to full traffic after the trials have passed: each step lets a share of the calls through, and is passed when
 * it has lasted long enough with errors (failed and slow calls) within its budget. One error too many opens the breaker again.
 */
export const Readmission = z.object({
  /** Shares let through, percent, ascending; after the last all calls are. */
  steps: z
    .array(z.int().min(1, "1 to 99").max(99, "1 to 99"))
    .min(1)
    .max(10)
    .refine((steps) => steps.every((share, at) => at === 0 || share > (steps[at - 1] ?? 0)), {
      error: "Each step lets more through than the one before",
    })
    .default([1, 5, 25]),
  /** How long a step lasts at least, ms. */
  stepMs: z.int().min(100, "100 ms or more").max(600_000).default(5000),
  /** Calls a step waits for; one that gets fewer ends after six times its length. */
  stepCalls: z.int().min(1).max(10_000).default(5),
  /** Share of a step's calls that may go wrong, percent. */
  errorBudgetPercent: z.int().min(0).max(99).default(10),
});
export type Readmission = z.infer<typeof Readmission>;

/** Settings of a breaker. Meanings and defaults are Hystrix's (HystrixCommandProperties), except where noted. */
export const BreakerSettings = z.object({
  /** False: calls are counted but never refused. */
  enabled: z.boolean().default(true),
  /** Hystrix command group; empty means the service's name. */
  group: z.string().max(128).default(""),
  /** Time a call may take until its response head has arrived, ms. */
  timeoutMs: z.int().min(1, "1 ms or more").max(600_000, "At most 10 minutes").default(1000),
  /** Fewer calls than this in the window never open the breaker. */
  requestVolumeThreshold: z.int().min(1).max(1_000_000).default(20),
  /** Opens at this share of failed calls, percent. Hystrix's own sample uses 150 for "never"; ours ends at 100, use `enabled`. */
  errorThresholdPercent: z.int().min(1).max(100).default(50),
  /** How long an open breaker refuses before it lets a trial through, ms. */
  sleepWindowMs: z.int().min(100, "100 ms or more").max(3_600_000).default(5000),
  /** Length of the window that decides, ms; 20 buckets. */
  rollingWindowMs: z.int().min(1000).max(600_000).default(10_000),
  /** Calls in flight above this are refused. Hystrix: 10, sized for threads; a gateway has none, so 100. */
  maxConcurrent: z.int().min(1).max(100_000).default(100),
  /** The same for calls to the fallback. */
  fallbackMaxConcurrent: z.int().min(1).max(100_000).default(100),
  /** Trial calls let through at once while half-open. */
  halfOpenPermits: z.int().min(1).max(100).default(1),
  /** Answers that count as a failure; what does not answer at all always does, and a caller that went away never. */
  failureStatuses: FailureStatuses.default(["5xx"]),
  /** Whether calls refused by the bulkhead count as failed (Hystrix: they do). */
  countRejections: z.boolean().default(true),
  /** A call whose answer's head takes this long is slow, ms; null: none is. */
  slowCallMs: z.int().min(1, "1 ms or more").max(600_000).nullable().default(null),
  /** Opens at this share of slow calls, percent; calls still waiting for longer than `slowCallMs` are among them. */
  slowCallRatePercent: z.int().min(1).max(100).default(50),
  /** Each time a trial fails the next sleep window is this much longer; 1: never. */
  sleepBackoffFactor: z.number().min(1, "1 or more").max(10, "At most 10").default(1),
  /** Longest a sleep window grows to, ms, before jitter; one that is longer by itself stays as it is. */
  sleepWindowMaxMs: z.int().min(100).max(86_400_000).default(60_000),
  /** Sleep windows differ by up to this share either way, so that gateways do not try again all at once, percent. */
  sleepJitterPercent: z.int().min(0).max(50, "At most 50").default(0),
  /** Null: all calls are let through again once the trials have passed. */
  readmission: Readmission.nullable().default(null),
});
export type BreakerSettings = z.infer<typeof BreakerSettings>;

export const BreakerPolicySpec = z
  .object({
    target: BreakerTarget,
    settings: BreakerSettings,
    fallbacks: z.array(Fallback).max(4).default([]),
  })
  .superRefine(({ target, fallbacks }, context) => {
    const before = new Set<string>();
    for (const [at, fallback] of fallbacks.entries()) {
      if (fallback.kind !== "service") continue;
      const { service, labels } = fallback;
      const subset = `${service} ${subsetName(labels)}`;
      const path = ["fallbacks", at, "service"];
      if (service === target.service)
        context.addIssue({ code: "custom", path, message: "A service cannot be its own backup" });
      else if (before.has(subset))
        context.addIssue({ code: "custom", path, message: "This backup is in the list already" });
      before.add(subset);
    }
  })
  .refine(
    (policy) => policy.fallbacks.every(({ kind }, at) => kind !== "fixed" || at === policy.fallbacks.length - 1),
    {
      path: ["fallbacks"],
      error: "A fixed reply always answers: nothing after it would ever be asked",
    },
  )
  .refine((policy) => policy.fallbacks.filter(({ kind }) => kind === "last-good").length <= 1, {
    path: ["fallbacks"],
    error: "The last good reply can be asked for once",
  });
export type BreakerPolicySpec = z.infer<typeof BreakerPolicySpec>;

/** Settings in force where no policy says otherwise. */
export const DEFAULT_BREAKER_SETTINGS: BreakerSettings = BreakerSettings.parse({});

/** Hystrix command key of the calls a route makes to a service. */
export function commandKey(routeId: string, service: string): string {
  return `${routeId}->${service}`;
}

/** The services among fallbacks, in order. */
export function backupsIn(fallbacks: readonly Fallback[]): string[] {
  return fallbacks.flatMap((fallback) => (fallback.kind === "service" ? [fallback.service] : []));
}
