import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lessLoadedOfTwo, WeightedDraw } from "./weighted-draw.ts";

const STEPS = 6000;
/** Every chance there is, evenly: shares come out exact up to a step. */
const shares = (draw: (chance: number) => number, choices: number): number[] => {
  const counts = Array.from({ length: choices }, () => 0);
  for (let step = 0; step < STEPS; step += 1) {
    const index = draw((step + 0.5) / STEPS);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count) => count / STEPS);
};

describe("weighted draw", () => {
  it("draws each by its weight, never one without", () => {
    const [a = 0, b = 0, c = 0, d = 0] = shares((chance) => new WeightedDraw([3, 0, 2, 1]).one(chance), 4);
    expect(b).toBe(0);
    expect([a, c, d].map((share) => share * 6)).toEqual([3, 2, 1].map((weight) => expect.closeTo(weight, 2)));
    expect(new WeightedDraw([0, 0]).one(0.5)).toBe(-1);
    expect(new WeightedDraw([]).one(0.5)).toBe(-1);
  });

  it("draws the second from the rest, by weight", () => {
    const draw = new WeightedDraw([3, 0, 2, 1]);
    expect(shares((chance) => draw.another(0, chance), 4)).toEqual(
      [0, 0, 2 / 3, 1 / 3].map((s) => expect.closeTo(s, 3)),
    );
    expect(shares((chance) => draw.another(2, chance), 4)).toEqual(
      [3 / 4, 0, 0, 1 / 4].map((s) => expect.closeTo(s, 3)),
    );
    expect(new WeightedDraw([0, 5]).another(1, 0.5)).toBe(-1);
  });

  it("draws none without weight where a sum is rounded up to the end of the line", () => {
    expect(new WeightedDraw([2, 1, 0]).another(0, 1 - Number.EPSILON / 2)).toBe(1);
  });

  it("never draws the same one twice, nor one without weight, whatever the chance", () => {
    const almostOne = 1 - 2 ** -53;
    const chances = fc.oneof(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.constant(almostOne));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 }), chances, chances, (weights, one, two) => {
        const draw = new WeightedDraw(weights);
        const first = draw.one(one);
        if (first === -1) return;
        expect(weights[first]).toBeGreaterThan(0);
        const second = draw.another(first, two);
        expect(second).not.toBe(first);
        const others = weights.filter((weight, index) => index !== first && weight > 0);
        expect(second === -1 ? 0 : weights[second]).toBeGreaterThanOrEqual(Math.min(1, others.length));
      }),
    );
  });
});

describe("the less loaded of two", () => {
  const pickAll = (weights: readonly number[], load: readonly number[]): number[] => {
    const draw = new WeightedDraw(weights);
    const seen = weights.map(() => 0);
    for (let one = 0; one < 60; one += 1) {
      for (let two = 0; two < 60; two += 1) {
        const chances = [(one + 0.5) / 60, (two + 0.5) / 60];
        const index = lessLoadedOfTwo(
          draw,
          weights,
          (at) => load[at] ?? 0,
          () => chances.shift() ?? 0,
        );
        seen[index] = (seen[index] ?? 0) + 1;
      }
    }
    return seen.map((count) => count / 3600);
  };

  it("never picks the most loaded of all, and shares by weight when none is loaded", () => {
    const loaded = pickAll([1, 1, 1], [0, 1, 2]);
    expect(loaded[2]).toBe(0);
    expect(loaded[0]).toBeGreaterThan(loaded[1] ?? 1);
    expect(pickAll([2, 1, 1], [0, 0, 0])).toEqual([0.5, 0.25, 0.25].map((share) => expect.closeTo(share, 2)));
  });

  it("takes load for what an instance can carry: three calls at thrice the weight are as one", () => {
    expect(pickAll([3, 1], [2, 1])[0]).toBe(1);
    expect(pickAll([3, 1], [4, 1])[1]).toBe(1);
  });
});
