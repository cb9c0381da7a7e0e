import { describe, expect, it } from "vitest";
import type { HystrixCommand, HystrixReading, HystrixSource } from "#domain/hystrix-command.ts";
import { noLatencyReason, spreadOf, stateInWords, viewOf, worstFirst } from "./jvm-state.ts";

const NOW_MS = 1_000_000;

const reading = (change: Partial<HystrixReading> = {}): HystrixReading => ({
  instance: "b-1",
  state: "closed",
  forced: null,
  hosts: 1,
  openHosts: 0,
  forcedHosts: 0,
  requestCount: 20,
  errorCount: 5,
  errorPercent: 25,
  rollingMs: 10_000,
  counts: {},
  badRequests: 0,
  fallbackServed: 0,
  fallbackFailed: 0,
  fallbackRejected: 0,
  inFlight: 0,
  latency: { mean: 1, p50: 2, p90: 3, p99: 4, p995: 5 },
  thresholds: {
    enabled: true,
    requestVolume: 20,
    errorPercent: 50,
    sleepWindowMs: 5000,
    timeoutMs: 1000,
    strategy: "THREAD",
  },
  receivedAtMs: NOW_MS,
  ...change,
});

const command = (name: string, ...instances: HystrixReading[]): HystrixCommand => ({
  key: `billing/${name}`,
  service: "billing",
  name,
  group: "",
  instances,
  offeredPerSecond: 0,
  history: [],
});

const source = (sinceMs: number): HystrixSource => ({
  service: "billing",
  instance: "b-1",
  url: "http://10.0.0.1/",
  link: { state: "up", sinceMs, problem: "" },
  heardAtMs: NOW_MS,
  commands: 1,
  truncated: false,
});

const open = { state: "open", openHosts: 1 } as const;
const wordsOf = (...instances: HystrixReading[]): string => stateInWords(viewOf(command("a", ...instances), NOW_MS));

describe("a JVM's command", () => {
  it("has the worst state of its instances, and says of how many", () => {
    expect(wordsOf(reading(), reading())).toBe("Closed");
    expect(wordsOf(reading(open), reading())).toBe("Open on 1 of 2 instances");
    expect(wordsOf(reading(open), reading(open))).toBe("Open");
    expect(wordsOf(reading({ ...open, hosts: 3, openHosts: 1 }))).toBe("Open on 1 of 3 hosts");
  });

  it("is forced open where it says so, though 1.5.18 calls such a circuit closed", () => {
    expect(wordsOf(reading({ state: "closed", forced: "forced-open", forcedHosts: 1 }))).toBe("Forced open");
    expect(wordsOf(reading({ hosts: 3, forced: "forced-open", forcedHosts: 1 }))).toBe("Forced open on 1 of 3 hosts");
  });

  it("does not show the past of a lost stream as the present", () => {
    const lost = reading({ ...open, receivedAtMs: NOW_MS - 10_001 });
    expect(wordsOf(lost)).toBe("Not known now");
    expect(viewOf(command("a", lost, reading()), NOW_MS)).toMatchObject({ state: "closed", requests: 20, errors: 5 });
  });

  it("has the highest percentile of its instances, and how far they are apart", () => {
    const slow = { mean: 1, p50: 2, p90: 3, p99: 400, p995: 500 };
    expect(spreadOf([reading(), reading({ latency: slow }), reading({ latency: null })], "p99")).toEqual({
      min: 4,
      max: 400,
    });
    expect(spreadOf([reading({ latency: null })], "p99")).toBeNull();
  });

  it("says why it has no latency", () => {
    const view = viewOf(command("a", reading({ latency: null })), NOW_MS);
    expect(noLatencyReason(view, [source(NOW_MS - 3000)], NOW_MS)).toContain("first ten seconds");
    expect(noLatencyReason(view, [source(NOW_MS - 30_000)], NOW_MS)).toContain("millisecond");
    expect(noLatencyReason(viewOf(command("a"), NOW_MS), [], NOW_MS)).toContain("no instance's stream");
    expect(noLatencyReason(viewOf(command("a", reading()), NOW_MS), [], NOW_MS)).toBe("");
  });

  it("is the first in view when it is the worst, and the last when nobody tells of it", () => {
    const all = [command("a"), command("b", reading()), command("c", reading(open)), command("d", reading())];
    expect(worstFirst(all, NOW_MS).map(({ name }) => name)).toEqual(["c", "b", "d", "a"]);
  });
});
