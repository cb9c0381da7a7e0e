import { commandKey } from "#domain/breaker-policy.ts";
import type { EdgeTotals } from "#domain/edge-totals.ts";
import type { FleetBreaker } from "#domain/live.ts";
import { isSameValue } from "#domain/same-value.ts";
import type { BreakerReading } from "#domain/traffic.ts";
import { BreakerRing, HISTORY_SECONDS } from "./breaker-ring.ts";
import type { CollectedGateway } from "./collector.ts";
import { GatewaySeconds, type NewSeconds } from "./gateway-seconds.ts";
import type { PlacedTransition } from "./transition-book.ts";

export interface FleetInput {
  readonly gateways: readonly CollectedGateway[];
  /** Calls of every gateway within the last seconds; they say who calls. */
  readonly calls: readonly EdgeTotals[];
  readonly transitionsOf: (routeId: string, service: string) => readonly PlacedTransition[];
  /** Unix epoch ms by the console's clock. */
  readonly nowMs: number;
}

/** A second counts as complete this long after its end, ms: the windows that end in it have arrived by then. */
const LATENESS_MS = 900;
/** What a moment may differ by from one window to the next for being told by two clocks, ms. */
const JITTER_MS = 50;

const NO_CALLERS: readonly string[] = [];
/** They are told of breakers, by `FleetOutlooks`. */
const NO_OUTLOOKS: FleetBreaker["outlooks"] = [];

interface Command {
  readonly ring: BreakerRing;
  shown: FleetBreaker | null;
}

/**
 * The breakers of all gateways, one for each command. Each window is counted once, when it is first seen; a picture then
 * costs in proportion to the breakers and not to their history. What has not changed is the same object as in the picture
 * before, so that others can tell by looking.
 */
export class FleetBreakers {
  readonly #commands = new Map<string, Command>();
  readonly #gateways = new Map<string, GatewaySeconds>();

  /** All breakers that a gateway's latest window knows, by key. */
  take({ gateways, calls, transitionsOf, nowMs }: FleetInput): FleetBreaker[] {
    this.#countAll(gateways);
    const ids = new Set(gateways.map(({ gatewayId }) => gatewayId));
    for (const id of this.#gateways.keys()) if (!ids.has(id)) this.#gateways.delete(id);
    const newest = Math.floor((nowMs - LATENESS_MS) / 1000) - 1;
    const callers = callersByKey(calls);
    const present = readingsByKey(gateways);
    this.#prune(present, newest);
    return [...present]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, readings]) => {
        const sample = readings.at(-1)?.reading;
        if (sample === undefined) return [];
        const { routeId, service, group } = sample;
        const command = this.#commandAt(key);
        const next = {
          key,
          routeId,
          service,
          group,
          gateways: readings,
          callers: callers.get(key) ?? NO_CALLERS,
          ...command.ring.recent(newest),
          history: command.ring.history(newest),
          transitions: transitionsOf(routeId, service),
          outlooks: NO_OUTLOOKS,
        };
        command.shown = command.shown === null ? next : keepSame(command.shown, next);
        return [command.shown];
      });
  }

  #countAll(gateways: readonly CollectedGateway[]): void {
    const counted = gateways.map(({ gatewayId, windows }) => {
      const seconds = this.#gateways.get(gatewayId) ?? new GatewaySeconds();
      const isKnown = this.#gateways.has(gatewayId);
      this.#gateways.set(gatewayId, seconds);
      return { gatewayId, isKnown, ...seconds.take(windows) };
    });
    // In one pass for all of them: after a stall of the console every gateway's clock may seem to be another.
    const moved = new Set(counted.flatMap(({ gatewayId, isKnown, anew }) => (isKnown && anew ? [gatewayId] : [])));
    if (moved.size > 0) for (const { ring } of this.#commands.values()) ring.forget(moved);
    for (const { gatewayId, windows } of counted) this.#count(gatewayId, windows);
  }

  #count(gatewayId: string, windows: NewSeconds["windows"]): void {
    for (const { second, window } of windows) {
      for (const { routeId, service, counts, fallbackServed, latency } of window.breakers) {
        this.#commandAt(commandKey(routeId, service)).ring.add(second, { gatewayId, counts, fallbackServed, latency });
      }
    }
  }

  #commandAt(key: string): Command {
    let command = this.#commands.get(key);
    if (command === undefined) this.#commands.set(key, (command = { ring: new BreakerRing(), shown: null }));
    return command;
  }

  /** Forgets commands that no gateway has any more, once their minute is over. */
  #prune(present: ReadonlyMap<string, unknown>, newest: number): void {
    for (const [key, { ring }] of this.#commands) {
      if (!present.has(key) && ring.newest <= newest - HISTORY_SECONDS) this.#commands.delete(key);
    }
  }
}

type PlacedReading = FleetBreaker["gateways"][number];

function readingsByKey(gateways: readonly CollectedGateway[]): Map<string, PlacedReading[]> {
  const byKey = new Map<string, PlacedReading[]>();
  for (const { gatewayId, latest } of gateways) {
    for (const reading of latest?.breakers ?? []) {
      const key = commandKey(reading.routeId, reading.service);
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [{ gatewayId, reading }]);
      else known.push({ gatewayId, reading });
    }
  }
  return byKey;
}

function callersByKey(calls: readonly EdgeTotals[]): Map<string, readonly string[]> {
  const byKey = new Map<string, Set<string>>();
  for (const { routeId, service, caller } of calls) {
    const key = commandKey(routeId, service);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, new Set([caller]));
    else known.add(caller);
  }
  return new Map([...byKey].map(([key, callers]) => [key, [...callers].sort()]));
}

/** The breaker as it is now, with every part that says the same as before being the same object as before. */
function keepSame(before: FleetBreaker, next: FleetBreaker): FleetBreaker {
  const gateways = next.gateways.map((placed, at) => keepReading(before.gateways[at], placed));
  const kept: FleetBreaker = {
    ...next,
    gateways: keepList(before.gateways, gateways),
    callers: keepList(before.callers, next.callers),
    transitions: keepList(before.transitions, next.transitions),
  };
  return isShallowlySame(before, kept) ? before : kept;
}

function isShallowlySame(before: FleetBreaker, next: FleetBreaker): boolean {
  let name: keyof FleetBreaker;
  for (name in next) if (before[name] !== next[name]) return false;
  return true;
}

function keepReading(before: PlacedReading | undefined, next: PlacedReading): PlacedReading {
  if (before?.gatewayId !== next.gatewayId || before.reading.worker !== next.reading.worker) return next;
  const reading = steadied(before.reading, next.reading);
  return isSameValue(before.reading, reading) ? before : { gatewayId: next.gatewayId, reading };
}

/** A gateway derives moments anew for each window, from two clocks; a change by some ms is none. */
function steadied(before: BreakerReading, next: BreakerReading): BreakerReading {
  if (before.state !== next.state) return next;
  const sinceMs = steady(before.sinceMs, next.sinceMs);
  const nextTrialAtMs = steady(before.nextTrialAtMs, next.nextTrialAtMs);
  return sinceMs === next.sinceMs && nextTrialAtMs === next.nextTrialAtMs ? next : { ...next, sinceMs, nextTrialAtMs };
}

function steady<Moment extends number | null>(before: Moment, next: Moment): Moment {
  if (before === null || next === null) return next;
  return Math.abs(next - before) <= JITTER_MS ? before : next;
}

function keepList<Item>(before: readonly Item[], next: readonly Item[]): readonly Item[] {
  return before === next || (before.length === next.length && next.every((item, at) => isSameValue(item, before[at])))
    ? before
    : next;
}
