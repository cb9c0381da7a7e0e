import type { RefusedDocument } from "#domain/gateway-info.ts";
import type { LastGood } from "./last-good.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";

/** What was put in force. */
export interface Applied {
  readonly policy: PolicySnapshot;
  readonly refused: readonly RefusedDocument[];
  /** Since when, Unix epoch, ms. */
  readonly atMs: number;
}

const NOTHING: Applied = { policy: EMPTY_SNAPSHOT, refused: [], atMs: 0 };

/** As it was found on the disk at `atMs`, Unix epoch, ms; null: nothing was. */
export function appliedBefore(lastGood: LastGood | null, atMs: number): Applied | null {
  if (lastGood === null) return null;
  const { policy, refused } = lastGood;
  return { policy, refused, atMs: Math.round(atMs) };
}

/**
 * Tells what is in force and would be so after a restart, which is what may be acknowledged. While the disk takes nothing,
 * it goes on telling the last policy that was, and names the disk among what is refused.
 */
export class AppliedNews {
  readonly #listeners = new Set<(applied: Applied) => void>();
  #kept: Applied | null;
  #told: Applied | null = null;

  /** @param onDisk what an earlier process left on the disk. */
  constructor(onDisk: Applied | null) {
    this.#kept = onDisk;
  }

  /** Calls back with what was told last, if anything, and with all that is told from now on; returns its undo. */
  add(listener: (applied: Applied) => void): () => void {
    this.#listeners.add(listener);
    if (this.#told !== null) listener(this.#told);
    return () => void this.#listeners.delete(listener);
  }

  kept(applied: Applied): void {
    this.#kept = applied;
    this.#tell(applied);
  }

  unkept(revision: number, problem: string): void {
    const last = this.#kept ?? NOTHING;
    const reason = `the gateway serves by this revision, but cannot keep it on its disk: ${problem}`;
    this.#tell({ ...last, refused: [...last.refused, { key: "disk", revision, reason }] });
  }

  #tell(applied: Applied): void {
    this.#told = applied;
    for (const listener of this.#listeners) listener(applied);
  }
}
