import { afterCheck, UNKNOWN_HEALTH } from "#domain/health-verdict.ts";
import { pause } from "#platform/backoff.ts";
import type { HealthCheck } from "./health-check.ts";

/** Until it is well for the first time a service is asked this often, ms, so that its start costs no time. */
const STARTING_INTERVAL_MS = 250;

export interface WatchHealthOptions {
  readonly check: HealthCheck;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Checks in a row that bring it back, and that take it out. */
  readonly healthyAfter: number;
  readonly unhealthyAfter: number;
  /** Called after every check with the verdict; `problem` is what the last failed one said, empty when it passed. */
  readonly onVerdict: (kind: "unknown" | "healthy" | "unhealthy", problem: string) => void;
}

/** Checks a service again and again, one check at a time, until stopped. The first check is made at once. */
export function watchHealth(options: WatchHealthOptions): { stop(): void } {
  const stopping = new AbortController();
  void run();
  return { stop: () => stopping.abort() };

  async function run(): Promise<void> {
    let verdict = UNKNOWN_HEALTH;
    let started = false;
    while (!stopping.signal.aborted) {
      const problem = await checkOnce();
      if (stopping.signal.aborted) return;
      verdict = afterCheck(verdict, problem === "", options);
      started ||= verdict.kind === "healthy";
      options.onVerdict(verdict.kind, problem);
      const intervalMs = started ? options.intervalMs : Math.min(options.intervalMs, STARTING_INTERVAL_MS);
      await pause(intervalMs, stopping.signal);
    }
  }

  async function checkOnce(): Promise<string> {
    const limit = AbortSignal.any([stopping.signal, AbortSignal.timeout(options.timeoutMs)]);
    try {
      await options.check(limit);
      return "";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
