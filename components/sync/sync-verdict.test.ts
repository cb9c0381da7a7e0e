import { describe, expect, it } from "vitest";
import type { GatewayStatus, LivePicture, SyncStatus } from "#domain/live.ts";
import { testPicture } from "#domain/test-picture.ts";
import { testSync } from "#domain/test-sync.ts";
import { syncVerdict } from "./sync-verdict.ts";

const UP = { state: "up", sinceMs: 0, problem: "" } as const;

function gateway(
  id: string,
  revision: number | null,
  change: Partial<GatewayStatus["acknowledgement"]> = {},
): GatewayStatus {
  const url = "http://127.0.0.1:1";
  const acknowledgement =
    revision === null
      ? null
      : { gatewayId: id, incarnation: "a", revision, root: "", refused: [], appliedAtMs: 1, ...change };
  return {
    id,
    registration: { id, adminUrl: url, edgeUrl: url, version: "1", startedAtMs: 0 },
    acknowledgement,
    stream: UP,
    lastWindowAtMs: 0,
    lostWindows: 0,
    dropped: 0,
  };
}

function texts(
  sync: Partial<SyncStatus>,
  gateways: readonly GatewayStatus[],
  change: Partial<LivePicture> = {},
  driftedKeys: readonly string[] = [],
): string[] {
  const picture = testPicture({
    sync: testSync({ savedRevision: 9, publishedRevision: 9, ...sync }),
    gateways,
    ...change,
  });
  return syncVerdict(picture, new Set(driftedKeys), []).map(({ text }) => text);
}

describe("syncVerdict", () => {
  it("says that everything is applied only when it is, on every live gateway", () => {
    const all = [gateway("g1", 9), gateway("g2", 9)];
    expect(texts({}, all)).toEqual(["Everything saved is applied on all 2 gateways"]);
    expect(texts({}, [gateway("g1", 9), { ...gateway("g2", 3), registration: null }])).toEqual([
      "Everything saved is applied on g1",
    ]);
    expect(texts({}, [])).toEqual(["Everything saved is published, and no gateway is there"]);
  });

  it("names the gateway that is behind, and by how much", () => {
    expect(texts({}, [gateway("g1", 9), gateway("g2", 6)])).toEqual(["g2 is 3 revisions behind what is published"]);
    expect(texts({}, [gateway("g1", 9), gateway("g2", null)])).toEqual(["g2 has not said what it has applied"]);
    expect(texts({}, [gateway("g1", 9, { incarnation: "other" })])).toEqual(["g1 serves another database's policy"]);
  });

  it("says since when, and what to do about what lasts", () => {
    const edits = [8, 9].map((revision) => ({
      revision,
      savedAtMs: revision * 1000,
      publishedAtMs: revision * 1000 + 10,
    }));
    const at = (atMs: number) => {
      const sync = testSync({ savedRevision: 9, publishedRevision: 9 });
      const gateways = ["g1", "g2", "g3", "g4"].map((id, n) => gateway(id, n === 3 ? 8 : 7));
      return syncVerdict(testPicture({ sync, gateways, atMs }), new Set(), edits)[0];
    };
    expect(at(9000)).toMatchObject({
      text: "g1, g2 and 2 more are behind what is published",
      sinceMs: 8010,
      advice: "",
    });
    expect(at(60_000).advice).toContain("see that they run");
    const away = { ...testPicture({}).links, database: { state: "down", sinceMs: 77, problem: "" } as const };
    expect(syncVerdict(testPicture({ links: away }), new Set(), [])[0]).toMatchObject({
      sinceMs: 77,
      advice: expect.stringContaining("Start PostgreSQL"),
    });
  });

  it("counts a document that several gateways refuse once", () => {
    const refused = [{ key: "routes/x", revision: 9, reason: "too deep" }];
    expect(texts({}, [gateway("g1", 9, { refused }), gateway("g2", 9, { refused })])).toEqual([
      "1 document is refused by g1 and g2",
    ]);
  });

  it("does not call refused what gateways refuse because somebody else changed it, nor forget what is ignored", () => {
    const refused = [
      { key: "routes/x", revision: 9, reason: "it was changed without being published" },
      { key: "head", revision: 9, reason: "the documents read do not add up to it" },
    ];
    const all = [gateway("g1", 9, { refused })];
    expect(texts({ openDrift: 1 }, all, {}, ["routes/x"])).toEqual([
      "1 node was changed in ZooKeeper by somebody else, and left for a person to decide",
    ]);
    expect(texts({ ignoredDrift: 1 }, all, {}, ["routes/x"])).toEqual([
      "1 node was changed in ZooKeeper by somebody else, and left as found",
    ]);
    expect(texts({ openDrift: 1 }, all, {}, ["routes/y"])[0]).toBe("1 document is refused by g1");
    expect(texts({}, all)[0]).toBe("2 documents are refused by g1");
  });

  it("calls left as found only what somebody has ignored, however late the count of what waits is", () => {
    const keys = ["routes/x", "routes/y", "routes/z"];
    expect(texts({ openDrift: 1 }, [gateway("g1", 9)], {}, keys)).toEqual([
      "1 node was changed in ZooKeeper by somebody else, and left for a person to decide",
    ]);
  });

  it("makes a heading of a reason's first sentence, and advice of the others", () => {
    const reason = "The database is behind the mesh: it is at revision 7. Nothing is written. Choose a side.";
    const picture = testPicture({ sync: testSync({ halted: reason }) });
    expect(syncVerdict(picture, new Set(), [])[0]).toMatchObject({
      text: "Publishing stands still: The database is behind the mesh: it is at revision 7",
      advice: expect.stringMatching(/^Nothing is written[.] Choose a side[.] Gateways serve on/),
    });
  });

  it("is not content while the database is away: what is saved there cannot be known", () => {
    const links = { ...testPicture({}).links, database: { state: "down", sinceMs: 0, problem: "" } as const };
    expect(texts({}, [gateway("g1", 9)], { links })).toEqual([
      "PostgreSQL is away: nothing can be saved, and nothing new is published",
    ]);
  });

  it("says first why nothing is published, and does not measure another database's revision by ours", () => {
    const side = { incarnation: "a", revision: 9, objects: 4 };
    const halt = { kind: "foreign", reason: "another database's policy is there", mesh: side, database: side } as const;
    expect(texts({ halt, halted: halt.reason, publishedRevision: 2 }, [])).toEqual([
      "Publishing stands still: another database's policy is there",
    ]);
    expect(texts({ savedRevision: 11 }, [gateway("g1", 9)])).toEqual(["2 revisions are saved and not published yet"]);
    expect(texts({ leader: null }, [gateway("g1", 9)])).toEqual(["Nobody publishes: no console is elected"]);
  });

  it("names blocked nodes and open drift beside other things", () => {
    const blocked = [{ path: "/meshkeeper/policy/routes/x", problem: "no permission" }];
    expect(texts({ blocked, openDrift: 2 }, [gateway("g1", 9)])).toEqual([
      "ZooKeeper does not let 1 node be written",
      "2 nodes were changed in ZooKeeper by somebody else, and left for a person to decide",
    ]);
  });
});
