import { describe, expect, it } from "vitest";
import type { FleetBreaker } from "#domain/live.ts";
import { testBreaker } from "#domain/test-picture.ts";
import { testReading } from "#domain/test-reading.ts";
import type { BreakerReading } from "#domain/traffic.ts";
import { grouped, isShown, isSlow, keysInOrder, summary } from "./board-rows.ts";
import { fallbacksInWords, slownessInWords } from "./reading-words.ts";
import { silentGateways } from "./silent-gateways.ts";

function fleet(
  key: string,
  readings: readonly Partial<BreakerReading>[],
  more: Partial<FleetBreaker> = {},
): FleetBreaker {
  const [routeId = "", service = ""] = key.split("->");
  return testBreaker({
    key,
    routeId,
    service,
    group: service,
    gateways: readings.map((reading, at) => ({
      gatewayId: `gateway-${(at + 1).toString()}`,
      reading: testReading({ routeId, service, group: service, ...reading }),
    })),
    offeredPerSecond: 1,
    ...more,
  });
}
const window = (change: Partial<BreakerReading["window"]>): BreakerReading["window"] => ({
  ...testReading({}).window,
  total: 100,
  ...change,
});

const CALM = fleet("a->x", [{}, {}], { offeredPerSecond: 9, p99Ms: 5 });
const OPEN = fleet("b->x", [{ state: "open" }, { state: "open" }], { p99Ms: null });
const DISPUTED = fleet("c->y", [{ state: "open" }, {}], { p99Ms: 50 });
const FAILING = fleet("d->y", [{ window: window({ errors: 40 }) }]);
const IDLE = fleet("e->y", [{}], { offeredPerSecond: 0 });
const ALL = [IDLE, FAILING, DISPUTED, OPEN, CALM];

describe("the order of breakers", () => {
  it("is worst first: disagreement before agreement, errors before none, traffic before none", () => {
    expect(keysInOrder(ALL, "worst", false)).toEqual([DISPUTED, OPEN, FAILING, CALM, IDLE].map(({ key }) => key));
  });

  it("is by figures from the largest, those without one last, equals by name; or the other way round", () => {
    expect(keysInOrder(ALL, "p99", false).slice(0, 2)).toEqual([DISPUTED.key, CALM.key]);
    expect(keysInOrder([OPEN, FAILING, CALM], "rate", false)).toEqual([CALM.key, OPEN.key, FAILING.key]);
    expect(keysInOrder([OPEN, FAILING, CALM], "rate", true)).toEqual([OPEN.key, FAILING.key, CALM.key]);
  });
});

describe("what is shown", () => {
  const shown = (show: Parameters<typeof isShown>[0]) => ALL.filter((one) => isShown(show, one, one === CALM));

  it("can be those that need a look", () => {
    expect(shown("all")).toHaveLength(5);
    expect(shown("not-closed")).toEqual([DISPUTED, OPEN]);
    expect(shown("disputed")).toEqual([DISPUTED]);
    expect(shown("forced")).toEqual([CALM]);
    expect(shown("failing")).toEqual([FAILING]);
    expect(shown("idle")).toEqual([IDLE]);
  });

  it("counts slow calls only where slow ones are looked for", () => {
    const thresholds = { ...testReading({}).thresholds, slowCallMs: 500 };
    const slow = window({ slow: 12, waiting: 3 });
    expect(isSlow(fleet("a->x", [{ window: slow }]))).toBe(false);
    expect(isSlow(fleet("a->x", [{ window: slow, thresholds }]))).toBe(true);
    expect(slownessInWords(fleet("a->x", [{ window: slow, thresholds }]))?.replaceAll("\u00a0", " ")).toBe(
      "Slow: 12 of 100 calls took over 500 ms (12 %; opens at 50 %), 3 more still wait.",
    );
    expect(slownessInWords(fleet("a->x", [{}]))).toBeNull();
  });

  it("is summed up in a line", () => {
    expect(summary(ALL, (one) => one === CALM)).toBe(
      "5 in use · 2 open · 1 forced by hand · 1 where gateways disagree",
    );
    expect(summary([CALM], () => false)).toBe("1 in use · all closed");
    expect(summary([], () => false)).toBe("None in use");
  });
});

describe("groups", () => {
  it("have the breakers in their order, under headings by name", () => {
    const groups = grouped(ALL, "service").map(({ title, breakers }) => [title, breakers.length]);
    expect(groups).toEqual([
      ["x", 2],
      ["y", 3],
    ]);
    expect(grouped(ALL, "none")).toEqual([{ title: "", breakers: ALL }]);
  });

  it("of a gateway show its state alone, in an object that stays the same", () => {
    const groups = grouped([DISPUTED], "gateway");
    expect(groups.map(({ title, breakers }) => [title, breakers[0]?.gateways[0]?.reading.state])).toEqual([
      ["gateway-1", "open"],
      ["gateway-2", "closed"],
    ]);
    expect(grouped([DISPUTED], "gateway")[0]?.breakers[0]).toBe(groups[0]?.breakers[0]);
  });
});

it("names fallbacks in order, and once", () => {
  const reading = { backups: ["b1", "b2"], replies: ["last-good", "fixed"] } satisfies Partial<BreakerReading>;
  expect(fallbacksInWords(fleet("a->x", [reading, reading]))).toBe(
    "b1, then b2, then the last good reply, then a fixed reply",
  );
});

it("calls a gateway silent after two seconds without a window, and not before its first", () => {
  const gateway = (id: string, lastWindowAtMs: number) =>
    ({ id, lastWindowAtMs }) as Parameters<typeof silentGateways>[0]["gateways"][number];
  const gateways = [gateway("a", 9000), gateway("b", 7000), gateway("c", 0)];
  expect(silentGateways({ atMs: 10_000, gateways })).toEqual([{ id: "b", sinceMs: 7000 }]);
});
