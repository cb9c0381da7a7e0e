import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backupOutlook, type BackupLoad } from "./backup-outlook.ts";

const HOUR_MS = 3_600_000;
const load = (change: Partial<BackupLoad> = {}): BackupLoad => ({
  service: "spare",
  primaryPerSecond: 80,
  ownPerSecond: 0,
  record: { peakPerSecond: 200, watchedMs: HOUR_MS },
  meanMs: 100,
  healthyInstances: 2,
  breakers: 1,
  maxConcurrent: 100,
  fallbackMaxConcurrent: 100,
  ...change,
});

describe("a backup's outlook", () => {
  it("is enough when it has served as much lately, and there is room for it", () => {
    expect(backupOutlook(load())).toEqual({
      service: "spare",
      verdict: "enough",
      words: "spare has served 200/s in the last hour; 80/s would come.",
    });
  });

  it("is too small when nobody is there, even for no calls", () => {
    expect(backupOutlook(load({ healthyInstances: 0, primaryPerSecond: 0 }))).toMatchObject({
      verdict: "too-small",
      words: "spare has no healthy instance.",
    });
  });

  it("is too small when the calls at once are more than the backup's bulkhead takes (Little's law)", () => {
    // 80/s × 0.1 s = 8 calls at once.
    expect(backupOutlook(load({ maxConcurrent: 8 })).verdict).toBe("enough");
    expect(backupOutlook(load({ maxConcurrent: 7 }))).toMatchObject({
      verdict: "too-small",
      words: "80/s of 100 ms each are 8 calls at once; 7 to spare may be under way.",
    });
  });

  it("is too small when they are more than the bulkhead of fallbacks takes, each breaker having one of its own", () => {
    expect(backupOutlook(load({ fallbackMaxConcurrent: 4, breakers: 2 })).verdict).toBe("enough");
    expect(backupOutlook(load({ fallbackMaxConcurrent: 3, breakers: 2 }))).toMatchObject({
      verdict: "too-small",
      words: "80/s of 100 ms each are 4 calls at once at each of 2 breakers; 3 fallbacks may be under way.",
    });
  });

  it("is unproven when it has never served as much: its own calls come on top", () => {
    expect(backupOutlook(load({ record: { peakPerSecond: 12.04, watchedMs: HOUR_MS } }))).toMatchObject({
      verdict: "unproven",
      words: "spare has not served more than 12/s in the last hour; 80/s would come.",
    });
    expect(backupOutlook(load({ record: { peakPerSecond: 100, watchedMs: 600_000 }, ownPerSecond: 31 }))).toMatchObject(
      {
        verdict: "unproven",
        words: "spare has not served more than 100/s in the last 10 min; 111/s would come.",
      },
    );
  });

  it("is enough for a little more than it has served", () => {
    const record = { peakPerSecond: 75, watchedMs: HOUR_MS };
    expect(backupOutlook(load({ record })).verdict).toBe("enough");
  });

  it("is unproven when it was not called, or nobody has watched", () => {
    const idle = { record: { peakPerSecond: 0, watchedMs: HOUR_MS }, meanMs: null };
    expect(backupOutlook(load(idle)).words).toBe("spare has served nothing in the last hour; 80/s would come.");
    expect(backupOutlook(load({ ...idle, record: null }))).toMatchObject({
      verdict: "unproven",
      words: "What spare can serve is not known yet; 80/s would come.",
    });
  });

  it("is enough for no calls", () => {
    expect(backupOutlook(load({ primaryPerSecond: 0, record: null })).verdict).toBe("enough");
  });

  it("never improves with more load", () => {
    const rank = { enough: 0, unproven: 1, "too-small": 2 };
    const rate = fc.double({ min: 0, max: 10_000, noNaN: true });
    const limit = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(rate, rate, rate, rate, limit, limit, (some, more, peak, meanMs, maxConcurrent, fallbackMax) => {
        const at = (primaryPerSecond: number): number =>
          rank[
            backupOutlook(
              load({
                primaryPerSecond,
                meanMs,
                maxConcurrent,
                fallbackMaxConcurrent: fallbackMax,
                record: { peakPerSecond: peak, watchedMs: HOUR_MS },
              }),
            ).verdict
          ];
        expect(at(some + more)).toBeGreaterThanOrEqual(at(some));
      }),
    );
  });
});
