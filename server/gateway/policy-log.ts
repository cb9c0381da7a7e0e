import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { backoffMs, pause } from "#platform/backoff.ts";
import { failpoint } from "#platform/failpoint.ts";
import { POLICY_KINDS } from "#domain/policy.ts";
import { snapshotChange, type SnapshotChange } from "#domain/snapshot-change.ts";
import type { PolicySnapshot } from "#domain/snapshot.ts";
import { changeLine, snapshotLines } from "./policy-lines.ts";

/** Lines written at once: making them blocks everything else for about a millisecond. */
const LINES_AT_ONCE = 100;
/** A change of more is no line: that is made in one go. The file is written anew, piece by piece. */
const OBJECTS_PER_LINE = 1000;
/** Changes may take so much, bytes, or as much as what they change, before the file is written anew. */
const CHANGES_BYTES = 1024 * 1024;
const RETRY = { firstMs: 1000, maxMs: 30_000 };

export interface PolicyLogOptions {
  readonly path: string;
  /** Something could not be written. It is tried again, with a back-off. */
  readonly onError: (error: unknown) => void;
  /** Default: 1 MiB. */
  readonly changesBytes?: number;
}

/**
 * Keeps policy on the disk at the cost of what changes: a snapshot once, then one line for each change, until these
 * outgrow it. A process that is killed at any moment leaves what `readPolicyLines` can read: the last policy whose `save`
 * has resolved, or one after it.
 */
export class PolicyLog {
  readonly #options: PolicyLogOptions;
  #wanted: PolicySnapshot | null = null;
  /** What the file says. */
  #saved: PolicySnapshot | null = null;
  #file: FileHandle | null = null;
  #snapshotBytes = 0;
  #changesBytes = 0;
  #running: Promise<void> | null = null;
  #waiting: (() => void)[] = [];
  #interrupt = new AbortController();
  #stopping = false;
  #areLeftoversGone = false;

  constructor(options: PolicyLogOptions) {
    this.#options = options;
  }

  /** Resolves once the snapshot, or a later one, is on the disk; while that cannot be written, it waits. */
  save(snapshot: PolicySnapshot): Promise<void> {
    this.#wanted = snapshot;
    const saved = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running ??= this.#run();
    return saved;
  }

  /** Ends what is under way; what cannot be written is tried once more, then given up. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#interrupt.abort();
    await this.#running;
    await this.#close();
  }

  async #run(): Promise<void> {
    // Not before the change that asked for it is complete.
    await Promise.resolve();
    let failures = 0;
    while (this.#wanted !== null && this.#waiting.length > 0) {
      const wanted = this.#wanted;
      const waiting = this.#waiting;
      this.#waiting = [];
      const isLastTry = this.#stopping;
      try {
        if (wanted !== this.#saved) await this.#write(wanted);
        this.#saved = wanted;
        failures = 0;
        for (const resolve of waiting) resolve();
      } catch (error) {
        this.#waiting = [...waiting, ...this.#waiting];
        // Half a line may be in it: nothing that is put after that would be read.
        await this.#close();
        this.#options.onError(error);
        if (isLastTry) break;
        await pause(backoffMs(failures, RETRY), this.#interrupt.signal);
        failures += 1;
      }
    }
    // In the same turn in which nobody was waiting: who comes later starts it again.
    this.#running = null;
  }

  #write(snapshot: PolicySnapshot): Promise<void> {
    const room = Math.max(this.#options.changesBytes ?? CHANGES_BYTES, this.#snapshotBytes);
    if (this.#file === null || this.#saved === null || this.#changesBytes > room) return this.#writeAll(snapshot);
    const change = snapshotChange(this.#saved, snapshot);
    return objectsOf(change) > OBJECTS_PER_LINE
      ? this.#writeAll(snapshot)
      : this.#append(this.#file, changeLine(change));
  }

  async #append(file: FileHandle, line: string): Promise<void> {
    await file.appendFile(line);
    failpoint("policy-log.appended");
    await file.datasync();
    failpoint("policy-log.synced");
    this.#changesBytes += Buffer.byteLength(line);
  }

  /** A new file takes the place of the old one when it is complete; piece by piece, so that requests are served between. */
  async #writeAll(snapshot: PolicySnapshot): Promise<void> {
    const { path } = this.#options;
    await this.#close();
    await mkdir(dirname(path), { recursive: true });
    await this.#removeLeftovers();
    const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
    const file = await open(temporary, "wx", 0o600);
    try {
      let bytes = 0;
      for (const piece of pieces(snapshotLines(snapshot))) {
        await file.appendFile(piece);
        bytes += Buffer.byteLength(piece);
      }
      await file.sync();
      failpoint("policy-log.written");
      await rename(temporary, path);
      failpoint("policy-log.renamed");
      await syncFolder(dirname(path));
      this.#file = file;
      this.#snapshotBytes = bytes;
      this.#changesBytes = 0;
    } catch (error) {
      await file.close();
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** What processes that were killed while they wrote left behind: as large as the policy, each. */
  async #removeLeftovers(): Promise<void> {
    if (this.#areLeftoversGone) return;
    const { path } = this.#options;
    for (const name of await readdir(dirname(path)))
      if (name.startsWith(`${basename(path)}.`) && name.endsWith(".tmp"))
        await rm(join(dirname(path), name), { force: true });
    this.#areLeftoversGone = true;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }
}

function objectsOf(change: SnapshotChange): number {
  return POLICY_KINDS.reduce((sum, kind) => sum + change[kind].set.length + change[kind].removed.length, 0);
}

function* pieces(lines: Iterable<string>): Generator<string, undefined> {
  let piece: string[] = [];
  for (const line of lines) {
    piece.push(line);
    if (piece.length < LINES_AT_ONCE) continue;
    yield piece.join("");
    piece = [];
  }
  yield piece.join("");
}

/** A new name is safe when the folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
