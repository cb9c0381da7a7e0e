import { describe, expect, it } from "vitest";
import type { BreakerSettings } from "./breaker-policy.ts";
import { grownSleepMs, sleepMs } from "./breaker-sleep.ts";
import { Breaker, SHORT_CIRCUITED } from "./breaker.ts";
import { BenchedBreaker } from "./test-breaker.ts";

const DOUBLING: Partial<BreakerSettings> = {
  sleepWindowMs: 1000,
  sleepBackoffFactor: 2,
  sleepWindowMaxMs: 5000,
  requestVolumeThreshold: 4,
};

/** How long it rests, and how often it has opened in a row. */
function rest({ breaker, clock }: BenchedBreaker): [number, number] {
  const { state } = breaker;
  return state.kind === "open" ? [state.untilMs - clock.nowMs, state.trips] : [0, 0];
}

describe("sleep window with back-off", () => {
  it("grows with each trial that fails, up to the longest one, and is as short as ever after a close", () => {
    const bench = new BenchedBreaker(DOUBLING);
    bench.calls(4, "failure");
    const rests = [rest(bench)];
    for (let trial = 0; trial < 4; trial += 1) {
      bench.wake();
      bench.call("failure");
      rests.push(rest(bench));
    }
    expect(rests).toEqual([
      [1000, 1],
      [2000, 2],
      [4000, 3],
      [5000, 4],
      [5000, 5],
    ]);
    bench.wake();
    bench.call("success");
    expect(bench.breaker.state.kind).toBe("closed");
    bench.calls(4, "failure");
    expect(rest(bench)).toEqual([1000, 1]);
  });

  it("stays open for the whole of the grown window", () => {
    const bench = new BenchedBreaker(DOUBLING);
    bench.sleepThrough();
    bench.call("failure");
    bench.clock.nowMs += 1999;
    expect(bench.call("success")).toBe(SHORT_CIRCUITED);
    bench.clock.nowMs += 1;
    expect(bench.call("success")).toBeGreaterThan(0);
  });

  it("without a factor is the same every time", () => {
    const bench = new BenchedBreaker({ requestVolumeThreshold: 4 });
    bench.sleepThrough();
    for (let trial = 0; trial < 5; trial += 1) {
      bench.call("failure");
      expect(rest(bench)[0]).toBe(5000);
      bench.wake();
    }
  });

  it("counts a trial whose lease ran out like one that failed", () => {
    const bench = new BenchedBreaker({ ...DOUBLING, timeoutMs: 100 });
    bench.sleepThrough();
    bench.hang(1);
    bench.clock.nowMs += 10_000;
    bench.breaker.tick(bench.clock.nowMs);
    expect(bench.breaker.state).toMatchObject({ kind: "open", trips: 2 });
  });

  it("is never shorter than the sleep window, whatever its longest is said to be", () => {
    const { settings } = new BenchedBreaker({ sleepWindowMs: 9000, sleepWindowMaxMs: 100, sleepBackoffFactor: 3 });
    expect([grownSleepMs(settings, 1), grownSleepMs(settings, 7), grownSleepMs(settings, 5000)]).toEqual([
      9000, 9000, 9000,
    ]);
  });

  it.each([
    [0, 800],
    [0.5, 1000],
    [1, 1200],
  ])("with 20 % jitter and a chance of %d rests %d ms of 1000", (chance, restMs) => {
    const bench = new BenchedBreaker({ ...DOUBLING, sleepJitterPercent: 20 }, { random: () => chance });
    bench.calls(4, "failure");
    expect(rest(bench)[0]).toBe(restMs);
    expect(sleepMs(bench.settings, 1, chance)).toBe(restMs);
  });
});

describe("a running sleep under edited settings", () => {
  it("is never lengthened", () => {
    const bench = new BenchedBreaker(DOUBLING);
    bench.calls(4, "failure");
    const { breaker, clock, settings } = bench;
    breaker.configure({ ...settings, sleepWindowMs: 60_000, sleepBackoffFactor: 10 }, clock.nowMs + 300);
    expect(rest(bench)).toEqual([1000, 1]);
  });

  it("is shortened to what it may be now, counted from now", () => {
    const bench = new BenchedBreaker({ ...DOUBLING, sleepWindowMs: 30_000, sleepWindowMaxMs: 60_000 });
    bench.sleepThrough();
    bench.call("failure");
    const { breaker, clock, settings } = bench;
    expect(rest(bench)).toEqual([60_000, 2]);
    breaker.configure({ ...settings, sleepWindowMs: 1000 }, clock.nowMs);
    expect(rest(bench)).toEqual([2000, 2]);
  });
});

describe("rule 11: a restart", () => {
  const reopened = (): BenchedBreaker => {
    const bench = new BenchedBreaker(DOUBLING);
    bench.sleepThrough();
    bench.call("failure");
    return bench;
  };

  it("keeps how often it had opened in a row: the next window is longer still", () => {
    const { breaker, clock, settings } = reopened();
    const saved = breaker.save(clock.nowMs, 1_000_000);
    expect(saved).toMatchObject({ trips: 2, untilEpochMs: 1_002_000 });
    const restarted = new Breaker(settings, 0);
    if (saved !== null) restarted.restore(saved, 0, 1_000_500);
    expect(restarted.state).toMatchObject({ kind: "open", trips: 2, untilMs: 1500 });
    restarted.settle(restarted.acquire(1500, null), "failure", 1600, 100);
    expect(restarted.state).toMatchObject({ kind: "open", trips: 3, untilMs: 1600 + 4000 });
  });

  it("may rest for the longest window the settings allow, and no longer", () => {
    const { breaker, clock, settings } = reopened();
    const saved = breaker.save(clock.nowMs, 9_000_000);
    const restarted = new Breaker({ ...settings, sleepJitterPercent: 10 }, 50);
    if (saved !== null) restarted.restore(saved, 50, 1000);
    expect(restarted.state).toMatchObject({ kind: "open", untilMs: 50 + 2200 });
  });
});
