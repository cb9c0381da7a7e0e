import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testReading } from "#domain/test-reading.ts";
import type { EdgeWindow, TrafficWindow } from "#domain/traffic.ts";
import { GatewayMerge } from "./gateway-merge.ts";
import { testWindow } from "./test-window.ts";

const edge = (change: Partial<EdgeWindow> = {}): EdgeWindow => ({
  caller: "outside",
  routeId: "shop",
  service: "catalog",
  subset: "",
  instance: "cat-1",
  asFallback: false,
  counts: { success: 1 },
  latency: [[10, 1]],
  bytesOut: 5,
  inFlight: 0,
  ...change,
});

const window = (change: Partial<TrafficWindow> = {}): TrafficWindow => testWindow("gw", 1, 1000, [], change);

describe("the windows of a gateway's workers", () => {
  it("are one window, in which no call is lost and none is there twice", () => {
    const count = fc.nat(50);
    const calls = fc.record({
      worker: fc.integer({ min: 1, max: 4 }),
      instance: fc.constantFrom("cat-1", "cat-2"),
      success: count,
      timeout: count,
      bucket: fc.nat(20),
      unrouted: count,
      takeAfter: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(calls), (all) => {
        const merge = new GatewayMerge();
        const taken = all.flatMap(({ worker, instance, success, timeout, bucket, unrouted, takeAfter }) => {
          const latency: [number, number][] = [[bucket, success]];
          merge.add(worker, window({ edges: [edge({ instance, counts: { success, timeout }, latency })], unrouted }));
          return takeAfter ? [merge.take()] : [];
        });
        const windows = [...taken, merge.take()];
        const edges = windows.flatMap((one) => one.edges);
        const sumOf = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0);
        for (const instance of ["cat-1", "cat-2"]) {
          const of = edges.filter((one) => one.instance === instance);
          const sent = all.filter((one) => one.instance === instance);
          expect(sumOf(of.map(({ counts }) => counts.success ?? 0))).toBe(sumOf(sent.map(({ success }) => success)));
          expect(sumOf(of.map(({ counts }) => counts.timeout ?? 0))).toBe(sumOf(sent.map(({ timeout }) => timeout)));
          expect(sumOf(of.flatMap(({ latency }) => latency.map(([, n]) => n)))).toBe(
            sumOf(sent.map(({ success }) => success)),
          );
          expect(sumOf(of.map(({ bytesOut }) => bytesOut))).toBe(sent.length * 5);
        }
        expect(sumOf(windows.map(({ unrouted }) => unrouted))).toBe(sumOf(all.map(({ unrouted }) => unrouted)));
        for (const one of windows)
          expect(new Set(one.edges.map(({ instance }) => instance)).size).toBe(one.edges.length);
      }),
    );
  });

  it("keep each worker's breakers apart, as it left them, and their counts until they are taken", () => {
    const merge = new GatewayMerge();
    merge.add(1, window({ breakers: [testReading({ worker: 1, counts: { success: 2 }, fallbackServed: 1 })] }));
    merge.add(2, window({ breakers: [testReading({ worker: 2, state: "open", counts: { timeout: 3 } })] }));
    merge.add(1, window({ breakers: [testReading({ worker: 1, inFlight: 7, counts: { success: 4 } })] }));
    expect(merge.take().breakers).toMatchObject([
      { worker: 1, state: "closed", inFlight: 7, counts: { success: 6 }, fallbackServed: 1 },
      { worker: 2, state: "open", counts: { timeout: 3 } },
    ]);
    expect(merge.take().breakers).toMatchObject([
      { worker: 1, inFlight: 7, counts: {}, fallbackServed: 0 },
      { worker: 2, state: "open", counts: {} },
    ]);
  });

  it("tell the most calls a breaker had in flight at once since they were last taken, and then those still there", () => {
    const merge = new GatewayMerge();
    const most = (): number[] => merge.take().breakers.map(({ maxInFlight }) => maxInFlight);
    merge.add(1, window({ breakers: [testReading({ worker: 1, maxInFlight: 9, inFlight: 2 })] }));
    merge.add(1, window({ breakers: [testReading({ worker: 1, maxInFlight: 4, inFlight: 3 })] }));
    expect(most()).toEqual([9]);
    expect(most()).toEqual([3]);
  });

  it("say which worker's breaker moved", () => {
    const merge = new GatewayMerge();
    const target = { kind: "command", routeId: "shop", service: "catalog" } as const;
    merge.add(
      2,
      window({ transitions: [{ atMs: 5, target, from: "closed", to: "open", cause: "3 of 4 failed", percent: null }] }),
    );
    expect(merge.take().transitions).toMatchObject([{ to: "open", cause: "worker 2: 3 of 4 failed" }]);
    expect(merge.take().transitions).toEqual([]);
  });

  it("of a worker that is gone still count, while its breakers are no more", () => {
    const merge = new GatewayMerge();
    merge.add(1, window({ edges: [edge()], breakers: [testReading({ worker: 1 })] }));
    merge.forget(1);
    expect(merge.take()).toMatchObject({ edges: [{ counts: { success: 1 } }], breakers: [] });
  });

  it("have as many calls in flight as their own most add up to, and say whose an ejection is", () => {
    const merge = new GatewayMerge();
    const inFlight = (most: number): Partial<TrafficWindow> => ({ edges: [edge({ inFlight: most })] });
    merge.add(1, window(inFlight(3)));
    merge.add(2, window(inFlight(2)));
    // The same worker closed another window before the gateway's was closed.
    merge.add(1, window(inFlight(5)));
    const turn = { atMs: 1, service: "catalog", instance: "cat-1", turn: "ejected", untilMs: 9, cause: "" } as const;
    merge.add(2, window({ ejections: [{ ...turn, worker: null }] }));
    expect(merge.take()).toMatchObject({ edges: [{ inFlight: 7 }], ejections: [{ ...turn, worker: 2 }] });
    expect(merge.take()).toMatchObject({ edges: [], ejections: [] });
  });

  it("have room for so many edges together; further calls are counted as dropped", () => {
    const merge = new GatewayMerge();
    for (let worker = 1; worker <= 5; worker += 1)
      merge.add(
        worker,
        window({ edges: Array.from({ length: 5000 }, (_, n) => edge({ instance: `${String(worker)}/${String(n)}` })) }),
      );
    merge.add(5, window({ edges: [edge({ instance: "1/0" })] }));
    const { edges, dropped } = merge.take();
    expect([edges.length, dropped, edges[0]?.counts]).toEqual([20_000, 5000, { success: 2 }]);
  });
});
