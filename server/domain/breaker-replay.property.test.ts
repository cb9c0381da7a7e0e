import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Breaker, type CallOutcome } from "./breaker.ts";
import { BreakerSettings } from "./breaker-policy.ts";
import { replayBreaker } from "./breaker-replay.ts";
import { WINDOW_BUCKETS } from "./breaker-window.ts";
import { LatencyRecorder } from "./histogram.ts";
import { totalOf } from "./outcome-counts.ts";
import type { CommandRecord, RecordedSecond } from "./recorded-second.ts";
import { REPLAY_KINDS, type ReplayKind } from "./replay-calls.ts";
import { ReplayedBreaker, type ReplayedOpening, type ReplayResult } from "./replayed-breaker.ts";
import { OUTCOMES, type Outcome } from "./traffic.ts";

const START_MS = Date.parse("2026-11-25T00:00:00Z");

function replay(seconds: readonly RecordedSecond[], settings: BreakerSettings): ReplayResult {
  const lastMs = seconds.at(-1)?.atMs ?? START_MS;
  const calls = seconds.reduce((sum, { counts }) => sum + totalOf(counts), 0);
  const breakers = seconds.reduce((most, second) => Math.max(most, second.breakers), 1);
  const record: CommandRecord = { gatewayId: "g", routeId: "r", service: "s", seconds, calls, breakers, lastMs };
  const steps = replayBreaker(record, settings, START_MS, lastMs + 1000);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** How a service does for a while. */
interface Phase {
  readonly seconds: number;
  readonly perSecond: number;
  /** Of ten calls, how many fail. */
  readonly failing: number;
  readonly tookMs: number;
  readonly how: "failure" | "timeout" | "unreachable";
}

interface Lived {
  readonly seconds: RecordedSecond[];
  readonly openings: ReplayedOpening[];
}

/** What a gateway's breaker lives through, and what is recorded of it. */
function live(phases: readonly Phase[], settings: BreakerSettings): Lived {
  const openings: ReplayedOpening[] = [];
  const breaker = new Breaker(settings, START_MS, ({ atMs, from, to, cause }) => {
    if (from === "closed") openings.push({ fromMs: atMs, toMs: null, cause });
    const last = openings.pop();
    if (last !== undefined) openings.push(to === "closed" ? { ...last, toMs: atMs } : last);
  });
  const seconds = new Map<number, { counts: Partial<Record<Outcome, number>>; latency: LatencyRecorder }>();
  const record = (nowMs: number, outcome: Outcome, tookMs: number | null): void => {
    const atMs = Math.floor(nowMs / 1000) * 1000;
    const second = seconds.get(atMs) ?? { counts: {}, latency: new LatencyRecorder() };
    seconds.set(atMs, second);
    second.counts[outcome] = (second.counts[outcome] ?? 0) + 1;
    if (tookMs !== null) second.latency.record(tookMs);
  };
  let underWay: { permit: number; outcome: CallOutcome; startedMs: number; endMs: number }[] = [];
  const endUntil = (nowMs: number): void => {
    if (underWay.every((call) => call.endMs > nowMs)) return;
    const ended = underWay.filter((call) => call.endMs <= nowMs).toSorted((a, b) => a.endMs - b.endMs);
    underWay = underWay.filter((call) => call.endMs > nowMs);
    for (const { permit, outcome, startedMs, endMs } of ended) {
      breaker.answered(startedMs, endMs);
      breaker.settle(permit, outcome, endMs, endMs - startedMs);
      breaker.release();
      record(endMs, outcome, endMs - startedMs);
    }
  };
  let phaseMs = START_MS;
  for (const { seconds: length, perSecond, failing, tookMs, how } of phases) {
    for (let n = 0; n < length * perSecond; n += 1) {
      const nowMs = phaseMs + (n * 1000) / perSecond;
      endUntil(nowMs);
      const permit = breaker.acquire(nowMs, null);
      if (permit < 0) record(nowMs, "short-circuited", null);
      // Spread over ten: 7 is prime to it.
      else
        underWay.push({
          permit,
          outcome: (n * 7) % 10 < failing ? how : "success",
          startedMs: nowMs,
          endMs: nowMs + tookMs,
        });
    }
    phaseMs += length * 1000;
  }
  endUntil(phaseMs + 60_000);
  const recorded = [...seconds].toSorted(([a], [b]) => a - b);
  const rest = { fallbackServed: 0, fallbackFailed: 0, breakers: 1 };
  return {
    seconds: recorded.map(([atMs, { counts, latency }]) => ({ atMs, counts, latency: latency.take(), ...rest })),
    openings,
  };
}

const phase = (failing: fc.Arbitrary<number>): fc.Arbitrary<Phase> =>
  fc.record({
    seconds: fc.integer({ min: 15, max: 60 }),
    perSecond: fc.integer({ min: 10, max: 60 }),
    failing,
    tookMs: fc.integer({ min: 1, max: 300 }),
    how: fc.constantFrom("failure", "timeout", "unreachable"),
  });
const well = phase(fc.constant(0));
const ill = phase(fc.constant(10));
/** Well and ill in turn, and well at last, for long enough to recover. */
const life = fc
  .array(fc.tuple(well, ill), { minLength: 1, maxLength: 3 })
  .chain((turns) => well.map((last) => [...turns.flat(), { ...last, seconds: 60 }]));
/** Well and ill for the most part: then how a trial goes is luck. */
const hardLife = fc.tuple(phase(fc.integer({ min: 0, max: 3 })), phase(fc.integer({ min: 7, max: 10 })));

const settings = (given: Partial<BreakerSettings> = {}): BreakerSettings =>
  BreakerSettings.parse({ maxConcurrent: 100_000, ...given });

const GRADED: BreakerSettings["readmission"] = { steps: [5, 50], stepMs: 1000, stepCalls: 5, errorBudgetPercent: 20 };

const anySecond = fc.record({
  counts: fc.dictionary(fc.constantFrom(...OUTCOMES), fc.integer({ min: 1, max: 300 }), { noNullPrototype: true }),
  spread: fc.array(fc.integer({ min: 40, max: 180 }), { minLength: 1, maxLength: 4 }),
  breakers: fc.integer({ min: 1, max: 3 }),
});
/** Anything that may be on record, also what no breaker would have made of it. */
const anyRecord = fc.array(anySecond, { maxLength: 120 }).map((drafts) =>
  drafts.map(({ counts, spread, breakers }, at): RecordedSecond => {
    const { success = 0, failure = 0, timeout = 0, unreachable = 0 } = counts;
    const timed = success + failure + timeout + unreachable;
    const buckets = [...new Set(spread)].toSorted((a, b) => a - b);
    const latency = buckets.map((bucket): [number, number] => [bucket, Math.floor(timed / buckets.length)]);
    return { atMs: START_MS + at * 1000, counts, latency, fallbackServed: 0, fallbackFailed: 0, breakers };
  }),
);
const anySettings = fc.record({
  requestVolumeThreshold: fc.integer({ min: 1, max: 400 }),
  errorThresholdPercent: fc.integer({ min: 1, max: 100 }),
  sleepWindowMs: fc.integer({ min: 100, max: 20_000 }),
  rollingWindowMs: fc.integer({ min: 1000, max: 30_000 }),
  timeoutMs: fc.integer({ min: 1, max: 5000 }),
  halfOpenPermits: fc.integer({ min: 1, max: 5 }),
  slowCallMs: fc.option(fc.integer({ min: 1, max: 2000 })),
  sleepBackoffFactor: fc.constantFrom(1, 2),
  readmission: fc.option(fc.constant(GRADED)),
  countRejections: fc.boolean(),
});

describe("replaying what a breaker lived through, with the settings it had", () => {
  it.each([
    ["the defaults", {}],
    ["back-off", { sleepBackoffFactor: 2, sleepWindowMs: 3000, sleepWindowMaxMs: 6000 }],
    ["a graded return", { readmission: { steps: [10, 50], stepMs: 1000, stepCalls: 5, errorBudgetPercent: 30 } }],
  ])(
    "of a service that is up or down, opens it as often, each time within a second of when it did: with %s",
    (_, given) => {
      fc.assert(
        fc.property(life, (phases) => {
          const { seconds, openings } = live(phases, settings(given));
          const replayed = replay(seconds, settings(given));
          expect(replayed.openCount).toBe(openings.length);
          for (const [at, opening] of openings.entries()) {
            const again = replayed.openings[at];
            expect(Math.abs((again?.fromMs ?? 0) - opening.fromMs)).toBeLessThanOrEqual(1000);
          }
        }),
        { numRuns: 30 },
      );
    },
  );

  it("opens it the first time within a second of when it did, however few calls fail before and succeed after", () => {
    fc.assert(
      fc.property(hardLife, (phases) => {
        const { seconds, openings } = live(phases, settings());
        const again = replay(seconds, settings()).openings;
        expect(again.length > 0).toBe(openings.length > 0);
        expect(Math.abs((again[0]?.fromMs ?? 0) - (openings[0]?.fromMs ?? 0))).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 30 },
    );
  });

  it("ends each opening when it ended, to within a sleep window and a second", () => {
    fc.assert(
      fc.property(life, (phases) => {
        const { seconds, openings } = live(phases, settings());
        const { openings: again } = replay(seconds, settings());
        for (const [at, { toMs }] of openings.entries())
          expect(Math.abs((again[at]?.toMs ?? Infinity) - (toMs ?? Infinity))).toBeLessThanOrEqual(6000);
      }),
      { numRuns: 30 },
    );
  });
});

describe("many calls at once", () => {
  const lane = fc.record({
    kind: fc.constantFrom(...REPLAY_KINDS),
    calls: fc.integer({ min: 1, max: 30 }),
    tookMs: fc.integer({ min: 0, max: 400 }),
    known: fc.boolean(),
  });

  it("come to the same as one by one, wherever they are taken at once", () => {
    fc.assert(
      fc.property(fc.array(fc.array(lane, { maxLength: 3 }), { maxLength: 60 }), anySettings, (slices, given) => {
        const rules = settings(given);
        const isSlow = (kind: ReplayKind, tookMs: number): boolean =>
          kind !== "rejected" && tookMs >= (rules.slowCallMs ?? Number.POSITIVE_INFINITY);
        const [many, single] = [new ReplayedBreaker(rules, 0), new ReplayedBreaker(rules, 0)];
        const sliceMs = rules.rollingWindowMs / WINDOW_BUCKETS;
        for (const [at, drafts] of slices.entries()) {
          const lanes = drafts.map(({ kind, ...rest }) => ({ of: { kind, slow: isSlow(kind, rest.tookMs) }, ...rest }));
          const [fromMs, toMs] = [at * sliceMs, (at + 1) * sliceMs];
          const calls = lanes.flatMap((one) => Array.from({ length: one.calls }, () => ({ ...one, calls: 1 })));
          const offer = (breaker: ReplayedBreaker): void =>
            calls.forEach((call, n) => breaker.offer(call, fromMs + ((n + 0.5) * sliceMs) / calls.length));
          if (!many.offerAll(lanes, fromMs, toMs)) offer(many);
          offer(single);
        }
        expect(many.finish(slices.length * sliceMs)).toEqual(single.finish(slices.length * sliceMs));
      }),
      { numRuns: 150 },
    );
  });
});

describe("replaying any record", () => {
  it("loses no call: each is let through or refused, and those refused would have gone well, badly, or are nobody's business", () => {
    fc.assert(
      fc.property(anyRecord, anySettings, (seconds, given) => {
        const result = replay(seconds, settings(given));
        const offered = seconds.reduce((sum, { counts }) => sum + totalOf(counts), 0);
        expect(result.passed + result.refused).toBe(offered);
        expect(result.refusedGood + result.refusedBad).toBeLessThanOrEqual(result.refused);
        expect(result.failed).toBeLessThanOrEqual(result.passed);
        expect(result.assumed).toBe(seconds.reduce((sum, { counts }) => sum + (counts["short-circuited"] ?? 0), 0));
      }),
      { numRuns: 150 },
    );
  });

  it("comes to the same every time", () => {
    fc.assert(
      fc.property(anyRecord, anySettings, (seconds, given) => {
        expect(replay(seconds, settings(given))).toEqual(replay(seconds, settings(given)));
      }),
      { numRuns: 50 },
    );
  });

  it("opens no later the first time when the threshold or the volume is lower", () => {
    fc.assert(
      fc.property(anyRecord, anySettings, fc.nat(99), fc.nat(300), (seconds, given, percent, volume) => {
        const stricter = {
          ...given,
          errorThresholdPercent: Math.max(1, given.errorThresholdPercent - percent),
          requestVolumeThreshold: Math.max(1, given.requestVolumeThreshold - volume),
        };
        const first = (openings: readonly ReplayedOpening[]): number => openings[0]?.fromMs ?? Infinity;
        expect(first(replay(seconds, settings(stricter)).openings)).toBeLessThanOrEqual(
          first(replay(seconds, settings(given)).openings),
        );
      }),
      { numRuns: 200 },
    );
  });

  it("never opens a breaker that is switched off", () => {
    fc.assert(
      fc.property(anyRecord, anySettings, (seconds, given) => {
        expect(replay(seconds, settings({ ...given, enabled: false }))).toMatchObject({ openings: [], refused: 0 });
      }),
      { numRuns: 50 },
    );
  });
});
