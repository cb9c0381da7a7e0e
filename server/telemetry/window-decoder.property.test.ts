import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testReading } from "#domain/test-reading.ts";
import { TrafficWindow, type BreakerReading, type EdgeWindow } from "#domain/traffic.ts";
import { edgeKeyText } from "./edge-key.ts";
import { DICTIONARY_MAX, GatewayFrames, Told } from "./gateway-frames.ts";
import { EdgeCursor } from "./packed-edges.ts";
import { MalformedWindow } from "./packed-numbers.ts";
import { standingOf } from "./packed-readings.ts";
import { testEdge } from "#domain/test-edge.ts";
import { anyEdge } from "./test-edges.ts";
import { testWindow } from "./test-window.ts";
import { PackedDecoder, PlainDecoder } from "./window-decoder.ts";

/** A gateway counts an edge once in a window. */
const anyEdges = fc.uniqueArray(anyEdge, { selector: edgeKeyText, maxLength: 30 });
const dataOf = (frame: Buffer): string => frame.toString().split("\ndata: ")[1]?.trimEnd() ?? "";
const windowOf = (
  sequence: number,
  edges: EdgeWindow[],
  readings = [testReading({ routeId: "shop" })],
): TrafficWindow => testWindow("gw", sequence, sequence * 1000, readings, { edges });

/** A breaker's reading in a second: mostly as it was before, with other figures. */
const anyReading: fc.Arbitrary<BreakerReading> = fc
  .record({
    routeId: fc.constantFrom("shop", "pay"),
    state: fc.constantFrom("closed", "open", "half-open"),
    cause: fc.constantFrom("", "61 % of 214 calls failed →"),
    worker: fc.constantFrom(null, 1, 2),
    total: fc.nat(100_000),
    errors: fc.nat(1000),
    odd: fc.boolean(),
    edge: anyEdge,
  })
  .map(({ total, errors, odd, edge: { counts, latency, inFlight }, ...rest }) =>
    testReading({
      ...rest,
      counts,
      latency,
      inFlight,
      maxInFlight: inFlight,
      fallbackServed: errors,
      // A share that does not follow from the counts cannot be packed.
      window: {
        ms: 10_000,
        total,
        errors,
        errorPercent: odd ? 7 : total === 0 ? 0 : (errors * 100) / total,
        slow: 1,
        waiting: 0,
      },
    }),
  );

function plain(window: TrafficWindow): TrafficWindow {
  const { sequence, run, gatewayId, startMs, endMs, edges, breakers, transitions } = window;
  const { ejections, instances, unrouted, dropped } = window;
  const counted = { edges, breakers, transitions, ejections, instances, unrouted, dropped };
  return { sequence, run, gatewayId, startMs, endMs, ...counted };
}

const anyReadings = fc.uniqueArray(anyReading, {
  selector: ({ routeId, worker }) => `${routeId}/${worker}`,
  maxLength: 4,
});

describe("windows on their way", () => {
  it("arrive as they were, in either form, on connections that began at any of them", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEdges, anyReadings), { minLength: 1, maxLength: 8 }), fc.nat(7), (all, from) => {
        const frames = new GatewayFrames();
        const windows = all.map(([edges, readings], at) => windowOf(at + 1, edges, readings));
        const kept = windows.map((window) => frames.keep(window, 1));
        const first = Math.min(from, kept.length - 1);
        const told = new Told();
        const packed = new PackedDecoder();
        const packedBack = kept.slice(first).map((one) => packed.read(dataOf(frames.packedFrame(one, told))));
        const plainBack = kept.slice(first).map((one) => new PlainDecoder().read(dataOf(frames.plainFrame(one))));
        expect(packedBack.map(plain)).toEqual(windows.slice(first));
        expect(plainBack.map(plain)).toEqual(windows.slice(first));
      }),
    );
  });

  it("name each series once in a connection", () => {
    const frames = new GatewayFrames();
    const told = new Told();
    const frame = (sequence: number): string =>
      frames.packedFrame(frames.keep(windowOf(sequence, [testEdge()]), 1), told).toString();
    expect(frame(1)).toContain("storefront");
    expect(frame(2)).not.toContain("storefront");
  });

  it("tell how a breaker stands when that changes, and not when a clock's reading differs by some ms", () => {
    const frames = new GatewayFrames();
    const told = new Told();
    const decoder = new PackedDecoder();
    const arrive = (sequence: number, change: Partial<BreakerReading>): [number, BreakerReading | undefined] => {
      const kept = frames.keep(windowOf(sequence, [], [testReading({ routeId: "shop", ...change })]), 1);
      const data = dataOf(frames.packedFrame(kept, told));
      return [data.split("routeId").length - 1, decoder.read(data).breakers[0]];
    };
    expect(arrive(1, { sinceMs: 5000 })[0]).toBe(1);
    expect(arrive(2, { sinceMs: 5003, inFlight: 4 })).toMatchObject([0, { sinceMs: 5000, inFlight: 4 }]);
    expect(arrive(3, { sinceMs: 5003, state: "open" })).toMatchObject([1, { sinceMs: 5003, state: "open" }]);
    expect(arrive(4, { sinceMs: 9000, state: "open" })).toMatchObject([1, { sinceMs: 9000 }]);
  });

  it("start the dictionary over before it grows without end, and forget series that no kept window has", () => {
    const frames = new GatewayFrames();
    const told = new Told();
    const decoder = new PackedDecoder();
    let starts = 0;
    for (let sequence = 1; sequence <= 60; sequence += 1) {
      const edges = Array.from({ length: 1000 }, (_, n) => testEdge({ instance: `${sequence}-${n}` }));
      const data = dataOf(frames.packedFrame(frames.keep(windowOf(sequence, edges), sequence), told));
      if (data.startsWith('{"fresh":true')) starts += 1;
      expect(decoder.read(data).edges).toHaveLength(1000);
      expect(told.size).toBeLessThanOrEqual(DICTIONARY_MAX);
    }
    expect(starts).toBe(3);
    expect(frames.size).toBe(1001);
  });

  it("that an older console asked for are as it knows them", () => {
    const frames = new GatewayFrames();
    const data = dataOf(frames.plainFrame(frames.keep(windowOf(1, [testEdge()]), 1)));
    expect(TrafficWindow.parse(JSON.parse(data)).edges).toEqual([testEdge()]);
  });

  it("of an older gateway are read without what it does not count", () => {
    const { inFlight, ...edge } = testEdge();
    const { ejections, ...window } = windowOf(1, []);
    const read = new PlainDecoder().read(JSON.stringify({ ...window, edges: [edge] }));
    expect(read.edges).toEqual([{ ...edge, inFlight: inFlight }]);
    expect(read.ejections).toEqual(ejections);
  });
});

const STANDING = standingOf(testReading({ routeId: "shop" }), undefined);

describe("what is no window", () => {
  const walk = (bytes: Uint8Array): number => {
    let edges = 0;
    for (const cursor = new EdgeCursor().open(bytes); cursor.next();) edges += 1;
    return edges;
  };

  it("is either walked to its end or refused, whatever the bytes, and never read beyond them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(walk(bytes)).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedWindow);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("is refused when bytes of a good one were lost or added at its end", () => {
    fc.assert(
      fc.property(fc.array(anyEdge, { minLength: 1, maxLength: 5 }), fc.nat(), (edges, cut) => {
        const frames = new GatewayFrames();
        const good = Buffer.from(frames.keep(windowOf(1, edges), 1).edges.toString(), "base64");
        expect(() => walk(good.subarray(0, cut % good.length))).toThrow(MalformedWindow);
        expect(() => walk(Buffer.concat([good, Buffer.of(0)]))).toThrow(MalformedWindow);
      }),
    );
  });

  it("is refused by the decoder with an error, whatever was changed in a good one", () => {
    const frames = new GatewayFrames();
    const edges = [testEdge(), testEdge({ instance: "i2" })];
    const good = dataOf(frames.packedFrame(frames.keep(windowOf(1, edges), 1), new Told()));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 8 }), fc.nat(8), (at, put, drop) => {
        const changed = good.slice(0, at) + put + good.slice(at + drop);
        try {
          // What is read all the same can be walked.
          expect(new PackedDecoder().read(changed).edges.length).toBeLessThanOrEqual(1000);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(TypeError);
          expect(error).not.toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  const twice = [
    [0, "a", "b", "c", "", "", 0],
    [0, "a", "b", "d", "", "", 0],
  ];
  const many = Array.from({ length: 40_001 }, (_, n) => [n, "", "", "", "", "", 0]);
  const long = [[0, "x".repeat(17 * 1024 * 1024), "", "", "", "", 0]];
  const stoodTwice = [
    [0, STANDING],
    [0, STANDING],
  ];
  it.each([
    ["a series named twice", { define: twice }, "It names series 0 twice"],
    ["an edge of a series that was never named", { define: [] }, "of a series it never named"],
    ["more series than there is room for", { define: many }, "more series than there is room for"],
    ["names longer than there is room for", { define: long }, "more series than there is room for"],
    ["no edges", { edges: 7 }, "expected string"],
    ["a breaker that was never named", { stand: [] }, "of a breaker it never named"],
    ["a breaker named twice", { stand: stoodTwice }, "It says twice how breaker 0 stands"],
    ["a breaker in a state there is none of", { stand: [[0, { ...STANDING, state: "ajar" }]] }, "Invalid option"],
  ])("such as %s is refused", (_, change, why) => {
    const frames = new GatewayFrames();
    const good: unknown = JSON.parse(dataOf(frames.packedFrame(frames.keep(windowOf(1, [testEdge()]), 1), new Told())));
    expect(() => new PackedDecoder().read(JSON.stringify(good))).not.toThrow();
    expect(() => new PackedDecoder().read(JSON.stringify(Object.assign({}, good, change)))).toThrow(why);
  });
});

describe("an older gateway's windows", () => {
  it("share the names of their series, and not for ever", () => {
    const decoder = new PlainDecoder();
    const seriesOf = (edges: EdgeWindow[]): object[] => {
      const seen: object[] = [];
      decoder.read(JSON.stringify(windowOf(1, edges))).eachEdge((series) => seen.push(series));
      return seen;
    };
    const [first] = seriesOf([testEdge({ instance: "a" })]);
    expect(seriesOf([testEdge({ instance: "b" }), testEdge({ instance: "a" })])[1]).toBe(first);
    for (let round = 0; round < 9; round += 1)
      seriesOf(Array.from({ length: 5000 }, (_, n) => testEdge({ instance: `${String(round)}/${String(n)}` })));
    expect(seriesOf([testEdge({ instance: "a" })])[0]).not.toBe(first);
  });
});
