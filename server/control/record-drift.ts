import { appendAudit } from "#db/audit-repository.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import { nowMs, type ControlDeps } from "./edit.ts";

/** Puts on record that somebody else had written to published policy, and that it was put right. @throws MeshError DATABASE_DOWN. */
export async function recordDrift(deps: ControlDeps, drift: { key: string; found: unknown; repaired: unknown }): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await lockMesh(tx);
    await appendAudit(tx, {
      atMs: nowMs(deps),
      actor: { kind: "system", id: "publisher", name: "Meshkeeper" },
      action: "drift.repair",
      target: drift.key,
      summary: `Put ${drift.key} right in ZooKeeper, where something else had changed it`,
      before: drift.found,
      after: drift.repaired,
      revision: null,
    });
  });
}
