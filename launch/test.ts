import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { buildPages } from "./build-pages.ts";
import { describe, runChecks } from "./check.ts";
import { obtainChromium } from "./chromium.ts";
import { obtainCurator } from "./curator-installation.ts";
import { HOME } from "./home.ts";
import { explain } from "./launch-error.ts";
import { formatDuration, reportTo } from "./report.ts";
import { runRunner } from "./run-runner.ts";
import { add, closingLine, gateTally, NOTHING, runnerTally, type Tally } from "./test-tally.ts";
import { obtainZooKeeper } from "./zookeeper-installation.ts";

interface Step {
  readonly name: string;
  readonly title: string;
  readonly run: () => Promise<Tally>;
}

const MINUTE = 60_000;
/** Test files that run at the same time. */
const FILES_AT_ONCE = {
  // Many wait for a gateway's seconds to pass; Vitest leaves one core for itself, which on two cores is one too many.
  unit: Math.max(2, availableParallelism() - 1),
  // Each has a ZooKeeper or PostgreSQL of its own; more at once than two is no faster.
  integration: 2,
};
const report = reportTo(process.stdout);
const scratch = mkdtempSync(join(tmpdir(), "meshkeeper-test-"));
const environment: Record<string, string | undefined> = { ...process.env, NODE_ENV: undefined };
// Runners colour their output whenever CI is set, also into a file; each has its own way of being told not to.
const vitestColour = process.stdout.isTTY ? {} : { NO_COLOR: "1" };
const playwrightColour = process.stdout.isTTY ? {} : { FORCE_COLOR: "0" };

const STEPS: readonly Step[] = [
  { name: "check", title: "types, lint, format, dependency rule, unused code", run: check },
  { name: "unit", title: "unit tests", run: () => vitest("unit", 20 * MINUTE) },
  { name: "integration", title: "integration tests, on ZooKeeper and PostgreSQL", run: integration },
  { name: "build", title: "build for production", run: build },
  { name: "e2e", title: "browser tests, on the whole mesh", run: e2e },
];

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const unknown = words.filter((word) => !STEPS.some((step) => step.name === word));
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no step ${unknown.join(", ")}. Steps: ${STEPS.map((step) => step.name).join(", ")}.\n`,
    );
    return 2;
  }
  let total = NOTHING;
  try {
    for (const step of STEPS.filter(({ name }) => words.length === 0 || words.includes(name))) {
      total = add(total, await runStep(step));
      if (process.exitCode === 130) return 130;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  process.stdout.write(`\n${closingLine(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

async function runStep({ name, title, run }: Step): Promise<Tally> {
  const startedMs = performance.now();
  report.line(`\n▶ ${name}: ${title}`);
  let tally: Tally;
  try {
    tally = await run();
  } catch (error) {
    report.line(explain(error));
    tally = gateTally(false);
  }
  report.line(
    `${tally.failed === 0 ? "✓" : "✗"} ${name}: ${closingLine(tally)} (${formatDuration(performance.now() - startedMs)})`,
  );
  return tally;
}

async function check(): Promise<Tally> {
  const results = await runChecks((result) => report.line(describe(result)));
  return results.map(({ ok }) => gateTally(ok)).reduce(add, NOTHING);
}

async function vitest(
  project: "unit" | "integration",
  limitMs: number,
  neighbours: Readonly<Record<string, string>> = {},
): Promise<Tally> {
  const file = join(scratch, `${project}.json`);
  const args = [join(HOME, "node_modules/vitest/vitest.mjs"), "run", "--project", project];
  args.push(`--maxWorkers=${FILES_AT_ONCE[project]}`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const exitedWell = await runRunner(
    [...args, ...reporters],
    { ...environment, ...vitestColour, ...neighbours },
    limitMs,
  );
  return runnerTally("vitest", readOrEmpty(file), exitedWell);
}

async function integration(): Promise<Tally> {
  await report.step("finding ZooKeeper", (note) => obtainZooKeeper(note, { environment }));
  await report.step("finding Curator", (note) => obtainCurator(note, { environment }));
  const chromium = await report.step("finding Chromium", (note) => obtainChromium(environment, note));
  return vitest("integration", 20 * MINUTE, { CHROMIUM: chromium });
}

async function build(): Promise<Tally> {
  await report.step("next build", () => buildPages(environment));
  return gateTally(true);
}

async function e2e(): Promise<Tally> {
  const chromium = await report.step("finding Chromium", (note) => obtainChromium(environment, note));
  await report.step("finding ZooKeeper", (note) => obtainZooKeeper(note, { environment }));
  const file = join(scratch, "e2e.json");
  const args = [join(HOME, "node_modules/@playwright/test/cli.js"), "test", "--reporter=list,json"];
  const exitedWell = await runRunner(
    args,
    { ...environment, ...playwrightColour, CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    30 * MINUTE,
  );
  return runnerTally("playwright", readOrEmpty(file), exitedWell);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
