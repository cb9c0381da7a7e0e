import { parseArgs } from "node:util";
import { printCases, report } from "./harness.ts";
import { obtainTools } from "./lab/debian-tools.ts";
import { GatewayComparison, type Pace } from "./lab/gateway-comparison.ts";
import { IDLE_CASE } from "./lab/idle-memory.ts";
import { Lab } from "./lab/lab.ts";
import { DEFAULT_CASE, loadGroups } from "./lab/load-cases.ts";
import { profileOurs } from "./lab/profile-ours.ts";

/*
 * The gateway beside what its users would put in its place, in one run. How, and how to read it: README.md.
 */
const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    profile: { type: "boolean", default: false },
  },
});

const FULL: Pace = {
  slices: 5,
  attempts: 10,
  sliceS: 2,
  warmUpS: 7,
  againS: 3,
  nativeWarmUpS: 2,
  againAtMostS: 150,
  latency: { perSecond: 2000, seconds: 3, warmUpS: 4, rounds: 3 },
};
const QUICK: Pace = {
  slices: 2,
  attempts: 3,
  sliceS: 1,
  warmUpS: 2,
  againS: 1,
  nativeWarmUpS: 1,
  againAtMostS: 12,
  latency: { perSecond: 2000, seconds: 2, warmUpS: 2, rounds: 1 },
};
/** The table cannot be trusted: the machine did other things. */
const TOO_NOISY = 3;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function compare(lab: Lab): Promise<void> {
  const groups = loadGroups(flags.quick);
  const wanted = (name: string): boolean => flags.only.length === 0 || flags.only.includes(name);
  const comparison = new GatewayComparison(lab, flags.quick ? QUICK : FULL, wanted, say);
  const names = [...groups.flatMap(({ cases }) => cases.map(({ name }) => name)), comparison.latencyCase, IDLE_CASE];
  const unknown = flags.only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`There is no case ${unknown.join("; ")}. Cases: ${names.join("; ")}.`);

  for (const group of groups) await comparison.run(group);
  const [first] = groups;
  if (first !== undefined) {
    await comparison.runLatency(first);
    await comparison.runMemory(first);
  }

  const { results, failures, noise } = comparison;
  const whole = !flags.quick && flags.only.length === 0;
  if (whole && failures.length + noise.length === 0) return report("gateway", results);
  printCases("gateway", results);
  say("bench/results/gateway.json was left as it is.");
  list("Failed", failures);
  list("Too noisy", noise);
  if (failures.length + noise.length > 0) process.exitCode = failures.length > 0 ? 1 : TOO_NOISY;
}

function list(title: string, lines: readonly string[]): void {
  if (lines.length > 0) say(`\n${title}:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

const lab = new Lab(await obtainTools(say));
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void lab.stop().finally(() => process.exit(1)));
try {
  if (!lab.pins) say("Nothing is pinned to a core: that takes taskset and two cores.");
  await (flags.profile ? profileOurs(lab, flags.only[0] ?? DEFAULT_CASE, say) : compare(lab));
} finally {
  await lab.stop();
}
