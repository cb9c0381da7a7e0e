import { findPolicy } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { scopeInWords, targetInWords } from "#domain/override.ts";
import { MeshError } from "#domain/errors.ts";
import { edit, type ControlDeps } from "./edit.ts";
import { buryPolicy } from "./put-policy.ts";

/**
 * Lifts an override: the breakers go back to the automatic state that was kept underneath.
 * @throws MeshError NOT_FOUND when it was lifted or expired already, DATABASE_DOWN.
 */
export async function liftOverride(
  deps: ControlDeps,
  input: { id: string },
  actor: Actor,
): Promise<{ revision: number }> {
  return edit(deps, actor, async (step) => {
    const found = await findPolicy(step.tx, "overrides", input.id);
    if (found.row === null) throw new MeshError("NOT_FOUND", { detail: "The override was lifted or has expired." });
    buryPolicy(step, {
      kind: "overrides",
      id: input.id,
      found,
      action: "override.lift",
      summary: `Back to automatic: ${targetInWords(found.row.spec.target)} on ${scopeInWords(found.row.spec.scope)}`,
    });
    return { revision: step.revision };
  });
}
