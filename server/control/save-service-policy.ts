import type { Actor } from "#domain/audit.ts";
import type { PolicyRow } from "#domain/policy.ts";
import type { ServicePolicySpec } from "#domain/service-policy.ts";
import { savePolicy } from "./change-policy.ts";
import type { ControlDeps } from "./edit.ts";

/**
 * Makes the policy of a service (`expectedVersion` null), or changes the one that still is at that version.
 * @throws MeshError STALE_EDIT with the current row, DOCUMENT_TOO_LARGE, DATABASE_DOWN.
 */
export async function saveServicePolicy(
  deps: ControlDeps,
  input: { expectedVersion: number | null; spec: ServicePolicySpec },
  actor: Actor,
): Promise<PolicyRow<ServicePolicySpec>> {
  const id = input.spec.service;
  return savePolicy(
    deps,
    { kind: "services", id, ...input, action: "service-policy.save", summary: `Saved service policy ${id}` },
    actor,
  );
}
