import type { BreakerPolicySpec } from "./breaker-policy.ts";
import type { OverrideSpec } from "./override.ts";
import { PersistentMap } from "./persistent-map.ts";
import type { RouteSpec } from "./route.ts";
import type { ServicePolicySpec } from "./service-policy.ts";

/** A published object as a gateway holds it. */
export interface Published<Spec> {
  readonly id: string;
  /** Global revision of the edit that last changed it. */
  readonly revision: number;
  /** Of the edit that made it; absent from what versions before published. */
  readonly created?: number | undefined;
  readonly spec: Spec;
}

/** Of two objects, the older has the smaller: the revision that made it, or last changed it where nobody recorded the first. */
export function ageOf({ revision, created }: Pick<Published<unknown>, "revision" | "created">): number {
  return created ?? revision;
}

/** All policy at one revision. Never changed once made: a request keeps the snapshot it started with. With persistent maps the next one costs what has changed. */
export interface PolicySnapshot {
  readonly incarnation: string;
  readonly revision: number;
  /** Root hash of the head it was built from. */
  readonly root: string;
  readonly routes: ReadonlyMap<string, Published<RouteSpec>>;
  readonly breakers: ReadonlyMap<string, Published<BreakerPolicySpec>>;
  readonly overrides: ReadonlyMap<string, Published<OverrideSpec>>;
  /** By service. */
  readonly services: ReadonlyMap<string, Published<ServicePolicySpec>>;
}

export const EMPTY_SNAPSHOT: PolicySnapshot = {
  incarnation: "",
  revision: 0,
  root: "",
  routes: PersistentMap.empty(),
  breakers: PersistentMap.empty(),
  overrides: PersistentMap.empty(),
  services: PersistentMap.empty(),
};
