import { expect, it } from "vitest";
import { explain, explore } from "./explore.ts";
import { GATEWAY_MUTANTS } from "./gateway-mutants.ts";
import { REAL } from "./mutants.ts";
import { PUBLISHER_MUTANTS } from "./publisher-mutants.ts";
import { runModel } from "./run-model.ts";

/** Room for a busy machine; a run takes about a millisecond. */
const TIMEOUT_MS = 1_800_000;
const MUTANTS = [...PUBLISHER_MUTANTS, ...GATEWAY_MUTANTS];
/** Other runs than the last time: the number is all that is needed to have them again. */
const FRESH = 1_000_000 + Math.floor(Math.random() * 1_000_000_000);

it(
  `publishes what was saved in 2,000 runs that nobody tried before, from ${FRESH}`,
  async () => {
    const { finding } = await explore(REAL, { from: FRESH, count: 2000 });
    expect(finding === null ? "" : await explain(finding, REAL)).toBe("");
  },
  TIMEOUT_MS,
);

it.for(MUTANTS)("would find out: $name", { timeout: TIMEOUT_MS }, async (mutant, { annotate }) => {
  const { finding, runs } = await explore(mutant, { from: 1, count: 50_000 });
  expect(finding, `${runs} runs went well`).not.toBeNull();
  await annotate(`seed ${finding?.seed}: ${finding?.violation}`);
});

it("runs the same way again from the same seed", async () => {
  const first: string[] = [];
  const second: string[] = [];
  await runModel(7, REAL, undefined, (line) => first.push(withoutIds(line)));
  await runModel(7, REAL, undefined, (line) => second.push(withoutIds(line)));
  expect(first.length).toBeGreaterThan(20);
  expect(second).toEqual(first);
});

/** Candidates' names are drawn by the election, not by the seed. */
function withoutIds(line: string): string {
  return line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>");
}
