import { NOT_TRUNCATED } from "#domain/instance.ts";
import { testSync, testZooKeeperLink } from "#domain/test-sync.ts";
import { describe, expect, it } from "vitest";
import type { LinkStatus } from "#domain/link-status.ts";
import type { GatewayStatus, LivePicture } from "#domain/live.ts";
import { testPicture } from "#domain/test-picture.ts";
import { freshnessOf } from "../live/freshness.ts";
import { shellAlerts } from "./alerts.ts";

const NOW_MS = 1_000_000;
const UP: LinkStatus = { state: "up", sinceMs: 0, problem: "" };
const DOWN: LinkStatus = { state: "down", sinceMs: NOW_MS - 30_000, problem: "connection refused" };

function gateway(lastWindowAtMs: number): GatewayStatus {
  return {
    id: "gateway-1",
    registration: null,
    acknowledgement: null,
    stream: UP,
    lastWindowAtMs,
    lostWindows: 0,
    dropped: 0,
  };
}

function picture(parts: Partial<LivePicture> = {}): LivePicture {
  return testPicture({
    atMs: NOW_MS,
    gateways: [gateway(NOW_MS - 900)],
    sync: testSync({ savedRevision: 5, publishedRevision: 5 }),
    links: { zookeeper: testZooKeeperLink(), database: UP },
    registryReadAtMs: NOW_MS,
    registryTruncated: NOT_TRUNCATED,
    ...parts,
  });
}

const state = (shown: LivePicture | null, receivedAtMs: number, lookingSinceMs = 0) => ({
  picture: shown,
  receivedAtMs,
  lookingSinceMs,
});
const LIVE = { kind: "live", ageMs: 0 } as const;
const ids = (shown: LivePicture | null, freshness: Parameters<typeof shellAlerts>[1]): string[] =>
  shellAlerts(shown, freshness).map((alert) => alert.id);

describe("shellAlerts", () => {
  it("says nothing while all is well", () => {
    expect(ids(picture(), LIVE)).toEqual([]);
  });

  it("says what follows from a lost PostgreSQL and a lost ZooKeeper", () => {
    const alerts = shellAlerts(picture({ links: { zookeeper: testZooKeeperLink(DOWN), database: DOWN } }), LIVE);
    expect(alerts[0]?.text).toMatch(/^PostgreSQL does not answer, since .*Edits cannot be saved/);
    expect(alerts[1]?.text).toMatch(
      /^ZooKeeper does not answer, since .*Edits are saved and will be published when it returns/,
    );
  });

  it("names a gateway that has been quiet for several windows, not one that is a little late", () => {
    expect(ids(picture({ gateways: [gateway(NOW_MS - 3500)] }), LIVE)).toEqual([]);
    const [alert] = shellAlerts(picture({ gateways: [gateway(NOW_MS - 12_000)] }), LIVE);
    expect(`${alert?.text ?? ""}${alert?.age ?? ""}`.replaceAll("\u00a0", " ")).toBe("gateway-1 silent for 12 s");
  });

  it("makes one alert of many quiet gateways: alerts stand above every page", () => {
    const many = Array.from({ length: 200 }, (_, n) => ({
      ...gateway(NOW_MS - 12_000 - n * 10),
      id: `edge-${n.toString()}`,
    }));
    const alerts = shellAlerts(picture({ gateways: many }), LIVE);
    expect(alerts.map(({ id }) => id)).toEqual(["gateways"]);
    expect(alerts[0]?.text).toBe("200 gateways silent: edge-0, edge-1 and 198 more");
    expect(alerts[0]?.rest).toContain("They left the registry");
  });

  it("does not repeat as halted publishing what a lost ZooKeeper explains", () => {
    const sync = { ...picture().sync, halted: "the session is suspended" };
    expect(ids(picture({ sync }), LIVE)).toEqual(["publishing"]);
    expect(ids(picture({ sync, links: { zookeeper: testZooKeeperLink(DOWN), database: UP } }), LIVE)).toEqual([
      "zookeeper",
    ]);
  });

  it("tells only of the silence while the stream is silent: everything else is old news", () => {
    const silent = freshnessOf(state(picture(), NOW_MS - 7000), NOW_MS);
    expect(ids(picture({ links: { zookeeper: testZooKeeperLink(DOWN), database: UP } }), silent)).toEqual(["silent"]);
  });
});

describe("freshnessOf", () => {
  it("is silent after three missed pictures, also when none has ever come", () => {
    expect(freshnessOf(state(picture(), NOW_MS - 3000), NOW_MS).kind).toBe("live");
    expect(freshnessOf(state(picture(), NOW_MS - 3001), NOW_MS).kind).toBe("silent");
    expect(freshnessOf(state(null, NOW_MS - 1000), NOW_MS).kind).toBe("waiting");
    expect(freshnessOf(state(null, NOW_MS - 9000), NOW_MS).kind).toBe("silent");
  });

  it("gives a page that was hidden, and got nothing meanwhile, as long as a new one", () => {
    const hidden = NOW_MS - 600_000;
    expect(freshnessOf(state(picture(), hidden, NOW_MS - 1000), NOW_MS).kind).toBe("waiting");
    expect(freshnessOf(state(picture(), hidden, NOW_MS - 3001), NOW_MS)).toEqual({
      kind: "silent",
      sinceMs: hidden,
      silentMs: 600_000,
    });
  });

  it("leads to what can be done about drift, blocked nodes and a halt", () => {
    const side = { incarnation: "a", revision: 9, objects: 4 };
    const halt = { kind: "foreign", reason: "It holds another policy", mesh: side, database: side } as const;
    const sync = testSync({ openDrift: 2, blocked: [{ path: "/x", problem: "no permission" }], halt });
    const alerts = shellAlerts(picture({ sync }), LIVE);
    expect(alerts.map(({ id, action }) => [id, action?.label])).toEqual([
      ["publishing", "Choose a side"],
      ["blocked", "Which, and what to do"],
      ["drift", "Compare and decide"],
    ]);
    // Another database counts other revisions: the two are not set against each other.
    expect(alerts[0]?.text).toBe("Publishing stands still: It holds another policy.");
  });
});
