import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { totalsOf, type EdgeTotals } from "#domain/edge-totals.ts";
import type { EdgeWindow } from "#domain/traffic.ts";
import { edgeKeyText } from "./edge-key.ts";
import { GatewayFrames, Told } from "./gateway-frames.ts";
import { ReceivedWindow } from "./received-window.ts";
import { RollingTraffic, type RollingGateway } from "./rolling-traffic.ts";
import { testEdge } from "#domain/test-edge.ts";
import { anyEdge } from "./test-edges.ts";
import { testWindow } from "./test-window.ts";
import { PackedDecoder } from "./window-decoder.ts";

const SPAN_MS = 10_000;
/** Of one gateway. */
interface Sent {
  readonly endMs: number;
  readonly edges: EdgeWindow[];
}

const received = (gatewayId: string, sequence: number, { endMs, edges }: Sent): ReceivedWindow =>
  ReceivedWindow.of(testWindow(gatewayId, sequence, endMs, [], { edges }));

/** A gateway's connection: a series is the same object in all its windows. */
class Connection {
  readonly #frames = new GatewayFrames();
  readonly #told = new Told();
  readonly #decoder = new PackedDecoder();

  received(gatewayId: string, sequence: number, { endMs, edges }: Sent): ReceivedWindow {
    const kept = this.#frames.keep(testWindow(gatewayId, sequence, endMs, [], { edges }), sequence);
    const frame = this.#frames.packedFrame(kept, this.#told).toString();
    return this.#decoder.read(frame.slice(frame.indexOf("data: ") + 6));
  }
}

/** What was agreed, said once more and added up anew: the ten seconds that end with a gateway's latest window, or now when it is silent. */
function expected(sent: ReadonlyMap<string, readonly Sent[]>, nowMs: number): EdgeTotals[] {
  return totalsOf(
    [...sent].map(([gatewayId, windows]) => {
      const untilMs = Math.max(windows.at(-1)?.endMs ?? 0, nowMs - 2000);
      const counted = windows.filter(({ endMs }) => endMs > untilMs - SPAN_MS + 500);
      return { gatewayId, edges: counted.flatMap(({ edges }) => edges) };
    }),
  );
}

/** Sorted, and but for the calls in flight, which do not add up over windows. */
function comparable(totals: readonly EdgeTotals[]): unknown[] {
  return totals
    .map((of) => ({
      ...of,
      inFlight: 0,
      gateways: of.gateways.toSorted((a, b) => (a.gatewayId < b.gatewayId ? -1 : 1)),
    }))
    .toSorted((a, b) => (edgeKeyText(a) < edgeKeyText(b) ? -1 : 1));
}

const step = fc.record({
  gatewayId: fc.constantFrom("gw-1", "gw-2", "gw-3"),
  /** Since the gateway's window before. */
  afterMs: fc.constantFrom(1000, 1000, 1000, 1003, 400, 4000, 9000),
  edges: fc.uniqueArray(anyEdge, { selector: edgeKeyText, maxLength: 5 }),
  settle: fc.boolean(),
});

describe("rolling traffic", () => {
  it("is what adding up the windows of the last ten seconds comes to, at any moment", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(20_000), (steps, silenceMs) => {
        const rolling = new RollingTraffic(SPAN_MS);
        const gateways = new Map<string, RollingGateway>();
        const sent = new Map<string, Sent[]>();
        const connections = new Map<string, Connection>();
        let nowMs = 0;
        const check = (): void => {
          for (const gateway of gateways.values()) gateway.settle(nowMs, 0);
          expect(comparable(rolling.totals())).toEqual(comparable(expected(sent, nowMs)));
        };
        for (const { gatewayId, afterMs, edges, settle } of steps) {
          const windows = sent.get(gatewayId) ?? [];
          sent.set(gatewayId, windows);
          const endMs = (windows.at(-1)?.endMs ?? 0) + afterMs;
          windows.push({ endMs, edges });
          nowMs = Math.max(nowMs, endMs);
          const gateway = gateways.get(gatewayId) ?? rolling.join(gatewayId);
          gateways.set(gatewayId, gateway);
          const connection = connections.get(gatewayId) ?? new Connection();
          connections.set(gatewayId, connection);
          gateway.add(connection.received(gatewayId, windows.length, { endMs, edges }));
          if (settle) check();
        }
        check();
        nowMs += silenceMs;
        check();
        for (const gateway of gateways.values()) gateway.leave();
        expect([rolling.totals(), rolling.series, rolling.cells]).toEqual([[], 0, 0]);
      }),
      { numRuns: 200 },
    );
  });

  it("counts as many windows of each gateway, whenever within the second it closes them", () => {
    const rolling = new RollingTraffic(SPAN_MS);
    const gateways = Array.from({ length: 10 }, (_, n) => rolling.join(`gw-${n}`));
    for (let second = 1; second <= 30; second += 1) {
      gateways.forEach((gateway, n) =>
        gateway.add(received(`gw-${n}`, second, { endMs: second * 1000 + n * 99, edges: [testEdge()] })),
      );
      for (const gateway of gateways) gateway.settle(second * 1000 + 950, 0);
    }
    expect(rolling.totals()).toMatchObject([{ counts: { success: 10 * 10 * 10 } }]);
    expect(rolling.totals()[0]?.gateways.map(({ requests }) => requests)).toEqual(
      Array.from({ length: 10 }, () => 100),
    );
  });

  it("follows a gateway whose clock turns out to be another than it seemed", () => {
    const rolling = new RollingTraffic(SPAN_MS);
    const gateway = rolling.join("gw");
    for (let second = 1; second <= 30; second += 1)
      gateway.add(received("gw", second, { endMs: second * 1000, edges: [testEdge()] }));
    // Out of a buffer: at first they seem to have ended just now.
    gateway.settle(100_000, 70_000);
    expect(rolling.totals()).toMatchObject([{ counts: { success: 100 } }]);
    gateway.settle(100_000, 65_000);
    expect(rolling.totals()).toMatchObject([{ counts: { success: 70 } }]);
    gateway.settle(100_000, 70_000);
    expect(rolling.totals()).toMatchObject([{ counts: { success: 100 } }]);
    gateway.settle(100_000, 0);
    expect(rolling.series).toBe(0);
  });

  it("has the most calls in flight of any of the windows, added up over gateways, and forgets it with the window", () => {
    const rolling = new RollingTraffic(SPAN_MS);
    const [one, two] = [rolling.join("gw-1"), rolling.join("gw-2")];
    const inFlight = (nowMs: number): number | undefined => {
      for (const gateway of [one, two]) gateway.settle(nowMs, 0);
      return rolling.totals()[0]?.inFlight;
    };
    for (let second = 1; second <= 12; second += 1) {
      const most = second === 2 ? 9 : 3;
      one.add(received("gw-1", second, { endMs: second * 1000, edges: [testEdge({ inFlight: most })] }));
      two.add(received("gw-2", second, { endMs: second * 1000, edges: [testEdge({ inFlight: 1 })] }));
      if (second === 11) expect(inFlight(11_000)).toBe(10);
    }
    expect(inFlight(12_000)).toBe(4);
  });

  it("gives up what it has no room for, counts it once, and takes in again what comes when there is room", () => {
    const rolling = new RollingTraffic(SPAN_MS, { series: 2, cells: 3 });
    const [one, two] = [rolling.join("gw-1"), rolling.join("gw-2")];
    const edges = ["a", "b", "c"].map((instance) => testEdge({ instance }));
    one.add(received("gw-1", 1, { endMs: 1000, edges }));
    two.add(received("gw-2", 1, { endMs: 1000, edges }));
    for (const gateway of [one, two]) gateway.settle(1000, 0);
    expect([one.givenUp, two.givenUp, rolling.series, rolling.cells]).toEqual([10, 20, 2, 3]);
    one.leave();
    two.add(received("gw-2", 2, { endMs: 2000, edges }));
    two.settle(2000, 0);
    // What it had no room for in the first window must not be taken out of what the second one brought.
    expect([two.givenUp, rolling.series]).toEqual([30, 2]);
    two.settle(12_700, 0);
    expect(rolling.totals().map(({ instance, counts }) => [instance, counts])).toEqual([
      ["a", { success: 10 }],
      ["b", { success: 10 }],
    ]);
    two.settle(20_000, 0);
    expect([rolling.series, rolling.cells]).toEqual([0, 0]);
  });
});
