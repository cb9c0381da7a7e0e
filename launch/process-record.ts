import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** Names one process for good: pids are used again, a pid with its start time and boot is not. */
const ProcessRecord = z.object({
  pid: z.int().min(1),
  startedTicks: z.string(),
  boot: z.string(),
  /** The signal it takes as "end in order". */
  stopSignal: z.enum(["SIGTERM", "SIGINT"]),
});
export type ProcessRecord = z.infer<typeof ProcessRecord>;

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Field 22 of /proc/<pid>/stat: start time in clock ticks since boot. Null: no such process, or no /proc. */
function startedTicks(pid: number): string | null {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  // The command's name, in parentheses, may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie (Z) runs no more; only its parent has not looked yet.
  return stat === "" || fields[0] === "Z" ? null : (fields[19] ?? null);
}

const currentBoot = (): string => readOrEmpty("/proc/sys/kernel/random/boot_id").trim();

/** Record of a running process; null when there is none with that pid. */
export function recordOf(pid: number, stopSignal: ProcessRecord["stopSignal"] = "SIGTERM"): ProcessRecord | null {
  const ticks = startedTicks(pid);
  return ticks === null ? null : { pid, startedTicks: ticks, boot: currentBoot(), stopSignal };
}

/** Keeps a record in a file, for the next start to find. */
export function writeRecord(path: string, record: ProcessRecord): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(record)}\n`);
}

/** The record in a file; null when there is none that can be read. */
export function readRecord(path: string): ProcessRecord | null {
  try {
    return ProcessRecord.parse(JSON.parse(readOrEmpty(path)));
  } catch {
    return null;
  }
}

export function removeRecord(path: string): void {
  rmSync(path, { force: true });
}

/** True while that very process runs. */
export function isRunning(record: ProcessRecord): boolean {
  return record.boot === currentBoot() && startedTicks(record.pid) === record.startedTicks;
}

/** Signals a process group; false when nobody is left in it. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  // To kill(2), 0 is the caller's own group, and -1 everybody.
  if (!Number.isSafeInteger(leader) || leader < 2) return false;
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

/** True while the recorded process, or another one of the group it led, runs. */
export function isGroupRunning(record: ProcessRecord): boolean {
  if (record.boot !== currentBoot()) return false;
  // A pid is not given out again while a group goes by it, so: another process by that pid means our group is gone.
  const leader = startedTicks(record.pid);
  return leader === null ? signalGroup(record.pid, 0) : leader === record.startedTicks;
}

/** Resolves to true as soon as the condition holds, or to false after `ms`. */
export async function waitUntil(condition: () => boolean, ms: number): Promise<boolean> {
  const deadlineMs = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadlineMs) return false;
    await sleep(20);
  }
  return true;
}

/** Ends a recorded process and its group: asks the leader, then insists. Resolves when they are gone. */
export async function endGroup(record: ProcessRecord, patienceMs: number): Promise<void> {
  const isGone = (): boolean => !isGroupRunning(record);
  if (isRunning(record)) {
    signalProcess(record.pid, record.stopSignal);
    await waitUntil(() => !isRunning(record), patienceMs);
  }
  if (await waitUntil(isGone, isRunning(record) ? 0 : 500)) return;
  signalGroup(record.pid, "SIGKILL");
  await waitUntil(isGone, 5000);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
    // One that is stopped would not hear the other signal.
    process.kill(pid, "SIGCONT");
  } catch {
    // It has gone in between.
  }
}
