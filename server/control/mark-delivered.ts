import { markPublished } from "#db/mesh-repository.ts";
import { nowMs, type ControlDeps } from "./edit.ts";

/** Notes when revisions reached ZooKeeper, unless they are another database's. @throws MeshError DATABASE_DOWN. */
export async function markDelivered(deps: ControlDeps, revision: number, incarnation?: string): Promise<void> {
  await deps.database.read((db) => markPublished(db, revision, new Date(nowMs(deps)), incarnation));
}
