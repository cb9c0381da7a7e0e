import { chainEnd, hashAt } from "#db/audit-repository.ts";
import { readMesh } from "#db/mesh-repository.ts";
import type { AnchorSource } from "#zookeeper/audit-anchor.ts";
import type { ControlDeps } from "./edit.ts";

/** The audit log as the keeper of its anchor reads it. Rejects with DATABASE_DOWN. */
export function anchorSource({ database }: Pick<ControlDeps, "database">): AnchorSource {
  return {
    read: (sequence) =>
      database.snapshot(async (tx) => {
        const { incarnation, supersedes } = await readMesh(tx);
        return { incarnation, supersedes, end: await chainEnd(tx), hash: await hashAt(tx, sequence) };
      }),
  };
}
