import type { LinkStatus } from "./link-status.ts";
import type { OverrideMode } from "./override.ts";
import type { OutcomeCounts } from "./outcome-counts.ts";

/** One command of one JVM instance, as that instance's own stream last told. Percentiles are of this instance alone. */
export interface HystrixReading {
  readonly instance: string;
  /** Hystrix knows no half-open in its stream. */
  readonly state: "closed" | "open";
  /** `circuitBreaker.forceOpen` or `forceClosed` is set there. */
  readonly forced: OverrideMode | null;
  /** Of how many hosts this is the sum: 1, unless a Turbine was asked. Of a sum, percentiles are means and not to be trusted. */
  readonly hosts: number;
  /** How many of those say that it is open, and how many that it is forced. */
  readonly openHosts: number;
  readonly forcedHosts: number;
  /** Health window; calls that were short-circuited are not in it. */
  readonly requestCount: number;
  readonly errorCount: number;
  /** Of these two: what a stream says itself is a sum after a Turbine. */
  readonly errorPercent: number;
  /** Length of the rolling window behind the counts, ms. */
  readonly rollingMs: number;
  /** Rolling counts; thread-pool and semaphore rejections are both `rejected`. */
  readonly counts: OutcomeCounts;
  readonly badRequests: number;
  readonly fallbackServed: number;
  readonly fallbackFailed: number;
  readonly fallbackRejected: number;
  readonly inFlight: number;
  /** Execution latency, ms; null while all of it is 0, as it is for the first ten seconds that anybody looks. */
  readonly latency: {
    readonly mean: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly p995: number;
  } | null;
  readonly thresholds: {
    readonly enabled: boolean;
    readonly requestVolume: number;
    readonly errorPercent: number;
    readonly sleepWindowMs: number;
    readonly timeoutMs: number;
    readonly strategy: "THREAD" | "SEMAPHORE";
  };
  /** When it arrived, by the console's clock (Unix epoch, ms). */
  readonly receivedAtMs: number;
}

/** A Hystrix command of a service, at each of its instances. */
export interface HystrixCommand {
  /** `service/command`. */
  readonly key: string;
  readonly service: string;
  readonly name: string;
  readonly group: string;
  readonly instances: readonly HystrixReading[];
  /** Offered, short-circuited calls included, all instances together. */
  readonly offeredPerSecond: number;
  /** Per second, oldest first, at most 60. */
  readonly history: readonly {
    readonly atMs: number;
    readonly offeredPerSecond: number;
    /** Short-circuited among those offered; the error share is of the rest. */
    readonly refusedPerSecond: number;
    readonly errorPercent: number;
  }[];
}

/** A stream that an instance advertises. */
export interface HystrixSource {
  readonly service: string;
  readonly instance: string;
  /** Empty when what it advertises must not be followed; `link.problem` says why. */
  readonly url: string;
  readonly link: LinkStatus;
  /** When it last sent anything, by the console's clock (Unix epoch, ms); 0: never. */
  readonly heardAtMs: number;
  /** How many of its commands are known. */
  readonly commands: number;
  /** It has more of them than are kept. */
  readonly truncated: boolean;
}
