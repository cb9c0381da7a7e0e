import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BreakerSettings } from "./breaker-policy.ts";
import { LEASE_GRACE_MS } from "./breaker-state.ts";
import { WINDOW_BUCKETS, WINDOW_KINDS, BreakerWindow, type WindowKind } from "./breaker-window.ts";
import { Breaker, type CallOutcome, type Permit } from "./breaker.ts";
import type { OverrideMode } from "./override.ts";

const Settings = fc
  .record({
    requestVolumeThreshold: fc.integer({ min: 1, max: 6 }),
    errorThresholdPercent: fc.integer({ min: 1, max: 100 }),
    sleepWindowMs: fc.integer({ min: 100, max: 3000 }),
    timeoutMs: fc.integer({ min: 1, max: 2000 }),
    maxConcurrent: fc.integer({ min: 1, max: 6 }),
    halfOpenPermits: fc.integer({ min: 1, max: 4 }),
    rollingWindowMs: fc.constantFrom(1000, 3000, 10_000),
  })
  .map((settings) => BreakerSettings.parse(settings));

const Outcomes = fc.constantFrom<CallOutcome>("success", "failure", "timeout", "unreachable", "abandoned");
const Overrides = fc.constantFrom<OverrideMode | null>(null, null, null, "forced-open", "forced-closed");
const Steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("acquire" as const), override: Overrides }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("settle" as const), pick: fc.nat(), outcome: Outcomes }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 4000 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("configure" as const), settings: Settings }) },
  ),
  { maxLength: 120 },
);
type Step = typeof Steps extends fc.Arbitrary<(infer S)[]> ? S : never;

interface Held {
  readonly permit: Permit;
  readonly transitionsBefore: number;
}

/** Plays the steps and calls `check` around each. */
function play(
  settings: BreakerSettings,
  steps: readonly Step[],
  check?: (step: Step, held: Held | undefined, run: Run) => void,
): Run {
  const run: Run = { breaker: undefined as never, held: [], nowMs: 1000, transitions: 0 };
  run.breaker = new Breaker(settings, run.nowMs, () => (run.transitions += 1));
  for (const step of steps) {
    let settled: Held | undefined;
    if (step.kind === "wait") run.nowMs += step.ms;
    if (step.kind === "configure") run.breaker.configure(step.settings, run.nowMs);
    if (step.kind === "acquire") {
      const permit = run.breaker.acquire(run.nowMs, step.override);
      if (permit >= 0) run.held.push({ permit, transitionsBefore: run.transitions });
    }
    if (step.kind === "settle" && run.held.length > 0) {
      [settled] = run.held.splice(step.pick % run.held.length, 1);
      const stale = settled !== undefined && settled.transitionsBefore < run.transitions;
      const before = run.breaker.state;
      run.breaker.settle(settled?.permit ?? 0, step.outcome, run.nowMs, 0);
      run.breaker.release();
      if (stale) expect(run.breaker.state).toBe(before);
    }
    check?.(step, settled, run);
  }
  return run;
}
interface Run {
  breaker: Breaker;
  held: Held[];
  nowMs: number;
  transitions: number;
}

describe("breaker, whatever happens in whatever order", () => {
  it("a result whose permit is older than the last transition never changes the state", () => {
    fc.assert(
      fc.property(Settings, Steps, (settings, steps) => void play(settings, steps)),
      { numRuns: 2000 },
    );
  });

  it("in flight is exactly the permits held, and comes back to nothing", () => {
    fc.assert(
      fc.property(Settings, Steps, (settings, steps) => {
        const run = play(settings, steps, (_step, _settled, { breaker, held }) =>
          expect(breaker.inFlight).toBe(held.length),
        );
        for (const { permit } of run.held) {
          run.breaker.settle(permit, "abandoned", run.nowMs, 0);
          run.breaker.release();
        }
        expect(run.breaker.inFlight).toBe(0);
      }),
    );
  });

  it("never sticks: once the service is well, it closes, even when every earlier call is lost for ever", () => {
    fc.assert(
      fc.property(Settings, Steps, (settings, steps) => {
        const { breaker, held, nowMs } = play(settings, steps);
        for (let lost = held.length; lost > 0; lost -= 1) breaker.release();
        let atMs = nowMs;
        for (let attempt = 0; attempt < 10 && breaker.state.kind !== "closed"; attempt += 1) {
          atMs += breaker.settings.sleepWindowMs + breaker.settings.timeoutMs + LEASE_GRACE_MS;
          const permit = breaker.acquire(atMs, null);
          if (permit < 0) continue;
          breaker.settle(permit, "success", atMs, 0);
          breaker.release();
        }
        expect(breaker.state.kind).toBe("closed");
      }),
      { numRuns: 2000 },
    );
  });

  it("never has more trials under way than permitted", () => {
    fc.assert(
      fc.property(Settings, Steps, (settings, steps) => {
        play(settings, steps, (step, _settled, { breaker }) => {
          if (step.kind !== "acquire" || breaker.state.kind !== "half-open") return;
          const slots = breaker.state.leases.map((lease) => lease.slot);
          expect(new Set(slots).size).toBe(slots.length);
        });
      }),
    );
  });

  it("forced open, then lifted, leaves the automatic state as if nobody had touched it", () => {
    fc.assert(
      fc.property(Settings, Steps, fc.integer({ min: 1, max: 50 }), (settings, steps, refusals) => {
        const { breaker, nowMs } = play(settings, steps);
        const before = [breaker.state, breaker.window(nowMs), breaker.inFlight];
        for (let index = 0; index < refusals; index += 1) breaker.acquire(nowMs + index, "forced-open");
        expect([breaker.state, breaker.window(nowMs), breaker.inFlight]).toEqual(before);
        expect(breaker.state).toBe(before[0]);
      }),
    );
  });
});

describe("window", () => {
  it("always agrees with a list of timestamped calls, in whole buckets", () => {
    const Calls = fc.array(
      fc.record({ kind: fc.constantFrom<WindowKind>(...WINDOW_KINDS), waitMs: fc.integer({ min: 0, max: 700 }) }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(Calls, fc.constantFrom(1000, 2000, 10_000), (calls, windowMs) => {
        const window = new BreakerWindow(windowMs);
        const bucketMs = windowMs / WINDOW_BUCKETS;
        const seen: { kind: WindowKind; bucket: number }[] = [];
        let nowMs = 5000;
        for (const { kind, waitMs } of calls) {
          nowMs += waitMs;
          window.add(kind, false, nowMs);
          seen.push({ kind, bucket: Math.floor(nowMs / bucketMs) });
          const inside = seen.filter((call) => call.bucket > Math.floor(nowMs / bucketMs) - WINDOW_BUCKETS);
          const errors = inside.filter((call) => call.kind !== "success").length;
          expect([window.total, window.errors]).toEqual([inside.length, errors]);
          const sums = window.read(nowMs);
          expect([sums.total, sums.errors]).toEqual([inside.length, errors]);
        }
      }),
    );
  });

  it("a longer window keeps what was counted, a shorter one what is recent", () => {
    const window = new BreakerWindow(10_000);
    window.add("failure", false, 1000);
    window.add("success", false, 9000);
    window.configure(20_000, true, 9000);
    expect(window.total).toBe(2);
    window.configure(1000, true, 9000);
    expect([window.total, window.errors]).toEqual([1, 0]);
  });

  it("does not go backwards with a clock that does", () => {
    const window = new BreakerWindow(1000);
    window.add("failure", false, 50_000);
    window.add("failure", false, 20_000);
    expect(window.read(50_000).errors).toBe(2);
  });
});
