import { LatencySum, type SparseHistogram } from "#domain/histogram.ts";
import type { BreakerSecond } from "#domain/live.ts";
import { addCounts, totalOf, type OutcomeCounts } from "#domain/outcome-counts.ts";

/** Seconds of history shown. */
export const HISTORY_SECONDS = 60;
/** Rates and percentiles are of this many seconds. */
const RECENT_SECONDS = 10;
/** The shown minute, and a few seconds that gateways have begun to report already. */
const SLOTS = 64;

/** What one gateway, or one of its workers, counted of a command within a second. */
export interface SecondPart {
  readonly gatewayId: string;
  readonly counts: OutcomeCounts;
  readonly fallbackServed: number;
  readonly latency: SparseHistogram;
}

interface CountedPart extends Omit<SecondPart, "latency"> {
  /** Of an old second, none: no percentile is of that long ago, and a fleet's minute of them would be large. */
  latency: SparseHistogram;
  /** Calls offered, refused ones included. */
  readonly offered: number;
}

interface Slot {
  readonly second: number;
  readonly parts: CountedPart[];
  /** The sum; null when parts have come or gone since it was last asked for. */
  sum: BreakerSecond | null;
}

/** Rate and percentiles of the latest ten seconds. */
export interface RecentFigures {
  readonly offeredPerSecond: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** Latencies are kept this long, s: what percentiles are of, and what clocks may turn out to be off. */
const LATENCY_SECONDS = 16;
const NO_LATENCY: SparseHistogram = [];
const NO_HISTORY: readonly BreakerSecond[] = [];
const NO_FIGURES: RecentFigures = { offeredPerSecond: 0, p50Ms: null, p95Ms: null, p99Ms: null };

/** The latest minute of one command at all gateways. Seconds are whole seconds since the Unix epoch, by the console's clock. */
export class BreakerRing {
  readonly #slots: (Slot | undefined)[] = Array.from({ length: SLOTS });
  #newest = 0;
  /** The newest second with a call in it: most breakers of a large mesh are idle, and must cost next to nothing. */
  #busy = Number.NEGATIVE_INFINITY;
  /** What the ten seconds up to `#summedTo` add up to; that is in the past when they have to be added up anew. */
  #summedTo = Number.NEGATIVE_INFINITY;
  #offered = 0;
  readonly #latency = new LatencySum();
  #shown: { readonly at: number; readonly history: readonly BreakerSecond[] } | null = null;

  /** The newest second that was ever counted in. */
  get newest(): number {
    return this.#newest;
  }

  /** Adds what a gateway counted; a second that has left the ring is passed over. */
  add(second: number, added: SecondPart): void {
    const at = second % SLOTS;
    const slot = this.#slots[at];
    if (slot !== undefined && slot.second > second) return;
    const { gatewayId, counts, fallbackServed } = added;
    const latency = second > this.#newest - LATENCY_SECONDS ? added.latency : NO_LATENCY;
    const part: CountedPart = { gatewayId, counts, fallbackServed, latency, offered: totalOf(counts) };
    if (second > this.#newest) this.#advance(second);
    if (part.offered > 0 || part.fallbackServed > 0) this.#busy = Math.max(this.#busy, second);
    this.#changed(second);
    if (slot?.second !== second) this.#slots[at] = { second, parts: [part], sum: null };
    else {
      slot.parts.push(part);
      slot.sum = null;
    }
  }

  #advance(newest: number): void {
    const from = Math.max(this.#newest - LATENCY_SECONDS, newest - SLOTS);
    for (let second = from; second <= newest - LATENCY_SECONDS; second += 1)
      for (const part of this.#slot(second)?.parts ?? []) part.latency = NO_LATENCY;
    this.#newest = newest;
  }

  /** Takes out what a gateway counted. */
  forget(gatewayId: string): void {
    this.#changed(Number.NEGATIVE_INFINITY);
    for (const [at, slot] of this.#slots.entries()) {
      if (slot === undefined || !slot.parts.some((part) => part.gatewayId === gatewayId)) continue;
      const parts = slot.parts.filter((part) => part.gatewayId !== gatewayId);
      this.#slots[at] = parts.length === 0 ? undefined : { second: slot.second, parts, sum: null };
    }
  }

  /**
   * The minute up to and including `newest`, oldest first: every second that any gateway reported, also the empty ones
   * among them. When there was no call in the whole minute it is empty.
   */
  history(newest: number): readonly BreakerSecond[] {
    if (this.#busy <= newest - HISTORY_SECONDS) return NO_HISTORY;
    if (this.#shown?.at === newest) return this.#shown.history;
    const history: BreakerSecond[] = [];
    for (let second = newest - HISTORY_SECONDS + 1; second <= newest; second += 1) {
      const slot = this.#slot(second);
      if (slot !== undefined) history.push((slot.sum ??= sumOf(slot)));
    }
    this.#shown = { at: newest, history };
    return history;
  }

  /** Figures of the ten seconds up to and including `newest`; percentiles are of the merged histograms. */
  recent(newest: number): RecentFigures {
    if (this.#busy <= newest - RECENT_SECONDS) return NO_FIGURES;
    this.#slideTo(newest);
    const [p50Ms = null, p95Ms = null, p99Ms = null] = this.#latency.percentilesMs([50, 95, 99]);
    return { offeredPerSecond: this.#offered / RECENT_SECONDS, p50Ms, p95Ms, p99Ms };
  }

  /** Moves what is summed up to the ten seconds before and with `newest`: takes out what leaves, adds what is new. */
  #slideTo(newest: number): void {
    const first = newest - RECENT_SECONDS + 1;
    if (newest < this.#summedTo || first > this.#summedTo) {
      this.#latency.clear();
      this.#offered = 0;
      this.#summedTo = first - 1;
    } else {
      for (let second = this.#summedTo - RECENT_SECONDS + 1; second < first; second += 1) this.#sum(second, -1);
    }
    for (let second = this.#summedTo + 1; second <= newest; second += 1) this.#sum(second, 1);
    this.#summedTo = newest;
  }

  #sum(second: number, sign: 1 | -1): void {
    for (const { offered, latency } of this.#slot(second)?.parts ?? []) {
      this.#offered += sign * offered;
      if (sign === 1) this.#latency.add(latency);
      else this.#latency.remove(latency);
    }
  }

  /** What was made of the seconds from `since` on holds no longer. */
  #changed(since: number): void {
    this.#shown = null;
    if (since <= this.#summedTo) this.#summedTo = Number.NEGATIVE_INFINITY;
  }

  #slot(second: number): Slot | undefined {
    const slot = this.#slots[((second % SLOTS) + SLOTS) % SLOTS];
    return slot?.second === second ? slot : undefined;
  }
}

function sumOf({ second, parts }: Slot): BreakerSecond {
  const [only] = parts;
  if (only !== undefined && parts.length === 1)
    return { atMs: second * 1000, counts: only.counts, fallbackServed: only.fallbackServed };
  return {
    atMs: second * 1000,
    counts: addCounts(parts.map((part) => part.counts)),
    fallbackServed: parts.reduce((sum, part) => sum + part.fallbackServed, 0),
  };
}
