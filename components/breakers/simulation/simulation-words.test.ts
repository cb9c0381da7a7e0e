import { describe, expect, it } from "vitest";
import type { SimulationOutcome, SimulationReport } from "#domain/breaker-history.ts";
import { basisInWords, comparisonInWords, outcomeInWords } from "./simulation-words.ts";

const QUIET: SimulationOutcome = {
  openCount: 0,
  opens: [],
  notClosedMs: 0,
  passed: 1000,
  refused: 0,
  refusedGood: 0,
  refusedBad: 0,
  failed: 0,
};
const TRIPPED: SimulationOutcome = {
  openCount: 1,
  opens: [
    {
      gatewayId: "gateway-1",
      routeId: "checkout",
      fromMs: 1000,
      toMs: 6000,
      cause: "61 % of 20 calls failed: 12 timeout",
    },
  ],
  notClosedMs: 5000,
  passed: 786,
  refused: 214,
  refusedGood: 34,
  refusedBad: 180,
  failed: 12,
};

function report(
  present: SimulationOutcome,
  edited: SimulationOutcome,
  more: Partial<SimulationReport> = {},
): SimulationReport {
  return {
    fromMs: 0,
    toMs: 3_600_000,
    gateways: ["gateway-1"],
    routeIds: ["checkout"],
    recordedSinceMs: 0,
    calls: 1000,
    assumed: 0,
    present,
    edited,
    ...more,
  };
}
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("outcomeInWords", () => {
  it("tells how often, for how long, and what was saved at which price", () => {
    expect(plain(outcomeInWords(TRIPPED))).toBe(
      "Opens once, for 5 s in all. Refuses 214 calls: 180 would have failed, 34 would have gone well.",
    );
  });

  it("says of a breaker that never opens what went through", () => {
    expect(outcomeInWords({ ...QUIET, failed: 3 })).toBe("Never opens. 3 calls fail.");
  });
});

describe("comparisonInWords", () => {
  it("says that there is no difference where there is none", () => {
    expect(comparisonInWords(report(TRIPPED, TRIPPED))).toEqual(["No difference: both would have done the same."]);
  });

  it("names the gain and the price", () => {
    expect(comparisonInWords(report({ ...QUIET, failed: 192 }, TRIPPED)).map(plain)).toEqual([
      "Opens once, instead of never.",
      "Lets 180 fewer calls through to fail.",
      "Refuses 34 more calls that would have gone well.",
    ]);
  });

  it("does not compare what is not on record", () => {
    expect(comparisonInWords(report(QUIET, QUIET, { calls: 0 }))[0]).toContain("No call is on record");
  });
});

describe("basisInWords", () => {
  it("says when the record begins later than was asked for", () => {
    const text = basisInWords(report(QUIET, QUIET, { recordedSinceMs: 3_000_000 }), 6, 3_600_000).join(" ");
    expect(text).toContain("The record begins only then, not 6 hours ago.");
    expect(basisInWords(report(QUIET, QUIET), 1, 3_600_000).join(" ")).not.toContain("begins only then");
  });

  it("says that nothing is on record", () => {
    const text = basisInWords(report(QUIET, QUIET, { recordedSinceMs: null }), 1, 3_600_000).join(" ");
    expect(text).toContain("No call of it is on record yet");
  });

  it("owns up to what it assumes of refused calls", () => {
    const text = basisInWords(report(QUIET, QUIET, { assumed: 310 }), 1, 3_600_000).join(" ");
    expect(text).toContain("310 calls were refused at the time");
  });
});
