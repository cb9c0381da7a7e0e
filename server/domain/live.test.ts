import { describe, expect, it } from "vitest";
import { deliveryOf, type GatewayStatus } from "./live.ts";
import { testSync } from "./test-sync.ts";

const sync = testSync({ savedRevision: 9, publishedRevision: 9 });

function gateway(id: string, revision: number, incarnation = sync.incarnation): GatewayStatus {
  const url = "http://127.0.0.1:1";
  return {
    id,
    registration: { id, adminUrl: url, edgeUrl: url, version: "1", startedAtMs: 0 },
    acknowledgement: { gatewayId: id, incarnation, revision, root: "", refused: [], appliedAtMs: 1 },
    stream: { state: "up", sinceMs: 0, problem: "" },
    lastWindowAtMs: 0,
    lostWindows: 0,
    dropped: 0,
  };
}

describe("deliveryOf", () => {
  it("is applied when every live gateway has the revision, and published before", () => {
    expect(deliveryOf("routes/a", 9, sync, [gateway("g1", 9), gateway("g2", 9)]).stage).toBe("applied");
    expect(deliveryOf("routes/a", 9, sync, [gateway("g1", 9), gateway("g2", 8)])).toMatchObject({
      stage: "published",
      appliedOn: ["g1"],
      behind: ["g2"],
    });
  });

  it("does not call published edits unpublished while ZooKeeper, and so the head, cannot be read", () => {
    const away = { ...sync, savedRevision: 10, publishedRevision: null };
    expect(deliveryOf("routes/a", 9, away, [gateway("g1", 9)]).stage).toBe("applied");
    expect(deliveryOf("routes/a", 10, away, [gateway("g1", 9)]).stage).toBe("saved");
  });

  it("is neither published nor applied while ZooKeeper does not let its node be written", () => {
    const blocked = { ...sync, blocked: [{ path: "/meshkeeper/policy/routes/a", problem: "NO_AUTH" }] };
    const gateways = [gateway("g1", 9)];
    expect(deliveryOf("routes/a", 9, blocked, gateways)).toMatchObject({ stage: "saved", blocked: true });
    expect(deliveryOf("routes/b", 9, blocked, gateways)).toMatchObject({ stage: "applied", blocked: false });
  });

  it("takes nothing for published from a gateway with another database's policy, or with more than was saved here", () => {
    const halted = { ...sync, publishedRevision: null };
    expect(deliveryOf("routes/a", 3, halted, [gateway("g1", 9, "another")]).stage).toBe("saved");
    expect(deliveryOf("routes/a", 3, halted, [gateway("g1", 12)]).stage).toBe("saved");
  });
});
