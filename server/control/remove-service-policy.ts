import type { Actor } from "#domain/audit.ts";
import { removePolicy } from "./change-policy.ts";
import type { ControlDeps } from "./edit.ts";

/**
 * Removes a service's policy: its instances are chosen and watched by the defaults again.
 * @throws MeshError STALE_EDIT with the current row, NOT_FOUND, DATABASE_DOWN.
 */
export async function removeServicePolicy(
  deps: ControlDeps,
  input: { id: string; expectedVersion: number },
  actor: Actor,
): Promise<{ revision: number }> {
  return removePolicy(
    deps,
    { kind: "services", ...input, action: "service-policy.remove", summary: `Removed service policy ${input.id}` },
    actor,
  );
}
