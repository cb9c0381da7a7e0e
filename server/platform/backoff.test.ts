import { describe, expect, it, vi } from "vitest";
import { backoffMs, pause } from "./backoff.ts";

const OPTIONS = { firstMs: 100, maxMs: 5000 };
const longest = (attempt: number): number => backoffMs(attempt, { ...OPTIONS, random: () => 1 });
const shortest = (attempt: number): number => backoffMs(attempt, { ...OPTIONS, random: () => 0 });

describe("backoffMs", () => {
  it("doubles its ceiling with each attempt, up to the limit", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(longest)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it("stays at the limit however many attempts there were", () => {
    expect([100, 10_000, Number.MAX_SAFE_INTEGER].map(longest)).toEqual([5000, 5000, 5000]);
  });

  it("spreads waits over the range below the ceiling, but never spins", () => {
    expect(shortest(0)).toBe(10);
    expect(shortest(9)).toBe(500);
    expect(backoffMs(9, { ...OPTIONS, random: () => 0.5 })).toBe(2750);
  });
});

describe("pause", () => {
  it("ends when its time is over, and not before", async () => {
    vi.useFakeTimers();
    try {
      let over = false;
      const paused = pause(1000).then(() => (over = true));
      await vi.advanceTimersByTimeAsync(999);
      expect(over).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await paused;
      expect(over).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it("ends at once when it is aborted, before or while it waits, and leaves no listener behind", async () => {
    const stop = new AbortController();
    const removed = vi.spyOn(stop.signal, "removeEventListener");
    const paused = pause(3_600_000, stop.signal);
    stop.abort();
    await expect(paused).resolves.toBeUndefined();
    expect(removed).toHaveBeenCalledOnce();
    await expect(pause(3_600_000, stop.signal)).resolves.toBeUndefined();
  });
});
