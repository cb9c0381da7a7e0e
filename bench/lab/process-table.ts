import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ, the unit of /proc's CPU times; 100 on every Linux Node runs on. */
const TICK_US = 10_000;
const PAGE_BYTES = 4096;

interface ProcessEntry {
  readonly parent: number;
  /** User and system time, µs. */
  readonly cpuUs: number;
  /** The same of children that ended and were waited for. */
  readonly endedChildrenUs: number;
  readonly residentBytes: number;
}

/** Every process of the machine at one moment (proc(5)). */
export interface ProcessTable {
  readonly atMs: number;
  /** Time all cores together spent on processes, or had taken from them by the machine below; µs. */
  readonly busyUs: number;
  readonly processes: ReadonlyMap<number, ProcessEntry>;
}

export function readProcessTable(): ProcessTable {
  const processes = new Map<number, ProcessEntry>();
  for (const name of readdirSync("/proc")) {
    const entry = /^\d+$/.test(name) ? readEntry(name) : null;
    if (entry !== null) processes.set(Number(name), entry);
  }
  return { atMs: performance.now(), busyUs: readBusyUs(), processes };
}

/** Null when the process ended meanwhile. */
function readEntry(pid: string): ProcessEntry | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before the bracket may hold anything, brackets and spaces included.
    const field = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const ticks = (first: number): number => ((field[first] ?? 0) + (field[first + 1] ?? 0)) * TICK_US;
    return {
      parent: field[1] ?? 0,
      cpuUs: ticks(11),
      endedChildrenUs: ticks(13),
      residentBytes: (field[21] ?? 0) * PAGE_BYTES,
    };
  } catch {
    return null;
  }
}

function readBusyUs(): number {
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] =
    readFileSync("/proc/stat", "utf8").split("\n")[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
  return (user + nice + system + steal) * TICK_US;
}

/** A process and all that descend from it. */
function treeOf(table: ProcessTable, root: number): ProcessEntry[] {
  const children = Map.groupBy(table.processes.keys(), (pid) => table.processes.get(pid)?.parent ?? 0);
  const found: ProcessEntry[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const entry = table.processes.get(pid);
    if (entry === undefined) continue;
    found.push(entry);
    waiting.push(...(children.get(pid) ?? []));
  }
  return found;
}

const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0);

/** CPU time of a process and all that descend or descended from it, µs. */
export function cpuOfTree(table: ProcessTable, root: number): number {
  return sum(treeOf(table, root).map(({ cpuUs, endedChildrenUs }) => cpuUs + endedChildrenUs));
}

/** Resident memory of a process and all that descend from it, bytes. */
export function residentOfTree(table: ProcessTable, root: number): number {
  return sum(treeOf(table, root).map(({ residentBytes }) => residentBytes));
}

/**
 * CPU time that neither `root` nor anything below it used between two moments, as a share of one core: 1 is a core taken
 * away for the whole time.
 */
export function foreignShare(before: ProcessTable, after: ProcessTable, root: number): number {
  const own = cpuOfTree(after, root) - cpuOfTree(before, root);
  return Math.max(0, after.busyUs - before.busyUs - own) / 1000 / (after.atMs - before.atMs);
}

/** Runs something, and tells what a proxy's processes and all others used meanwhile. */
export async function observed<Result>(
  proxy: number,
  run: () => Promise<Result>,
): Promise<{ result: Result; cpuUs: number; ownShare: number; foreignShare: number }> {
  const before = readProcessTable();
  const result = await run();
  const after = readProcessTable();
  const cpuUs = cpuOfTree(after, proxy) - cpuOfTree(before, proxy);
  const ownShare = cpuUs / 1000 / (after.atMs - before.atMs);
  return { result, cpuUs, ownShare, foreignShare: foreignShare(before, after, process.pid) };
}
