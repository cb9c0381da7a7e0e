import type { Actor } from "#domain/audit.ts";
import { removePolicy } from "./change-policy.ts";
import type { ControlDeps } from "./edit.ts";

/**
 * Removes a breaker policy: its target goes back to the defaults.
 * @throws MeshError STALE_EDIT with the current row, NOT_FOUND, DATABASE_DOWN.
 */
export async function removeBreakerPolicy(
  deps: ControlDeps,
  input: { id: string; expectedVersion: number },
  actor: Actor,
): Promise<{ revision: number }> {
  return removePolicy(
    deps,
    { kind: "breakers", ...input, action: "breaker-policy.remove", summary: `Removed breaker policy ${input.id}` },
    actor,
  );
}
