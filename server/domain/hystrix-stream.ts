import { commandKey } from "./breaker-policy.ts";
import { STREAM_PERCENTILES, type CommandFigures, type LatencyFigures, type PoolFigures } from "./hystrix-window.ts";

/** Turbine 1 adds up by `intValue()`: what does not fit into 32 bits would come out negative. */
const INT_MAX = 2 ** 31 - 1;

/** What Hystrix tells of a fallback: those that were tried, and the calls for which there was none. */
interface FallbackCounts {
  readonly success: number;
  readonly failure: number;
  readonly rejection: number;
  readonly missing: number;
}

/** A `HystrixCommand` of the stream (SerialHystrixDashboardData), every key it has there, in its order. `nowMs`: Unix epoch. */
export function commandMessage(figures: CommandFigures, nowMs: number): Record<string, unknown> {
  const { counts, thresholds } = figures;
  const fallback = fallbackCounts(figures);
  return {
    type: "HystrixCommand",
    name: commandKey(figures.routeId, figures.service),
    group: figures.group,
    currentTime: Math.round(nowMs),
    isCircuitBreakerOpen: figures.open,
    errorPercentage: percentOf(figures.errorCount, figures.requestCount),
    errorCount: int(figures.errorCount),
    requestCount: int(figures.requestCount),
    // Answers that are the caller's fault are successes here, as HTTP has them.
    rollingCountBadRequests: 0,
    rollingCountCollapsedRequests: 0,
    rollingCountEmit: 0,
    // HystrixEventType.EXCEPTION_THROWN: calls whose caller got no answer of anybody.
    rollingCountExceptionsThrown: int(fallback.failure + fallback.missing + fallback.rejection),
    // Hystrix knows no other word for a service that cannot be reached.
    rollingCountFailure: int((counts.failure ?? 0) + (counts.unreachable ?? 0)),
    rollingCountFallbackEmit: 0,
    rollingCountFallbackFailure: int(fallback.failure),
    rollingCountFallbackMissing: int(fallback.missing),
    rollingCountFallbackRejection: int(fallback.rejection),
    rollingCountFallbackSuccess: int(fallback.success),
    rollingCountResponsesFromCache: 0,
    rollingCountSemaphoreRejected: int(counts.rejected ?? 0),
    rollingCountShortCircuited: int(counts["short-circuited"] ?? 0),
    rollingCountSuccess: int(counts.success ?? 0),
    rollingCountThreadPoolRejected: 0,
    rollingCountTimeout: int(counts.timeout ?? 0),
    currentConcurrentExecutionCount: int(figures.inFlight),
    rollingMaxConcurrentExecutionCount: int(figures.maxInFlight),
    latencyExecute_mean: int(figures.latency.mean),
    latencyExecute: percentiles(figures.latency),
    // Nothing waits in a queue: both latencies are one.
    latencyTotal_mean: int(figures.latency.mean),
    latencyTotal: percentiles(figures.latency),
    propertyValue_circuitBreakerRequestVolumeThreshold: int(thresholds.requestVolume),
    propertyValue_circuitBreakerSleepWindowInMilliseconds: int(thresholds.sleepWindowMs),
    propertyValue_circuitBreakerErrorThresholdPercentage: int(thresholds.errorPercent),
    propertyValue_circuitBreakerForceOpen: figures.forcedOpen,
    propertyValue_circuitBreakerForceClosed: figures.forcedClosed,
    propertyValue_circuitBreakerEnabled: thresholds.enabled,
    propertyValue_executionIsolationStrategy: "SEMAPHORE",
    propertyValue_executionIsolationThreadTimeoutInMilliseconds: int(thresholds.timeoutMs),
    propertyValue_executionTimeoutInMilliseconds: int(thresholds.timeoutMs),
    propertyValue_executionIsolationThreadInterruptOnTimeout: true,
    propertyValue_executionIsolationThreadPoolKeyOverride: null,
    propertyValue_executionIsolationSemaphoreMaxConcurrentRequests: int(thresholds.maxConcurrent),
    propertyValue_fallbackIsolationSemaphoreMaxConcurrentRequests: int(thresholds.fallbackMaxConcurrent),
    propertyValue_metricsRollingStatisticalWindowInMilliseconds: int(figures.windowMs),
    propertyValue_requestCacheEnabled: false,
    propertyValue_requestLogEnabled: false,
    reportingHosts: 1,
    threadPool: figures.service,
  };
}

/**
 * A `HystrixThreadPool` of the stream. The gateway has no threads: its places for calls in flight stand for them, so that
 * the lower half of the dashboard has something to draw. Its name is the service's, which no command's is: the dashboard
 * mixes up a pool and a command of one name.
 */
export function poolMessage(figures: PoolFigures, nowMs: number): Record<string, unknown> {
  const size = int(figures.maxConcurrent);
  const completed = int(figures.completed);
  const active = int(figures.inFlight);
  return {
    type: "HystrixThreadPool",
    name: figures.service,
    currentTime: Math.round(nowMs),
    currentActiveCount: active,
    currentCompletedTaskCount: completed,
    currentCorePoolSize: size,
    currentLargestPoolSize: size,
    currentMaximumPoolSize: size,
    currentPoolSize: size,
    currentQueueSize: 0,
    currentTaskCount: int(completed + active),
    rollingCountThreadsExecuted: int(figures.executed),
    rollingMaxActiveThreads: int(figures.maxInFlight),
    rollingCountCommandRejections: int(figures.rejected),
    propertyValue_queueSizeRejectionThreshold: 0,
    propertyValue_metricsRollingStatisticalWindowInMilliseconds: int(figures.windowMs),
    reportingHosts: 1,
  };
}

/** What Hystrix sends after each round; `EventSource` does not know the field, and ignores it. */
export const PING = "ping: \n\n";

/** One message as it is sent. Names come from elsewhere: the text is safe inside a page, too. */
export function dataLine(message: Record<string, unknown>): string {
  const json = JSON.stringify(message).replace(
    /[<\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `data: ${json}\n\n`;
}

/** Every call that was refused or failed had a fallback, or had none. */
function fallbackCounts({ counts, fallbackServed, fallbackFailed, fallbackRejected }: CommandFigures): FallbackCounts {
  const { failure = 0, timeout = 0, unreachable = 0, rejected = 0, "short-circuited": refused = 0 } = counts;
  const without = failure + timeout + unreachable + rejected + refused;
  return {
    success: fallbackServed,
    failure: fallbackFailed,
    rejection: fallbackRejected,
    // A call may have failed in the window before the one in which its fallback ended.
    missing: Math.max(0, without - fallbackServed - fallbackFailed - fallbackRejected),
  };
}

function percentiles(latency: LatencyFigures): Record<string, number> {
  return Object.fromEntries(STREAM_PERCENTILES.map((name) => [name, int(latency.percentiles[name])]));
}

/** Truncated, as Hystrix does it. */
function percentOf(errors: number, total: number): number {
  return total === 0 ? 0 : Math.trunc((errors * 100) / total);
}

function int(figure: number): number {
  return Math.min(INT_MAX, Math.max(0, Math.round(figure)));
}
