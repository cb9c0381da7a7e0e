import { effectiveState } from "./effective-breaker.ts";
import { BUCKETS, bucketUpperMs } from "./histogram.ts";
import { addCounts, type OutcomeCounts } from "./outcome-counts.ts";
import type { BreakerReading } from "./traffic.ts";

/** Percentiles that the stream tells, by the names they have there. */
export const STREAM_PERCENTILES = ["0", "25", "50", "75", "90", "95", "99", "99.5", "100"] as const;

/** Latency in ms; all 0 when nothing was timed. */
export interface LatencyFigures {
  readonly mean: number;
  readonly percentiles: Readonly<Record<(typeof STREAM_PERCENTILES)[number], number>>;
}

/** One command of a gateway, its workers together. Counts are rolling. */
export interface CommandFigures {
  readonly routeId: string;
  readonly service: string;
  readonly group: string;
  /** What calls meet, at any worker: Hystrix, too, calls a circuit open until a trial has closed it. */
  readonly open: boolean;
  readonly forcedOpen: boolean;
  readonly forcedClosed: boolean;
  /** The window that decides, which is emptied when the breaker closes. */
  readonly requestCount: number;
  readonly errorCount: number;
  readonly counts: OutcomeCounts;
  readonly fallbackServed: number;
  readonly fallbackFailed: number;
  readonly fallbackRejected: number;
  readonly inFlight: number;
  /** At most so many at once, in any second of the window. */
  readonly maxInFlight: number;
  readonly latency: LatencyFigures;
  /** As configured; of several workers, limits on calls in flight are added up. */
  readonly thresholds: BreakerReading["thresholds"];
  /** Length of the rolling window, ms. */
  readonly windowMs: number;
}

/** All calls to one service: what Hystrix would run them in is a thread pool. */
export interface PoolFigures {
  readonly service: string;
  readonly inFlight: number;
  readonly maxInFlight: number;
  readonly maxConcurrent: number;
  readonly executed: number;
  readonly rejected: number;
  /** Since the gateway first called the service. */
  readonly completed: number;
  readonly windowMs: number;
}

interface Second {
  readonly counts: OutcomeCounts;
  readonly served: number;
  readonly failed: number;
  readonly rejected: number;
  readonly maxInFlight: number;
  readonly latency: BreakerReading["latency"];
}

/** Percentiles are over so many windows of a second (Hystrix: metrics.rollingPercentile.timeInMilliseconds). */
const LATENCY_WINDOWS = 60;
/** A command that no window has named for so long is forgotten, and so is what it counted. */
const FORGET_WINDOWS = 60;

/**
 * Figures of a gateway's commands over rolling windows, put together from its one-second windows: Hystrix's one-second
 * buckets are these. Costs nothing per request, and per window in proportion to the commands.
 */
export class HystrixWindows {
  readonly #commands = new Map<string, RollingCommand>();
  /** By service. */
  readonly #completed = new Map<string, number>();

  /** Takes the readings of the next window; several of one command are of several workers. */
  take(readings: readonly BreakerReading[]): void {
    const present = new Map<string, BreakerReading[]>();
    for (const reading of readings) {
      const key = JSON.stringify([reading.routeId, reading.service]);
      const known = present.get(key);
      if (known === undefined) present.set(key, [reading]);
      else known.push(reading);
    }
    for (const [key, command] of this.#commands) {
      if (!present.has(key) && command.skip() > FORGET_WINDOWS) this.#commands.delete(key);
    }
    for (const [key, ofCommand] of present) {
      let command = this.#commands.get(key);
      if (command === undefined) this.#commands.set(key, (command = new RollingCommand()));
      const executed = command.add(ofCommand);
      const { service } = ofCommand[0] ?? { service: "" };
      this.#completed.set(service, (this.#completed.get(service) ?? 0) + executed);
    }
    const services = new Set([...this.#commands.values()].map(({ service }) => service));
    for (const service of this.#completed.keys()) if (!services.has(service)) this.#completed.delete(service);
  }

  /** The commands that the last window named. */
  commands(): CommandFigures[] {
    return [...this.#commands.values()].flatMap((command) => (command.isPresent ? [command.figures()] : []));
  }

  /** The services they call. */
  pools(commands: readonly CommandFigures[]): PoolFigures[] {
    const byService = Map.groupBy(commands, ({ service }) => service);
    return [...byService].map(([service, own]) => {
      const windowMs = Math.max(...own.map((command) => command.windowMs));
      // A command with a shorter window goes in at its rate.
      const rolling = (figure: (counts: OutcomeCounts) => number): number =>
        sumOf(own, (command) => (figure(command.counts) * windowMs) / command.windowMs);
      return {
        service,
        inFlight: sumOf(own, ({ inFlight }) => inFlight),
        maxInFlight: sumOf(own, ({ maxInFlight }) => maxInFlight),
        maxConcurrent: sumOf(own, ({ thresholds }) => thresholds.maxConcurrent),
        executed: rolling(executedOf),
        rejected: rolling(({ rejected = 0 }) => rejected),
        completed: this.#completed.get(service) ?? 0,
        windowMs,
      };
    });
  }
}

/** One command, of all workers. */
class RollingCommand {
  readonly #seconds: Second[] = [];
  /** Histogram over the last LATENCY_WINDOWS seconds. */
  readonly #latency = new Uint32Array(BUCKETS);
  #readings: readonly BreakerReading[] = [];
  #skipped = 0;

  get service(): string {
    return this.#readings[0]?.service ?? "";
  }

  get isPresent(): boolean {
    return this.#skipped === 0;
  }

  /** A window without this command passes. Returns how many have in a row. */
  skip(): number {
    this.#skipped += 1;
    return this.#skipped;
  }

  /** Returns how many calls of the window reached the service. */
  add(readings: readonly BreakerReading[]): number {
    this.#skipped = 0;
    this.#readings = readings;
    const second: Second = {
      counts: addCounts(readings.map(({ counts }) => counts)),
      served: sumOf(readings, ({ fallbackServed }) => fallbackServed),
      failed: sumOf(readings, ({ fallbackFailed }) => fallbackFailed),
      rejected: sumOf(readings, ({ fallbackRejected }) => fallbackRejected),
      maxInFlight: sumOf(readings, ({ maxInFlight, inFlight }) => Math.max(maxInFlight, inFlight)),
      latency: readings.flatMap(({ latency }) => latency),
    };
    this.#seconds.push(second);
    this.#count(second, 1);
    const past = this.#seconds.at(-1 - LATENCY_WINDOWS);
    if (past !== undefined) this.#count(past, -1);
    const keep = Math.max(LATENCY_WINDOWS, this.#windows());
    if (this.#seconds.length > keep) this.#seconds.splice(0, this.#seconds.length - keep);
    return executedOf(second.counts);
  }

  figures(): CommandFigures {
    const readings = this.#readings;
    const [first] = readings;
    if (first === undefined) throw new Error("a command without a reading");
    const seconds = this.#seconds.slice(-this.#windows());
    const modes = readings.map(({ override }) => override?.mode ?? null);
    return {
      routeId: first.routeId,
      service: first.service,
      group: first.group,
      open: readings.some(
        ({ state, override }) => effectiveState({ state, override: override?.mode ?? null }) !== "closed",
      ),
      forcedOpen: modes.includes("forced-open"),
      forcedClosed: modes.includes("forced-closed"),
      requestCount: sumOf(readings, ({ window }) => window.total),
      errorCount: sumOf(readings, ({ window }) => window.errors),
      counts: addCounts(seconds.map(({ counts }) => counts)),
      fallbackServed: sumOf(seconds, ({ served }) => served),
      fallbackFailed: sumOf(seconds, ({ failed }) => failed),
      fallbackRejected: sumOf(seconds, ({ rejected }) => rejected),
      inFlight: sumOf(readings, ({ inFlight }) => inFlight),
      maxInFlight: Math.max(0, ...seconds.map(({ maxInFlight }) => maxInFlight)),
      latency: summarise(this.#latency),
      thresholds: {
        ...first.thresholds,
        maxConcurrent: sumOf(readings, ({ thresholds }) => thresholds.maxConcurrent),
        fallbackMaxConcurrent: sumOf(readings, ({ thresholds }) => thresholds.fallbackMaxConcurrent),
      },
      windowMs: first.window.ms,
    };
  }

  #windows(): number {
    return Math.max(1, Math.ceil((this.#readings[0]?.window.ms ?? 0) / 1000));
  }

  #count({ latency }: Second, sign: 1 | -1): void {
    for (const [bucket, count] of latency) this.#latency[bucket] = (this.#latency[bucket] ?? 0) + sign * count;
  }
}

/** Calls that were made, as opposed to refused. */
function executedOf(counts: OutcomeCounts): number {
  const { success = 0, failure = 0, timeout = 0, unreachable = 0, abandoned = 0 } = counts;
  return success + failure + timeout + unreachable + abandoned;
}

function summarise(histogram: Uint32Array): LatencyFigures {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  // A call of a bucket is taken to have lasted as long as the middle of it.
  const spent = histogram.reduce((sum, count, bucket) => (count === 0 ? sum : sum + count * middleMs(bucket)), 0);
  let bucket = -1;
  let seen = 0;
  const percentile = (percent: number): number => {
    if (total === 0) return 0;
    const rank = Math.max(1, Math.ceil((percent / 100) * total));
    while (seen < rank) {
      bucket += 1;
      seen += histogram[bucket] ?? 0;
    }
    return bucketUpperMs(bucket);
  };
  return {
    mean: total === 0 ? 0 : spent / total,
    // In ascending order: each goes on where the one before stood.
    percentiles: {
      "0": percentile(0),
      "25": percentile(25),
      "50": percentile(50),
      "75": percentile(75),
      "90": percentile(90),
      "95": percentile(95),
      "99": percentile(99),
      "99.5": percentile(99.5),
      "100": percentile(100),
    },
  };
}

function middleMs(bucket: number): number {
  return bucketUpperMs(bucket - 0.5);
}

function sumOf<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + figure(item), 0);
}
