import { listPolicies } from "#db/policy-repository.ts";
import type { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { ControlDeps } from "./edit.ts";

/** All breaker policies, by id. @throws MeshError DATABASE_DOWN. */
export function listBreakerPolicies(deps: ControlDeps): Promise<PolicyRow<BreakerPolicySpec>[]> {
  return deps.database.read((db) => listPolicies(db, "breakers"));
}
