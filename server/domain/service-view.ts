import type { HystrixCommand } from "./hystrix-command.ts";
import type { FleetBreaker, LiveService } from "./live.ts";
import type { OverrideSpec } from "./override.ts";
import type { ServicePolicySpec } from "./service-policy.ts";
import type { TopologyEdge, TopologyNode } from "./topology.ts";

/** Everything the picture holds about one service. */
export interface ServiceView {
  readonly name: string;
  readonly node: TopologyNode | null;
  /** Calls to it, as a backup too; configured ones included. */
  readonly callsTo: readonly TopologyEdge[];
  readonly breakers: readonly FleetBreaker[];
  readonly jvmCommands: readonly HystrixCommand[];
  /** Null when the registry does not hold it. */
  readonly service: LiveService | null;
  readonly overrides: readonly OverrideSpec[];
  readonly settings: ServicePolicySpec["instances"];
  /** Whether the registry is read now; what it lacks proves nothing otherwise. */
  readonly registryUp: boolean;
  readonly atMs: number;
}

/** Which fact about a service gives the title, of equally severe ones: the lowest. */
export const RANK = {
  noInstance: 10,
  open: 11,
  heldClosed: 12,
  failing: 13,
  forcedOpen: 14,
  halfOpen: 15,
  degraded: 16,
  instancesOut: 17,
  backup: 18,
  fallback: 19,
  jvm: 20,
  override: 21,
  unreadable: 22,
} as const;
