import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { commandOf } from "../ports.ts";
import { readRecord } from "../process-record.ts";
import { recordPath } from "../supervised-part.ts";

/** Processes that belong to a stack: its data folder is in their environment or command line. Not this one. */
export function processesOf(dataDir: string): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) =>
      `${readOrEmpty(`/proc/${name}/environ`)}\0${readOrEmpty(`/proc/${name}/cmdline`)}`.includes(dataDir),
    )
    .map((name) => ({ pid: Number(name), command: commandOf(Number(name)) }));
}

/**
 * Where its user could not reach the data folder, PostgreSQL keeps its data below /var/lib; returns what removes that.
 * To be called while it runs.
 */
export function removePostgresElsewhere(dataDir: string): () => void {
  const pid = readRecord(recordPath(dataDir, "postgres"))?.pid;
  const cluster = readOrEmpty(`/proc/${pid ?? 0}/cmdline`)
    .split("\0")
    .find((word) => word.startsWith("/var/lib/meshkeeper-"));
  return () => {
    if (cluster !== undefined) rmSync(dirname(cluster), { recursive: true, force: true });
  };
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
