import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WeightedRoundRobin } from "./balancer.ts";

function tally(balancer: WeightedRoundRobin, picks: number, choices: number): number[] {
  const picked = Array.from({ length: choices }, () => 0);
  for (let pick = 0; pick < picks; pick += 1) {
    const index = balancer.pick();
    picked[index] = (picked[index] ?? 0) + 1;
  }
  return picked;
}

const weightsOf = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 });
const some = (weights: readonly number[]): boolean => weights.some((weight) => weight > 0);
const sum = (weights: readonly number[]): number => weights.reduce((total, weight) => total + weight, 0);

describe("weighted round robin", () => {
  it("picks each choice exactly its weight's times in every run of sum-of-weights picks", () => {
    fc.assert(
      fc.property(weightsOf.filter(some), (weights) => {
        const balancer = new WeightedRoundRobin(weights);
        expect(tally(balancer, sum(weights) * 2, weights.length)).toEqual(weights.map((weight) => weight * 2));
      }),
    );
  });

  it("spreads the rare choice out instead of sending its share in one go", () => {
    const balancer = new WeightedRoundRobin([5, 1, 1]);
    expect(Array.from({ length: 7 }, () => "abc"[balancer.pick()]).join("")).toBe("aabacaa");
  });

  it("picks nothing when every weight is 0, or there is no choice", () => {
    expect(new WeightedRoundRobin([0, 0]).pick()).toBe(-1);
    expect(new WeightedRoundRobin().pick()).toBe(-1);
  });

  it("gives each its share within one turn while weights keep changing in proportion", () => {
    fc.assert(
      fc.property(weightsOf.filter(some), fc.integer({ min: 1, max: 50 }), (weights, factor) => {
        const balancer = new WeightedRoundRobin(weights);
        const picked = weights.map(() => 0);
        for (let pick = 0; pick < sum(weights); pick += 1) {
          const index = balancer.pick();
          picked[index] = (picked[index] ?? 0) + 1;
          balancer.reweigh(weights.map((weight) => weight * ((pick % factor) + 1)));
        }
        for (const [index, weight] of weights.entries())
          expect(Math.abs((picked[index] ?? 0) - weight)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("takes turns with equal weights, and goes on with whoever is next when choices come and go", () => {
    const abc = new WeightedRoundRobin([1, 1, 1]);
    expect([1, 2, 3, 4].map(() => abc.pick())).toEqual([0, 1, 2, 0]);
    const acd = new WeightedRoundRobin([1, 1, 1], abc, [0, 2, -1]);
    expect([1, 2, 3].map(() => acd.pick())).toEqual([1, 2, 0]);
    expect(abc.pick()).toBe(1);
  });

  it("passes over those without weight at once, and takes them in again", () => {
    const balancer = new WeightedRoundRobin([1, 1, 1]);
    balancer.reweigh([1, 0, 1]);
    expect(tally(balancer, 10, 3)).toEqual([5, 0, 5]);
    balancer.reweigh([1, 1, 1]);
    expect(tally(balancer, 9, 3)).toEqual([3, 3, 3]);
  });
});
