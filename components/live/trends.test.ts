import { testSync, testZooKeeperLink } from "#domain/test-sync.ts";
import { describe, expect, it } from "vitest";
import { NOT_TRUNCATED } from "#domain/instance.ts";
import type { LivePicture } from "#domain/live.ts";
import type { TopologyNode } from "#domain/topology.ts";
import { EMPTY_TRENDS, extendTrends, TREND_POINTS, type Trends } from "./trends.ts";

const NODE: TopologyNode = {
  id: "service:cart",
  kind: "service",
  name: "cart",
  instances: 1,
  requestsPerSecond: 4,
  errorRatio: 0.25,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  bytesPerSecond: 0,
  parts: [],
  health: "healthy",
  healthReason: "",
  breaker: null,
  servingAsBackup: false,
};
const UP = { state: "up", sinceMs: 0, problem: "" } as const;

function pictureAt(atMs: number, nodes: readonly TopologyNode[] = [NODE]): LivePicture {
  return {
    atMs,
    windowMs: 10_000,
    consoleId: "console-1",
    topology: { nodes, edges: [] },
    services: [],
    breakers: [],
    hystrix: [],
    hystrixSources: [],
    gateways: [],
    sync: testSync({ savedRevision: 0, publishedRevision: null, leader: null }),
    links: { zookeeper: testZooKeeperLink(), database: UP },
    healthVersion: 0,
    registryReadAtMs: atMs,
    registryTruncated: NOT_TRUNCATED,
  };
}

function after(pictures: readonly LivePicture[]): Trends {
  return pictures.reduce(extendTrends, EMPTY_TRENDS);
}

describe("extendTrends", () => {
  it("keeps a point for every picture, oldest first, errors in percent", () => {
    expect(after([pictureAt(1000), pictureAt(2000)]).get("service:cart")).toEqual([
      { atMs: 1000, requestsPerSecond: 4, errorPercent: 25 },
      { atMs: 2000, requestsPerSecond: 4, errorPercent: 25 },
    ]);
  });

  it("counts a picture that comes twice once", () => {
    expect(after([pictureAt(1000), pictureAt(1000)]).get("service:cart")).toHaveLength(1);
  });

  it("does not grow for ever, and drops the oldest first", () => {
    const pictures = Array.from({ length: TREND_POINTS + 20 }, (_, at) => pictureAt(1000 * (at + 1)));
    const points = after(pictures).get("service:cart") ?? [];
    expect(points).toHaveLength(TREND_POINTS);
    expect(points.at(-1)?.atMs).toBe(1000 * (TREND_POINTS + 20));
  });

  it("forgets a service that has left", () => {
    expect(after([pictureAt(1000), pictureAt(2000, [])]).has("service:cart")).toBe(false);
  });
});
