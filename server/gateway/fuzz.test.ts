import { describe, expect, it } from "vitest";
import { fuzzRequests } from "./test-bed/fuzz/request-fuzz.ts";
import { fuzzResponses } from "./test-bed/fuzz/response-fuzz.ts";

/** The soak goes on for longer, from a seed that is never the same. */
const SHORT = { seed: 1, forMs: 3000, lanes: 8 };

describe("a gateway and Node's parser, given the same almost valid bytes", () => {
  it("nothing is forwarded that llhttp refuses or reads otherwise, and as many are accounted for as arrive", async () => {
    const { findings, forwarded, refusedByLlhttp } = await fuzzRequests(SHORT);
    expect(findings).toEqual([]);
    expect(forwarded).toBeGreaterThan(0);
    expect(refusedByLlhttp).toBeGreaterThan(0);
  });

  it("no answer looks complete that llhttp refuses or reads otherwise, and none comes to the next request", async () => {
    const { findings, forwarded, refusedByLlhttp } = await fuzzResponses(SHORT);
    expect(findings).toEqual([]);
    expect(forwarded).toBeGreaterThan(0);
    expect(refusedByLlhttp).toBeGreaterThan(0);
  });
});
