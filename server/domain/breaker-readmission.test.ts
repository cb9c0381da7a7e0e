import { describe, expect, it } from "vitest";
import { Readmission, type BreakerSettings } from "./breaker-policy.ts";
import { readmissionStep } from "./breaker-readmission.ts";
import { shownState } from "./breaker-state.ts";
import { Breaker, REJECTED, SHORT_CIRCUITED } from "./breaker.ts";
import { BenchedBreaker } from "./test-breaker.ts";

const STEPS = { steps: [5, 25], stepMs: 1000, stepCalls: 5, errorBudgetPercent: 20 };

/** In its first step, with a trial just passed. */
function readmitting(readmission: Partial<Readmission> = {}, settings: Partial<BreakerSettings> = {}): BenchedBreaker {
  const bench = new BenchedBreaker({
    requestVolumeThreshold: 4,
    sleepWindowMs: 500,
    readmission: Readmission.parse({ ...STEPS, ...readmission }),
    ...settings,
  });
  bench.sleepThrough();
  bench.call("success");
  return bench;
}

/** Offers calls until so many were let through; how many it took. */
function passing(bench: BenchedBreaker, count: number, outcome: "success" | "failure" = "success"): number {
  let offered = 0;
  for (let passed = 0; passed < count; offered += 1) if (bench.call(outcome) >= 0) passed += 1;
  return offered;
}

const step = ({ breaker }: BenchedBreaker): number | string =>
  breaker.state.kind === "readmitting" ? breaker.state.percent : breaker.state.kind;

describe("the share of a step", () => {
  it.each([1, 5, 25, 33, 50, 99])(
    "of %d %% is let through exactly, spread evenly, from the first call on",
    (percent) => {
      const bench = readmitting({ steps: [percent], stepCalls: 10_000 });
      const passed: number[] = [];
      for (let call = 0; call < 1000; call += 1) if (bench.call("success") >= 0) passed.push(call);
      expect(passed).toHaveLength(percent * 10);
      expect(passed[0]).toBe(0);
      const gaps = passed.slice(1).map((at, index) => at - (passed[index] ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(100 / percent));
    },
  );

  it("is refused otherwise as an open breaker refuses", () => {
    const bench = readmitting();
    expect(bench.call("success")).toBeGreaterThan(0);
    for (let call = 1; call < 20; call += 1) expect(bench.call("success")).toBe(SHORT_CIRCUITED);
    expect(bench.call("success")).toBeGreaterThan(0);
  });

  it("rule 3: is not used up by a rejection", () => {
    const bench = readmitting({}, { maxConcurrent: 1 });
    bench.hang(1);
    for (let call = 1; call < 20; call += 1) expect(bench.call("success")).toBe(SHORT_CIRCUITED);
    for (let call = 0; call < 3; call += 1) expect(bench.call("success")).toBe(REJECTED);
    bench.breaker.release();
    expect(bench.call("success")).toBeGreaterThan(0);
  });
});

describe("a step", () => {
  it("leads to the next when its time is over and its calls have ended, and the last one closes it with a clear window", () => {
    const bench = readmitting();
    const { breaker, clock, transitions } = bench;
    expect(step(bench)).toBe(5);
    passing(bench, 5);
    clock.nowMs += 999;
    breaker.tick(clock.nowMs);
    expect(step(bench)).toBe(5);
    breaker.tick((clock.nowMs += 1));
    expect(step(bench)).toBe(25);
    clock.nowMs += 1000;
    expect(passing(bench, 4)).toBeGreaterThan(4);
    expect(step(bench)).toBe(25);
    clock.nowMs += 300;
    passing(bench, 1);
    expect(step(bench)).toBe("closed");
    expect(breaker.state.sinceMs).toBe(clock.nowMs);
    expect(breaker.window(clock.nowMs).total).toBe(0);
    expect(transitions.slice(2).map(({ from, to, percent, cause }) => [from, to, percent, cause])).toEqual([
      ["half-open", "half-open", 5, "Trial succeeded: 5 % let through"],
      ["half-open", "half-open", 25, "0 of 5 calls went wrong at 5 %: 25 % let through"],
      ["half-open", "closed", null, "0 of 5 calls went wrong at 25 %: all let through"],
    ]);
  });

  it("that gets too few calls ends after six times its length; without any traffic ticks lead all the way", () => {
    const bench = readmitting();
    const { breaker, clock, transitions } = bench;
    const startMs = clock.nowMs;
    passing(bench, 4);
    breaker.tick(startMs + 5999);
    expect(step(bench)).toBe(5);
    breaker.tick(startMs + 6000);
    expect(step(bench)).toBe(25);
    breaker.tick(startMs + 60_000);
    expect(transitions.slice(-2).map(({ atMs, cause }) => [atMs - startMs, cause])).toEqual([
      [6000, "0 of 4 calls went wrong at 5 %: 25 % let through"],
      [12_000, "No call ended at 25 %: all let through"],
    ]);
  });

  it("is over when its time was, whoever looks later", () => {
    const bench = readmitting();
    const startMs = bench.clock.nowMs;
    passing(bench, 5);
    bench.clock.nowMs += 3000;
    bench.call("success");
    expect(bench.transitions.at(-1)).toMatchObject({ atMs: startMs + 1000, percent: 25 });
  });

  it("forgives as many errors as its budget, of the calls it waits for or has had, and opens at once at one more", () => {
    const strict = readmitting({ stepCalls: 10 });
    passing(strict, 2, "failure");
    passing(strict, 10, "success");
    expect(step(strict)).toBe(5);
    passing(strict, 1, "failure");
    expect(strict.breaker.state).toMatchObject({
      kind: "open",
      trips: 2,
      cause: "3 of 13 calls went wrong at 5 %, 2 allowed",
    });
    const busy = readmitting({ stepCalls: 10 });
    passing(busy, 2, "failure");
    passing(busy, 12, "success");
    passing(busy, 1, "failure");
    expect(step(busy)).toBe(5);
  });

  it("opens with back-off, and where the calls failed is asked again", () => {
    const bench = new BenchedBreaker(
      { requestVolumeThreshold: 1, sleepWindowMs: 500, sleepBackoffFactor: 3, readmission: Readmission.parse(STEPS) },
      { explain: () => "all of it at b" },
    );
    bench.sleepThrough();
    bench.call("success");
    passing(bench, 2, "failure");
    expect(bench.breaker.state).toMatchObject({
      kind: "open",
      trips: 2,
      untilMs: bench.clock.nowMs + 1500,
      cause: "2 of 2 calls went wrong at 5 %, 1 allowed; all of it at b",
    });
  });

  it("counts slow calls as gone wrong, those still waiting included, and callers that went away not at all", () => {
    const slow = readmitting({}, { slowCallMs: 100 });
    passing(slow, 30, "success");
    expect(step(slow)).toBe(5);
    const late = readmitting({}, { slowCallMs: 100 });
    expect(late.call("success", 100)).toBeGreaterThan(0);
    expect(step(late)).toBe(5);
    while (step(late) === 5) late.call("success", 100);
    expect(late.breaker.state.kind).toBe("open");
    const hanging = readmitting({ steps: [50] }, { slowCallMs: 100 });
    hanging.hang(4);
    hanging.breaker.tick(hanging.clock.nowMs + 200);
    expect(hanging.breaker.state.cause).toBe("2 of 2 calls went wrong at 50 %, 1 allowed");
    const leaving = readmitting();
    for (let call = 0; call < 100; call += 1) leaving.call("abandoned");
    expect(leaving.breaker.state).toMatchObject({ kind: "readmitting", calls: 0, errors: 0 });
  });

  it("rule 2: a result that comes after its step's time was over is of no step, although nobody had looked", () => {
    const bench = readmitting({ errorBudgetPercent: 0 });
    const { breaker, clock } = bench;
    const late = breaker.acquire(clock.nowMs, null);
    passing(bench, 5);
    clock.nowMs += 1000;
    breaker.settle(late, "failure", clock.nowMs, 1000);
    expect(breaker.state).toMatchObject({ kind: "readmitting", percent: 25, calls: 0, errors: 0 });
  });

  it("rule 2: takes no notice of results from before it", () => {
    const bench = readmitting({ errorBudgetPercent: 0 });
    const { breaker, clock } = bench;
    const before = breaker.acquire(clock.nowMs, null);
    passing(bench, 5);
    breaker.tick((clock.nowMs += 1000));
    expect(step(bench)).toBe(25);
    const state = breaker.state;
    breaker.settle(before, "timeout", clock.nowMs, 1000);
    expect(breaker.state).toBe(state);
  });
});

describe("rule 1: under an override", () => {
  it("forced closed everything passes while the steps go on underneath, decided by their share alone", () => {
    const bench = readmitting({ errorBudgetPercent: 0 });
    bench.override = "forced-closed";
    expect(bench.call("success")).toBeGreaterThan(0);
    for (let call = 1; call < 20; call += 1) expect(bench.call("failure")).toBe(0);
    expect(bench.breaker.state).toMatchObject({ kind: "readmitting", calls: 1, errors: 0 });
    bench.call("failure");
    expect(bench.breaker.state.kind).toBe("open");
  });

  it("forced closed, calls that wait and had no share in the step do not open it", () => {
    const bench = readmitting({ errorBudgetPercent: 0 }, { slowCallMs: 100 });
    bench.override = "forced-closed";
    bench.call("success");
    expect(new Set(bench.hang(10))).toEqual(new Set([0]));
    bench.breaker.tick((bench.clock.nowMs += 500));
    expect(step(bench)).toBe(5);
  });

  it("forced open nothing passes, and the steps go by", () => {
    const bench = readmitting();
    bench.override = "forced-open";
    const { state } = bench.breaker;
    for (let call = 0; call < 100; call += 1) bench.call("success");
    expect(bench.breaker.state).toBe(state);
    bench.breaker.tick(bench.clock.nowMs + 12_000);
    expect(bench.breaker.state.kind).toBe("closed");
  });
});

describe("rule 10: settings edited during it", () => {
  it("keep the step with its counts where the same share is among the new steps", () => {
    const bench = readmitting();
    const { breaker, clock, settings } = bench;
    passing(bench, 3);
    breaker.configure({ ...settings, readmission: { ...STEPS, steps: [1, 5, 50] } }, clock.nowMs);
    expect(breaker.state).toMatchObject({ kind: "readmitting", percent: 5, step: 1, calls: 3 });
  });

  it("else go back to the next smaller share", () => {
    const bench = readmitting({ steps: [5, 25] });
    const { breaker, clock, settings, transitions } = bench;
    breaker.configure({ ...settings, readmission: { ...STEPS, steps: [2, 4, 40] } }, clock.nowMs);
    expect(breaker.state).toMatchObject({ kind: "readmitting", percent: 4, step: 1, calls: 0 });
    expect(transitions.at(-1)).toMatchObject({ percent: 4, cause: "Steps changed by policy: 4 % let through" });
    breaker.configure({ ...settings, readmission: { ...STEPS, steps: [40, 80] } }, clock.nowMs);
    expect(step(bench)).toBe(40);
  });

  it("without steps close it", () => {
    const bench = readmitting();
    bench.breaker.configure({ ...bench.settings, readmission: null }, bench.clock.nowMs);
    expect(bench.breaker.state.cause).toBe("Graded return switched off by policy");
  });
});

it("is half-open to the rest of the world, which is told of the step", () => {
  const bench = readmitting();
  const { breaker, clock, settings } = bench;
  const startMs = clock.nowMs;
  passing(bench, 1, "failure");
  expect(shownState(breaker.state)).toBe("half-open");
  expect(readmissionStep(breaker.state, settings.readmission)).toEqual({
    step: 1,
    steps: 2,
    percent: 5,
    calls: 1,
    errors: 1,
    errorsAllowed: 1,
    untilMs: startMs + 1000,
  });
});

it("rule 11: after a restart in it a trial is due again, and it counts on", () => {
  const { breaker, clock, settings } = readmitting();
  const saved = breaker.save(clock.nowMs, 5_000_000);
  const restarted = new Breaker(settings, 0);
  if (saved !== null) restarted.restore(saved, 0, 5_000_100);
  expect(restarted.state).toMatchObject({ kind: "open", trips: 1, untilMs: 0 });
  restarted.settle(restarted.acquire(1, null), "success", 2, 1);
  expect(restarted.state).toMatchObject({ kind: "readmitting", percent: 5 });
});
