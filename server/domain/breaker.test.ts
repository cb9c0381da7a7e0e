import { describe, expect, it } from "vitest";
import { DEFAULT_BREAKER_SETTINGS, type BreakerSettings } from "./breaker-policy.ts";
import { LEASE_GRACE_MS } from "./breaker-state.ts";
import { Breaker, FORCED_OPEN, REJECTED, SHORT_CIRCUITED, type CallOutcome } from "./breaker.ts";
import { BenchedBreaker } from "./test-breaker.ts";

const SLEEP = DEFAULT_BREAKER_SETTINGS.sleepWindowMs;

const bench = (settings: Partial<BreakerSettings> = {}): BenchedBreaker => new BenchedBreaker(settings);

describe("rule 5: it trips on the completion that reaches volume and share", () => {
  it("opens at exactly the threshold and volume: 10 good, 10 bad of 20 at 50 %", () => {
    const { breaker, calls } = bench();
    calls(10, "success");
    calls(9, "failure");
    expect(breaker.state.kind).toBe("closed");
    calls(1, "failure");
    expect(breaker.state.kind).toBe("open");
  });

  it("stays closed at 49.75 %, and below the volume at 100 %", () => {
    const busy = bench();
    busy.calls(201, "success");
    busy.calls(199, "failure");
    expect(busy.breaker.state.kind).toBe("closed");
    const quiet = bench();
    quiet.calls(19, "failure");
    expect(quiet.breaker.state.kind).toBe("closed");
  });

  it("decides on each completion, so that not one more call passes after the one that reached the threshold", () => {
    const { call, calls } = bench();
    calls(20, "timeout");
    expect(call("success")).toBe(SHORT_CIRCUITED);
  });

  it("trips on a success that completes the volume", () => {
    const { breaker, calls } = bench({ requestVolumeThreshold: 5 });
    calls(3, "failure");
    calls(2, "success");
    expect(breaker.state.kind).toBe("open");
  });

  it("forgets failures that have left the window", () => {
    const { breaker, clock, calls } = bench();
    calls(19, "failure");
    clock.nowMs += 10_500;
    calls(19, "failure");
    expect(breaker.state.kind).toBe("closed");
  });

  it("says why", () => {
    const { breaker, calls } = bench();
    calls(8, "success");
    calls(9, "timeout");
    calls(3, "failure");
    expect(breaker.state.cause).toBe("60 % of 20 calls failed: 9 timeout, 3 failure");
  });

  it("never opens when switched off by policy, and counts all the same", () => {
    const { breaker, clock, calls } = bench({ enabled: false });
    calls(50, "failure");
    expect(breaker.state.kind).toBe("closed");
    expect(breaker.window(clock.nowMs).errors).toBe(50);
  });

  it("rule 8: does not count a caller that went away, nor short-circuits", () => {
    const { breaker, clock, calls } = bench();
    calls(40, "abandoned");
    expect(breaker.window(clock.nowMs).total).toBe(0);
    calls(20, "failure");
    calls(30, "failure");
    expect(breaker.window(clock.nowMs).total).toBe(20);
  });
});

describe("rules 4, 6 and 7: sleep window, trials, closing", () => {
  it("stays open for the whole sleep window after a long healthy life, then admits exactly one trial", () => {
    const { breaker, clock, calls, call } = bench();
    calls(1000, "success");
    clock.nowMs += 60_000;
    calls(20, "failure");
    clock.nowMs += SLEEP - 1;
    expect(call("success")).toBe(SHORT_CIRCUITED);
    clock.nowMs += 1;
    const trial = breaker.acquire(clock.nowMs, null);
    expect(trial).toBeGreaterThan(0);
    expect(breaker.state.kind).toBe("half-open");
    expect(call("success")).toBe(SHORT_CIRCUITED);
  });

  it("closes on the trial's success and clears the window, so that it stays closed", () => {
    const { breaker, clock, calls, call } = bench();
    calls(20, "failure");
    clock.nowMs += SLEEP;
    call("success");
    expect(breaker.state.kind).toBe("closed");
    expect(breaker.window(clock.nowMs).total).toBe(0);
    calls(10, "failure");
    expect(breaker.state.kind).toBe("closed");
  });

  it("restarts the sleep window when the trial fails, at the trial's end", () => {
    const { breaker, clock, calls, call } = bench({ timeoutMs: 1000 });
    calls(20, "failure");
    clock.nowMs += SLEEP;
    const trial = breaker.acquire(clock.nowMs, null);
    clock.nowMs += 800;
    breaker.settle(trial, "failure", clock.nowMs, 0);
    breaker.release();
    clock.nowMs += SLEEP - 1;
    expect(call("success")).toBe(SHORT_CIRCUITED);
    clock.nowMs += 1;
    call("success");
    expect(breaker.state.kind).toBe("closed");
  });

  it("recovers under constant load although calls are short-circuited during the trial", () => {
    const { breaker, clock, calls, call } = bench();
    calls(20, "failure");
    clock.nowMs += SLEEP;
    const trial = breaker.acquire(clock.nowMs, null);
    for (let index = 0; index < 20; index += 1) expect(call("success")).toBe(SHORT_CIRCUITED);
    breaker.settle(trial, "success", clock.nowMs, 0);
    breaker.release();
    expect(breaker.state.kind).toBe("closed");
  });

  it("takes a trial that is never heard of for failed when its lease ended, not when somebody looked", () => {
    const { breaker, clock, calls, transitions } = bench({ timeoutMs: 1000 });
    calls(20, "failure");
    clock.nowMs += SLEEP;
    const leaseEndsMs = clock.nowMs + 1000 + LEASE_GRACE_MS;
    breaker.acquire(clock.nowMs, null);
    breaker.tick(leaseEndsMs - 1);
    expect(breaker.state.kind).toBe("half-open");
    breaker.tick(leaseEndsMs + 700);
    expect(transitions.at(-1)).toMatchObject({ from: "half-open", to: "open", atMs: leaseEndsMs });
    expect(breaker.acquire(leaseEndsMs + SLEEP, null)).toBeGreaterThan(0);
  });

  it("gives a trial back when its caller went away, and stays half-open", () => {
    const { breaker, clock, calls, call } = bench();
    calls(20, "failure");
    clock.nowMs += SLEEP;
    call("abandoned");
    expect(breaker.state.kind).toBe("half-open");
    call("success");
    expect(breaker.state.kind).toBe("closed");
  });

  it("with three permits lets three trials through at once and closes when all have passed", () => {
    const { breaker, clock, calls, call } = bench({ halfOpenPermits: 3 });
    calls(20, "failure");
    clock.nowMs += SLEEP;
    const trials = [0, 1, 2].map(() => breaker.acquire(clock.nowMs, null));
    expect(new Set(trials).size).toBe(3);
    expect(call("success")).toBe(SHORT_CIRCUITED);
    trials.forEach((trial, index) => {
      expect(breaker.state.kind).toBe(index < 3 ? "half-open" : "closed");
      breaker.settle(trial, "success", clock.nowMs, 0);
    });
    expect(breaker.state.kind).toBe("closed");
  });
});

describe("rule 2: only results of the present generation decide", () => {
  it("a success begun before the trip does not close it", () => {
    const { breaker, clock, calls } = bench();
    const slow = breaker.acquire(clock.nowMs, null);
    calls(20, "failure");
    breaker.settle(slow, "success", clock.nowMs, 0);
    expect(breaker.state.kind).toBe("open");
    clock.nowMs += SLEEP;
    breaker.acquire(clock.nowMs, null);
    breaker.settle(slow, "success", clock.nowMs, 0);
    expect(breaker.state.kind).toBe("half-open");
  });

  it("failures begun before the close do not open it again", () => {
    const { breaker, clock, calls, call } = bench();
    const slow = Array.from({ length: 30 }, () => breaker.acquire(clock.nowMs, null));
    calls(20, "failure");
    clock.nowMs += SLEEP;
    call("success");
    for (const permit of slow) breaker.settle(permit, "timeout", clock.nowMs, 0);
    expect(breaker.state.kind).toBe("closed");
    expect(breaker.window(clock.nowMs).errors).toBe(30);
  });
});

describe("rule 3: a rejection moves nothing and uses no trial up", () => {
  it("refuses above the limit, counts it as an error, and changes no state by itself", () => {
    const { breaker, clock } = bench({ maxConcurrent: 2, requestVolumeThreshold: 1 });
    breaker.acquire(clock.nowMs, null);
    breaker.acquire(clock.nowMs, null);
    expect(breaker.acquire(clock.nowMs, null)).toBe(REJECTED);
    expect(breaker.window(clock.nowMs).byKind.rejected).toBe(1);
    expect(breaker.state.kind).toBe("closed");
    breaker.release();
    expect(breaker.acquire(clock.nowMs, null)).toBeGreaterThan(0);
  });

  it("is asked before the trial: a rejection does not use the trial up", () => {
    const { breaker, clock, calls } = bench({ maxConcurrent: 1 });
    calls(20, "failure");
    breaker.acquire(clock.nowMs, "forced-closed");
    clock.nowMs += SLEEP;
    expect(breaker.acquire(clock.nowMs, null)).toBe(REJECTED);
    expect(breaker.state.kind).toBe("open");
    breaker.release();
    expect(breaker.acquire(clock.nowMs, null)).toBeGreaterThan(0);
    expect(breaker.state.kind).toBe("half-open");
  });
});

describe("rule 8: what counts as failed", () => {
  it("rejections that do not count are neither among the calls nor the errors, and are still told", () => {
    const { breaker, clock, call, hang } = bench({
      maxConcurrent: 1,
      requestVolumeThreshold: 2,
      countRejections: false,
    });
    const [only] = hang(1);
    for (let index = 0; index < 50; index += 1) expect(call("success")).toBe(REJECTED);
    breaker.settle(only ?? 0, "success", clock.nowMs, 0);
    breaker.release();
    expect(breaker.window(clock.nowMs)).toMatchObject({ total: 1, errors: 0, byKind: { rejected: 50 } });
    call("success");
    expect(breaker.state.kind).toBe("closed");
    call("failure");
    call("failure");
    expect(breaker.state.cause).toBe("50 % of 4 calls failed: 2 failure");
  });

  it("they count again as soon as the settings say so, those before the edit included", () => {
    const { breaker, clock, settings, call, hang } = bench({ maxConcurrent: 1, countRejections: false });
    hang(1);
    for (let index = 0; index < 50; index += 1) call("success");
    breaker.configure({ ...settings, countRejections: true }, clock.nowMs);
    expect(breaker.window(clock.nowMs)).toMatchObject({ total: 50, errors: 50 });
  });
});

describe("rule 1: the override is a layer of its own", () => {
  it("forced open refuses everything and leaves state and window alone", () => {
    const { breaker, clock, calls } = bench();
    calls(5, "failure");
    expect(breaker.acquire(clock.nowMs, "forced-open")).toBe(FORCED_OPEN);
    expect(breaker.state.kind).toBe("closed");
    expect(breaker.window(clock.nowMs).total).toBe(5);
    expect(breaker.inFlight).toBe(0);
  });

  it("forced closed lets calls through while the automatic layer goes on to trip, try and close underneath", () => {
    const { breaker, clock, transitions } = bench();
    const forced = (outcome: CallOutcome): void => {
      const permit = breaker.acquire(clock.nowMs, "forced-closed");
      expect(permit).toBeGreaterThanOrEqual(0);
      breaker.settle(permit, outcome, clock.nowMs, 0);
      breaker.release();
    };
    for (let index = 0; index < 20; index += 1) forced("failure");
    expect(breaker.state.kind).toBe("open");
    forced("success");
    expect(breaker.state.kind).toBe("open");
    clock.nowMs += SLEEP;
    forced("success");
    expect(breaker.state.kind).toBe("closed");
    expect(transitions.map((transition) => transition.to)).toEqual(["open", "half-open", "closed"]);
  });

  it("lifted, the automatic state that was kept underneath holds again", () => {
    const { breaker, clock, calls } = bench();
    calls(20, "failure");
    expect(breaker.acquire(clock.nowMs, "forced-closed")).toBeGreaterThanOrEqual(0);
    expect(breaker.acquire(clock.nowMs, null)).toBe(SHORT_CIRCUITED);
  });
});

describe("rules 9 and 10: reading and editing keep state and window", () => {
  it("reading changes nothing, also when a trial is due", () => {
    const { breaker, clock, calls } = bench();
    calls(20, "failure");
    clock.nowMs += SLEEP * 10;
    const before = breaker.state;
    breaker.window(clock.nowMs);
    breaker.save(clock.nowMs, 0);
    expect(breaker.state).toBe(before);
    expect(breaker.window(clock.nowMs - SLEEP * 10).errors).toBe(20);
  });

  it("editing thresholds keeps state and window", () => {
    const { breaker, clock, settings, calls } = bench();
    calls(15, "failure");
    breaker.configure({ ...settings, errorThresholdPercent: 80, rollingWindowMs: 20_000 }, clock.nowMs);
    expect(breaker.window(clock.nowMs).errors).toBe(15);
    calls(5, "failure");
    expect(breaker.state.kind).toBe("open");
    breaker.configure({ ...settings, errorThresholdPercent: 10 }, clock.nowMs);
    expect(breaker.state.kind).toBe("open");
  });
});

describe("rule 11: the state survives a restart", () => {
  it("an open breaker stays open for the rest of its sleep window, whatever the new monotonic clock says", () => {
    const { breaker, clock, settings, calls } = bench();
    calls(20, "failure");
    clock.nowMs += 2000;
    const saved = breaker.save(clock.nowMs, 1_000_000);
    if (saved === null) throw new Error("nothing was saved");
    const restarted = new Breaker(settings, 50);
    restarted.restore(saved, 50, 1_001_000);
    expect(restarted.state).toMatchObject({ kind: "open", untilMs: 50 + SLEEP - 3000, cause: breaker.state.cause });
    expect(restarted.acquire(50, null)).toBe(SHORT_CIRCUITED);
    expect(restarted.acquire(50 + SLEEP - 3000, null)).toBeGreaterThan(0);
  });

  it("never sleeps longer than a whole window when the wall clock was set back", () => {
    const { breaker, clock, settings, calls } = bench();
    calls(20, "failure");
    const saved = breaker.save(clock.nowMs, 9_000_000);
    if (saved === null) throw new Error("nothing was saved");
    const restarted = new Breaker(settings, 50);
    restarted.restore(saved, 50, 1_000);
    expect(restarted.acquire(50 + SLEEP, null)).toBeGreaterThan(0);
  });
});
