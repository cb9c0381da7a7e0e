import type { EdgeTotals } from "./edge-totals.ts";
import { BUCKETS, bucketUpperMs } from "./histogram.ts";
import { errorsOf, type OutcomeCounts } from "./outcome-counts.ts";
import { significant } from "./significant.ts";
import { OUTCOMES, type Outcome } from "./traffic.ts";

/** Figures of calls, to three significant digits. */
export interface CallFigures {
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly bytesPerSecond: number;
}

const UPPER_MS = Float64Array.from({ length: BUCKETS }, (_, index) => significant(bucketUpperMs(index)));

/** Adds up calls that belong together. Made once and used over and over: a picture has thousands of sums. */
export class CallTally {
  readonly #counts = new Float64Array(OUTCOMES.length);
  readonly #latency = new Float64Array(BUCKETS);
  #low = BUCKETS;
  #high = -1;
  #bytes = 0;

  /** Forgets what was added, and adds these. */
  of(calls: Iterable<EdgeTotals>): this {
    this.clear();
    for (const call of calls) this.add(call);
    return this;
  }

  clear(): void {
    this.#counts.fill(0);
    if (this.#high >= this.#low) this.#latency.fill(0, this.#low, this.#high + 1);
    this.#low = BUCKETS;
    this.#high = -1;
    this.#bytes = 0;
  }

  add({ counts, latency, bytesOut }: Pick<EdgeTotals, "counts" | "latency" | "bytesOut">): void {
    for (let at = 0; at < OUTCOMES.length; at += 1) {
      const outcome = OUTCOMES[at];
      const count = outcome === undefined ? undefined : counts[outcome];
      if (count !== undefined) this.#counts[at] = (this.#counts[at] ?? 0) + count;
    }
    for (const [index, count] of latency) {
      this.#latency[index] = (this.#latency[index] ?? 0) + count;
      if (index < this.#low) this.#low = index;
      if (index > this.#high) this.#high = index;
    }
    this.#bytes += bytesOut;
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

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  figures(windowMs: number): CallFigures {
    const seconds = windowMs / 1000;
    const { total } = this;
    const [p50Ms = null, p95Ms = null, p99Ms = null] = this.#percentilesMs();
    return {
      requestsPerSecond: significant(total / seconds),
      errorRatio: total === 0 ? 0 : significant(errorsOf(this.counts()) / total),
      p50Ms,
      p95Ms,
      p99Ms,
      bytesPerSecond: significant(this.#bytes / seconds),
    };
  }

  #percentilesMs(): (number | null)[] {
    let measured = 0;
    for (let index = this.#low; index <= this.#high; index += 1) measured += this.#latency[index] ?? 0;
    let index = this.#low - 1;
    let seen = 0;
    return [0.5, 0.95, 0.99].map((share) => {
      const rank = Math.max(1, Math.ceil(share * measured));
      while (seen < rank && index < this.#high) seen += this.#latency[(index += 1)] ?? 0;
      return measured === 0 ? null : (UPPER_MS[index] ?? null);
    });
  }
}
