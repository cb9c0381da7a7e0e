import type { BreakerSettings } from "./breaker-policy.ts";
import { bucketUpperMs, type SparseHistogram } from "./histogram.ts";
import type { RecordedSecond } from "./recorded-second.ts";

/** How calls ended, as a replay tells them apart. `unserved`: there was no instance to call, which says nothing of the service. */
export const REPLAY_KINDS = [
  "success",
  "failure",
  "timeout",
  "unreachable",
  "unserved",
  "rejected",
  "abandoned",
] as const;
export type ReplayKind = (typeof REPLAY_KINDS)[number];

/** Calls that are alike to a breaker. */
export interface CallClass {
  readonly kind: ReplayKind;
  readonly slow: boolean;
}

/** Every kind, quick and slow; what is counted by class is an array in this order. */
export const CLASSES: readonly CallClass[] = REPLAY_KINDS.flatMap((kind) => [
  { kind, slow: false },
  { kind, slow: true },
]);

/** How many calls there were of each class, and how long they took on average, ms. */
export interface ClassedCalls {
  readonly counts: number[];
  readonly tookMs: number[];
}

const QUICK = 0;
const SLOW = 1;

function classAt(kind: ReplayKind, slow: boolean): number {
  return REPLAY_KINDS.indexOf(kind) * 2 + (slow ? SLOW : QUICK);
}

/** True when the caller got no answer it wanted. */
export function wentWrong(kind: ReplayKind): boolean {
  return kind !== "success" && kind !== "abandoned";
}

/** True when the service had its say. */
function isTelling(kind: ReplayKind): boolean {
  return kind === "success" || kind === "failure" || kind === "timeout" || kind === "unreachable";
}

/**
 * What became, or with these settings would have become, of the calls of a second that were let through. The record does not say
 * which of them took how long: those that timed out took longest, and the others are alike. A call is over `timeoutMs` when all of
 * its histogram bucket is, and slow when the bucket's middle is. A call that timed out would have done so with more time, too.
 */
export function classify({ counts, latency }: RecordedSecond, settings: BreakerSettings): ClassedCalls {
  const { success = 0, failure = 0, timeout = 0, unreachable = 0, rejected = 0, abandoned = 0 } = counts;
  const classed: ClassedCalls = { counts: CLASSES.map(() => 0), tookMs: CLASSES.map(() => 0) };
  const timed = latency.reduce((sum, [, count]) => sum + count, 0);
  // Every call has its time but those for which there was no instance, and those whose caller went away.
  const unserved = Math.min(unreachable, Math.max(0, success + failure + timeout + unreachable - timed));
  const [rest, longest] = splitLongest(latency, timeout);
  const add = (kind: ReplayKind, calls: number, times: Times): void => addCalls(classed, kind, calls, times);
  add("timeout", timeout, timesOf(longest, settings));
  const times = timesOf(rest, settings);
  const late = Math.round(success * times.lateShare);
  add("timeout", late, times.late);
  add("success", success - late, times.inTime);
  add("failure", failure, times);
  add("unreachable", unreachable - unserved, times);
  add("unserved", unserved, NO_TIME);
  add("rejected", rejected, NO_TIME);
  add("abandoned", abandoned, NO_TIME);
  return classed;
}

/** How long calls took: the share of them that was slow, and the averages of the quick and of the slow, ms. */
interface Times {
  readonly slowShare: number;
  readonly quickMs: number;
  readonly slowMs: number;
}
interface SplitTimes extends Times {
  /** Share over the time limit. */
  readonly lateShare: number;
  readonly late: Times;
  readonly inTime: Times;
}

const NO_TIME: Times = { slowShare: 0, quickMs: 0, slowMs: 0 };

function timesOf(latency: SparseHistogram, { timeoutMs, slowCallMs }: BreakerSettings): SplitTimes {
  const inTime = new Average(slowCallMs);
  const late = new Average(slowCallMs);
  const all = new Average(slowCallMs);
  for (const [bucket, count] of latency) {
    const isLate = bucketUpperMs(bucket - 1) >= timeoutMs;
    const tookMs = isLate ? timeoutMs : Math.min(timeoutMs, middleMs(bucket));
    (isLate ? late : inTime).add(tookMs, count);
    all.add(tookMs, count);
  }
  const lateShare = all.calls === 0 ? 0 : late.calls / all.calls;
  return { ...all.times(), lateShare, late: late.times(), inTime: inTime.times() };
}

class Average {
  readonly #slowFromMs: number;
  #slow = 0;
  #slowSumMs = 0;
  #quick = 0;
  #quickSumMs = 0;

  constructor(slowCallMs: number | null) {
    this.#slowFromMs = slowCallMs ?? Number.POSITIVE_INFINITY;
  }

  get calls(): number {
    return this.#slow + this.#quick;
  }

  add(tookMs: number, count: number): void {
    if (tookMs >= this.#slowFromMs) {
      this.#slow += count;
      this.#slowSumMs += tookMs * count;
    } else {
      this.#quick += count;
      this.#quickSumMs += tookMs * count;
    }
  }

  times(): Times {
    return {
      slowShare: this.calls === 0 ? 0 : this.#slow / this.calls,
      quickMs: this.#quick === 0 ? 0 : this.#quickSumMs / this.#quick,
      slowMs: this.#slow === 0 ? 0 : this.#slowSumMs / this.#slow,
    };
  }
}

function addCalls({ counts, tookMs }: ClassedCalls, kind: ReplayKind, calls: number, times: Times): void {
  const slow = Math.round(calls * times.slowShare);
  mix(counts, tookMs, classAt(kind, false), calls - slow, times.quickMs);
  mix(counts, tookMs, classAt(kind, true), slow, times.slowMs);
}

function mix(counts: number[], tookMs: number[], at: number, calls: number, ms: number): void {
  const before = counts[at] ?? 0;
  const sum = before + calls;
  counts[at] = sum;
  if (sum > 0) tookMs[at] = ((tookMs[at] ?? 0) * before + ms * calls) / sum;
}

/** The middle of a bucket on its logarithmic scale, ms. */
function middleMs(bucket: number): number {
  return bucketUpperMs(bucket - 0.5);
}

/** Takes the longest `calls` out of a histogram: what is left, and what was taken. */
function splitLongest(latency: SparseHistogram, calls: number): [SparseHistogram, SparseHistogram] {
  const rest: [number, number][] = [];
  const longest: [number, number][] = [];
  let left = calls;
  for (const [bucket, count] of latency.toReversed()) {
    const taken = Math.min(left, count);
    left -= taken;
    if (taken > 0) longest.push([bucket, taken]);
    if (count > taken) rest.push([bucket, count - taken]);
  }
  return [rest.toReversed(), longest];
}

/** Calls of a second that tell of the service; null when there are none. */
export function tellingOf({ counts, tookMs }: ClassedCalls): ClassedCalls | null {
  const telling = counts.map((count, at) => (isTelling(CLASSES[at]?.kind ?? "abandoned") ? count : 0));
  return telling.some((count) => count > 0) ? { counts: telling, tookMs } : null;
}

/** A mixture of calls before and after: shares, which add up to 1. `towards` is 0 for as before, 1 for as after. */
export function mixtureOf(before: ClassedCalls | null, after: ClassedCalls | null, towards: number): ClassedCalls {
  const shares = CLASSES.map(() => 0);
  const tookMs = CLASSES.map(() => 0);
  const add = (calls: ClassedCalls | null, weight: number): void => {
    const total = calls === null ? 0 : calls.counts.reduce((sum, count) => sum + count, 0);
    if (calls === null || total === 0 || weight === 0) return;
    calls.counts.forEach((count, at) => mix(shares, tookMs, at, (count / total) * weight, calls.tookMs[at] ?? 0));
  };
  add(before, after === null ? 1 : 1 - towards);
  add(after, before === null ? 1 : towards);
  // Nothing is known of any call: nothing speaks against the service.
  if (before === null && after === null) shares[classAt("success", false)] = 1;
  return { counts: shares, tookMs };
}
