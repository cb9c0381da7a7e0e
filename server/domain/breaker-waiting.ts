/** Finer than this nobody needs to know how long a call has waited: a sixteenth of what is slow. */
const BUCKETS_PER_SLOW = 16;
/** More than are not old enough yet, the one that is being filled among them; a power of two. */
const RING = 2 * BUCKETS_PER_SLOW;

/**
 * Calls that wait for the head of their answer, by when they began: a ring of buckets, O(1) per call whatever the rate.
 * A bucket is old once the youngest call it can hold has waited for `slowMs`. Times are monotonic ms.
 */
export class WaitingCalls {
  readonly #slowMs: number;
  readonly #bucketMs: number;
  readonly #begun = new Uint32Array(RING);
  /** Number, since the clock's start, of the newest bucket that is old; its calls and those before it are in `#old`. */
  #oldUpTo = Number.NEGATIVE_INFINITY;
  /** When the next bucket will be old: until then there is nothing to do. */
  #dueMs = Number.NEGATIVE_INFINITY;
  #old = 0;
  /** Calls begun before this are none of its business. */
  #sinceMs: number;
  /** Whether calls that began at that very moment are none of its business either: some of them are from before. */
  #after: boolean;
  /** Calls begun at the latest moment any began, and still waiting. */
  #latestMs = Number.NEGATIVE_INFINITY;
  #latest = 0;

  /** `othersWait`: calls are under way that it was not told of. */
  constructor(slowMs: number, nowMs: number, othersWait: boolean) {
    this.#slowMs = slowMs;
    this.#bucketMs = slowMs / BUCKETS_PER_SLOW;
    this.#sinceMs = othersWait ? nowMs : Number.NEGATIVE_INFINITY;
    this.#after = othersWait;
  }

  begun(nowMs: number): void {
    if (nowMs !== this.#latestMs) {
      this.#latestMs = nowMs;
      this.#latest = 0;
    }
    this.#latest += 1;
    if (!this.#known(nowMs)) return;
    this.#age(nowMs);
    const bucket = Math.floor(nowMs / this.#bucketMs);
    if (bucket <= this.#oldUpTo) this.#old += 1;
    else this.#add(bucket, 1);
  }

  /** The call that began at `startedMs` waits no more. */
  answered(startedMs: number, nowMs: number): void {
    if (startedMs === this.#latestMs) this.#latest -= 1;
    if (!this.#known(startedMs)) return;
    this.#age(nowMs);
    const bucket = Math.floor(startedMs / this.#bucketMs);
    if (bucket <= this.#oldUpTo) this.#old -= 1;
    else this.#add(bucket, -1);
  }

  /** How many have waited for too long. */
  old(nowMs: number): number {
    this.#age(nowMs);
    return this.#old;
  }

  /** The same; changes nothing. */
  read(nowMs: number): number {
    const upTo = this.#oldAt(nowMs);
    let old = this.#old;
    for (let bucket = Math.max(this.#oldUpTo + 1, upTo - RING + 1); bucket <= upTo; bucket += 1)
      old += this.#begun[slotOf(bucket)] ?? 0;
    return old;
  }

  /** Starts over: calls begun until now are not counted any more, whenever they are answered. */
  forget(nowMs: number): void {
    this.#begun.fill(0);
    this.#old = 0;
    this.#after = (this.#latestMs === nowMs && this.#latest > 0) || (this.#sinceMs === nowMs && this.#after);
    this.#sinceMs = nowMs;
  }

  #known(startedMs: number): boolean {
    return startedMs > this.#sinceMs || (startedMs === this.#sinceMs && !this.#after);
  }

  #oldAt(nowMs: number): number {
    return Math.floor((nowMs - this.#slowMs) / this.#bucketMs) - 1;
  }

  #age(nowMs: number): void {
    if (nowMs < this.#dueMs) return;
    const upTo = Math.max(this.#oldUpTo, this.#oldAt(nowMs));
    for (let bucket = Math.max(this.#oldUpTo + 1, upTo - RING + 1); bucket <= upTo; bucket += 1) {
      const slot = slotOf(bucket);
      this.#old += this.#begun[slot] ?? 0;
      this.#begun[slot] = 0;
    }
    this.#oldUpTo = upTo;
    this.#dueMs = (upTo + 2) * this.#bucketMs + this.#slowMs;
  }

  #add(bucket: number, count: 1 | -1): void {
    const slot = slotOf(bucket);
    this.#begun[slot] = (this.#begun[slot] ?? 0) + count;
  }
}

function slotOf(bucket: number): number {
  return bucket & (RING - 1);
}
