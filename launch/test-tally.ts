import { z } from "zod";

/** How many tests of a step ended which way. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** A step that is one yes or no counts as one test. */
export function gateTally(passed: boolean): Tally {
  return passed ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** The one line everything ends with. */
export function closingLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ""}`;
}

/** The reverse of `closingLine`; a text that is none counts as one failure, the empty one as nothing. */
export function parseClosingLine(text: string): Tally {
  if (text === "") return NOTHING;
  const [, passed, failed, skipped = "0"] = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(text) ?? [];
  if (passed === undefined || failed === undefined) return gateTally(false);
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}

const VitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
});

const PlaywrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
});

/**
 * Tally of a test runner, from the JSON report it wrote and its exit code. A run that failed without a failed test (a
 * file that does not load, a set-up that threw, no report at all) counts as one failure, so that it cannot look green.
 */
export function runnerTally(runner: "vitest" | "playwright", report: string, exitedWell: boolean): Tally {
  const tally = runner === "vitest" ? vitestTally(report) : playwrightTally(report);
  if (tally === null) return gateTally(false);
  return !exitedWell && tally.failed === 0 ? add(tally, gateTally(false)) : tally;
}

function vitestTally(report: string): Tally | null {
  const parsed = VitestReport.safeParse(parseOrNull(report));
  if (!parsed.success) return null;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = parsed.data;
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

function playwrightTally(report: string): Tally | null {
  const parsed = PlaywrightReport.safeParse(parseOrNull(report));
  if (!parsed.success) return null;
  const { expected, unexpected, flaky, skipped } = parsed.data.stats;
  // A test that passes only sometimes does not hold what it states.
  return { passed: expected, failed: unexpected + flaky, skipped };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
