import { listPolicies } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import type { OverrideTarget } from "#domain/override.ts";
import { removePolicy } from "./change-policy.ts";
import type { ControlDeps, Edit } from "./edit.ts";
import { buryPolicy } from "./put-policy.ts";

/**
 * Removes a route, and in the same revision the breaker policies and overrides made for its calls alone.
 * @throws MeshError STALE_EDIT with the current row, NOT_FOUND, DATABASE_DOWN.
 */
export async function removeRoute(
  deps: ControlDeps,
  input: { id: string; expectedVersion: number },
  actor: Actor,
): Promise<{ revision: number }> {
  const { id } = input;
  return removePolicy(
    deps,
    {
      kind: "routes",
      ...input,
      action: "route.remove",
      summary: `Removed route ${id}`,
      also: (step) => removeDependents(step, id),
    },
    actor,
  );
}

/** Removes what was made for the calls of a route alone. */
export async function removeDependents(step: Edit, routeId: string): Promise<void> {
  const isOwn = (row: { spec: { target: OverrideTarget } }): boolean =>
    row.spec.target.kind === "command" && row.spec.target.routeId === routeId;
  for (const row of (await listPolicies(step.tx, "breakers")).filter(isOwn)) {
    const summary = `Removed breaker policy ${row.id} with route ${routeId}`;
    buryPolicy(step, {
      kind: "breakers",
      id: row.id,
      found: { version: row.version, row },
      action: "breaker-policy.remove",
      summary,
    });
  }
  for (const row of (await listPolicies(step.tx, "overrides")).filter(isOwn)) {
    const summary = `Lifted override ${row.id} with route ${routeId}`;
    buryPolicy(step, {
      kind: "overrides",
      id: row.id,
      found: { version: row.version, row },
      action: "override.lift",
      summary,
    });
  }
}
