import { join } from "node:path";
import type { RunningProcess } from "./running-process.ts";
import type { StackSettings } from "./settings.ts";
import { obtainZooKeeper } from "./zookeeper-installation.ts";
import { startZooKeeper } from "./zookeeper.ts";

/** Finds or obtains ZooKeeper and starts it below the data folder. @throws LaunchError saying what to do. */
export async function runZooKeeper(settings: StackSettings, note: (words: string) => void): Promise<RunningProcess> {
  const installation = await obtainZooKeeper(note, { environment: settings.environment });
  const dataDir = join(settings.DATA_DIR, "zookeeper");
  const server = await startZooKeeper({ port: settings.ZOOKEEPER_PORT, dataDir, installation, report: note });
  return {
    pid: server.pid,
    logPath: null,
    facts: { address: server.address, where: server.where },
    exited: server.exited.then(({ code, signal }) => signal ?? `exit code ${code}`),
    stop: () => server.stop(),
    kill: (signal) => server.kill(signal),
  };
}
