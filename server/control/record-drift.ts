import { appendAudit } from "#db/audit-repository.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import type { Drift } from "#zookeeper/plan-publish.ts";
import { nowMs, type ControlDeps } from "./edit.ts";

/** Puts on record what somebody else had written in ZooKeeper, before it is put right. @throws MeshError DATABASE_DOWN. */
export async function recordDrift(deps: ControlDeps, drift: Drift): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await lockMesh(tx);
    await appendAudit(tx, {
      atMs: nowMs(deps),
      actor: { kind: "system", id: "publisher", name: "Meshkeeper" },
      action: "drift.repair",
      target: drift.key,
      summary: `Put ${drift.key} right in ZooKeeper: ${drift.problem}`,
      before: drift.found,
      after: null,
      revision: null,
    });
  });
}
