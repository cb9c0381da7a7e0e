import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openLog } from "#platform/log.ts";
import { openDatabase, type Database } from "./client.ts";
import { startPostgres, type PostgresServer } from "./embedded.ts";
import { migrate } from "./migrate.ts";

/** A real PostgreSQL of a test's own, with the tables made. */
export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Kills the server without notice. */
  kill(): Promise<void>;
  /** Starts it again on the same port, after `kill`. */
  restart(): Promise<void>;
  /** Stops it, copies its files, and starts it again. */
  backUp(): Promise<void>;
  /** Stops it, puts the files back that were copied, and starts it again: nothing since has happened. */
  restoreBackup(): Promise<void>;
  /** Ends the connections and the server, and removes its files. */
  stop(): Promise<void>;
}

/** Starts one on a free port, in a folder of its own `within` another. Takes about two seconds. */
export async function startTestDatabase(within: string = tmpdir()): Promise<TestDatabase> {
  const folder = await mkdtemp(join(within, "meshkeeper-db-"));
  // The server's user must be able to enter it, when tests run as root.
  await chmod(folder, 0o711);
  const dataDir = join(folder, "postgres");
  let server: PostgresServer = await startPostgres({ dataDir, port: 0 });
  const { url, port } = server;
  const log = openLog("test", "fatal");
  await migrate({ url, log });
  const database = openDatabase({ url, log });
  const backupDir = join(folder, "backup");
  const restart = async (): Promise<void> => {
    server = await startPostgres({ dataDir, port });
  };
  return {
    database,
    url,
    async kill() {
      // A backend outlives its postmaster for a moment, long enough to answer one more COMMIT.
      const backends = childrenOf(server.pid);
      server.kill("SIGKILL");
      for (const pid of backends) endAtOnce(pid);
      await server.exited;
    },
    restart,
    async backUp() {
      await server.stop();
      // Files have to stay their owner's, which Node's own copy does not see to.
      await promisify(execFile)("cp", ["-a", dataDir, backupDir]);
      await restart();
    },
    async restoreBackup() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
      await rename(backupDir, dataDir);
      await restart();
    },
    async stop() {
      await database.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
