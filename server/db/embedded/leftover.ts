import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { pause } from "#platform/backoff.ts";
import type { PostgresHome } from "./home.ts";
import { PostgresStartError } from "./start-error.ts";

const GONE_WITHIN_MS = 15_000;

/**
 * Deals with what an earlier run left in the folder: a lock file of a server that was killed, or a server that runs on
 * because its launcher was killed (that one is stopped, it is ours and nobody looks after it).
 * @throws PostgresStartError when a launcher that is alive owns the server.
 */
export async function clearLeftover(home: PostgresHome, report: (line: string) => void): Promise<void> {
  const lockFile = join(home.cluster, "postmaster.pid");
  const [first, folder] = (await readFile(lockFile, "utf8").catch(() => "")).split("\n");
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid <= 1) return;
  const process_ = await readProcess(pid);
  if (process_ === undefined || folder !== home.cluster || !process_.command.includes(home.cluster)) {
    // The number may belong to somebody else by now, and PostgreSQL would refuse to start because of it.
    await rm(lockFile, { force: true });
    return;
  }
  const owner = Number(await readFile(home.ownerFile, "utf8").catch(() => ""));
  if (process_.parent === owner) {
    throw new PostgresStartError(
      "in-use",
      `${home.folder} is in use by process ${owner}, which runs PostgreSQL on it. Stop that one first.`,
    );
  }
  report(`Stopping a PostgreSQL server (process ${pid}) that an earlier run left behind.`);
  await stopLeftover(pid);
}

async function stopLeftover(pid: number): Promise<void> {
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    signalTo(pid, signal);
    signalTo(pid, "SIGCONT");
    for (const deadline = Date.now() + GONE_WITHIN_MS; Date.now() < deadline; await pause(25)) {
      if ((await readProcess(pid)) === undefined) return;
    }
  }
  throw new PostgresStartError("in-use", `The PostgreSQL server left behind (process ${pid}) does not stop.`);
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone already.
  }
}

/** Parent and command line of a live process; undefined when there is none, or it is a zombie. */
async function readProcess(pid: number): Promise<{ parent: number; command: string } | undefined> {
  try {
    const [status, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    // The second field is the program's name in parentheses and may hold spaces.
    const [state, parent] = status.slice(status.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : { parent: Number(parent), command: command.replaceAll("\0", " ") };
  } catch {
    return undefined;
  }
}
