import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { SavedCommand } from "./command.ts";
import { lastGoodContent, savedBreakersContent, type LastGood, type StateFiles } from "./last-good.ts";
import { SavedFileWriter } from "./saved-file.ts";

export interface KeptState {
  readonly breakers: () => ReadonlyMap<string, SavedCommand>;
  /** Null while there is nothing worth keeping. */
  readonly lastGood: () => LastGood | null;
}

/** Instances come and go in bursts; their latest picture is written at most this often, ms. */
const REGISTRY_EVERY_MS = 1000;

/** Keeps on disk what the gateway needs to start by itself: the last good snapshot, and which breakers are open. */
export class StateKeeper implements Part {
  readonly name = "state on disk";
  readonly #snapshot: SavedFileWriter | null;
  readonly #breakers: SavedFileWriter | null;
  #timer: NodeJS.Timeout | undefined;

  constructor(files: StateFiles, log: Log, kept: KeptState) {
    const failed = (path: string) => (error: unknown) =>
      log.error({ err: error, path }, "state cannot be written to disk");
    const writer = (path: string | null, what: () => unknown): SavedFileWriter | null =>
      path === null ? null : new SavedFileWriter(path, what, failed(path));
    this.#snapshot = writer(files.snapshot, () => content(kept.lastGood()));
    this.#breakers = writer(files.breakers, () => savedBreakersContent(kept.breakers()));
  }

  /** Resolves when it is on disk, or failed to get there, which is logged. */
  policyChanged(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#snapshot?.write() ?? Promise.resolve();
  }

  registryChanged(): void {
    this.#timer ??= setTimeout(() => void this.policyChanged(), REGISTRY_EVERY_MS).unref();
  }

  breakerMoved(): void {
    void this.#breakers?.write();
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.#timer === undefined ? this.#snapshot?.idle() : this.policyChanged(),
      this.#breakers?.write(),
    ]);
  }
}

function content(lastGood: LastGood | null): unknown {
  return lastGood === null ? null : lastGoodContent(lastGood);
}
