import { findPolicy } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import {
  MODE_WORDS,
  scopeInWords,
  targetInWords,
  overrideId,
  type OverrideDraft,
  type OverrideSpec,
} from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { edit, type ControlDeps } from "./edit.ts";
import { putPolicy } from "./put-policy.ts";

/**
 * Forces the breakers of a target open or closed, on the fleet or one gateway. An override of the same target and scope
 * is replaced: whoever forces a breaker means it whatever state it is in.
 * @throws MeshError DATABASE_DOWN.
 */
export async function forceBreaker(
  deps: ControlDeps,
  draft: OverrideDraft,
  actor: Actor,
): Promise<PolicyRow<OverrideSpec>> {
  const id = overrideId(draft.target, draft.scope);
  return edit(deps, actor, async (step) => {
    const { durationMs, ...rest } = draft;
    const expiresAtMs = durationMs === null ? null : step.atMs + durationMs;
    const spec: OverrideSpec = { ...rest, actor: actor.name, createdAtMs: step.atMs, expiresAtMs };
    const found = await findPolicy(step.tx, "overrides", id);
    return putPolicy(step, {
      kind: "overrides",
      id,
      spec,
      found,
      action: "override.set",
      summary: summaryOf(draft),
    });
  });
}

function summaryOf({ target, mode, scope, durationMs, reason }: OverrideDraft): string {
  const until = durationMs === null ? "until lifted" : `for ${Math.round(durationMs / 1000)} s`;
  return `${MODE_WORDS[mode]}: ${targetInWords(target)} on ${scopeInWords(scope)}, ${until}: ${reason}`;
}
