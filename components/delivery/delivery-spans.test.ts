import { describe, expect, it } from "vitest";
import { deliverySpans, listedSpanMs, spanInWords } from "./delivery-spans.ts";

const times = {
  revision: 7,
  savedAtMs: 1000,
  publishedAtMs: 1012,
  applied: [
    { gatewayId: "g1", atMs: 1040 },
    { gatewayId: "g2", atMs: 1084 },
  ],
};

describe("deliverySpans", () => {
  it("is as long as the slowest of the gateways that have it", () => {
    expect(deliverySpans(times, ["g1", "g2"])).toEqual({ publishedMs: 12, appliedMs: 84 });
    expect(deliverySpans(times, ["g1"])).toEqual({ publishedMs: 12, appliedMs: 40 });
  });

  it("gives no time where one is not known, and none below zero where clocks disagree", () => {
    expect(deliverySpans(times, ["g1", "g3"]).appliedMs).toBeNull();
    expect(deliverySpans(times, []).appliedMs).toBeNull();
    expect(deliverySpans({ ...times, publishedAtMs: null }, ["g1"]).publishedMs).toBeNull();
    expect(deliverySpans({ ...times, publishedAtMs: 990 }, ["g1"]).publishedMs).toBe(0);
  });

  it("of an edit in a list is that of the last gateway, where all that have it are on record", () => {
    const last = { gatewayId: "g2", atMs: 1084 };
    expect(listedSpanMs({ savedAtMs: 1000, applied: { count: 2, last } }, 2)).toBe(84);
    expect(listedSpanMs({ savedAtMs: 1000, applied: { count: 2, last } }, 3)).toBeNull();
    expect(listedSpanMs({ savedAtMs: 1000, applied: { count: 0, last: null } }, 0)).toBeNull();
  });

  it("is said in the unit that fits", () => {
    expect([84, 1234, 130_000].map(spanInWords)).toEqual(["84\u00a0ms", "1.23\u00a0s", "2\u00a0min\u00a010\u00a0s"]);
  });
});
