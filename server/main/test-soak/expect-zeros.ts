import { expect } from "vitest";
import { PARTS } from "./parts.ts";

const SEED = 1;

/**
 * Runs a part in the short form of `npm run soak:publishing`, with the same seed each time. `count` is what the part
 * counts, and `rounds` what that comes to.
 */
export async function expectZeros(name: string, count: number, rounds: number = count): Promise<void> {
  const run = { count, seed: SEED, lanes: 1, untilMs: Number.POSITIVE_INFINITY, only: [], onProgress: () => undefined };
  const outcome = await PARTS.find((known) => known.name === name)?.run(run);
  expect(outcome?.failures).toEqual([]);
  expect(outcome?.rounds).toBe(rounds);
}
