import type { HystrixCommand, HystrixReading, HystrixSource } from "#domain/hystrix-command.ts";
import { effectiveState, STATE_STYLES, type EffectiveState } from "../breaker-state.ts";

/** A reading older than this is not the present, ms: Hystrix tells twice a second. */
const FRESH_MS = 10_000;
/** Hystrix's percentiles come out of buckets of ten seconds, which begin when somebody first looks. */
const FIRST_LATENCY_MS = 11_000;

/** What callers meet there. Hystrix 1.5.18 calls a circuit that is forced open closed. */
export function stateOf(reading: HystrixReading): EffectiveState {
  return effectiveState(reading.state, reading.forced);
}

export function isFresh(reading: HystrixReading, nowMs: number): boolean {
  return nowMs - reading.receivedAtMs <= FRESH_MS;
}

/** A command as its instances tell of it at present; those whose stream is lost are left out. */
export interface JvmView {
  readonly fresh: readonly HystrixReading[];
  /** Null: no instance tells anything now. */
  readonly state: EffectiveState | null;
  readonly requests: number;
  readonly errors: number;
  readonly errorPercent: number;
}

export function viewOf(command: HystrixCommand, nowMs: number): JvmView {
  const fresh = command.instances.filter((reading) => isFresh(reading, nowMs));
  const states = fresh.map(stateOf).toSorted((a, b) => STATE_STYLES[a].rank - STATE_STYLES[b].rank);
  const requests = fresh.reduce((sum, { requestCount }) => sum + requestCount, 0);
  const errors = fresh.reduce((sum, { errorCount }) => sum + errorCount, 0);
  const errorPercent = requests === 0 ? 0 : Math.min(100, (errors / requests) * 100);
  return { fresh, state: states[0] ?? null, requests, errors, errorPercent };
}

/** `Open on 1 of 2 instances`; of a Turbine's sum, hosts are counted. */
export function stateInWords({ fresh, state }: JvmView): string {
  if (state === null) return "Not known now";
  const word = STATE_STYLES[state].word;
  const total = fresh.reduce((sum, { hosts }) => sum + hosts, 0);
  const like = fresh
    .filter((reading) => stateOf(reading) === state)
    .reduce((sum, reading) => sum + hostsLike(reading), 0);
  if (like >= total) return word;
  const places = fresh.some(({ hosts }) => hosts > 1) ? "hosts" : "instances";
  return `${word} on ${like.toString()} of ${total.toString()} ${places}`;
}

/** How many of a reading's hosts are in the state that it is called. */
export function hostsLike({ forced, state, hosts, openHosts, forcedHosts }: HystrixReading): number {
  if (forced !== null) return forcedHosts;
  return state === "open" ? openHosts : hosts;
}

export type Percentile = keyof NonNullable<HystrixReading["latency"]>;

/** Lowest and highest of a percentile over instances; null when none tells it. Never a mean: that would be of nothing. */
export function spreadOf(
  readings: readonly HystrixReading[],
  percentile: Percentile,
): { readonly min: number; readonly max: number } | null {
  const figures = readings.flatMap(({ latency }) => (latency === null ? [] : [latency[percentile]]));
  return figures.length === 0 ? null : { min: Math.min(...figures), max: Math.max(...figures) };
}

/** Why there is no latency; empty when there is. */
export function noLatencyReason(view: JvmView, sources: readonly HystrixSource[], nowMs: number): string {
  if (view.fresh.some(({ latency }) => latency !== null)) return "";
  if (view.fresh.length === 0) return "No latency: no instance's stream is read now.";
  const up = sources.filter(({ link }) => link.state === "up");
  if (up.every(({ link }) => nowMs - link.sinceMs < FIRST_LATENCY_MS))
    return "No latency yet: Hystrix tells none in the first ten seconds that it is watched.";
  return "No latency: no call took as long as a millisecond in the last minute.";
}

/** Streams of the instances of a command's service. */
export function sourcesOf(sources: readonly HystrixSource[], service: string): HystrixSource[] {
  return sources.filter((source) => source.service === service);
}

/** Worst first; within a state by name, so that tiles do not wander. What nobody tells of is last. */
export function worstFirst(commands: readonly HystrixCommand[], nowMs: number): HystrixCommand[] {
  const rank = new Map(
    commands.map((command) => {
      const { state } = viewOf(command, nowMs);
      return [command.key, state === null ? Number.MAX_SAFE_INTEGER : STATE_STYLES[state].rank];
    }),
  );
  return commands.toSorted((a, b) => (rank.get(a.key) ?? 0) - (rank.get(b.key) ?? 0) || (a.key < b.key ? -1 : 1));
}
