import { changeSnapshot, SnapshotDraft } from "#domain/snapshot-change.ts";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { testRoute } from "#domain/test-route.ts";
import { PolicyLog } from "../policy-log.ts";

/** A process that saves policies as fast as it can, says which are on the disk, and waits to be killed. */
const [, , path = ""] = process.argv;
process.on("disconnect", () => process.exit(0));
const log = new PolicyLog({
  path,
  // Written anew every few changes.
  changesBytes: 0,
  onError: (error) => {
    throw error;
  },
});
for (let snapshot = EMPTY_SNAPSHOT; ;) {
  const revision = snapshot.revision + 1;
  const draft = new SnapshotDraft();
  // So that each policy says by its content which one it is.
  const route = testRoute(`r${revision % 20}`, { description: String(revision) }, revision);
  draft.set({ kind: "routes", published: route });
  snapshot = changeSnapshot(snapshot, draft.change({ incarnation: "db", revision, root: "" }));
  await log.save(snapshot);
  process.send?.(revision);
}
