import { expect, it } from "vitest";
import { syncStatus, type SyncParts } from "./sync-status.ts";

const partsOf = (publishedBy: string): SyncParts => ({
  view: {
    current: () => ({ incarnation: "db-1", revision: 5, decisions: 0, routes: [], breakerPolicies: [] }),
    publishing: () => ({
      driftMode: "repair",
      openDrift: 0,
      report: null,
      propagation: { edits: 0, published: null, applied: null },
    }),
  },
  publisher: {
    status: () => ({ publishedRevision: 7, publishedBy, halt: null, blocked: [], lastFullPass: null }),
  },
  election: { isLeader: () => false, leader: () => "another" },
});

it("does not call published what only another database published, also where its console leads", () => {
  expect(syncStatus(partsOf("db-1")).publishedRevision).toBe(7);
  expect(syncStatus(partsOf("db-2")).publishedRevision).toBeNull();
});
