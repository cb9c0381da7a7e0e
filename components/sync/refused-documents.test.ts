import { expect, it } from "vitest";
import type { GatewayStatus } from "#domain/live.ts";
import { refusedDocuments } from "./refused-documents.ts";

function gateway(id: string, reason: string, isThere = true): GatewayStatus {
  const url = "http://127.0.0.1:1";
  const refused = [
    { key: "routes/b", revision: 3, reason },
    { key: "routes/drifted", revision: 3, reason: "it was changed" },
  ];
  return {
    id,
    registration: isThere ? { id, adminUrl: url, edgeUrl: url, version: "1", startedAtMs: 0 } : null,
    acknowledgement: { gatewayId: id, incarnation: "a", revision: 3, root: "", refused, appliedAtMs: 1 },
    stream: { state: "up", sinceMs: 0, problem: "" },
    lastWindowAtMs: 0,
    lostWindows: 0,
    dropped: 0,
  };
}

it("says once what many gateways say alike, and leaves out gateways that left and what somebody else changed", () => {
  const gateways = [gateway("g1", "old"), gateway("g2", "old"), gateway("g3", "deep"), gateway("g4", "old", false)];
  expect(refusedDocuments(gateways, new Set(["routes/drifted"]))).toEqual([
    { key: "routes/b", revision: 3, reason: "old", gatewayIds: ["g1", "g2"] },
    { key: "routes/b", revision: 3, reason: "deep", gatewayIds: ["g3"] },
  ]);
});
