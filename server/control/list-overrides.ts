import { listPolicies } from "#db/policy-repository.ts";
import type { OverrideSpec } from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { ControlDeps } from "./edit.ts";

/** All overrides in force or about to expire, by id. @throws MeshError DATABASE_DOWN. */
export function listOverrides(deps: ControlDeps): Promise<PolicyRow<OverrideSpec>[]> {
  return deps.database.read((db) => listPolicies(db, "overrides"));
}
