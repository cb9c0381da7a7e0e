import type { z } from "zod";
import { BUCKETS } from "#domain/histogram.ts";
import { BreakerReading, OUTCOMES, type Outcome } from "#domain/traffic.ts";
import { COUNT_MAX } from "./packed-edges.ts";
import { MalformedWindow, NumberReader, NumberWriter } from "./packed-numbers.ts";

/** What a breaker's reading has in common with the one a second before, as a rule: all but its figures. */
export const Standing = BreakerReading.omit({
  window: true,
  counts: true,
  latency: true,
  fallbackServed: true,
  fallbackFailed: true,
  fallbackRejected: true,
  inFlight: true,
  maxInFlight: true,
}).extend({ windowMs: BreakerReading.shape.window.shape.ms });
export type Standing = z.infer<typeof Standing>;

/** Readings of one window. 500 of a gateway, or as many for each of up to 64 workers. */
const READINGS_MAX = 40_000;
/** A moment that is derived anew for each window, from two clocks, may differ by this without being another, ms. */
const JITTER_MS = 50;

/**
 * A reading without its figures. Moments that differ from those of `before` by no more than clocks do are taken from there,
 * so that it says the same.
 */
export function standingOf(reading: BreakerReading, before: Standing | undefined): Standing {
  const { routeId, service, group, worker, state, override, cause, outage, trips, readmission } = reading;
  const { thresholds, backups, replies } = reading;
  const known = before?.state === state ? before : undefined;
  return {
    routeId,
    service,
    group,
    worker,
    state,
    override,
    sinceMs: steady(reading.sinceMs, known?.sinceMs) ?? reading.sinceMs,
    cause,
    nextTrialAtMs: steady(reading.nextTrialAtMs, known?.nextTrialAtMs),
    outage,
    trips,
    readmission,
    windowMs: reading.window.ms,
    thresholds,
    backups,
    replies,
  };
}

function steady(now: number | null, before: number | null | undefined): number | null {
  if (now === null || before === null || before === undefined) return now;
  return Math.abs(now - before) <= JITTER_MS ? before : now;
}

/** Whether readings survive packing: a gateway's own do. */
export function canPack(readings: readonly BreakerReading[]): boolean {
  return (
    readings.length <= READINGS_MAX &&
    readings.every(({ window: { total, errors, errorPercent }, latency }) => {
      const ascends = latency.every(([bucket], at) => at === 0 || bucket > (latency[at - 1]?.[0] ?? 0));
      return errorPercent === percentOf(errors, total) && ascends;
    })
  );
}

/** Packs the figures of readings; each refers to its standing by a number. */
export function packReadings(readings: readonly BreakerReading[], standings: readonly number[]): Buffer {
  const into = new NumberWriter();
  const count = (value: number): void => into.number(Math.min(value, COUNT_MAX));
  into.number(readings.length);
  readings.forEach((reading, index) => {
    const { window, counts, latency } = reading;
    into.number(standings[index] ?? 0);
    for (const figure of [window.total, window.errors, window.slow, window.waiting]) count(figure);
    let mask = 0;
    OUTCOMES.forEach((outcome, at) => (mask |= (counts[outcome] ?? 0) > 0 ? 1 << at : 0));
    into.number(mask);
    for (const outcome of OUTCOMES) if ((counts[outcome] ?? 0) > 0) count(counts[outcome] ?? 0);
    for (const figure of [reading.fallbackServed, reading.fallbackFailed, reading.fallbackRejected]) count(figure);
    for (const figure of [reading.inFlight, reading.maxInFlight]) count(figure);
    into.number(latency.length);
    let before = 0;
    for (const [bucket, calls] of latency) {
      into.number(bucket - before);
      count(calls);
      before = bucket;
    }
  });
  return into.take();
}

/**
 * Readings as they were packed. `standingAt` finds what a number stands for.
 * @throws MalformedWindow for bytes that are none, and for a standing that was never told.
 */
export function unpackReadings(
  bytes: Uint8Array,
  standingAt: (number: number) => Standing | undefined,
): BreakerReading[] {
  const from = new NumberReader();
  from.open(bytes);
  const readings: BreakerReading[] = [];
  for (let left = from.number(READINGS_MAX); left > 0; left -= 1) readings.push(readingFrom(from, standingAt));
  from.end();
  return readings;
}

function readingFrom(from: NumberReader, standingAt: (number: number) => Standing | undefined): BreakerReading {
  const standing = standingAt(from.number(COUNT_MAX));
  if (standing === undefined) throw new MalformedWindow("A reading is of a breaker it never named.");
  const { windowMs: ms, ...rest } = standing;
  const total = from.number(COUNT_MAX);
  const errors = from.number(COUNT_MAX);
  const slow = from.number(COUNT_MAX);
  const waiting = from.number(COUNT_MAX);
  const window = { ms, total, errors, errorPercent: percentOf(errors, total), slow, waiting };
  const counts = countsFrom(from);
  const fallbackServed = from.number(COUNT_MAX);
  const fallbackFailed = from.number(COUNT_MAX);
  const fallbackRejected = from.number(COUNT_MAX);
  const inFlight = from.number(COUNT_MAX);
  const maxInFlight = from.number(COUNT_MAX);
  const figures = { fallbackServed, fallbackFailed, fallbackRejected, inFlight, maxInFlight };
  return { ...rest, window, counts, ...figures, latency: latencyFrom(from) };
}

function countsFrom(from: NumberReader): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  const mask = from.number(127);
  OUTCOMES.forEach((outcome, at) => {
    if (mask & (1 << at)) counts[outcome] = from.number(COUNT_MAX);
  });
  return counts;
}

function latencyFrom(from: NumberReader): [number, number][] {
  const latency: [number, number][] = [];
  let bucket = 0;
  for (let left = from.number(BUCKETS); left > 0; left -= 1) {
    const further = from.number(BUCKETS);
    bucket += further;
    if (bucket >= BUCKETS || (further === 0 && latency.length > 0))
      throw new MalformedWindow("Latency buckets are out of order.");
    latency.push([bucket, from.number(COUNT_MAX)]);
  }
  return latency;
}

const percentOf = (errors: number, total: number): number => (total === 0 ? 0 : (errors * 100) / total);
