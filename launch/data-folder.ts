import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LaunchError } from "./launch-error.ts";
import { commandOf } from "./ports.ts";
import {
  endGroup,
  isGroupRunning,
  isRunning,
  readRecord,
  recordOf,
  removeRecord,
  writeRecord,
} from "./process-record.ts";
import { recordPath, type PartName } from "./supervised-part.ts";

/** The order in which parts are stopped. */
const STOP_ORDER: readonly PartName[] = ["demo", "gateway", "console", "zookeeper", "postgres"];
const PATIENCE_MS = 20_000;

/** Makes the data folder if need be. @throws LaunchError when it cannot be read and written. */
export function openDataFolder(dataDir: string): void {
  const remedies = ["give this user access to it, or choose another folder: DATA_DIR=/path/to/folder npm start"];
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    // Root passes every access check, also on a file system that is read-only or full: only writing tells.
    const probe = join(dataDir, ".write-probe");
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LaunchError(`The data folder ${dataDir} cannot be used: ${reason}.`, remedies, error);
  }
}

/**
 * Claims the data folder for this launcher; the returned function gives it back.
 * @throws LaunchError when another launcher runs from it.
 */
export function claimDataFolder(dataDir: string): () => void {
  const path = recordPath(dataDir, "launcher");
  const holder = readRecord(path);
  if (holder !== null && isRunning(holder) && holder.pid !== process.pid) {
    throw new LaunchError(
      `Meshkeeper already runs from ${dataDir}: process ${holder.pid} (${commandOf(holder.pid)}).`,
      [
        "stop that one first (Ctrl-C in its terminal), or use another folder and other ports for this one:",
        "DATA_DIR=.data-2 CONSOLE_PORT=0 GATEWAY_PORT=0 GATEWAY_ADMIN_PORT=0 ZOOKEEPER_PORT=0 DATABASE_PORT=0 npm start",
      ],
    );
  }
  const own = recordOf(process.pid);
  if (own !== null) writeRecord(path, own);
  return () => removeRecord(path);
}

/** Parts of an earlier session that outlived their launcher because it was killed; ends them in order. Returns their names. */
export async function endLeftovers(dataDir: string): Promise<PartName[]> {
  const ended: PartName[] = [];
  for (const name of STOP_ORDER) {
    const path = recordPath(dataDir, name);
    const record = readRecord(path);
    if (record !== null && isGroupRunning(record)) {
      await endGroup(record, PATIENCE_MS);
      ended.push(name);
    }
    removeRecord(path);
  }
  return ended;
}
