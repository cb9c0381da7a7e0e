import { rm } from "node:fs/promises";
import type { RegistryPicture } from "#domain/instance.ts";
import type { PolicySnapshot } from "#domain/snapshot.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { SavedCommand } from "./command.ts";
import { registryContent, savedBreakersContent, type StateFiles } from "./last-good.ts";
import { PolicyLog } from "./policy-log.ts";
import { SavedFileWriter } from "./saved-file.ts";

export interface KeptState {
  readonly breakers: () => ReadonlyMap<string, SavedCommand>;
  /** Null while nothing is known of it. */
  readonly registry: () => RegistryPicture | null;
  /** Policy could not be written; it is tried again. `problem` is for people. */
  readonly onPolicyUnsaved: (problem: string) => void;
}

/** Instances come and go in bursts; their latest picture is written at most this often, ms. */
const REGISTRY_EVERY_MS = 1000;

/** Keeps on disk what the gateway needs to start by itself: the last good policy and registry, and which breakers are open. */
export class StateKeeper implements Part {
  readonly name = "state on disk";
  readonly #policy: PolicyLog | null;
  readonly #registry: SavedFileWriter | null;
  readonly #breakers: SavedFileWriter | null;
  /** What an older version left, until the same is kept in today's files. */
  #older: string | null;
  #timer: NodeJS.Timeout | undefined;

  constructor({ shared, breakers }: StateFiles, log: Log, kept: KeptState) {
    const failed = (path: string) => (error: unknown) =>
      log.error({ err: error, path }, "state cannot be written to disk");
    const writer = (path: string, what: () => unknown): SavedFileWriter =>
      new SavedFileWriter(path, what, failed(path));
    this.#policy =
      shared === null
        ? null
        : new PolicyLog({
            path: shared.policy,
            onError: (error) => {
              failed(shared.policy)(error);
              kept.onPolicyUnsaved(error instanceof Error ? error.message : String(error));
            },
          });
    this.#registry = shared === null ? null : writer(shared.registry, () => contentOf(kept.registry()));
    this.#breakers = breakers === null ? null : writer(breakers, () => savedBreakersContent(kept.breakers()));
    this.#older = shared?.older ?? null;
  }

  /** Resolves when it, or a later one, is on the disk; at once where that is another process's. */
  async policyChanged(policy: PolicySnapshot): Promise<void> {
    const saved = this.#policy?.save(policy);
    if (this.#older !== null) void this.#leave(this.#older, saved);
    await saved;
  }

  registryChanged(): void {
    this.#timer ??= setTimeout(() => void this.#writeRegistry(), REGISTRY_EVERY_MS).unref();
  }

  breakerMoved(): void {
    void this.#breakers?.write();
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.#timer === undefined ? this.#registry?.idle() : this.#writeRegistry(),
      this.#breakers?.write(),
      this.#policy?.stop(),
    ]);
  }

  #writeRegistry(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#registry?.write() ?? Promise.resolve();
  }

  async #leave(older: string, saved: Promise<void> | undefined): Promise<void> {
    this.#older = null;
    await Promise.all([saved, this.#writeRegistry()]);
    await rm(older, { force: true }).catch(() => undefined);
  }
}

function contentOf(registry: RegistryPicture | null): unknown {
  return registry === null ? null : registryContent(registry);
}
