import { describe, expect, it } from "vitest";
import { add, closingLine, gateTally, parseClosingLine, runnerTally } from "./test-tally.ts";

const vitest = (passed: number, failed: number, pending = 0): string =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: 0 });
const playwright = (expected: number, unexpected: number, flaky = 0, skipped = 0): string =>
  JSON.stringify({ stats: { expected, unexpected, flaky, skipped } });

describe("runnerTally", () => {
  it("reads what the runners report", () => {
    expect(runnerTally("vitest", vitest(12, 1, 2), false)).toEqual({ passed: 12, failed: 1, skipped: 2 });
    expect(runnerTally("playwright", playwright(7, 2, 0, 1), false)).toEqual({ passed: 7, failed: 2, skipped: 1 });
  });

  it("counts a run that failed without a failed test, such as a file that does not load", () => {
    expect(runnerTally("vitest", vitest(12, 0), false)).toEqual({ passed: 12, failed: 1, skipped: 0 });
  });

  it("counts a run without a readable report as a failure, even if it says that all is well", () => {
    expect(runnerTally("vitest", "", true).failed).toBe(1);
    expect(runnerTally("playwright", "{}", true).failed).toBe(1);
  });

  it("takes a browser test that passes only sometimes for failed", () => {
    expect(runnerTally("playwright", playwright(7, 0, 1), true)).toEqual({ passed: 7, failed: 1, skipped: 0 });
  });
});

describe("closingLine", () => {
  it("mentions skipped tests only when there are any", () => {
    expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
    expect(closingLine(add(gateTally(false), { passed: 3, failed: 0, skipped: 2 }))).toBe(
      "3 passed, 1 failed, 2 skipped",
    );
  });
});

describe("parseClosingLine", () => {
  it("reads back what closingLine writes", () => {
    for (const tally of [
      { passed: 3, failed: 0, skipped: 0 },
      { passed: 120, failed: 2, skipped: 5 },
    ]) {
      expect(parseClosingLine(closingLine(tally))).toEqual(tally);
    }
  });

  it("takes anything else for a failure", () => {
    expect(parseClosingLine("all is well")).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
