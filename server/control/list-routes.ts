import { listPolicies } from "#db/policy-repository.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { ControlDeps } from "./edit.ts";

/** All routes, by id. @throws MeshError DATABASE_DOWN. */
export function listRoutes(deps: ControlDeps): Promise<PolicyRow<RouteSpec>[]> {
  return deps.database.read((db) => listPolicies(db, "routes"));
}
