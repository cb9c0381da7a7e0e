import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BreakerSettings } from "./breaker-policy.ts";
import { WaitingCalls } from "./breaker-waiting.ts";
import { BreakerWindow, WINDOW_BUCKETS, WINDOW_KINDS, type WindowKind } from "./breaker-window.ts";
import { Breaker, REJECTED, type CallOutcome, type Permit } from "./breaker.ts";

describe("window", () => {
  it("always agrees with a list of timestamped calls, in whole buckets", () => {
    const Calls = fc.array(
      fc.record({
        kind: fc.constantFrom<WindowKind>(...WINDOW_KINDS),
        slow: fc.boolean(),
        waitMs: fc.integer({ min: 0, max: 700 }),
      }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(Calls, fc.constantFrom(1000, 2000, 10_000), fc.boolean(), (calls, windowMs, countRejections) => {
        const window = new BreakerWindow(windowMs, countRejections);
        const bucketMs = windowMs / WINDOW_BUCKETS;
        const seen: { kind: WindowKind; slow: boolean; bucket: number }[] = [];
        let nowMs = 5000;
        for (const { kind, slow, waitMs } of calls) {
          nowMs += waitMs;
          window.add(kind, slow, nowMs);
          seen.push({ kind, slow, bucket: Math.floor(nowMs / bucketMs) });
          const inside = seen.filter((call) => call.bucket > Math.floor(nowMs / bucketMs) - WINDOW_BUCKETS);
          const counting = inside.filter((call) => countRejections || call.kind !== "rejected");
          const errors = counting.filter((call) => call.kind !== "success").length;
          const slowOnes = inside.filter((call) => call.slow).length;
          expect([window.total, window.errors, window.slow]).toEqual([counting.length, errors, slowOnes]);
          const sums = window.read(nowMs);
          expect([sums.total, sums.errors, sums.slow]).toEqual([counting.length, errors, slowOnes]);
          expect(sums.byKind[kind]).toBe(inside.filter((call) => call.kind === kind).length);
        }
      }),
    );
  });

  it("a longer window keeps what was counted, a shorter one what is recent", () => {
    const window = new BreakerWindow(10_000);
    window.add("failure", true, 1000);
    window.add("success", true, 9000);
    window.configure(20_000, true, 9000);
    expect([window.total, window.slow]).toEqual([2, 2]);
    window.configure(1000, true, 9000);
    expect([window.total, window.errors, window.slow]).toEqual([1, 0, 1]);
  });

  it("does not go backwards with a clock that does", () => {
    const window = new BreakerWindow(1000);
    window.add("failure", false, 50_000);
    window.add("failure", false, 20_000);
    expect(window.read(50_000).errors).toBe(2);
  });
});

describe("calls still waiting", () => {
  const Moves = fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant("begin" as const), count: fc.integer({ min: 1, max: 4 }) }),
      },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("answer" as const), pick: fc.nat() }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.double({ min: 0, max: 400, noNaN: true }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const) }) },
    ),
    { maxLength: 150 },
  );

  it("always agree with a list of calls by when they began, in whole buckets, and come back to none", () => {
    fc.assert(
      fc.property(Moves, fc.constantFrom(1, 50, 333, 1000), (moves, slowMs) => {
        const waiting = new WaitingCalls(slowMs, 0, false);
        const bucketMs = slowMs / 16;
        let nowMs = 5000.5;
        let held: { startedMs: number; known: boolean }[] = [];
        /** Began at a moment at which others were forgotten: nobody can tell them apart. */
        let mixedMs = Number.NaN;
        for (const move of moves) {
          if (move.kind === "wait") nowMs += move.ms;
          if (move.kind === "forget") {
            if (held.some(({ startedMs }) => startedMs === nowMs)) mixedMs = nowMs;
            held = held.map((call) => ({ ...call, known: false }));
            waiting.forget(nowMs);
          }
          if (move.kind === "begin")
            for (let call = 0; call < move.count; call += 1) {
              held.push({ startedMs: nowMs, known: nowMs !== mixedMs });
              waiting.begun(nowMs);
            }
          if (move.kind === "answer" && held.length > 0) {
            const [call] = held.splice(move.pick % held.length, 1);
            if (call !== undefined) waiting.answered(call.startedMs, nowMs);
          }
          const old = held.filter(
            ({ startedMs, known }) =>
              known && Math.floor(startedMs / bucketMs) <= Math.floor((nowMs - slowMs) / bucketMs) - 1,
          );
          expect(waiting.read(nowMs)).toBe(old.length);
          expect(old.every(({ startedMs }) => nowMs - startedMs >= slowMs - 1e-6)).toBe(true);
        }
        for (const { startedMs } of held) waiting.answered(startedMs, nowMs);
        for (const laterMs of [0, slowMs, 10 * slowMs]) expect(waiting.read(nowMs + laterMs)).toBe(0);
        expect(waiting.old(nowMs + 10 * slowMs)).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });
});

it("calls that began at the very moment of the first look are never told from those before, however often it starts over", () => {
  const waiting = new WaitingCalls(500, 1000, true);
  waiting.begun(1000);
  waiting.answered(1000, 1000);
  waiting.forget(1000);
  waiting.answered(1000, 1000);
  expect(waiting.read(5000)).toBe(0);
});

describe("a breaker's sums", () => {
  const Settings = fc
    .record({
      requestVolumeThreshold: fc.constantFrom(3, 10, 1_000_000),
      errorThresholdPercent: fc.integer({ min: 1, max: 100 }),
      sleepWindowMs: fc.integer({ min: 100, max: 2000 }),
      maxConcurrent: fc.constantFrom(3, 20),
      countRejections: fc.boolean(),
      slowCallMs: fc.constantFrom(null, 50, 333),
      readmission: fc.constantFrom(null, { steps: [10, 50], stepMs: 300, stepCalls: 2, errorBudgetPercent: 30 }),
      rollingWindowMs: fc.constantFrom(1000, 10_000),
    })
    .map((settings) => BreakerSettings.parse(settings));
  const Moves = fc.array(
    fc.record({
      kind: fc.constantFrom("begin", "begin", "answer", "settle", "tick"),
      pick: fc.nat(),
      outcome: fc.constantFrom<CallOutcome>("success", "success", "failure", "timeout", "abandoned"),
      // Never nothing: what began at the very moment of a transition is another test's.
      waitMs: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1500 })),
    }),
    { maxLength: 150 },
  );
  interface Call {
    readonly permit: Permit;
    readonly startedMs: number;
    readonly generation: number;
    answeredMs: number | null;
  }

  it("are those of a list: slow calls beside their kinds, waiting ones since the last transition, nothing from before a close", () => {
    fc.assert(
      fc.property(Settings, Moves, (settings, moves) => {
        let counted: { kind: WindowKind; slow: boolean; atMs: number }[] = [];
        let generation = 0;
        let nowMs = 10_000;
        const breaker = new Breaker(settings, nowMs, ({ to }) => {
          generation += 1;
          if (to === "closed") counted = [];
        });
        const held: Call[] = [];
        const answer = (call: Call): void => {
          if (call.answeredMs !== null) return;
          call.answeredMs = nowMs;
          breaker.answered(call.startedMs, nowMs);
        };
        for (const { kind, pick, outcome, waitMs } of moves) {
          nowMs += waitMs;
          const at = pick % Math.max(1, held.length);
          const call = held[at];
          if (kind === "tick") breaker.tick(nowMs);
          else if (kind === "begin") {
            const permit = breaker.acquire(nowMs, null);
            if (permit === REJECTED) counted.push({ kind: "rejected", slow: false, atMs: nowMs });
            if (permit >= 0) held.push({ permit, startedMs: nowMs, generation, answeredMs: null });
          } else if (call !== undefined) {
            answer(call);
            if (kind === "settle") {
              const tookMs = (call.answeredMs ?? nowMs) - call.startedMs;
              const slow = settings.slowCallMs !== null && tookMs >= settings.slowCallMs;
              if (outcome !== "abandoned") counted.push({ kind: outcome, slow, atMs: nowMs });
              held.splice(at, 1);
              breaker.settle(call.permit, outcome, nowMs, tookMs);
              breaker.release();
            }
          }
          expect(breaker.window(nowMs)).toEqual(naive(counted, held, generation, settings, nowMs));
        }
      }),
      { numRuns: 2000 },
    );
  });

  function naive(
    counted: readonly { kind: WindowKind; slow: boolean; atMs: number }[],
    held: readonly Call[],
    generation: number,
    { rollingWindowMs, countRejections, slowCallMs }: BreakerSettings,
    nowMs: number,
  ) {
    const bucketMs = rollingWindowMs / WINDOW_BUCKETS;
    const oldest = Math.floor(nowMs / bucketMs) - WINDOW_BUCKETS + 1;
    const inside = counted.filter(({ atMs }) => Math.floor(atMs / bucketMs) >= oldest);
    const of = (wanted: WindowKind): number => inside.filter(({ kind }) => kind === wanted).length;
    const byKind = Object.fromEntries(WINDOW_KINDS.map((kind) => [kind, of(kind)]));
    const errors = inside.length - of("success") - (countRejections ? 0 : of("rejected"));
    const old = (startedMs: number): boolean => {
      const sliceMs = (slowCallMs ?? Number.NaN) / 16;
      return Math.floor(startedMs / sliceMs) < Math.floor(nowMs / sliceMs - 16);
    };
    return {
      total: errors + of("success"),
      errors,
      slow: inside.filter(({ slow }) => slow).length,
      waiting: held.filter((call) => call.answeredMs === null && call.generation === generation && old(call.startedMs))
        .length,
      byKind,
    };
  }
});
