import { readLogPosition, readPolicyAt } from "#db/policy-history-repository.ts";
import type { TrafficTx } from "#db/traffic-store.ts";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { hasExpired, type OverrideSpec } from "#domain/override.ts";
import { SPEC_SCHEMAS } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";

/** What people had decided by a moment. */
export interface PastPolicies {
  /** Global revision; null when the log begins later. */
  readonly revision: number | null;
  readonly routes: readonly { readonly id: string; readonly spec: RouteSpec }[];
  readonly breakerPolicies: readonly BreakerPolicySpec[];
  /** Those that had not ended by then. */
  readonly overrides: readonly OverrideSpec[];
}

/** Policy as it was at `atMs` (Unix epoch), by id. What this version cannot read is left out. */
export async function readPastPolicies(tx: TrafficTx, atMs: number): Promise<PastPolicies> {
  const position = await readLogPosition(tx, atMs);
  const objects = (await readPolicyAt(tx, position)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const routes: { id: string; spec: RouteSpec }[] = [];
  const breakerPolicies: BreakerPolicySpec[] = [];
  const overrides: OverrideSpec[] = [];
  for (const { kind, id, spec } of objects) {
    if (kind === "routes") {
      const route = SPEC_SCHEMAS.routes.safeParse(spec);
      if (route.success) routes.push({ id, spec: route.data });
    }
    if (kind === "breakers") {
      const policy = SPEC_SCHEMAS.breakers.safeParse(spec);
      if (policy.success) breakerPolicies.push(policy.data);
    }
    if (kind === "overrides") {
      const override = SPEC_SCHEMAS.overrides.safeParse(spec);
      if (override.success && !hasExpired(override.data, atMs)) overrides.push(override.data);
    }
  }
  return { revision: position.revision, routes, breakerPolicies, overrides };
}
