import { describe, expect, it } from "vitest";
import { RateLimit } from "#domain/route-actions.ts";
import { RateLimiter } from "./rate-limiter.ts";

const HOURLY = RateLimit.parse({ requests: 1, perMs: 3_600_000, burst: 1, by: { kind: "address" } });

function limiter(limit = HOURLY) {
  const made = new RateLimiter();
  made.configure([limit], 0);
  return { made, ask: (key: string | null, nowMs: number) => made.admit(() => key, nowMs) === 0 };
}

it("is shared out among workers: together they let through what one would", () => {
  const limit = RateLimit.parse({ requests: 100, perMs: 1000, burst: 40 });
  const workers = [0, 1, 2, 3].map(() => new RateLimiter(4));
  let through = 0;
  for (const worker of workers) {
    worker.configure([limit], 0);
    for (let ms = 0; ms < 10_000; ms += 1) if (worker.admit(() => null, ms) === 0) through += 1;
  }
  expect(through).toBeGreaterThanOrEqual(1000);
  expect(through).toBeLessThanOrEqual(1044);
});

describe("what a rate limit keeps", () => {
  it("is bounded: of too many callers it forgets those not seen for longest, and counts them", () => {
    const { made, ask } = limiter();
    expect(ask("first", 0)).toBe(true);
    for (let index = 0; index < 9_999; index += 1) ask(`caller ${index}`, 1);
    expect([ask("first", 2), made.forgotten]).toEqual([false, 0]);
    ask("one more", 3);
    expect(made.forgotten).toBe(1);
    expect([ask("first", 4), ask("caller 1", 4), ask("caller 0", 4)]).toEqual([false, false, true]);
  });

  it("forgets without loss what is full again", () => {
    const { made, ask } = limiter();
    for (let index = 0; index < 10_000; index += 1) ask(`caller ${index}`, 0);
    for (let index = 0; index < 10_000; index += 1) ask(`other ${index}`, 3_600_000);
    expect(made.forgotten).toBe(0);
    expect(ask("other 0", 3_600_001)).toBe(false);
  });
});
