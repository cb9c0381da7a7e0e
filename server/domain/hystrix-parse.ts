import type { HystrixReading } from "./hystrix-command.ts";

/** What a stream says of one command, before it is known who said it and when. */
export type CommandReport = Omit<HystrixReading, "instance" | "receivedAtMs">;

/** A message of a `hystrix.stream` that concerns us. */
export type HystrixMessage =
  | { readonly kind: "command"; readonly name: string; readonly group: string; readonly report: CommandReport }
  /** Turbine: no host reports it any more. */
  | { readonly kind: "gone"; readonly name: string };

/** Longer names are not taken: cut to fit, two of them could become one. */
const NAME_MAX = 256;

/**
 * Reads a message as Hystrix 1.4 and 1.5 and both Turbines write it, and as others imitate it: numbers as text, flags as
 * counts of hosts, sums in place of settings. Null for what is no command: thread pools, collapsers, Turbine's own words.
 * Never throws.
 */
export function readHystrixMessage(message: unknown): HystrixMessage | null {
  const fields = recordOf(message);
  const name = textOf(fields["name"]);
  if (fields["type"] !== "HystrixCommand" || name === "" || name.length > NAME_MAX) return null;
  if (flagOf(fields["deleteData"]).yes > 0) return { kind: "gone", name };
  const group = textOf(fields["group"]).slice(0, NAME_MAX);
  return { kind: "command", name, group, report: reportOf(fields) };
}

type Fields = Readonly<Record<string, unknown>>;

function reportOf(fields: Fields): CommandReport {
  const hosts = Math.max(1, countOf(fields["reportingHosts"]));
  const count = (key: string): number => countOf(fields[key]);
  const open = flagOf(fields["isCircuitBreakerOpen"]);
  const forcedOpen = flagOf(fields["propertyValue_circuitBreakerForceOpen"]);
  const forcedClosed = flagOf(fields["propertyValue_circuitBreakerForceClosed"]);
  const requestCount = count("requestCount");
  const errorCount = count("errorCount");
  return {
    state: open.yes > 0 ? "open" : "closed",
    forced: forcedOpen.yes > 0 ? "forced-open" : forcedClosed.yes > 0 ? "forced-closed" : null,
    hosts,
    openHosts: hostsOf(open, hosts),
    forcedHosts: hostsOf(forcedOpen.yes > 0 ? forcedOpen : forcedClosed, hosts),
    requestCount,
    errorCount,
    errorPercent: requestCount === 0 ? 0 : Math.min(100, (errorCount * 100) / requestCount),
    rollingMs: settingOf(fields["propertyValue_metricsRollingStatisticalWindowInMilliseconds"], hosts) || 10_000,
    counts: {
      success: count("rollingCountSuccess"),
      failure: count("rollingCountFailure"),
      timeout: count("rollingCountTimeout"),
      rejected: count("rollingCountThreadPoolRejected") + count("rollingCountSemaphoreRejected"),
      "short-circuited": count("rollingCountShortCircuited"),
    },
    badRequests: count("rollingCountBadRequests"),
    fallbackServed: count("rollingCountFallbackSuccess"),
    fallbackFailed: count("rollingCountFallbackFailure"),
    fallbackRejected: count("rollingCountFallbackRejection"),
    inFlight: count("currentConcurrentExecutionCount"),
    latency: latencyOf(fields, hosts),
    thresholds: {
      // Old versions do not say; then it is.
      enabled: fields["propertyValue_circuitBreakerEnabled"] === undefined || isSet(fields, "circuitBreakerEnabled"),
      requestVolume: settingOf(fields["propertyValue_circuitBreakerRequestVolumeThreshold"], hosts),
      errorPercent: settingOf(fields["propertyValue_circuitBreakerErrorThresholdPercentage"], hosts),
      sleepWindowMs: settingOf(fields["propertyValue_circuitBreakerSleepWindowInMilliseconds"], hosts),
      timeoutMs: settingOf(
        fields["propertyValue_executionTimeoutInMilliseconds"] ??
          fields["propertyValue_executionIsolationThreadTimeoutInMilliseconds"],
        hosts,
      ),
      strategy: mostCommon(fields["propertyValue_executionIsolationStrategy"]) === "SEMAPHORE" ? "SEMAPHORE" : "THREAD",
    },
  };
}

function isSet(fields: Fields, property: string): boolean {
  return flagOf(fields[`propertyValue_${property}`]).yes > 0;
}

/** Both Turbines add percentiles up; divided by the hosts they are a mean, which is all that is left of them. */
function latencyOf(fields: Fields, hosts: number): HystrixReading["latency"] {
  const percentiles = recordOf(fields["latencyExecute"]);
  const figure = (value: unknown): number => numberOf(value) / hosts;
  const latency = {
    mean: figure(fields["latencyExecute_mean"]),
    p50: figure(percentiles["50"]),
    p90: figure(percentiles["90"]),
    p99: figure(percentiles["99"]),
    p995: figure(percentiles["99.5"]),
  };
  const longest = Math.max(...Object.values(latency), figure(percentiles["100"]));
  return longest === 0 ? null : latency;
}

/** A setting: Turbine 1 adds them up as numbers, Turbine 2 sends text, or how many hosts have which. */
function settingOf(value: unknown, hosts: number): number {
  if (typeof value === "number") return Math.round(numberOf(value) / hosts);
  return Math.round(numberOf(mostCommon(value)));
}

interface Votes {
  readonly yes: number;
  readonly no: number;
}

/** `true`, `"true"`, `{"false":2,"true":1}`, or that as text. */
function flagOf(value: unknown): Votes {
  const votes = votesOf(value);
  if (votes !== null) return { yes: countOf(votes["true"]), no: countOf(votes["false"]) };
  return value === true || value === "true" ? { yes: 1, no: 0 } : { yes: 0, no: 1 };
}

/** A flag that is one value stands for all hosts. */
function hostsOf({ yes, no }: Votes, hosts: number): number {
  if (yes === 0) return 0;
  return no === 0 ? hosts : Math.min(yes, hosts);
}

/** What most hosts say, where they differ. */
function mostCommon(value: unknown): unknown {
  const votes = votesOf(value);
  if (votes === null) return value;
  return Object.entries(votes).toSorted(([, a], [, b]) => countOf(b) - countOf(a))[0]?.[0];
}

/** `{"10000":2}`, as an object or as text; null for anything else. */
function votesOf(value: unknown): Fields | null {
  if (isRecord(value)) return value;
  if (typeof value !== "string" || !value.startsWith("{")) return null;
  try {
    return recordOf(JSON.parse(value));
  } catch {
    return null;
  }
}

function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A number as such or as text, never below 0; 0 for anything else. */
function numberOf(value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number)
    ? Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, number))
    : 0;
}

function countOf(value: unknown): number {
  return Math.round(numberOf(value));
}
