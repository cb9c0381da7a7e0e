import { describe, expect, it } from "vitest";
import { distanceTo, lengthOf, pointAlong, traceHead, traceRounded, type PathSink } from "./polyline.ts";

const CORNER = Float32Array.of(0, 0, 100, 0, 100, 50);

/** Remembers what was traced. */
function recorder(): PathSink & { readonly calls: (readonly [string, ...number[]])[] } {
  const calls: (readonly [string, ...number[]])[] = [];
  return {
    calls,
    moveTo: (...at) => void calls.push(["M", ...at]),
    lineTo: (...at) => void calls.push(["L", ...at]),
    quadraticCurveTo: (...at) => void calls.push(["Q", ...at]),
  };
}

describe("a polyline", () => {
  it("has the length of its stretches, and points along it", () => {
    expect(lengthOf(CORNER)).toBe(150);
    expect(pointAlong(CORNER, 40)).toEqual({ x: 40, y: 0 });
    expect(pointAlong(CORNER, 120)).toEqual({ x: 100, y: 20 });
    expect(pointAlong(CORNER, 999)).toEqual({ x: 100, y: 50 });
  });

  it("is as far away as its nearest stretch, not its corners or the lines that these lie on", () => {
    expect(distanceTo(CORNER, { x: 50, y: 7 })).toBeCloseTo(7);
    expect(distanceTo(CORNER, { x: 100, y: 90 })).toBeCloseTo(40);
    expect(distanceTo(CORNER, { x: -30, y: 40 })).toBeCloseTo(50);
    expect(distanceTo(new Float32Array(), { x: 0, y: 0 })).toBe(Infinity);
    expect(distanceTo(Float32Array.of(3, 4, 3, 4), { x: 0, y: 0 })).toBeCloseTo(5);
  });

  it("is rounded at its corners, no further than half of the stretches beside them", () => {
    const sink = recorder();
    traceRounded(sink, Float32Array.of(0, 0, 20, 0, 20, 200));
    expect(sink.calls).toEqual([
      ["M", 0, 0],
      ["L", 10, 0],
      ["Q", 20, 0, 20, 10],
      ["L", 20, 200],
    ]);
  });

  it("goes through points that lie on each other without getting lost", () => {
    const sink = recorder();
    traceRounded(sink, Float32Array.of(0, 0, 10, 0, 10, 0, 10, 10));
    expect(sink.calls.flat().every((part) => typeof part === "string" || Number.isFinite(part))).toBe(true);
    expect(sink.calls.at(-1)).toEqual(["L", 10, 10]);
  });

  it("ends in a head that points the way it arrives", () => {
    const sink = recorder();
    traceHead(sink, CORNER, 10);
    expect(sink.calls[0]).toEqual(["M", 100, 50]);
    expect(sink.calls[1]).toEqual(["L", 95, 40]);
    expect(sink.calls[2]).toEqual(["L", 105, 40]);
  });

  it("has no head when it goes nowhere", () => {
    const sink = recorder();
    traceHead(sink, Float32Array.of(5, 5, 5, 5), 10);
    expect(sink.calls).toEqual([]);
  });
});
