import { readHealthPolicy } from "#db/health-repository.ts";
import type { HealthPolicyRow } from "#domain/health-policy.ts";
import type { ControlDeps } from "./edit.ts";

/** How consoles judge health. @throws MeshError DATABASE_DOWN. */
export function getHealthPolicy(deps: ControlDeps): Promise<HealthPolicyRow> {
  return deps.database.read(readHealthPolicy);
}
