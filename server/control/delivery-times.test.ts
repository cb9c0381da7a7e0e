import { describe, expect, it } from "vitest";
import { deliveryTimes, propagationOf } from "./delivery-times.ts";

const ack = (gatewayId: string, revision: number, atMs: number) => ({ gatewayId, revision, atMs });
const saved = (revision: number, savedAtMs: number, publishedAtMs: number | null = savedAtMs + 1) => ({
  revision,
  savedAtMs,
  publishedAtMs,
});

describe("deliveryTimes", () => {
  it("takes a gateway's earliest acknowledgement of the revision or a later one, whatever the order on record", () => {
    const times = deliveryTimes({
      deliveries: [saved(1, 100), saved(2, 200), saved(3, 300)],
      acknowledgements: [ack("b", 3, 340), ack("a", 3, 310), ack("a", 1, 120), ack("a", 4, 305)],
      firstSeen: new Map([
        ["a", 0],
        ["b", 0],
      ]),
    });
    expect(times.map(({ revision, applied }) => [revision, applied])).toEqual([
      [
        3,
        [
          { gatewayId: "a", atMs: 305 },
          { gatewayId: "b", atMs: 340 },
        ],
      ],
      [
        2,
        [
          { gatewayId: "a", atMs: 305 },
          { gatewayId: "b", atMs: 340 },
        ],
      ],
      [
        1,
        [
          { gatewayId: "a", atMs: 120 },
          { gatewayId: "b", atMs: 340 },
        ],
      ],
    ]);
  });

  it("leaves out a gateway that came after the edit: it never had to be told", () => {
    const [times] = deliveryTimes({
      deliveries: [saved(1, 100)],
      acknowledgements: [ack("old", 1, 110), ack("new", 1, 500)],
      firstSeen: new Map([
        ["old", 50],
        ["new", 500],
      ]),
    });
    expect(times?.applied).toEqual([{ gatewayId: "old", atMs: 110 }]);
  });
});

describe("propagationOf", () => {
  it("counts the last gateway, and every edit that got so far", () => {
    const times = Array.from({ length: 100 }, (_, n) => ({
      revision: n + 1,
      savedAtMs: 1000,
      publishedAtMs: n === 99 ? null : 1000 + n,
      applied:
        n < 10
          ? [
              { gatewayId: "a", atMs: 1001 },
              { gatewayId: "b", atMs: 1002 + n },
            ]
          : [],
    }));
    expect(propagationOf(times)).toEqual({
      edits: 100,
      published: { p50Ms: 49, p99Ms: 98 },
      applied: { p50Ms: 6, p99Ms: 11 },
    });
  });

  it("knows nothing without edits", () => {
    expect(propagationOf([])).toEqual({ edits: 0, published: null, applied: null });
  });
});
