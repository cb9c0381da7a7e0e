import type { Actor } from "#domain/audit.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import { savePolicy } from "./change-policy.ts";
import type { ControlDeps } from "./edit.ts";

/**
 * Changes a route that still is at `expectedVersion`.
 * @throws MeshError STALE_EDIT with the current row, NOT_FOUND, DOCUMENT_TOO_LARGE, DATABASE_DOWN.
 */
export async function updateRoute(
  deps: ControlDeps,
  input: { id: string; expectedVersion: number; spec: RouteSpec },
  actor: Actor,
): Promise<PolicyRow<RouteSpec>> {
  return savePolicy(
    deps,
    { kind: "routes", ...input, action: "route.update", summary: `Changed route ${input.id}` },
    actor,
  );
}
