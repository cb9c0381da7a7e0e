import { describe, expect, it } from "vitest";
import { rateAt, visitFor } from "./load-rhythm.ts";
import { seededRandom } from "./random.ts";

describe("rateAt", () => {
  const minute = Array.from({ length: 6000 }, (_, index) => rateAt(index / 50, 20));

  it("never exceeds the peak, and reaches it", () => {
    expect(Math.max(...minute)).toBe(20);
  });

  it("swells and ebbs but never rests", () => {
    expect(Math.min(...minute)).toBeGreaterThan(20 * 0.3);
    expect(Math.min(...minute)).toBeLessThan(20 * 0.4);
  });

  it("is silent when the peak is 0", () => {
    expect(rateAt(16, 0)).toBe(0);
  });
});

describe("visitFor", () => {
  it("covers every page of the shop, and enough checkouts to keep a breaker of 20 calls in 10 s informed", () => {
    const random = seededRandom(1);
    const visits = Array.from({ length: 1000 }, () => visitFor(random(), random(), 8));
    const share = (path: RegExp): number => visits.filter((visit) => path.test(visit.path)).length / visits.length;
    expect(share(/^\/$/)).toBeGreaterThan(0.2);
    expect(share(/^\/product\/[0-7]$/)).toBeGreaterThan(0.15);
    expect(share(/^\/cart$/)).toBeGreaterThan(0.05);
    // At the lowest of the wave, 0.35 of 25 a second.
    expect(share(/^\/checkout$/) * 0.35 * 25 * 10).toBeGreaterThan(20);
  });
});
