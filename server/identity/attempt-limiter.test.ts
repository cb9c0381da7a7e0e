import { describe, expect, it } from "vitest";
import { AttemptLimiter } from "./attempt-limiter.ts";

describe("the attempt limiter", () => {
  it("blocks a key after its failures, for as long as they are recent, and no other key", () => {
    let nowMs = 0;
    const limiter = new AttemptLimiter({ failures: 3, windowMs: 60_000 }, { nowMs: () => 0, monotonicMs: () => nowMs });
    for (let n = 0; n < 3; n += 1) {
      expect(limiter.isBlocked("ada")).toBe(false);
      limiter.fail("ada");
      nowMs += 1000;
    }
    expect(limiter.isBlocked("ada")).toBe(true);
    expect(limiter.isBlocked("bob")).toBe(false);
    nowMs = 59_999;
    expect(limiter.isBlocked("ada")).toBe(true);
    nowMs = 60_000;
    expect(limiter.isBlocked("ada")).toBe(false);
  });

  it("forgives an attempt that was counted in advance and went well", () => {
    const limiter = new AttemptLimiter({ failures: 1, windowMs: 60_000 }, { nowMs: () => 0, monotonicMs: () => 0 });
    limiter.fail("ada");
    expect(limiter.isBlocked("ada")).toBe(true);
    limiter.forgive("ada");
    expect(limiter.isBlocked("ada")).toBe(false);
    limiter.forgive("nobody");
    expect(limiter.isBlocked("nobody")).toBe(false);
  });
});
