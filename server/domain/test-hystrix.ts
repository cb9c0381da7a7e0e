import { z } from "zod";

/** What Hystrix's dashboard and Turbine ask of a stream, found by taking one key after another from a real one. */

const INT_MAX = 2 ** 31 - 1;
/** Turbine throws older messages away, ms. */
const MAX_AGE_MS = 2500;

type Kind = "string" | "integer" | "boolean" | "percentiles" | "strategy";

/** Without one of these the dashboard does not draw the command. */
export const COMMAND_KEYS: Readonly<Record<string, Kind>> = {
  name: "string",
  group: "string",
  isCircuitBreakerOpen: "boolean",
  errorPercentage: "integer",
  errorCount: "integer",
  requestCount: "integer",
  rollingCountCollapsedRequests: "integer",
  rollingCountExceptionsThrown: "integer",
  rollingCountFailure: "integer",
  rollingCountFallbackFailure: "integer",
  rollingCountFallbackRejection: "integer",
  rollingCountFallbackSuccess: "integer",
  rollingCountResponsesFromCache: "integer",
  rollingCountSemaphoreRejected: "integer",
  rollingCountShortCircuited: "integer",
  rollingCountSuccess: "integer",
  rollingCountThreadPoolRejected: "integer",
  rollingCountTimeout: "integer",
  currentConcurrentExecutionCount: "integer",
  latencyExecute_mean: "integer",
  latencyExecute: "percentiles",
  propertyValue_circuitBreakerRequestVolumeThreshold: "integer",
  propertyValue_circuitBreakerSleepWindowInMilliseconds: "integer",
  propertyValue_circuitBreakerErrorThresholdPercentage: "integer",
  propertyValue_circuitBreakerForceOpen: "boolean",
  propertyValue_circuitBreakerForceClosed: "boolean",
  propertyValue_executionIsolationStrategy: "strategy",
  propertyValue_executionIsolationThreadTimeoutInMilliseconds: "integer",
  propertyValue_executionIsolationThreadInterruptOnTimeout: "boolean",
  propertyValue_executionIsolationSemaphoreMaxConcurrentRequests: "integer",
  propertyValue_fallbackIsolationSemaphoreMaxConcurrentRequests: "integer",
  propertyValue_metricsRollingStatisticalWindowInMilliseconds: "integer",
  propertyValue_requestCacheEnabled: "boolean",
  propertyValue_requestLogEnabled: "boolean",
};

/** The same of a thread pool. */
export const POOL_KEYS: Readonly<Record<string, Kind>> = {
  name: "string",
  currentActiveCount: "integer",
  currentCompletedTaskCount: "integer",
  currentCorePoolSize: "integer",
  currentLargestPoolSize: "integer",
  currentMaximumPoolSize: "integer",
  currentPoolSize: "integer",
  currentQueueSize: "integer",
  currentTaskCount: "integer",
  rollingCountThreadsExecuted: "integer",
  rollingMaxActiveThreads: "integer",
  propertyValue_queueSizeRejectionThreshold: "integer",
  propertyValue_metricsRollingStatisticalWindowInMilliseconds: "integer",
};

/** May be there, and must then be of this kind. */
const OPTIONAL_KEYS: Readonly<Record<string, Kind>> = {
  rollingCountBadRequests: "integer",
  rollingCountEmit: "integer",
  rollingCountFallbackEmit: "integer",
  rollingCountFallbackMissing: "integer",
  rollingMaxConcurrentExecutionCount: "integer",
  latencyTotal_mean: "integer",
  latencyTotal: "percentiles",
  propertyValue_circuitBreakerEnabled: "boolean",
  propertyValue_executionTimeoutInMilliseconds: "integer",
  rollingCountCommandRejections: "integer",
  reportingHosts: "integer",
  threadPool: "string",
};

const PERCENTILES = ["0", "100", "25", "50", "75", "90", "95", "99", "99.5"];

const Message = z.record(z.string(), z.unknown());
export type Message = Readonly<z.infer<typeof Message>>;

/** The messages of a stream, or of a part of it that ends between two. */
export function messagesOf(text: string): Message[] {
  return text
    .split("\n")
    .flatMap((line) => (line.startsWith("data: ") ? [Message.parse(JSON.parse(line.slice(6)))] : []));
}

/** What is wrong with one round of messages, sent at `nowMs` (Unix epoch). */
export function roundProblems(round: readonly Message[], nowMs: number): string[] {
  const names = round.map(({ type, name }) => `${String(type)} ${String(name)}`);
  const twice = names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} is there twice`);
  const commands = round.filter(({ type }) => type === "HystrixCommand").map(({ name }) => name);
  const shared = round
    .filter(({ type, name }) => type === "HystrixThreadPool" && commands.includes(name))
    .map(({ name }) => `${String(name)} is a command and a pool`);
  return [...twice, ...shared, ...round.flatMap((message) => messageProblems(message, nowMs))];
}

function messageProblems(message: Message, nowMs: number): string[] {
  const { type, name, currentTime } = message;
  const keys = type === "HystrixCommand" ? COMMAND_KEYS : type === "HystrixThreadPool" ? POOL_KEYS : null;
  if (keys === null) return type === "HystrixCollapser" ? [] : [`${String(type)} is no type`];
  const required = Object.entries(keys).flatMap(([key, kind]) => problemOf(message, key, kind));
  const optional = Object.entries(OPTIONAL_KEYS).flatMap(([key, kind]) =>
    key in message ? problemOf(message, key, kind) : [],
  );
  const timely =
    Number.isInteger(currentTime) &&
    Number(currentTime) > INT_MAX &&
    Math.abs(Number(currentTime) - nowMs) <= MAX_AGE_MS;
  const problems = [...required, ...optional, ...(timely ? [] : [`currentTime is ${String(currentTime)}`])];
  return problems.map((problem) => `${String(type)} ${String(name)}: ${problem}`);
}

function problemOf(message: Message, key: string, kind: Kind): string[] {
  const value = message[key];
  return isOf(kind, value) ? [] : [`${key} is ${JSON.stringify(value) ?? "missing"}, not ${kind}`];
}

function isOf(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case "string":
      return typeof value === "string" && value !== "";
    case "boolean":
      return typeof value === "boolean";
    case "strategy":
      return value === "THREAD" || value === "SEMAPHORE";
    case "integer":
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= INT_MAX;
    case "percentiles":
      return (
        typeof value === "object" &&
        value !== null &&
        Object.keys(value).toSorted().join() === PERCENTILES.join() &&
        Object.values(value).every((figure) => isOf("integer", figure))
      );
  }
}
