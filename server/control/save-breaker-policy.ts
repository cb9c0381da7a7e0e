import type { Tx } from "#db/client.ts";
import { listPolicies } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { breakerTargetId, type BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { MeshError } from "#domain/errors.ts";
import { findFallbackCycle } from "#domain/fallback-cycle.ts";
import type { PolicyRow } from "#domain/policy.ts";
import { savePolicy } from "./change-policy.ts";
import type { ControlDeps } from "./edit.ts";

/**
 * Makes the breaker policy of a target (`expectedVersion` null), or changes the one that still is at that version.
 * @throws MeshError FALLBACK_CYCLE, STALE_EDIT with the current row, DOCUMENT_TOO_LARGE, DATABASE_DOWN.
 */
export async function saveBreakerPolicy(
  deps: ControlDeps,
  input: { expectedVersion: number | null; spec: BreakerPolicySpec },
  actor: Actor,
): Promise<PolicyRow<BreakerPolicySpec>> {
  const id = breakerTargetId(input.spec.target);
  const check = (tx: Tx): Promise<void> => refuseCycle(tx, id, input.spec);
  return savePolicy(
    deps,
    { kind: "breakers", id, ...input, action: "breaker-policy.save", summary: `Saved breaker policy ${id}`, check },
    actor,
  );
}

/** @throws MeshError FALLBACK_CYCLE when the policy, among the others, would make backups call each other in a circle. */
export async function refuseCycle(tx: Tx, id: string, spec: BreakerPolicySpec): Promise<void> {
  const others = (await listPolicies(tx, "breakers")).filter((row) => row.id !== id).map((row) => row.spec);
  const cycle = findFallbackCycle([...others, spec]);
  if (cycle === null) return;
  const next = cycle[cycle.indexOf(spec.target.service) + 1];
  const at = spec.fallbacks.findIndex((fallback) => fallback.kind === "service" && fallback.service === next);
  const field = at === -1 ? "fallbacks" : `fallbacks.${at}.service`;
  throw new MeshError("FALLBACK_CYCLE", { detail: `${cycle.join(" → ")}.`, field });
}
