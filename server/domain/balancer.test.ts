import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RoundRobin, WeightedRoundRobin } from "./balancer.ts";

describe("weighted round robin", () => {
  it("picks each choice exactly its weight's times in every run of sum-of-weights picks", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 }), (weights) => {
        fc.pre(weights.some((weight) => weight > 0));
        const balancer = new WeightedRoundRobin();
        const choices = weights.map((weight, index) => ({ name: `c${index}`, weight }));
        const picked = weights.map(() => 0);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (let round = 0; round < total * 2; round += 1) {
          const index = balancer.pick(choices);
          picked[index] = (picked[index] ?? 0) + 1;
        }
        expect(picked).toEqual(weights.map((weight) => weight * 2));
      }),
    );
  });

  it("spreads the rare choice out instead of sending its share in one go", () => {
    const balancer = new WeightedRoundRobin();
    const choices = [
      { name: "a", weight: 5 },
      { name: "b", weight: 1 },
      { name: "c", weight: 1 },
    ];
    expect(Array.from({ length: 7 }, () => choices[balancer.pick(choices)]?.name).join("")).toBe("aabacaa");
  });

  it("picks nothing when every weight is 0", () => {
    expect(new WeightedRoundRobin().pick([{ name: "a", weight: 0 }])).toBe(-1);
  });
});

describe("round robin", () => {
  it("takes turns, and goes on when the list changes", () => {
    const balancer = new RoundRobin();
    expect([1, 2, 3, 4].map(() => balancer.pick(["a", "b", "c"]))).toEqual(["a", "b", "c", "a"]);
    expect(balancer.pick(["x"])).toBe("x");
    expect(balancer.pick([])).toBeUndefined();
    expect(balancer.pick(["a", "b"])).toBe("b");
  });
});
