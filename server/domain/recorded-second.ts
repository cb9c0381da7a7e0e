import { mergeHistograms, type SparseHistogram } from "./histogram.ts";
import { addCounts, type OutcomeCounts } from "./outcome-counts.ts";

/** Calls of one command at one gateway during one second, all its workers added up. */
export interface RecordedSecond {
  /** When the second began, Unix epoch by the console's clock, ms; whole seconds. */
  readonly atMs: number;
  readonly counts: OutcomeCounts;
  /** Of all calls that were let through, however they ended, except those whose caller went away. */
  readonly latency: SparseHistogram;
  readonly fallbackServed: number;
  readonly fallbackFailed: number;
  /** Breakers the calls were spread over: one for each of the gateway's workers. */
  readonly breakers: number;
}

/** The seconds of one command at one gateway. */
export interface CommandRecord {
  readonly gatewayId: string;
  readonly routeId: string;
  readonly service: string;
  /** Oldest first, each once; those without calls are left out. A day of them is too much to hold unpacked: gone through, not kept. */
  readonly seconds: Iterable<RecordedSecond>;
  /** Calls in all, refused ones included. */
  readonly calls: number;
  /** Most breakers they were spread over at once. */
  readonly breakers: number;
  /** When the last second with calls began; Unix epoch, ms. */
  readonly lastMs: number;
}

/** The same second counted in two places: windows that ended in it, or what was written before a restart and after. */
function addSeconds(one: RecordedSecond, other: RecordedSecond): RecordedSecond {
  return {
    atMs: one.atMs,
    counts: addCounts([one.counts, other.counts]),
    latency: mergeHistograms([one.latency, other.latency]),
    fallbackServed: one.fallbackServed + other.fallbackServed,
    fallbackFailed: one.fallbackFailed + other.fallbackFailed,
    breakers: Math.max(one.breakers, other.breakers),
  };
}

/** Adds up seconds that begin at the same time; oldest first. */
export function mergeSeconds(seconds: Iterable<RecordedSecond>): RecordedSecond[] {
  const merged = new Map<number, RecordedSecond>();
  for (const second of seconds) {
    const known = merged.get(second.atMs);
    merged.set(second.atMs, known === undefined ? second : addSeconds(known, second));
  }
  return [...merged.values()].toSorted((a, b) => a.atMs - b.atMs);
}
