import type { EffectiveBreaker } from "./effective-breaker.ts";

export type Health = "healthy" | "degraded" | "failing" | "idle";

/** Id of the world outside. A service of that name has the id `service:outside`. */
export const OUTSIDE_ID = "outside";

/** Id of a service's node, or of a caller's. */
export const serviceId = (name: string): string => `service:${name}`;

/** A box of the topology. */
export interface TopologyNode {
  /** `service:orders`, also of a caller; `outside`, which no service can have. */
  readonly id: string;
  /** `caller`: known by its calls, or by having registered as a consumer, alone; nothing calls it, and the registry does not hold it. */
  readonly kind: "outside" | "service" | "caller";
  readonly name: string;
  /** Registered instances that serve; null for nodes the registry does not hold. */
  readonly instances: number | null;
  readonly requestsPerSecond: number;
  /** 0 … 1, of calls to it; 0 where there were none. */
  readonly errorRatio: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Of response bodies. */
  readonly bytesPerSecond: number;
  readonly health: Health;
  /** Sentence that explains `health`. */
  readonly healthReason: string;
  /** Worst breaker guarding calls to it; null when none has been used. */
  readonly breaker: EffectiveBreaker | null;
  /** Its calls served as a backup for another service just now. */
  readonly servingAsBackup: boolean;
  /** Its instances, by subset and id: those registered, and those that answered within the window. */
  readonly parts: readonly NodePart[];
}

/** One instance of a service as the topology has it. */
export interface NodePart {
  /** As routes name it (`version=2`): that of its calls, else that its labels put it in; empty when it is in none. */
  readonly subset: string;
  readonly instance: string;
  /** Registered, and serving. */
  readonly serving: boolean;
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p95Ms: number | null;
  readonly health: Health;
  /** Sentence that explains `health`. */
  readonly healthReason: string;
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
  readonly bytesPerSecond: number;
  /** Most calls in flight at once within the window, added up over gateways. */
  readonly inFlight: number;
  readonly routes: readonly string[];
  /** Share by subset and instance. */
  readonly split: readonly EdgeShare[];
  /** Share by gateway that carried the calls. */
  readonly gateways: readonly GatewayShare[];
  readonly health: Health;
  /** Sentence that explains `health`. */
  readonly healthReason: string;
  readonly breaker: EffectiveBreaker | null;
}

export interface EdgeShare {
  readonly subset: string;
  readonly instance: string;
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p95Ms: number | null;
}

export interface GatewayShare {
  readonly gatewayId: string;
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
}

export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}
