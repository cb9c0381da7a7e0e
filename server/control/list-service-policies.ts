import { listPolicies } from "#db/policy-repository.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { ServicePolicySpec } from "#domain/service-policy.ts";
import type { ControlDeps } from "./edit.ts";

/** All service policies, by service. @throws MeshError DATABASE_DOWN. */
export function listServicePolicies(deps: ControlDeps): Promise<PolicyRow<ServicePolicySpec>[]> {
  return deps.database.read((db) => listPolicies(db, "services"));
}
