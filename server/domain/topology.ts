import type { BreakerState } from "./traffic.ts";
import type { OverrideMode } from "./override.ts";

export type Health = "healthy" | "degraded" | "failing" | "idle";

/** A box of the topology. */
export interface TopologyNode {
  /** `service:orders`, `outside`. */
  readonly id: string;
  readonly kind: "outside" | "service";
  readonly name: string;
  /** Registered instances that serve; null for nodes the registry does not hold. */
  readonly instances: number | null;
  readonly requestsPerSecond: number;
  /** 0 … 1, of calls to it. */
  readonly errorRatio: number;
  readonly p95Ms: number | null;
  readonly health: Health;
  /** Sentence that explains `health`. */
  readonly healthReason: string;
  /** Worst breaker guarding calls to it; null when none has been used. */
  readonly breaker: { readonly state: BreakerState; readonly override: OverrideMode | null } | null;
  /** Its calls served as a backup for another service just now. */
  readonly servingAsBackup: boolean;
}

/** An arrow of the topology: calls from one node to a service. */
export interface TopologyEdge {
  /** `outside→service:orders`. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Drawn from configuration only; nothing flowed in the window. */
  readonly configuredOnly: boolean;
  readonly asFallback: boolean;
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly routes: readonly string[];
  /** Share by subset and instance, for the side panel. */
  readonly split: readonly EdgeShare[];
  readonly health: Health;
  readonly breaker: { readonly state: BreakerState; readonly override: OverrideMode | null } | null;
}

export interface EdgeShare {
  readonly subset: string;
  readonly instance: string;
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
}

export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}
