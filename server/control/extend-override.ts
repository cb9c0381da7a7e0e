import { findPolicy } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import {
  askedTimeInWords,
  extendedEnd,
  hasExpired,
  scopeInWords,
  targetInWords,
  type OverrideSpec,
} from "#domain/override.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { edit, type ControlDeps } from "./edit.ts";
import { putPolicy } from "./put-policy.ts";

/**
 * Gives an override more time. All else stays as it was set, by whom it was set; the log says who extended it.
 * @throws MeshError NOT_FOUND when it was lifted or has expired, INVALID_INPUT when it has no end, DATABASE_DOWN.
 */
export async function extendOverride(
  deps: ControlDeps,
  input: { id: string; byMs: number },
  actor: Actor,
): Promise<PolicyRow<OverrideSpec>> {
  const { id, byMs } = input;
  return edit(deps, actor, async (step) => {
    const found = await findPolicy(step.tx, "overrides", id);
    const before = found.row?.spec;
    // Gateways have ended one whose time is up, even if it is not cleared away yet.
    if (before === undefined || hasExpired(before, step.atMs))
      throw new MeshError("NOT_FOUND", { detail: "The override was lifted or has expired." });
    if (before.expiresAtMs === null)
      throw new MeshError("INVALID_INPUT", { detail: "The override lasts until it is lifted.", field: "id" });
    const spec = { ...before, expiresAtMs: extendedEnd(before.expiresAtMs, byMs, step.atMs) };
    return putPolicy(step, {
      kind: "overrides",
      id,
      spec,
      found,
      action: "override.extend",
      summary: `Extended by ${askedTimeInWords(spec.expiresAtMs - before.expiresAtMs)}: ${targetInWords(before.target)} on ${scopeInWords(before.scope)}`,
    });
  });
}
