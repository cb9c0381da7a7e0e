import type { EdgeTotals } from "./edge-totals.ts";
import { BUCKETS, bucketUpperMs } from "./histogram.ts";
import { isError, type OutcomeCounts } from "./outcome-counts.ts";
import { significant } from "./significant.ts";
import { OUTCOMES, type Outcome } from "./traffic.ts";

const UPPER_MS = Float64Array.from({ length: BUCKETS }, (_, index) => significant(bucketUpperMs(index)));
const PLACES: ReadonlyMap<string, number> = new Map(OUTCOMES.map((outcome, at) => [outcome, at]));
const IS_ERROR = OUTCOMES.map(isError);

/**
 * Adds up calls that belong together; figures come to three significant digits. Made once and used over and over: a
 * picture is thousands of sums, and reads each call's histogram only as often as it must.
 */
export class CallTally {
  readonly #counts = new Float64Array(OUTCOMES.length);
  readonly #latency = new Float64Array(BUCKETS);
  #low = BUCKETS;
  #high = -1;
  #measured = 0;
  #bytes = 0;
  /** Calls offered, refused ones included. */
  total = 0;
  errors = 0;

  clear(): void {
    if (this.total > 0) this.#counts.fill(0);
    if (this.#high >= this.#low) this.#latency.fill(0, this.#low, this.#high + 1);
    this.#low = BUCKETS;
    this.#high = -1;
    this.#measured = 0;
    this.#bytes = 0;
    this.total = 0;
    this.errors = 0;
  }

  add({ counts, latency, bytesOut }: Pick<EdgeTotals, "counts" | "latency" | "bytesOut">): void {
    // Few outcomes ever happen: looking each of them up would take longer than all the rest.
    for (const outcome in counts) {
      const at = PLACES.get(outcome);
      if (at !== undefined) this.#count(at, counts[OUTCOMES[at] ?? "success"] ?? 0);
    }
    for (let at = 0; at < latency.length; at += 1) {
      const pair = latency[at];
      if (pair !== undefined) this.#measure(pair[0], pair[1]);
    }
    this.#bytes += bytesOut;
  }

  /** Adds what another has added up. */
  addSum(other: CallTally): void {
    for (let at = 0; at < OUTCOMES.length; at += 1) this.#count(at, other.#counts[at] ?? 0);
    for (let index = other.#low; index <= other.#high; index += 1) this.#measure(index, other.#latency[index] ?? 0);
    this.#bytes += other.#bytes;
  }

  /** Outcomes that happened. */
  counts(): OutcomeCounts {
    const counts: Partial<Record<Outcome, number>> = {};
    for (let at = 0; at < OUTCOMES.length; at += 1) {
      const outcome = OUTCOMES[at];
      const count = this.#counts[at] ?? 0;
      if (outcome !== undefined && count > 0) counts[outcome] = count;
    }
    return counts;
  }

  requestsPerSecond(windowMs: number): number {
    return significant(this.total / (windowMs / 1000));
  }

  bytesPerSecond(windowMs: number): number {
    return significant(this.#bytes / (windowMs / 1000));
  }

  /** 0 … 1; 0 when there were no calls. */
  errorRatio(): number {
    return this.errors === 0 ? 0 : significant(this.errors / this.total);
  }

  /** Null when nothing was measured. */
  percentileMs(percent: number): number | null {
    if (this.#measured === 0) return null;
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#measured));
    let seen = 0;
    for (let index = this.#low; index <= this.#high; index += 1) {
      seen += this.#latency[index] ?? 0;
      if (seen >= rank) return UPPER_MS[index] ?? null;
    }
    return null;
  }

  #count(at: number, count: number): void {
    this.#counts[at] = (this.#counts[at] ?? 0) + count;
    this.total += count;
    if (IS_ERROR[at] === true) this.errors += count;
  }

  #measure(index: number, count: number): void {
    this.#latency[index] = (this.#latency[index] ?? 0) + count;
    this.#measured += count;
    if (index < this.#low) this.#low = index;
    if (index > this.#high) this.#high = index;
  }
}
