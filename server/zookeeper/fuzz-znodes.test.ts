import { describe, expect, it } from "vitest";
import { fuzzDubboNames, fuzzInstanceBodies, fuzzPolicyBodies } from "./test-bed/fuzz-znodes.ts";

/** The soak goes on for longer, from a seed that is never the same. */
const SEED = 1;

describe("whatever stands in one node", () => {
  it("of an instance: reading it throws nothing, believes nothing unsound, and changes no other entry", () => {
    const tally = fuzzInstanceBodies(SEED, 20_000);
    expect(tally).toMatchObject({ bodies: 20_000, threw: 0, effects: 0, findings: [] });
    expect(tally.accepted).toBeGreaterThan(1000);
  }, 60_000);

  it("of a Dubbo provider or consumer, whose name is all there is: the same", () => {
    const tally = fuzzDubboNames(SEED, 10_000);
    expect(tally).toMatchObject({ bodies: 10_000, threw: 0, effects: 0, findings: [] });
    expect(tally.accepted).toBeGreaterThan(40);
  }, 60_000);

  it("of a published document: no other key of the policy changes", () => {
    const tally = fuzzPolicyBodies(SEED, 2000);
    expect(tally).toMatchObject({ bodies: 2000, threw: 0, effects: 0, findings: [] });
    expect(tally.accepted).toBeGreaterThan(40);
  }, 60_000);
});
