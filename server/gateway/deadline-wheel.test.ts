import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadline, DeadlineWheel } from "./deadline-wheel.ts";

let nowMs = 5;
let wheel: DeadlineWheel;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  nowMs = 5;
  wheel = new DeadlineWheel({ nowMs: () => 0, monotonicMs: () => nowMs });
});
afterEach(() => {
  wheel.stop();
  vi.useRealTimers();
});

function pass(ms: number): void {
  for (let step = 0; step < ms; step += 1) {
    nowMs += 1;
    vi.advanceTimersByTime(1);
  }
}

describe("deadline wheel", () => {
  it.each([0, 1, 9, 10, 11, 95, 2560, 2565, 9000])(
    "expires a deadline of %i ms never early, and at most 20 ms late",
    (delayMs) => {
      const startedMs = nowMs;
      let tookMs = -1;
      wheel.arm(new Deadline(() => (tookMs = nowMs - startedMs)), delayMs);
      pass(delayMs + 40);
      expect(tookMs).toBeGreaterThanOrEqual(delayMs);
      expect(tookMs).toBeLessThanOrEqual(delayMs + 20);
    },
  );

  it("expires nothing that was disarmed, also by another of the same turn", () => {
    let expired = 0;
    const others = Array.from({ length: 3 }, () => new Deadline(() => (expired += 1)));
    const first = new Deadline(() => others.forEach((other) => wheel.disarm(other)));
    for (const deadline of [...others, first]) wheel.arm(deadline, 50);
    pass(100);
    expect(expired).toBe(0);
    expect(wheel.size).toBe(0);
  });

  it("moves a deadline that is armed again, and expires it once", () => {
    let expired = 0;
    const deadline = new Deadline(() => (expired += 1));
    wheel.arm(deadline, 50);
    pass(40);
    wheel.arm(deadline, 100);
    pass(90);
    expect(expired).toBe(0);
    pass(200);
    expect(expired).toBe(1);
  });

  it("catches up after the process was busy for longer than a turn of the wheel", () => {
    let expired = 0;
    for (const delayMs of [10, 500, 2000, 5000]) wheel.arm(new Deadline(() => (expired += 1)), delayMs);
    nowMs += 20_000;
    vi.advanceTimersByTime(10);
    expect(expired).toBe(4);
  });

  it("rests when there is nothing to wait for", () => {
    wheel.arm(new Deadline(() => undefined), 10);
    expect(vi.getTimerCount()).toBe(1);
    pass(3000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
