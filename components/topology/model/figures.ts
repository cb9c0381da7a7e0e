import { effectiveState, type EffectiveBreaker } from "#domain/effective-breaker.ts";
import type { Health, TopologyEdge, TopologyNode } from "#domain/topology.ts";
import { HEALTH_RANK } from "../health-style.ts";

/** Figures of whatever is drawn as one. */
export interface Figures {
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  /** Null: there were no calls, or nobody knows. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly bytesPerSecond: number | null;
  readonly health: Health;
  readonly breaker: EffectiveBreaker | null;
}

/** The same figures without the rest. */
export function figuresOf(of: TopologyNode | TopologyEdge): Figures {
  const { requestsPerSecond, errorRatio, p50Ms, p95Ms, p99Ms, bytesPerSecond, health, breaker } = of;
  return { requestsPerSecond, errorRatio, p50Ms, p95Ms, p99Ms, bytesPerSecond, health, breaker };
}

/** Figures of a part that little is known of: neither its breaker nor its bytes are its own. */
export function partFigures(part: {
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p95Ms?: number | null;
  readonly health: Health;
}): Figures {
  const { requestsPerSecond, errorRatio, p95Ms = null, health } = part;
  return {
    requestsPerSecond,
    errorRatio,
    p50Ms: null,
    p95Ms,
    p99Ms: null,
    bytesPerSecond: null,
    health,
    breaker: null,
  };
}

/**
 * Several taken together. A percentile of the whole is never above the greatest of its parts' percentiles: that one
 * is given, as the parts cannot be merged exactly here.
 */
export function mergeFigures(parts: readonly Figures[]): Figures {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const requestsPerSecond = sum(parts, (part) => part.requestsPerSecond);
  const errors = sum(parts, (part) => part.requestsPerSecond * part.errorRatio);
  return {
    requestsPerSecond,
    errorRatio: requestsPerSecond === 0 ? 0 : errors / requestsPerSecond,
    p50Ms: greatest(parts, (part) => part.p50Ms),
    p95Ms: greatest(parts, (part) => part.p95Ms),
    p99Ms: greatest(parts, (part) => part.p99Ms),
    bytesPerSecond: parts.some((part) => part.bytesPerSecond === null)
      ? null
      : sum(parts, (part) => part.bytesPerSecond ?? 0),
    health: worstHealth(parts),
    breaker: worstOf(parts),
  };
}

function sum(parts: readonly Figures[], of: (part: Figures) => number): number {
  return parts.reduce((total, part) => total + of(part), 0);
}

function greatest(parts: readonly Figures[], of: (part: Figures) => number | null): number | null {
  let most: number | null = null;
  for (const part of parts) {
    const value = of(part);
    if (value !== null && (most === null || value > most)) most = value;
  }
  return most;
}

function worstHealth(parts: readonly Figures[]): Health {
  let worst: Health = "idle";
  for (const { health } of parts) if (HEALTH_RANK[health] < HEALTH_RANK[worst]) worst = health;
  return worst;
}

const SEVERITY = { closed: 0, "half-open": 1, open: 2 } as const;

function severity(breaker: EffectiveBreaker): number {
  return SEVERITY[effectiveState(breaker)] * 2 + (breaker.override === null ? 0 : 1);
}

function worstOf(parts: readonly Figures[]): EffectiveBreaker | null {
  let worst: EffectiveBreaker | null = null;
  for (const { breaker } of parts) {
    if (breaker !== null && (worst === null || severity(breaker) > severity(worst))) worst = breaker;
  }
  return worst;
}
