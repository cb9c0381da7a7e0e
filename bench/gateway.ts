import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { printCases, report, type BenchCase } from "./harness.ts";
import { startContender, startService, isNative } from "./lab/contenders.ts";
import { readProfile, selfTimes, selfTimesByFile, type SelfTime } from "./lab/cpu-profile.ts";
import { obtainTools } from "./lab/debian-tools.ts";
import { idleMemory } from "./lab/idle-memory.ts";
import { Lab, type Place, type Running } from "./lab/lab.ts";
import { addedLatency } from "./lab/latency.ts";
import { DEFAULT_CASE, loadGroups, type LoadCase, type LoadGroup } from "./lab/load-cases.ts";
import { slicesOf } from "./lab/load.ts";
import { inTurn, isTooWide, type Cell, type Slice } from "./lab/slices.ts";

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

/** V8 goes on compiling for seconds under load; figures before that are another program's. */
const FULL = { slices: 5, attempts: 10, sliceS: 2, warmUpS: 7, againS: 3, nativeWarmUpS: 2, repeatForMs: 13 * 60_000 };
const QUICK = { slices: 2, attempts: 3, sliceS: 1, warmUpS: 3, againS: 1, nativeWarmUpS: 1, repeatForMs: 2 * 60_000 };
const pace = flags.quick ? QUICK : FULL;
const LATENCY = flags.quick
  ? { perSecond: 2000, seconds: 2, warmUpS: 1, rounds: 1 }
  : { perSecond: 2000, seconds: 5, warmUpS: 1, rounds: 2 };
const LATENCY_CASE = `latency at ${LATENCY.perSecond}/s`;
const MEMORY_CASE = "1000 idle connections";
const PROFILE_S = 10;
/** The table cannot be trusted: the machine did other things. */
const TOO_NOISY = 3;

const startedMs = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const wanted = (name: string): boolean => flags.only.length === 0 || flags.only.includes(name);
const noise: string[] = [];

async function startAll(lab: Lab, group: LoadGroup, upstream: number): Promise<Running[]> {
  const place: Place = group.pinned ? "proxy" : "any";
  const started: Running[] = [];
  for (const { as, name, options } of group.contenders) {
    const running = await startContender(lab, name, { ...options, upstream, place });
    if (running !== null) started.push({ ...running, name: as });
  }
  return started;
}

async function measure(
  lab: Lab,
  { name, load }: LoadCase,
  proxies: readonly Running[],
  group: LoadGroup,
): Promise<BenchCase[]> {
  const pinned = group.pinned && lab.pins;
  const again = group.cases[0]?.name !== name;
  const contenders: Record<string, () => Promise<Slice>> = {};
  for (const proxy of proxies) {
    const slice = await slicesOf(lab, group.pinned ? "load" : "any", proxy, load);
    await slice(isNative(proxy) ? pace.nativeWarmUpS : again ? pace.againS : pace.warmUpS);
    contenders[proxy.name] = () => slice(pace.sliceS);
  }
  const mayRepeat = (): boolean => performance.now() - startedMs < pace.repeatForMs;
  const cells = await inTurn(contenders, { wanted: pace.slices, attempts: pace.attempts, pinned, mayRepeat });
  say(`\n${name}`);
  for (const [contender, cell] of Object.entries(cells)) say(`  ${spreadLine(contender, cell)}`);
  noteNoise(name, cells);
  return [
    {
      name,
      ...figures(cells, (cell) => cell.cpuUs.median),
      unit: "µs CPU per request",
      better: "lower",
      eachPeer: true,
    },
    { name, ...figures(cells, (cell) => cell.perSecond.median), unit: "requests/s", better: "higher", eachPeer: true },
  ];
}

function figures(cells: Record<string, Cell>, of: (cell: Cell) => number): Pick<BenchCase, "ours" | "peers"> {
  const { ours = Number.NaN, ...peers } = Object.fromEntries(
    Object.entries(cells).map(([name, cell]) => [name, of(cell)]),
  );
  return { ours, peers };
}

function spreadLine(contender: string, { cpuUs, perSecond, accepted, dropped, disturbed }: Cell): string {
  const cpu = `${cpuUs.median.toFixed(1)} µs (${cpuUs.least.toFixed(1)} to ${cpuUs.most.toFixed(1)})`;
  const [rate, least, most] = [perSecond.median, perSecond.least, perSecond.most].map(Math.round);
  const counts = `${accepted} slices, ${dropped} dropped${disturbed ? ", DISTURBED" : ""}`;
  return `${contender.padEnd(20)}${cpu.padEnd(30)}${`${rate}/s (${least} to ${most})`.padEnd(32)}${counts}`;
}

/** nginx is the same program every time: what moves its figures moves the others', too. */
function noteNoise(name: string, { nginx, ours }: Record<string, Cell>): void {
  if (nginx !== undefined && isTooWide(nginx.cpuUs)) noise.push(`${name}: nginx is not within ±30 % of its own median`);
  if (ours?.disturbed === true || nginx?.disturbed === true) noise.push(`${name}: too few undisturbed slices`);
}

/** Puts the processes of a group through its cases; the first group's also through the fixed rate. */
async function runGroup(lab: Lab, group: LoadGroup, withLatency: boolean): Promise<BenchCase[]> {
  const cases = group.cases.filter(({ name }) => wanted(name));
  if (cases.length === 0 && !withLatency) return [];
  const service = await startService(lab, group.pinned ? "load" : "any");
  const proxies = await startAll(lab, group, service.port);
  const results: BenchCase[] = [];
  for (const one of cases) results.push(...(await measure(lab, one, proxies, { ...group, cases })));
  if (withLatency) {
    const compared = proxies.filter(({ name }) =>
      ["ours", "nginx", "haproxy", "http-proxy", "http-proxy-3"].includes(name),
    );
    results.push(...(await addedLatency(lab, "load", compared, service, LATENCY)));
  }
  for (const running of [...proxies, service]) await running.stop();
  return results;
}

async function measureMemory(lab: Lab, group: LoadGroup): Promise<BenchCase[]> {
  if (!wanted(MEMORY_CASE)) return [];
  const service = await startService(lab, "any");
  const names = new Set(["ours", "nginx", "haproxy", flags.quick ? "http-proxy-3" : "http-proxy"]);
  const contenders = group.contenders.filter(({ as }) => names.has(as));
  const proxies = await startAll(lab, { ...group, contenders, pinned: false }, service.port);
  const result = await idleMemory(proxies);
  for (const running of [...proxies, service]) await running.stop();
  return [result];
}

/** Where ours spends its time in one case; nothing is compared. */
async function profile(lab: Lab): Promise<void> {
  const name = flags.only[0] ?? DEFAULT_CASE;
  const group = loadGroups(false).find(({ cases }) => cases.some((one) => one.name === name));
  const load = group?.cases.find((one) => one.name === name)?.load;
  const options = group?.contenders.find(({ as }) => as === "ours")?.options;
  if (load === undefined || options === undefined || (options.workers ?? 1) > 1)
    throw new Error(`There is no profile of ${name}.`);
  const folder = join(lab.folder, "profile");
  mkdirSync(folder);
  const service = await startService(lab, "load");
  const nodeFlags = ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-interval=500"];
  const gateway = await startContender(lab, "ours", {
    ...options,
    upstream: service.port,
    place: "proxy",
    flags: nodeFlags,
  });
  if (gateway === null) throw new Error("ours did not start.");
  const slice = await slicesOf(lab, "load", gateway, load);
  await slice(FULL.warmUpS);
  const { cpuUs, perSecond } = await slice(PROFILE_S);
  await gateway.stop();
  say(`\n${name}, under the profiler: ${cpuUs.toFixed(1)} µs CPU per request, ${Math.round(perSecond)}/s`);
  const taken = readProfile(folder);
  const home = join(import.meta.dirname, "..");
  printSelfTimes("file or package", selfTimesByFile(taken, PROFILE_S * 1e6, home).slice(0, 25), cpuUs);
  printSelfTimes("function", selfTimes(taken, PROFILE_S * 1e6, home).slice(0, 50), cpuUs);
}

function printSelfTimes(title: string, times: readonly SelfTime[], cpuUs: number): void {
  say(`\n  self  µs/request  ${title}`);
  for (const { what, share } of times)
    say(`${(share * 100).toFixed(1).padStart(5)}%  ${(share * cpuUs).toFixed(1).padStart(10)}  ${what}`);
}

async function compareAll(lab: Lab): Promise<void> {
  const groups = loadGroups(flags.quick);
  const known = [...groups.flatMap(({ cases }) => cases.map(({ name }) => name)), LATENCY_CASE, MEMORY_CASE];
  const unknown = flags.only.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`There is no case ${unknown.join("; ")}. Cases: ${known.join("; ")}.`);
  const results: BenchCase[] = [];
  for (const [index, group] of groups.entries())
    results.push(...(await runGroup(lab, group, index === 0 && wanted(LATENCY_CASE))));
  const [first] = groups;
  if (first !== undefined) results.push(...(await measureMemory(lab, first)));
  if (flags.quick || flags.only.length > 0 || noise.length > 0) {
    printCases("gateway", results);
    say("bench/results/gateway.json was left as it is.");
  } else {
    await report("gateway", results);
  }
  if (noise.length === 0) return;
  say(`\nToo noisy:\n${noise.map((line) => `  ${line}`).join("\n")}`);
  process.exitCode = TOO_NOISY;
}

const lab = new Lab(await obtainTools(say));
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void lab.stop().finally(() => process.exit(1)));
try {
  if (!lab.pins) say("Nothing is pinned to a core: that takes taskset and two cores.");
  await (flags.profile ? profile(lab) : compareAll(lab));
} finally {
  await lab.stop();
}
