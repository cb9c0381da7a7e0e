import { expect, it } from "vitest";
import { explain, explore } from "./explore.ts";
import { REAL } from "./mutants.ts";

/** Room for a busy machine; a run takes about a millisecond. */
const TIMEOUT_MS = 3_600_000;

it(
  "publishes what was saved, whatever happens on the way: runs 50,001 to 100,000",
  async () => {
    const { finding } = await explore(REAL, { from: 50_001, count: 50_000 });
    expect(finding === null ? "" : await explain(finding, REAL)).toBe("");
  },
  TIMEOUT_MS,
);
