import { z } from "zod";
import { RouteId } from "./route.ts";
import { Labels, ServiceName } from "./service.ts";

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

/** What answers when a call was refused, failed or timed out. Tried in the order listed. */
const Fallback = z.object({
  kind: z.literal("service"),
  service: ServiceName,
  labels: Labels.default({}),
});
export type Fallback = z.infer<typeof Fallback>;

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
});
export type BreakerSettings = z.infer<typeof BreakerSettings>;

export const BreakerPolicySpec = z
  .object({
    target: BreakerTarget,
    settings: BreakerSettings,
    fallbacks: z.array(Fallback).max(4).default([]),
  })
  .refine((policy) => policy.fallbacks.every((fallback) => fallback.service !== policy.target.service), {
    path: ["fallbacks"],
    error: "A service cannot be its own backup",
  });
export type BreakerPolicySpec = z.infer<typeof BreakerPolicySpec>;

/** Settings in force where no policy says otherwise. */
export const DEFAULT_BREAKER_SETTINGS: BreakerSettings = BreakerSettings.parse({});

/** Hystrix command key of the calls a route makes to a service. */
export function commandKey(routeId: string, service: string): string {
  return `${routeId}->${service}`;
}
