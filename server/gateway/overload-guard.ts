import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { smoothedDelayMs, strainReasons, type OverloadReason, type Strain } from "./overload.ts";

export interface OverloadGuardOptions {
  readonly maxConnections: number;
  readonly maxRequests: number;
  /** Requests in flight now. */
  readonly requests: () => number;
  readonly gauge: StrainGauge;
  readonly log: Log;
}

/** Measures the process. */
export interface StrainGauge {
  /** The loop's delay is the mean since it was last asked. */
  measure(): Strain;
  stop(): void;
}

const SAMPLE_MS = 250;
const LIMITS: Strain = { loopDelayMs: 500, heapShare: 0.95, memoryShare: 0.95 };

/**
 * Says when the gateway has as much to do as it can: requests are then refused before they cost anything, while what is
 * in flight goes on. Measures four times a second; a request is weighed by two comparisons.
 */
export class OverloadGuard implements Part {
  readonly name = "overload guard";
  readonly #options: OverloadGuardOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #refused = new Map<OverloadReason, number>();
  #reasons: readonly OverloadReason[] = [];
  #loopDelayMs = 0;
  readonly #counts = new Set<() => number>();

  constructor(options: OverloadGuardOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.sample(), SAMPLE_MS).unref();
  }

  /** Of the listeners for traffic; the admin listener's do not count. */
  get connections(): number {
    let sum = 0;
    for (const count of this.#counts) sum += count();
    return sum;
  }

  /** What makes every request be refused now; empty when nothing does. */
  get reasons(): readonly OverloadReason[] {
    return this.#reasons;
  }

  /** Requests and connections refused so far, by reason. */
  get refused(): ReadonlyMap<OverloadReason, number> {
    return this.#refused;
  }

  /** Takes a listener's open connections into account; returns its undo. */
  count(connections: () => number): () => void {
    this.#counts.add(connections);
    return () => void this.#counts.delete(connections);
  }

  /** Whether one more connection may be taken. */
  hasRoom(): boolean {
    if (this.connections < this.#options.maxConnections) return true;
    this.#refuse("connections");
    return false;
  }

  /** Why a request that has just come must be refused; null when it may go on. */
  refuse(): OverloadReason | null {
    const [standing] = this.#reasons;
    const reason = standing ?? (this.#options.requests() >= this.#options.maxRequests ? "requests" : null);
    if (reason !== null) this.#refuse(reason);
    return reason;
  }

  /** Measures, and decides what stands until the next time. By itself four times a second. */
  sample(): void {
    const { gauge, log } = this.#options;
    const measured = gauge.measure();
    this.#loopDelayMs = smoothedDelayMs(this.#loopDelayMs, measured.loopDelayMs, LIMITS.loopDelayMs);
    const strain = { ...measured, loopDelayMs: this.#loopDelayMs };
    const before = this.#reasons;
    this.#reasons = strainReasons(strain, LIMITS, before);
    if (this.#reasons.length > 0 && before.length === 0)
      log.warn({ reasons: this.#reasons, ...strain }, "overloaded: refusing requests");
    if (this.#reasons.length === 0 && before.length > 0) log.info(strain, "no longer overloaded");
  }

  stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#options.gauge.stop();
    return Promise.resolve();
  }

  #refuse(reason: OverloadReason): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
  }
}

const RESOLUTION_MS = 20;

/** Measures this process. `sharers`: how many processes share the container's memory. */
export function openStrainGauge(sharers: number): StrainGauge {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const memoryBytes = memoryLimit() / sharers;
  return {
    measure() {
      // A measurement takes as long as the resolution at least; what is above that is delay.
      const loopDelayMs = delay.count === 0 ? 0 : Math.max(0, delay.mean / 1e6 - RESOLUTION_MS);
      delay.reset();
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      return { loopDelayMs, heapShare: used / limit, memoryShare: process.memoryUsage.rss() / memoryBytes };
    },
    stop: () => void delay.disable(),
  };
}

/** Infinite outside a container: the machine's memory is not ours alone. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < Number.MAX_SAFE_INTEGER ? limit : Number.POSITIVE_INFINITY;
}
