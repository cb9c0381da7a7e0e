import { commandKey } from "./breaker-policy.ts";
import { mergeHistograms, percentileMs } from "./histogram.ts";
import type { BreakerSecond, FleetBreaker } from "./live.ts";
import { addCounts, totalOf } from "./outcome-counts.ts";
import type { BreakerReading, BreakerTransition, EdgeWindow } from "./traffic.ts";

/** What one gateway's windows say of its breakers. */
export interface GatewayReadings {
  readonly gatewayId: string;
  /** As its latest window left them. */
  readonly latest: readonly BreakerReading[];
  /** Readings of the last minute, oldest first; `atMs` is by the console's clock. */
  readonly seconds: readonly { readonly atMs: number; readonly readings: readonly BreakerReading[] }[];
}

export interface FleetInput {
  readonly gateways: readonly GatewayReadings[];
  /** Calls of every gateway within the averaging window. */
  readonly calls: readonly EdgeWindow[];
  /** Latest first. */
  readonly transitions: readonly (BreakerTransition & { readonly gatewayId: string })[];
  readonly nowMs: number;
  /** Length of the averaging window, ms. */
  readonly windowMs: number;
}

const HISTORY_SECONDS = 60;
const TRANSITIONS_SHOWN = 20;

/** Breakers of the whole fleet, one for each command, by key. */
export function buildFleetBreakers(input: FleetInput): FleetBreaker[] {
  const commands = new Map<string, BreakerReading>();
  for (const gateway of input.gateways) {
    for (const reading of gateway.latest) commands.set(commandKey(reading.routeId, reading.service), reading);
  }
  return [...commands].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, sample]) => buildOne(key, sample, input));
}

function buildOne(key: string, sample: BreakerReading, input: FleetInput): FleetBreaker {
  const { routeId, service, group } = sample;
  const isOwn = (other: { routeId: string; service: string }): boolean =>
    other.routeId === routeId && other.service === service;
  const seconds = input.gateways.flatMap((gateway) =>
    gateway.seconds.flatMap(({ atMs, readings }) => readings.filter(isOwn).map((reading) => ({ atMs, reading }))),
  );
  const recent = seconds.filter(({ atMs }) => atMs > input.nowMs - input.windowMs).map(({ reading }) => reading);
  const latency = mergeHistograms(recent.map((reading) => reading.latency));
  return {
    key,
    routeId,
    service,
    group,
    gateways: input.gateways.flatMap(({ gatewayId, latest }) =>
      latest.filter(isOwn).map((reading) => ({ gatewayId, reading })),
    ),
    offeredPerSecond: totalOf(addCounts(recent.map((reading) => reading.counts))) / (input.windowMs / 1000),
    callers: [...new Set(input.calls.filter(isOwn).map((call) => call.caller))].sort(),
    p50Ms: percentileMs(latency, 50),
    p95Ms: percentileMs(latency, 95),
    p99Ms: percentileMs(latency, 99),
    history: historyOf(seconds, input.nowMs),
    transitions: input.transitions
      .filter(({ target }) => target.service === service && (target.kind === "service" || target.routeId === routeId))
      .slice(0, TRANSITIONS_SHOWN),
    outlooks: [],
  };
}

function historyOf(seconds: readonly { atMs: number; reading: BreakerReading }[], nowMs: number): BreakerSecond[] {
  const bySecond = new Map<number, BreakerReading[]>();
  for (const { atMs, reading } of seconds) {
    const second = Math.floor(atMs / 1000) * 1000;
    if (second <= nowMs - HISTORY_SECONDS * 1000) continue;
    bySecond.set(second, [...(bySecond.get(second) ?? []), reading]);
  }
  return [...bySecond]
    .sort(([a], [b]) => a - b)
    .map(([atMs, readings]) => ({
      atMs,
      counts: addCounts(readings.map((reading) => reading.counts)),
      fallbackServed: readings.reduce((sum, reading) => sum + reading.fallbackServed, 0),
    }));
}
