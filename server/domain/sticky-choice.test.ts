import { describe, expect, it } from "vitest";
import { stableHash } from "./stable-hash.ts";
import { stickyChoice } from "./sticky-choice.ts";

const KEYS = Array.from({ length: 10_000 }, (_, n) => stableHash(`user-${n}`));
const split = (stable: number, canary: number) => [
  { seed: stableHash("cart|version=1"), weight: stable },
  { seed: stableHash("cart|version=2"), weight: canary },
];
const chosen = (stable: number, canary: number): number[] =>
  KEYS.map((key) => stickyChoice(split(stable, canary), key));
const canaries = (choices: readonly number[]): number => choices.filter((choice) => choice === 1).length;

describe("sticky choice", () => {
  it("gives each its share of the keys", () => {
    for (const percent of [1, 10, 50])
      expect(Math.abs(canaries(chosen(100 - percent, percent)) - percent * 100)).toBeLessThan(150);
    expect(canaries(chosen(100, 0))).toBe(0);
    expect(canaries(chosen(0, 1))).toBe(KEYS.length);
  });

  it("keeps whoever was on the canary there when its weight grows, and moves only the gain", () => {
    const before = chosen(90, 10);
    const after = chosen(90, 30);
    expect(before.every((choice, at) => choice === 0 || after[at] === 1)).toBe(true);
    expect(Math.abs(canaries(after) - 2500)).toBeLessThan(150);
  });

  it("chooses nothing when every weight is 0", () => {
    expect(stickyChoice(split(0, 0), 1)).toBe(-1);
  });
});
