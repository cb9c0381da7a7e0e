import { join } from "node:path";
import { startPostgres, type PostgresServer } from "#db/embedded.ts";
import { LaunchError } from "./launch-error.ts";
import type { RunningProcess } from "./running-process.ts";
import type { StackSettings } from "./settings.ts";

const REMEDIES = [
  "mend what it says, or choose another folder: DATA_DIR=/path/to/folder npm start",
  "or use a PostgreSQL server of your own: DATABASE_URL=postgresql://user:password@host:port/database npm start",
];

/** Starts the embedded PostgreSQL below the data folder. @throws LaunchError saying what to do. */
export async function runPostgres(settings: StackSettings, note: (words: string) => void): Promise<RunningProcess> {
  const server = await startPostgres({
    dataDir: join(settings.DATA_DIR, "postgres"),
    port: settings.DATABASE_PORT,
    report: note,
  }).catch((error: unknown) => {
    throw new LaunchError(error instanceof Error ? error.message : String(error), REMEDIES, error);
  });
  return asRunning(server);
}

function asRunning(server: PostgresServer): RunningProcess {
  return {
    pid: server.pid,
    logPath: join(server.home, "postgres.log"),
    facts: { url: server.url },
    exited: server.exited.then(({ code, signal }) => signal ?? `exit code ${code}`),
    stop: () => server.stop(),
    kill: (signal) => server.kill(signal),
  };
}
