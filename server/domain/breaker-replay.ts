import { apportion } from "./apportion.ts";
import type { BreakerSettings } from "./breaker-policy.ts";
import { WINDOW_BUCKETS } from "./breaker-window.ts";
import { offeredCalls, type Lane } from "./offered-calls.ts";
import type { CommandRecord } from "./recorded-second.ts";
import { ReplayedBreaker, type ReplayResult } from "./replayed-breaker.ts";

/** Calls between two moments, within one bucket of the breaker's window. */
interface Slice {
  readonly fromMs: number;
  readonly toMs: number;
}

/** After so many calls judged one by one it is time for others to have a turn. */
const CALLS_PER_TURN = 2000;

/**
 * Replays a record with settings, through the gateway's own engine with a virtual clock. Yields now and then, so that whoever runs
 * it can do other things between.
 *
 * The calls of a second are spread evenly over it, those that ended alike interleaved. Each stands for an attempt at the time its
 * result was recorded; a trial's result comes as much later as the call took. Calls are judged one by one where they may make a
 * difference, and added to the window many at once where they cannot: the decisions are the same. Calls at once are not limited,
 * jitter is left out, and overrides are not repeated. The breakers of a gateway's workers are replayed as one that has the calls,
 * and needs the calls, of all of them.
 */
export function* replayBreaker(
  record: CommandRecord,
  settings: BreakerSettings,
  fromMs: number,
  toMs: number,
): Generator<void, ReplayResult, undefined> {
  const breaker = new ReplayedBreaker(forAll(settings, record.breakers), fromMs);
  const bucketMs = settings.rollingWindowMs / WINDOW_BUCKETS;
  for (const { atMs, lanes, calls } of offeredCalls(record.seconds, settings)) {
    const shares = lanes.map((lane) => lane.calls / calls);
    const carry = lanes.map(() => 0);
    let offered = 0;
    for (const slice of slicesOf(atMs, bucketMs)) {
      const upTo = Math.round((calls * (slice.toMs - atMs)) / SECOND_MS);
      const inSlice = apportion(shares, upTo - offered, carry);
      offered = upTo;
      const some = lanes.map((lane, at) => ({ ...lane, calls: inSlice[at] ?? 0 })).filter((lane) => lane.calls > 0);
      if (some.length > 0 && !breaker.offerAll(some, slice.fromMs, slice.toMs)) yield* oneByOne(breaker, some, slice);
    }
    yield;
  }
  return breaker.finish(toMs);
}

const SECOND_MS = 1000;

function* oneByOne(breaker: ReplayedBreaker, lanes: readonly Lane[], { fromMs, toMs }: Slice): Generator<void> {
  const total = lanes.reduce((sum, lane) => sum + lane.calls, 0);
  const taken = lanes.map(() => 0);
  for (let n = 0; n < total; n += 1) {
    const at = mostDue(lanes, taken, (n + 1) / total);
    const lane = lanes[at];
    if (lane === undefined) return;
    taken[at] = (taken[at] ?? 0) + 1;
    breaker.offer(lane, fromMs + ((n + 0.5) * (toMs - fromMs)) / total);
    if (n % CALLS_PER_TURN === CALLS_PER_TURN - 1) yield;
  }
}

/** Which lane is furthest behind when `share` of all calls are to be taken. */
function mostDue(lanes: readonly Lane[], taken: readonly number[], share: number): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < lanes.length; at += 1) {
    const behind = (lanes[at]?.calls ?? 0) * share - (taken[at] ?? 0);
    if (behind > most) {
      most = behind;
      best = at;
    }
  }
  return best;
}

/** A second, cut where buckets of the window begin. */
function slicesOf(atMs: number, bucketMs: number): Slice[] {
  const slices: Slice[] = [];
  const endMs = atMs + SECOND_MS;
  for (let fromMs = atMs; fromMs < endMs;) {
    const toMs = Math.min(endMs, (Math.floor(fromMs / bucketMs) + 1) * bucketMs);
    slices.push({ fromMs, toMs });
    fromMs = toMs;
  }
  return slices;
}

/** Each of the breakers has its share of the calls; the one that stands for all has to see as many more before it decides. */
function forAll(settings: BreakerSettings, breakers: number): BreakerSettings {
  const { readmission } = settings;
  return {
    ...settings,
    maxConcurrent: Number.MAX_SAFE_INTEGER,
    requestVolumeThreshold: settings.requestVolumeThreshold * breakers,
    halfOpenPermits: Math.min(MOST_PERMITS, settings.halfOpenPermits * breakers),
    readmission: readmission === null ? null : { ...readmission, stepCalls: readmission.stepCalls * breakers },
  };
}

/** As BreakerSettings has it. */
const MOST_PERMITS = 100;
