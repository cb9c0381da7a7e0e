import { describe, expect, it } from "vitest";
import type { BreakerSettings } from "./breaker-policy.ts";
import { Breaker, SHORT_CIRCUITED } from "./breaker.ts";
import { BenchedBreaker } from "./test-breaker.ts";

const SLOW: Partial<BreakerSettings> = {
  slowCallMs: 500,
  slowCallRatePercent: 50,
  requestVolumeThreshold: 10,
  timeoutMs: 5000,
};
/** Calls are grouped by when they began in sixteenths of 500 ms: by then the last of them has waited for that long. */
const SURELY_OLD_MS = 500 + 500 / 8;

const bench = (settings: Partial<BreakerSettings> = {}): BenchedBreaker => new BenchedBreaker({ ...SLOW, ...settings });

describe("calls that answer late", () => {
  it("trip at the share and the volume, good answers that they are", () => {
    const { breaker, calls } = bench();
    calls(5, "success", 499);
    calls(4, "success", 500);
    expect(breaker.state.kind).toBe("closed");
    calls(1, "success", 500);
    expect(breaker.state).toMatchObject({
      kind: "open",
      cause: "50 % of 10 calls slow (over 500 ms): 5 answered late",
    });
  });

  it("below the volume do not", () => {
    const { breaker, calls } = bench();
    calls(9, "success", 900);
    expect(breaker.state.kind).toBe("closed");
  });

  it("are counted beside how they ended: a timeout is slow, too, and what is both opens as failed", () => {
    const { breaker, clock, calls } = bench();
    calls(2, "timeout", 600);
    calls(1, "failure", 10);
    calls(1, "abandoned", 900);
    expect(breaker.window(clock.nowMs)).toMatchObject({ total: 3, errors: 3, slow: 2 });
    calls(7, "timeout", 600);
    expect(breaker.state.cause).toBe("100 % of 10 calls failed: 9 timeout, 1 failure");
  });

  it("a body that takes long after its head came early is not slow", () => {
    const { breaker, clock } = bench({ requestVolumeThreshold: 1 });
    const startedMs = clock.nowMs;
    const permit = breaker.acquire(startedMs, null);
    breaker.answered(startedMs, startedMs + 20);
    breaker.tick(startedMs + 4000);
    expect(breaker.window(startedMs + 4000).waiting).toBe(0);
    breaker.settle(permit, "success", startedMs + 4000, 20);
    expect([breaker.state.kind, breaker.window(startedMs + 4000).slow]).toEqual(["closed", 0]);
  });

  it("mean nothing without the setting, or to a breaker that is switched off", () => {
    for (const settings of [{ slowCallMs: null }, { enabled: false }]) {
      const { breaker, clock, calls, hang } = bench(settings);
      calls(50, "success", 9000);
      hang(50);
      breaker.tick(clock.nowMs + 9000);
      expect(breaker.state.kind).toBe("closed");
    }
  });
});

describe("calls still waiting", () => {
  it("trip a service that hangs before any of them ends, at the next call", () => {
    const { breaker, clock, call, hang } = bench();
    hang(20);
    clock.nowMs += SURELY_OLD_MS;
    expect(breaker.window(clock.nowMs)).toMatchObject({ total: 0, slow: 0, waiting: 20 });
    expect(breaker.state.kind).toBe("closed");
    expect(call("success")).toBe(SHORT_CIRCUITED);
    expect(breaker.state.cause).toBe("100 % of 20 calls slow (over 500 ms): 20 still waiting");
  });

  it("trip it without another call, and on another's result", () => {
    const quiet = bench();
    quiet.hang(10);
    quiet.clock.nowMs += SURELY_OLD_MS;
    quiet.breaker.tick(quiet.clock.nowMs);
    expect(quiet.breaker.state.kind).toBe("open");
    const busy = bench();
    busy.hang(9);
    const startedMs = busy.clock.nowMs;
    const permit = busy.breaker.acquire(startedMs, null);
    busy.clock.nowMs += SURELY_OLD_MS;
    busy.breaker.answered(startedMs, busy.clock.nowMs);
    busy.breaker.settle(permit, "success", busy.clock.nowMs, SURELY_OLD_MS);
    expect(busy.breaker.state.cause).toBe("100 % of 10 calls slow (over 500 ms): 1 answered late, 9 still waiting");
  });

  it("do not before they have waited for that long, nor once they are answered", () => {
    const { breaker, clock, hang } = bench();
    const startedMs = clock.nowMs;
    hang(10);
    breaker.tick(startedMs + 499);
    expect(breaker.state.kind).toBe("closed");
    for (let call = 0; call < 10; call += 1) breaker.answered(startedMs, startedMs + 499);
    breaker.tick(startedMs + 5000);
    expect([breaker.state.kind, breaker.window(startedMs + 5000).waiting]).toEqual(["closed", 0]);
  });

  it("are a share of all calls: many good ones keep it closed", () => {
    const { breaker, clock, calls, hang } = bench();
    calls(50, "success");
    hang(49);
    clock.nowMs += SURELY_OLD_MS;
    breaker.tick(clock.nowMs);
    expect(breaker.state.kind).toBe("closed");
    hang(1);
    breaker.tick(clock.nowMs + SURELY_OLD_MS);
    expect(breaker.state.kind).toBe("open");
  });

  it("rule 2: from before a trip are forgotten: they do not open it again after it has closed", () => {
    const { breaker, clock, call, hang } = bench({ sleepWindowMs: 1000 });
    const startedMs = clock.nowMs;
    hang(30);
    breaker.tick((clock.nowMs += SURELY_OLD_MS));
    expect(breaker.state.kind).toBe("open");
    clock.nowMs += 1000;
    call("success");
    expect(breaker.state.kind).toBe("closed");
    breaker.tick(clock.nowMs + 2000);
    expect([breaker.state.kind, breaker.window(clock.nowMs).waiting]).toEqual(["closed", 0]);
    for (let late = 0; late < 30; late += 1) breaker.answered(startedMs, clock.nowMs);
    hang(3);
    expect(breaker.window(clock.nowMs + SURELY_OLD_MS).waiting).toBe(3);
  });

  it("rule 10: begun before the setting was on, or was another, are none of its business", () => {
    const { breaker, clock, settings, hang } = bench({ slowCallMs: null });
    const startedMs = clock.nowMs;
    hang(20);
    breaker.configure({ ...settings, slowCallMs: 500 }, clock.nowMs + 100);
    clock.nowMs += 200;
    hang(4);
    expect(breaker.window(clock.nowMs + SURELY_OLD_MS).waiting).toBe(4);
    for (let late = 0; late < 20; late += 1) breaker.answered(startedMs, clock.nowMs);
    expect(breaker.window(clock.nowMs + SURELY_OLD_MS).waiting).toBe(4);
    breaker.configure({ ...settings, slowCallMs: 300 }, clock.nowMs + 1);
    expect(breaker.window(clock.nowMs + 5000).waiting).toBe(0);
    for (let late = 0; late < 4; late += 1) breaker.answered(clock.nowMs, clock.nowMs + 2);
    expect(breaker.window(clock.nowMs + 5000).waiting).toBe(0);
  });
});

describe("a slow trial", () => {
  it("is a failed trial", () => {
    const bed = bench();
    bed.sleepThrough();
    bed.call("success", 500);
    expect(bed.breaker.state).toMatchObject({ kind: "open", trips: 2, cause: "Trial failed: slow (over 500 ms)" });
  });
});

describe("the cause", () => {
  it("says where, when somebody knows, and is asked only then", () => {
    let asked = 0;
    const explain = (): string => {
      asked += 1;
      return "88 % of the last 64 failures at payments-b (10.0.3.7:8080)";
    };
    const { breaker, calls, transitions } = new BenchedBreaker({}, { explain });
    calls(19, "failure");
    expect(asked).toBe(0);
    calls(1, "failure");
    expect(asked).toBe(1);
    const cause = "100 % of 20 calls failed: 20 failure; 88 % of the last 64 failures at payments-b (10.0.3.7:8080)";
    expect([breaker.state.cause, transitions[0]?.cause]).toEqual([cause, cause]);
  });

  it("is left as it is when nobody knows", () => {
    const { breaker, calls } = new BenchedBreaker({}, { explain: () => "" });
    calls(20, "failure");
    expect(breaker.state.cause).toBe("100 % of 20 calls failed: 20 failure");
  });
});

it("a breaker that counts no slow calls takes `answered` without further ado", () => {
  const breaker = new Breaker(new BenchedBreaker().settings, 0);
  breaker.answered(0, 10);
  expect(breaker.window(10).waiting).toBe(0);
});
