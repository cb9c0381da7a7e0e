import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BreakerSettings } from "./breaker-policy.ts";
import { LEASE_GRACE_MS } from "./breaker-state.ts";
import { Breaker, type CallOutcome, type Permit, type Transition } from "./breaker.ts";
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
    countRejections: fc.boolean(),
    slowCallMs: fc.constantFrom(null, 50, 333, 1000),
    slowCallRatePercent: fc.integer({ min: 1, max: 100 }),
    sleepBackoffFactor: fc.constantFrom(1, 1.5, 3),
    sleepWindowMaxMs: fc.integer({ min: 100, max: 6000 }),
    sleepJitterPercent: fc.constantFrom(0, 20),
    readmission: fc.option(
      fc.record({
        steps: fc
          .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 })
          .map((steps) => steps.toSorted((a, b) => a - b)),
        stepMs: fc.integer({ min: 100, max: 1500 }),
        stepCalls: fc.integer({ min: 1, max: 5 }),
        errorBudgetPercent: fc.integer({ min: 0, max: 50 }),
      }),
    ),
  })
  .map((settings) => BreakerSettings.parse(settings));

const Outcomes = fc.constantFrom<CallOutcome>("success", "success", "failure", "timeout", "unreachable", "abandoned");
const Overrides = fc.constantFrom<OverrideMode | null>(null, null, null, "forced-open", "forced-closed");
const Steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("acquire" as const), override: Overrides }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("answer" as const), pick: fc.nat() }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("settle" as const), pick: fc.nat(), outcome: Outcomes }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 3000 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("tick" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("configure" as const), settings: Settings }) },
  ),
  { maxLength: 120 },
);
type Step = typeof Steps extends fc.Arbitrary<(infer S)[]> ? S : never;

interface Held {
  readonly permit: Permit;
  readonly startedMs: number;
  readonly transitionsBefore: number;
  /** When its head came; null: it still waits. */
  answeredMs: number | null;
}

/** A breaker, the calls it let through, and everything that happened to it. */
class Run {
  readonly breaker: Breaker;
  held: Held[] = [];
  nowMs = 1000;
  readonly transitions: Transition[] = [];

  constructor(settings: BreakerSettings) {
    let turn = 0;
    const random = (): number => (turn = (turn + 0.37) % 1);
    this.breaker = new Breaker(settings, this.nowMs, (transition) => this.transitions.push(transition), { random });
  }

  take(step: Step): Held | null {
    switch (step.kind) {
      case "wait":
        this.nowMs += step.ms;
        return null;
      case "tick":
        this.breaker.tick(this.nowMs);
        return null;
      case "configure":
        this.breaker.configure(step.settings, this.nowMs);
        return null;
      case "acquire":
        this.acquire(step.override);
        return null;
      case "answer":
        this.answer(this.held[step.pick % this.held.length]);
        return null;
      case "settle":
        return this.settle(this.held[step.pick % this.held.length], step.outcome);
    }
  }

  acquire(override: OverrideMode | null): Permit {
    const permit = this.breaker.acquire(this.nowMs, override);
    const { length: transitionsBefore } = this.transitions;
    if (permit >= 0) this.held.push({ permit, startedMs: this.nowMs, transitionsBefore, answeredMs: null });
    return permit;
  }

  answer(call: Held | undefined): void {
    if (call === undefined || call.answeredMs !== null) return;
    call.answeredMs = this.nowMs;
    this.breaker.answered(call.startedMs, this.nowMs);
  }

  settle(call: Held | undefined, outcome: CallOutcome): Held | null {
    if (call === undefined) return null;
    this.answer(call);
    this.held = this.held.filter((other) => other !== call);
    this.breaker.settle(call.permit, outcome, this.nowMs, (call.answeredMs ?? this.nowMs) - call.startedMs);
    this.breaker.release();
    return call;
  }
}

/** Plays the steps and calls `check` after each. */
function play(
  settings: BreakerSettings,
  steps: readonly Step[],
  check?: (step: Step, settled: Held | null, run: Run) => void,
): Run {
  const run = new Run(settings);
  for (const step of steps) {
    const settled = run.take(step);
    check?.(step, settled, run);
  }
  return run;
}

describe("breaker, whatever happens in whatever order", () => {
  it("a result whose permit is older than the last transition never changes the state", () => {
    fc.assert(
      fc.property(Settings, Steps, (settings, steps) => {
        const run = new Run(settings);
        for (const step of steps) {
          // What time alone brings about is not the result's doing.
          run.breaker.tick(run.nowMs);
          const before = run.breaker.state;
          const { length } = run.transitions;
          const settled = run.take(step);
          if (settled !== null && settled.transitionsBefore < length) expect(run.breaker.state).toBe(before);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("in flight is exactly the permits held, and comes back to nothing with nobody waiting", () => {
    fc.assert(
      fc.property(Settings, Steps, (settings, steps) => {
        const run = play(settings, steps, (_step, _settled, { breaker, held }) =>
          expect(breaker.inFlight).toBe(held.length),
        );
        for (const call of run.held) run.settle(call, "abandoned");
        expect(run.breaker.inFlight).toBe(0);
        for (const laterMs of [0, 100, 5000]) expect(run.breaker.window(run.nowMs + laterMs).waiting).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  it("never sticks: once the service is well it closes, even when every earlier call is lost for ever", () => {
    fc.assert(
      fc.property(Settings, Steps, (settings, steps) => {
        const run = play(settings, steps);
        const { breaker } = run;
        for (let lost = run.held.length; lost > 0; lost -= 1) breaker.release();
        const { timeoutMs, readmission } = breaker.settings;
        const nextMs = timeoutMs + LEASE_GRACE_MS + 6 * (readmission?.stepMs ?? 0);
        for (let attempt = 0; attempt < 30 && breaker.state.kind !== "closed"; attempt += 1) {
          run.nowMs = breaker.state.kind === "open" ? Math.max(run.nowMs, breaker.state.untilMs) : run.nowMs + nextMs;
          if (run.acquire(null) >= 0) run.settle(run.held.at(-1), "success");
        }
        expect(breaker.state.kind).toBe("closed");
      }),
      { numRuns: 2000 },
    );
  });

  it("rests no longer than the settings allow", () => {
    fc.assert(
      fc.property(Settings, Steps, (settings, steps) => {
        play(settings, steps, (_step, _settled, { breaker, nowMs }) => {
          if (breaker.state.kind !== "open") return;
          const { sleepWindowMs, sleepWindowMaxMs } = breaker.settings;
          const longestMs = Math.max(sleepWindowMs, sleepWindowMaxMs) * 1.2;
          expect(breaker.state.untilMs).toBeLessThanOrEqual(nowMs + longestMs + 1e-6);
        });
      }),
    );
  });

  it("never has more trials under way than permitted", () => {
    fc.assert(
      fc.property(Settings, Steps, (settings, steps) => {
        play(settings, steps, (step, _settled, { breaker }) => {
          if (step.kind !== "acquire" || breaker.state.kind !== "half-open") return;
          const slots = breaker.state.leases.map((lease) => lease.slot);
          expect(new Set(slots).size).toBe(slots.length);
          expect(slots.length).toBeLessThanOrEqual(4);
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

  it("forced closed, what the automatic layer would have refused never moves it", () => {
    fc.assert(
      fc.property(Settings, Steps, fc.integer({ min: 1, max: 6 }), (settings, steps, count) => {
        const run = play(settings, steps);
        for (const call of run.held) run.settle(call, "abandoned");
        run.breaker.tick(run.nowMs);
        for (let call = 0; call < count; call += 1) {
          const before = run.breaker.state;
          const permit = run.acquire("forced-closed");
          expect(permit).toBeGreaterThanOrEqual(0);
          if (permit === 0) {
            run.settle(run.held.at(-1), "timeout");
            expect(run.breaker.state).toBe(before);
          } else run.settle(run.held.at(-1), "abandoned");
        }
      }),
    );
  });

  it("lets a step's share through, exact within one call, however it is offered", () => {
    const Percent = fc.integer({ min: 1, max: 99 });
    const Offers = fc.array(
      Overrides.map((override) => (override === "forced-open" ? null : override)),
      {
        maxLength: 400,
      },
    );
    fc.assert(
      fc.property(Percent, Offers, (percent, offers) => {
        const readmission = { steps: [percent], stepMs: 1000, stepCalls: 10_000, errorBudgetPercent: 99 };
        const run = new Run(BreakerSettings.parse({ requestVolumeThreshold: 1, sleepWindowMs: 100, readmission }));
        run.acquire(null);
        run.settle(run.held[0], "failure");
        run.nowMs += 200;
        run.acquire(null);
        run.settle(run.held[0], "success");
        let passed = 0;
        offers.forEach((override, index) => {
          if (run.acquire(override) > 0) passed += 1;
          run.settle(run.held[0], "success");
          expect(Math.abs(passed - ((index + 1) * percent) / 100)).toBeLessThan(1);
        });
      }),
    );
  });
});
