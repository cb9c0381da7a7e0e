import { expect, it } from "vitest";
import type { HaltKind } from "#domain/publishing.ts";
import { syncStatus, type SyncParts } from "./sync-status.ts";

const partsOf = (publishedBy: string): SyncParts => ({
  view: {
    current: () => ({ incarnation: "db-1", revision: 5, decisions: 0, routes: [], breakerPolicies: [] }),
    publishing: () => ({
      driftMode: "repair",
      openDrift: 0,
      ignoredDrift: 0,
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

it("says what is published while gateways that are ahead keep it from going on, but not of another history", () => {
  const side = { incarnation: "db-1", revision: 9, objects: 1 };
  const haltedBy = (kind: HaltKind): SyncParts => {
    const parts = partsOf("db-1");
    const halt = { kind, reason: "because", mesh: side, database: side };
    const status = { ...parts.publisher.status(), halt };
    return { ...parts, publisher: { status: () => status }, election: { ...parts.election, isLeader: () => true } };
  };
  expect(syncStatus(haltedBy("gateways"))).toMatchObject({ publishedRevision: 7, halted: "because" });
  expect(syncStatus(haltedBy("behind")).publishedRevision).toBeNull();
});
