import { describe, expect, it } from "vitest";
import { mayEject, OutlierRecord } from "./outlier.ts";
import { OutlierEjection } from "./service-policy.ts";

const settings = OutlierEjection.parse({ consecutiveFailures: 3, baseMs: 1000, maxMs: 2500 });
const failures = (record: OutlierRecord, count: number, nowMs: number): boolean[] =>
  Array.from({ length: count }, () => record.failed(settings, nowMs));

describe("an instance's record", () => {
  it("asks for an ejection at the given number of failures in a row; a success starts the count afresh", () => {
    const record = new OutlierRecord();
    expect(failures(record, 2, 0)).toEqual([false, false]);
    record.succeeded();
    expect(failures(record, 3, 0)).toEqual([false, false, true]);
    // It was not granted: the next failure asks again.
    expect(failures(record, 1, 0)).toEqual([true]);
  });

  it("is out for the base time, longer each time in a row, up to the maximum", () => {
    const record = new OutlierRecord();
    let nowMs = 0;
    for (const lasts of [1000, 2000, 2500, 2500]) {
      record.eject(settings, nowMs);
      expect([record.ejectedAt(nowMs), record.ejectedAt(nowMs + lasts - 1)]).toEqual([true, true]);
      nowMs += lasts;
      expect(record.ejectedAt(nowMs)).toBe(false);
    }
  });

  it("is forgiven one time for each base time it has been back", () => {
    const record = new OutlierRecord();
    record.eject(settings, 0);
    record.eject(settings, 1000);
    expect(record.untilMs).toBe(3000);
    record.eject(settings, 4000);
    expect(record.untilMs).toBe(6000);
    record.eject(settings, 100_000);
    expect(record.untilMs).toBe(101_000);
  });

  it("takes no notice of late failures while it is out", () => {
    const record = new OutlierRecord();
    record.eject(settings, 0);
    expect(failures(record, 5, 500)).toEqual([false, false, false, false, false]);
    expect(failures(record, 2, 1000)).toEqual([false, false]);
  });

  it("comes back at once when it is readmitted", () => {
    const record = new OutlierRecord();
    record.eject(settings, 0);
    record.readmit(10);
    expect(record.ejectedAt(10)).toBe(false);
  });
});

describe("how many may be out", () => {
  it("is the share of the policy; the first always, if there are two; never the last", () => {
    const most = (total: number, percent: number): number => {
      let ejected = 0;
      while (mayEject(total, ejected, percent)) ejected += 1;
      return ejected;
    };
    expect([most(1, 100), most(2, 100), most(2, 0), most(4, 50), most(10, 25), most(10, 100)]).toEqual([
      0, 1, 1, 2, 2, 9,
    ]);
  });
});
