import { execFileSync } from "node:child_process";
import type { Outcome, Part, PartRun } from "./part.ts";
import { PARTS } from "./parts.ts";

/**
 * `npm run soak:publishing -- [part or "all"] [count] [seed] [lanes] [minutes] [failpoint,…]`
 *
 * Runs one part, or all, and ends with 1 when anything of what may never happen has happened.
 */
const [wanted = "all", count = "", seed = "", lanes = "", minutes = "", only = ""] = process.argv.slice(2);
const seedUsed = seed === "" ? Math.floor(Math.random() * 1_000_000) : Number(seed);
const untilMs = performance.now() + (minutes === "" ? 24 * 60 : Number(minutes)) * 60_000;
const PROGRESS_EVERY_MS = 10_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

/** Says now and then how far it is, and how long it will take. */
function progressOf(part: Part): PartRun["onProgress"] {
  const startedMs = performance.now();
  let saidMs = startedMs;
  return (done, of, failures, problems = []) => {
    // At once: a run of hours may be cut short.
    for (const problem of problems) say(`  ✗ ${part.name}, round ${done}: ${problem}`);
    const nowMs = performance.now();
    if (nowMs - saidMs < PROGRESS_EVERY_MS) return;
    saidMs = nowMs;
    const leftMin = ((nowMs - startedMs) / done) * ((of - done) / 60_000);
    say(`  … ${part.name} ${done} of ${of}, ${failures} failures, about ${leftMin.toFixed(1)} min left`);
  };
}

async function runPart(part: Part): Promise<Outcome> {
  const startedMs = performance.now();
  const rounds = count === "" ? part.count : Number(count);
  say(`  ${part.name}: ${rounds} ${part.counts}`);
  const outcome = await part.run({
    count: rounds,
    seed: seedUsed,
    lanes: lanes === "" ? 3 : Number(lanes),
    untilMs,
    only: only.split(",").filter((name) => name !== ""),
    onProgress: progressOf(part),
  });
  const took = ((performance.now() - startedMs) / 60_000).toFixed(1);
  const shown = Object.entries(outcome.figures).map(([figure, value]) => `, ${figure}: ${value}`);
  const mark = outcome.failures.length === 0 ? "✓" : "✗";
  say(
    `${mark} ${part.name.padEnd(16)} ${outcome.rounds} rounds, ${outcome.failures.length} failures${shown.join("")} (${took} min)`,
  );
  for (const failure of outcome.failures.slice(0, 20)) say(`    ${failure}`);
  return outcome;
}

const parts = PARTS.filter(({ name }) => wanted === "all" || name === wanted);
if (parts.length === 0) {
  say(`There is no part ${wanted}. There are: ${PARTS.map(({ name }) => name).join(", ")}, all.`);
  process.exit(2);
}
say(`commit ${commit()}, seed ${seedUsed}, ${new Date().toISOString()}\n`);
let failed = 0;
for (const part of parts) failed += (await runPart(part)).failures.length;
process.exitCode = failed === 0 ? 0 : 1;
