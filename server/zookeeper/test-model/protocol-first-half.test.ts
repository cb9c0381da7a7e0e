import { expect, it } from "vitest";
import { explain, explore } from "./explore.ts";
import { REAL } from "./mutants.ts";

/** Room for a busy machine; a run takes about a millisecond. */
const TIMEOUT_MS = 3_600_000;

it(
  "publishes what was saved, whatever happens on the way: runs 1 to 50,000",
  async () => {
    const { finding, tally } = await explore(REAL, { from: 1, count: 50_000 });
    expect(finding === null ? "" : await explain(finding, REAL)).toBe("");
    // It is about these, so they must have happened.
    for (const count of Object.values(tally)) expect(count).toBeGreaterThan(1000);
  },
  TIMEOUT_MS,
);
