import type { WeightedRoundRobin } from "#domain/balancer.ts";
import type { BreakerSettings } from "#domain/breaker-policy.ts";
import type { Instance, RegistryPicture } from "#domain/instance.ts";
import type { RequestKey } from "#domain/route-actions.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { CompiledRoutes } from "#domain/route-match.ts";
import type { Labels } from "#domain/service.ts";
import type { PolicySnapshot } from "#domain/snapshot.ts";
import type { BoundOverride } from "./bound-override.ts";
import type { Command } from "./command.ts";
import type { HeldInstances } from "./held-instances.ts";
import type { InstanceState } from "./instance-state.ts";
import type { KeptReplies } from "./kept-replies.ts";
import type { RetryRule } from "./retry-rule.ts";
import type { FixedAnswer, RouteFilters } from "./route-filters.ts";

/** An instance that may be called. */
export interface MeshInstance {
  readonly id: string;
  readonly service: string;
  /** Host name or IP literal, without brackets. */
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  /** What its connections are kept by: `http://address:port`, or `https://…` and how TLS is spoken. Not a URL. */
  readonly origin: string;
}

/** An instance that may be picked, with its share. */
export interface PoolMember {
  readonly instance: MeshInstance;
  readonly state: InstanceState;
  /** From policy; above 0. */
  readonly weight: number;
  /** Where the gateway is. */
  readonly local: boolean;
}

/** The instances of a subset that get new requests. */
export interface Pool {
  readonly members: readonly PoolMember[];
  /** What requests are hashed by; null when they are not. */
  readonly hashedBy: RequestKey | null;
  /**
   * The instance for the next request, `key` being what it is hashed by; null when none may be used. Those that were
   * `tried` come again only when no other may be used.
   */
  pick(nowMs: number, key: string | null, tried: readonly PoolMember[]): PoolMember | null;
  /** Whether an instance may be used that was not tried. */
  hasAnother(nowMs: number, tried: readonly PoolMember[]): boolean;
  /** Whether there are members, and people took all of them out. */
  forcedOut(): boolean;
}

/** A command as one snapshot has it. */
export interface MeshCommand {
  readonly command: Command;
  readonly group: string;
  readonly settings: BreakerSettings;
  /** Those that could bind it on this gateway, the one that wins first. */
  readonly overrides: readonly BoundOverride[];
  /** Whether an answer with this status counts as a failure: for the breaker, for ejection, and for fallbacks. */
  readonly fails: (status: number) => boolean;
  /** Tried in this order. */
  readonly fallbacks: readonly MeshFallback[];
  /** The one of them that good answers are kept for; null: none are. */
  readonly lastGood: LastGoodFallback | null;
}

/** What answers when the service does not. */
export type MeshFallback = { readonly kind: "service"; readonly target: Target } | LastGoodFallback | FixedFallback;

export interface LastGoodFallback {
  readonly kind: "last-good";
  readonly maxAgeMs: number;
  readonly maxBytes: number;
  /** Carried over snapshots. */
  readonly replies: KeptReplies;
}

export interface FixedFallback {
  readonly kind: "fixed";
  readonly answer: FixedAnswer;
}

/** Where a call may go: a subset of a service, guarded by a command. */
export interface Target {
  readonly guard: MeshCommand;
  readonly service: string;
  readonly subset: string;
  /** Key of its instances in the mesh. */
  readonly pool: string;
  readonly asFallback: boolean;
}

export interface RouteDestination {
  readonly weight: number;
  /** Stable hash of its pool's key, for sticky routes. */
  readonly seed: number;
  readonly target: Target;
}

export interface MeshRoute extends RouteFilters {
  readonly id: string;
  readonly spec: RouteSpec;
  readonly destinations: readonly RouteDestination[];
  /** Over the destinations, by index. */
  readonly balancer: WeightedRoundRobin;
  /** Null: no call is made twice. */
  readonly retry: RetryRule | null;
}

/** Instances of a service, by their labels. */
export interface Subset {
  readonly service: string;
  readonly labels: Labels;
}

/** Policy made ready for requests. Immutable; what it refers to by `command` and `balancer` carries on across snapshots. */
export interface CompiledPolicy {
  readonly source: PolicySnapshot;
  readonly matcher: CompiledRoutes;
  readonly routes: ReadonlyMap<string, MeshRoute>;
  /** By key: every command of the policy, backups' included. */
  readonly commands: ReadonlyMap<string, MeshCommand>;
  /** By pool key: the subsets its targets name. */
  readonly pools: ReadonlyMap<string, Subset>;
  /** By service: keys of those. */
  readonly poolsOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** By service: overrides of instances that bind this gateway. */
  readonly held: ReadonlyMap<string, HeldInstances>;
}

/** What requests are served by: swapped whole, in one assignment. */
export interface Mesh {
  readonly policy: CompiledPolicy;
  readonly registry: RegistryPicture;
  /** By name: instances of a registered service that serve and can be called. */
  readonly services: ReadonlyMap<string, readonly Instance[]>;
  /** By pool key: all that serve, drained ones too. Connections are kept for these. */
  readonly instances: ReadonlyMap<string, readonly MeshInstance[]>;
  /** By pool key: who gets new requests. */
  readonly pools: ReadonlyMap<string, Pool>;
  readonly revision: string;
}
