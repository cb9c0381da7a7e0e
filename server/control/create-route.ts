import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import { findPolicy } from "#db/policy-repository.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import { edit, type ControlDeps } from "./edit.ts";
import { putPolicy } from "./put-policy.ts";

/**
 * Makes a route.
 * @throws MeshError ALREADY_EXISTS, DOCUMENT_TOO_LARGE, DATABASE_DOWN.
 */
export async function createRoute(
  deps: ControlDeps,
  input: { id: string; spec: RouteSpec },
  actor: Actor,
): Promise<PolicyRow<RouteSpec>> {
  const { id, spec } = input;
  return edit(deps, actor, async (step) => {
    const found = await findPolicy(step.tx, "routes", id);
    if (found.row !== null)
      throw new MeshError("ALREADY_EXISTS", { detail: `There is a route ${id} already.`, field: "id" });
    return putPolicy(step, { kind: "routes", id, spec, found, action: "route.create", summary: `Created route ${id}` });
  });
}
