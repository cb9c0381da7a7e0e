import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curved } from "./curve.ts";

/** Steepness of the stretch that begins with this point. */
function slope(way: Float32Array, point: number): number {
  const [x = 0, y = 0, nextX = 0, nextY = 0] = way.slice(point * 2, point * 2 + 4);
  return (nextY - y) / (nextX - x);
}

describe("curved ways", () => {
  it("leave and arrive almost level, where the straight line would slant", () => {
    const curve = curved(Float32Array.of(0, 0, 120, 120));
    const points = curve.length / 2;
    expect(Math.abs(slope(curve, 0))).toBeLessThan(0.35);
    expect(Math.abs(slope(curve, points - 2))).toBeLessThan(0.35);
    expect([...curve.slice(0, 2), ...curve.slice(-2)]).toEqual([0, 0, 120, 120]);
  });

  it("are left alone where they turn or go back", () => {
    for (const way of [
      Float32Array.of(0, 0, 50, 0, 50, 80, 100, 80),
      Float32Array.of(0, 0, 90, 40, 20, 90),
      Float32Array.of(5, 5),
      new Float32Array(),
    ]) {
      expect(curved(way)).toBe(way);
    }
  });

  it("stay level where they were", () => {
    const way = Float32Array.of(0, 10, 100, 10, 300, 10);
    expect([...curved(way)]).toEqual([...way]);
  });

  const heights = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 2, maxLength: 6 });
  const wayThrough = (ys: readonly number[]): Float32Array => Float32Array.from(ys.flatMap((y, at) => [at * 120, y]));

  it("stay within the corners of the stretches that they replace", () => {
    fc.assert(
      fc.property(heights, (ys) => {
        const curve = curved(wayThrough(ys));
        for (let i = 0; i + 1 < curve.length; i += 2) {
          const x = curve[i] ?? 0;
          const y = curve[i + 1] ?? 0;
          const gap = Math.min(ys.length - 2, Math.floor(x / 120 - 1e-6) < 0 ? 0 : Math.floor(x / 120 - 1e-6));
          const [a, b] = [ys[gap] ?? 0, ys[gap + 1] ?? 0];
          expect(y).toBeGreaterThanOrEqual(Math.min(a, b) - 1e-3);
          expect(y).toBeLessThanOrEqual(Math.max(a, b) + 1e-3);
        }
      }),
    );
  });

  it("do not cross where the straight ways did not", () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 4, max: 400 })), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(gaps, (pairs) => {
        const upper = curved(wayThrough(pairs.map(([y]) => y)));
        const lower = curved(wayThrough(pairs.map(([y, gap]) => y + gap)));
        // Where both are curved, they have points at the same places across.
        const heightsAt = (way: Float32Array): Map<number, number> =>
          new Map(
            Array.from({ length: way.length / 2 }, (_, at) => [Math.round(way[at * 2] ?? 0), way[at * 2 + 1] ?? 0]),
          );
        const below = heightsAt(lower);
        for (const [x, y] of heightsAt(upper)) expect(below.get(x) ?? Infinity).toBeGreaterThan(y);
      }),
    );
  });
});
