import { z } from "zod";
import { RequestKey } from "./route-actions.ts";
import { PathValue } from "./route-conditions.ts";
import { ServiceName } from "./service.ts";

/** How the next instance is chosen among those that may be called. */
export const Balancing = z.discriminatedUnion("kind", [
  /** Smooth weighted round robin. */
  z.object({ kind: z.literal("round-robin") }),
  /** Of two taken at random, the one with fewer requests in flight for its weight. */
  z.object({ kind: z.literal("least-requests") }),
  /** At random, by weight. */
  z.object({ kind: z.literal("random") }),
  /** The same key, the same instance, as far as possible; a request without the key goes by turns. */
  z.object({ kind: z.literal("hash"), by: RequestKey }),
]);
export type Balancing = z.infer<typeof Balancing>;

/** Takes instances out for a while that fail where others do not (Envoy's outlier detection). */
export const OutlierEjection = z.object({
  enabled: z.boolean().default(true),
  /** Failures in a row: 5xx, timeouts, resets, connect failures. */
  consecutiveFailures: z.int().min(1).max(1000).default(5),
  /** First ejection, ms; the n-th lasts n times as long. */
  baseMs: z.int().min(100).max(3_600_000).default(30_000),
  maxMs: z.int().min(100).max(3_600_000).default(300_000),
  /** Never more than this share of a service's instances at once, percent; but always one, if there are two. */
  maxPercent: z.int().min(0).max(100).default(50),
});
export type OutlierEjection = z.infer<typeof OutlierEjection>;

/** Asks instances by itself, besides watching their traffic. */
export const HealthCheck = z.object({
  path: PathValue.default("/healthz"),
  intervalMs: z.int().min(500).max(600_000).default(10_000),
  timeoutMs: z.int().min(50).max(60_000).default(2000),
  healthyAfter: z.int().min(1).max(10).default(2),
  unhealthyAfter: z.int().min(1).max(10).default(3),
});
export type HealthCheck = z.infer<typeof HealthCheck>;

/** TLS towards the service's instances. */
export const UpstreamTls = z.object({
  /** `auto`: as the instance registered. */
  mode: z.enum(["auto", "off", "on"]).default("auto"),
  /** Name to ask for and to verify; null: the address the instance registered. */
  serverName: z.string().min(1).max(253).nullable().default(null),
  /** False accepts any certificate: for trials only. */
  verify: z.boolean().default(true),
});
export type UpstreamTls = z.infer<typeof UpstreamTls>;

/** What a person says of one instance; its own registration stays as it is, and counts for what is not said here. */
export const InstanceSetting = z.object({
  /** Relative to the others; 100 is one share. Absent: as registered. */
  weight: z.int().min(0).max(1000).optional(),
  /** No new requests; those in flight end. */
  drained: z.boolean().default(false),
});
export type InstanceSetting = z.infer<typeof InstanceSetting>;

/** How a service's instances are chosen and watched, whatever route leads to them. One per service, named by it. */
export const ServicePolicySpec = z.object({
  service: ServiceName,
  balancing: Balancing.default({ kind: "round-robin" }),
  /** Metadata that says where an instance is; instances where the gateway is are preferred. Empty: no preference. */
  localityLabel: z.string().max(128).default("zone"),
  /** A new instance's share grows from a tenth to all over this time, ms; 0: at once. */
  slowStartMs: z.int().min(0).max(3_600_000).default(0),
  /** With fewer healthy instances than this, percent, all are used: better some failures than all load on a few. */
  panicPercent: z.int().min(0).max(100).default(50),
  outlier: OutlierEjection.prefault({}),
  healthCheck: HealthCheck.nullable().default(null),
  tls: UpstreamTls.prefault({}),
  /** By instance id. */
  instances: z.record(z.string().min(1).max(256), InstanceSetting).default({}),
});
export type ServicePolicySpec = z.infer<typeof ServicePolicySpec>;
export type ServicePolicyDraft = z.input<typeof ServicePolicySpec>;

/** What holds for an instance. */
export interface SettingInForce {
  /** 0 … 1000, 100 being one share. */
  readonly weight: number;
  readonly drained: boolean;
}

/** One share: the weight of which neither a person nor the registration says otherwise. */
const USUAL_WEIGHT = 100;

/**
 * What holds for an instance: what a person set; of what nobody set, the weight it registers now, and not drained. Third
 * parties choose ids: `constructor` is one like any other.
 */
export function settingInForce(
  settings: ServicePolicySpec["instances"],
  { id, weight }: { readonly id: string; readonly weight: number | null },
): SettingInForce {
  const own = Object.hasOwn(settings, id) ? settings[id] : undefined;
  return { weight: own?.weight ?? weight ?? USUAL_WEIGHT, drained: own?.drained ?? false };
}

const DEFAULTS = ServicePolicySpec.parse({ service: "any" });

/** In force where no policy says otherwise; also for a name that no policy could have, which the registry may hold. */
export function defaultServicePolicy(service: string): ServicePolicySpec {
  return { ...DEFAULTS, service };
}
