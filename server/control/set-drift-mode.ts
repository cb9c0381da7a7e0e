import { appendAudit } from "#db/audit-repository.ts";
import { saveDecision } from "#db/mesh-repository.ts";
import type { Actor } from "#domain/audit.ts";
import type { DriftMode } from "#domain/drift.ts";
import { locked, type ControlDeps } from "./edit.ts";

const SUMMARIES: Readonly<Record<DriftMode, string>> = {
  repair: "Has what somebody else changes in ZooKeeper put right at once",
  hold: "Has what somebody else changes in ZooKeeper held for a person to decide",
};

/**
 * Sets what comes of published nodes that somebody else changed. Setting what is set already does nothing.
 * @throws MeshError DATABASE_DOWN.
 */
export async function setDriftMode(
  deps: ControlDeps,
  { mode }: { mode: DriftMode },
  actor: Actor,
): Promise<{ mode: DriftMode }> {
  await locked(deps, actor, async ({ tx, mesh, atMs }) => {
    if (mesh.driftMode !== mode) {
      await saveDecision(tx, { driftMode: mode });
      await appendAudit(tx, {
        atMs,
        actor,
        action: "drift.mode",
        target: "policy",
        summary: SUMMARIES[mode],
        before: { mode: mesh.driftMode },
        after: { mode },
        revision: null,
      });
    }
    return { mode };
  });
  deps.onDecision?.();
  return { mode };
}
