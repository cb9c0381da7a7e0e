import type { SyncStatus, ZooKeeperLink } from "./live.ts";

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
    ignoredDrift: 0,
    propagation: { edits: 0, published: null, applied: null },
    ...given,
  };
}

/** For tests: a session that lives. */
export function testZooKeeperLink(given: Partial<ZooKeeperLink> = {}): ZooKeeperLink {
  return {
    state: "up",
    sinceMs: 0,
    problem: "",
    session: "live",
    lastAnswerAtMs: 0,
    server: "127.0.0.1:2181",
    sessionId: "0x1",
    sessionTimeoutMs: 8000,
    epoch: 1,
    denied: null,
    access: "closed",
    accessLists: null,
    ...given,
  };
}
