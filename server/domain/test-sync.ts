import type { SyncStatus } from "./live.ts";

/** For tests: everything saved is published, nothing stands in the way. */
export function testSync(given: Partial<SyncStatus> = {}): SyncStatus {
  return {
    incarnation: "a",
    savedRevision: 1,
    publishedRevision: 1,
    leader: "console-1",
    halted: "",
    halt: null,
    blocked: [],
    lastFullPass: null,
    driftMode: "repair",
    openDrift: 0,
    propagation: { edits: 0, published: null, applied: null },
    ...given,
  };
}
