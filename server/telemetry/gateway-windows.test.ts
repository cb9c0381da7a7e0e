import { describe, expect, it } from "vitest";
import { TrafficWindow } from "#domain/traffic.ts";
import type { EdgeKey } from "./edge-key.ts";
import { GatewayWindows } from "./gateway-windows.ts";

const KEY: EdgeKey = {
  caller: "outside",
  routeId: "shop",
  service: "catalog",
  subset: "",
  instance: "cat-1",
  asFallback: false,
};
const windows = (maxEdges?: number) =>
  new GatewayWindows({ gatewayId: "gw", run: "r", startMs: 1000, ...(maxEdges !== undefined && { maxEdges }) });

describe("gateway windows", () => {
  it("counts per edge, and starts from nothing in the next window", () => {
    const counted = windows();
    counted.edge(KEY).call("success", 5);
    counted.edge(KEY).call("success", 7);
    counted.edge({ ...KEY, instance: "" }).call("short-circuited", null);
    counted.edge(KEY).bytes(30);
    const first = TrafficWindow.parse(counted.close(2000, []));
    expect(first).toMatchObject({ sequence: 1, startMs: 1000, endMs: 2000, dropped: 0 });
    expect(first.edges).toMatchObject([
      { instance: "cat-1", counts: { success: 2 }, bytesOut: 30 },
      { instance: "", counts: { "short-circuited": 1 }, latency: [] },
    ]);
    expect(first.edges[0]?.latency.reduce((sum, [, count]) => sum + count, 0)).toBe(2);
    expect(counted.close(3000, [])).toMatchObject({ sequence: 2, startMs: 2000, edges: [] });
  });

  it("gives up what it has no room for, says how much, and makes room when edges fall idle", () => {
    const counted = windows(2);
    for (const instance of ["a", "b", "c", "d"]) counted.edge({ ...KEY, instance }).call("success", 1);
    const full = counted.close(2000, []);
    expect([full.edges.length, full.dropped]).toEqual([2, 2]);
    for (let second = 0; second < 60; second += 1) counted.close(3000 + second, []);
    counted.edge({ ...KEY, instance: "e" }).call("success", 1);
    expect(counted.close(9000, [])).toMatchObject({ dropped: 0, edges: [{ instance: "e" }] });
  });

  it("does not let a clock that was set back end a window before it began", () => {
    const counted = windows();
    expect(counted.close(500, [])).toMatchObject({ startMs: 500, endMs: 500 });
    expect(counted.close(1500, [])).toMatchObject({ startMs: 500, endMs: 1500 });
  });
});
