import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf } from "./histogram.ts";
import { commandMessage, dataLine, poolMessage } from "./hystrix-stream.ts";
import { HystrixWindows } from "./hystrix-window.ts";
import { COMMAND_KEYS, messagesOf, POOL_KEYS, roundProblems, type Message } from "./test-hystrix.ts";
import { testReading } from "./test-reading.ts";
import type { BreakerReading } from "./traffic.ts";

const NOW_MS = 1_790_000_000_500;
const EXCERPT = messagesOf(readFileSync(new URL("test-jvm-stream.txt", import.meta.url), "utf8"));

/** A round after these windows, each of one second. */
function roundAfter(...windows: readonly BreakerReading[][]): Message[] {
  const rolling = new HystrixWindows();
  for (const window of windows) rolling.take(window);
  const commands = rolling.commands();
  return [
    ...commands.map((figures) => commandMessage(figures, NOW_MS)),
    ...rolling.pools(commands).map((figures) => poolMessage(figures, NOW_MS)),
  ];
}

const override = (mode: "forced-open" | "forced-closed"): NonNullable<BreakerReading["override"]> => ({
  id: "o",
  mode,
  actor: "ada",
  reason: "test",
  createdAtMs: 0,
  expiresAtMs: null,
});

describe("the checker", () => {
  it("knows 34 keys of a command and 13 of a pool, and finds nothing in what a JVM sends", () => {
    expect([Object.keys(COMMAND_KEYS).length, Object.keys(POOL_KEYS).length]).toEqual([34, 13]);
    expect(roundProblems(EXCERPT, NOW_MS)).toEqual([]);
  });

  it.each([
    ["a JVM's", EXCERPT],
    ["the gateway's", roundAfter([testReading({ counts: { success: 3 } })])],
  ])("misses each key that is taken from %s messages", (_whose, round) => {
    for (const [type, keys] of [
      ["HystrixCommand", COMMAND_KEYS],
      ["HystrixThreadPool", POOL_KEYS],
    ] as const) {
      const message = round.find((one) => one["type"] === type);
      for (const key of Object.keys(keys)) {
        const { [key]: _taken, ...rest } = message ?? {};
        expect(roundProblems([rest], NOW_MS).join(), key).toContain(`${key} is missing`);
        expect(roundProblems([{ ...rest, [key]: null }], NOW_MS).join(), key).toContain(`${key} is null`);
      }
    }
  });

  it("finds fractions, numbers beyond 32 bits, another clock, and a name twice", () => {
    const [command = {}] = EXCERPT;
    const broken = { errorCount: 0.5, requestCount: 2 ** 31, currentTime: Math.round(NOW_MS / 1000) };
    const problems = roundProblems([{ ...command, ...broken }, command], NOW_MS).join("\n");
    for (const key of [...Object.keys(broken), "is there twice"]) expect(problems).toContain(key);
    expect(roundProblems([command], NOW_MS + 3000).join()).toContain("currentTime");
  });
});

describe("a gateway's messages", () => {
  it("are what the dashboard and Turbine can read, whatever the figures", () => {
    const count = fc.nat({ max: 2 ** 40 });
    const reading = fc.record({
      routeId: fc.constantFrom("shop", "__proto__", 'a"b'),
      service: fc.constantFrom("orders", "constructor", "<b>"),
      counts: fc.record({ success: count, timeout: count, "short-circuited": count }),
      fallbackServed: count,
      inFlight: count,
      latency: fc.constantFrom([], [[223, 4]] as [number, number][], [[0, 1]] as [number, number][]),
      state: fc.constantFrom("open", "closed", "half-open"),
      window: fc.record({
        ms: fc.integer({ min: 1000, max: 600_000 }),
        total: fc.constant(10),
        errors: fc.nat(10),
        errorPercent: fc.constant(0),
        slow: fc.constant(0),
        waiting: fc.constant(0),
      }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(reading, { maxLength: 5 }), { maxLength: 5 }), (windows) => {
        const round = roundAfter(
          ...windows.map((window) => window.map((change) => testReading({ ...change, group: change.service }))),
        );
        expect(roundProblems(messagesOf(round.map(dataLine).join("")), NOW_MS)).toEqual([]);
      }),
    );
  });

  it("count every outcome where Hystrix's dashboard shows it", () => {
    const counts = {
      success: 50,
      failure: 4,
      unreachable: 3,
      timeout: 2,
      rejected: 5,
      "short-circuited": 6,
      abandoned: 1,
    };
    const fallbacks = { fallbackServed: 10, fallbackFailed: 3, fallbackRejected: 2 };
    const window = { ms: 10_000, total: 64, errors: 14, errorPercent: 21.875, slow: 0, waiting: 0 };
    const [command, pool] = roundAfter([testReading({ counts, ...fallbacks, window, inFlight: 7, maxInFlight: 9 })]);
    expect(command).toMatchObject({
      name: "checkout->payments",
      group: "payments",
      threadPool: "payments",
      requestCount: 64,
      errorCount: 14,
      errorPercentage: 21,
      rollingCountSuccess: 50,
      rollingCountFailure: 7,
      rollingCountTimeout: 2,
      rollingCountSemaphoreRejected: 5,
      rollingCountThreadPoolRejected: 0,
      rollingCountShortCircuited: 6,
      rollingCountFallbackSuccess: 10,
      rollingCountFallbackFailure: 3,
      rollingCountFallbackRejection: 2,
      // 20 calls were refused or failed, and 15 of them had a fallback.
      rollingCountFallbackMissing: 5,
      rollingCountExceptionsThrown: 10,
      currentConcurrentExecutionCount: 7,
      rollingMaxConcurrentExecutionCount: 9,
      propertyValue_executionIsolationStrategy: "SEMAPHORE",
    });
    expect(pool).toMatchObject({
      name: "payments",
      currentActiveCount: 7,
      currentCompletedTaskCount: 60,
      currentTaskCount: 67,
      rollingCountThreadsExecuted: 60,
      rollingCountCommandRejections: 5,
      rollingMaxActiveThreads: 9,
      currentMaximumPoolSize: 100,
    });
  });

  it("count over ten seconds, and time calls over sixty", () => {
    const busy = testReading({ counts: { success: 10 }, latency: [[bucketOf(40), 10]] });
    const slow = testReading({ counts: { success: 10 }, latency: [[bucketOf(400), 10]] });
    const idle = testReading({});
    const after = (seconds: number): Message | undefined =>
      roundAfter([busy], [slow], ...Array.from({ length: seconds }, () => [idle]))[0];
    expect(after(0)).toMatchObject({ rollingCountSuccess: 20, latencyExecute: { "0": 42, "50": 42, "100": 404 } });
    expect(after(8)).toMatchObject({ rollingCountSuccess: 20 });
    expect(after(9)).toMatchObject({ rollingCountSuccess: 10 });
    expect(after(10)).toMatchObject({ rollingCountSuccess: 0, latencyExecute: { "0": 42, "100": 404 } });
    expect(after(59)).toMatchObject({ latencyExecute: { "0": 404, "100": 404 } });
    expect(after(60)).toMatchObject({ latencyExecute_mean: 0, latencyExecute: { "0": 0, "100": 0 } });
  });

  it.each([
    [{ state: "closed" }, false, false, false],
    [{ state: "open" }, true, false, false],
    // As Hystrix has it: open until the trial has closed it.
    [{ state: "half-open" }, true, false, false],
    [{ state: "closed", override: override("forced-open") }, true, true, false],
    [{ state: "open", override: override("forced-closed") }, false, false, true],
  ] as const)("say of %j what calls meet", (change, isCircuitBreakerOpen, forceOpen, forceClosed) => {
    expect(roundAfter([testReading(change)])[0]).toMatchObject({
      isCircuitBreakerOpen,
      propertyValue_circuitBreakerForceOpen: forceOpen,
      propertyValue_circuitBreakerForceClosed: forceClosed,
    });
  });

  it("add workers up, and call a circuit open that is so at one of them", () => {
    const at = (worker: number, change: Partial<BreakerReading>): BreakerReading =>
      testReading({
        worker,
        counts: { success: 5 },
        window: { ms: 10_000, total: 20, errors: 5, errorPercent: 25, slow: 0, waiting: 0 },
        latency: [[bucketOf(10 * worker), 1]],
        ...change,
      });
    const round = roundAfter([at(1, {}), at(2, { state: "open", inFlight: 3 })], [at(1, {}), at(2, {})]);
    expect(round).toHaveLength(2);
    expect(round[0]).toMatchObject({
      isCircuitBreakerOpen: false,
      requestCount: 40,
      errorPercentage: 25,
      rollingCountSuccess: 20,
      propertyValue_executionIsolationSemaphoreMaxConcurrentRequests: 200,
    });
    expect(roundAfter([at(1, {}), at(2, { state: "open" })])[0]).toMatchObject({ isCircuitBreakerOpen: true });
  });

  it("leave out a command that is gone, and remember it for a minute", () => {
    const reading = testReading({ counts: { success: 2 } });
    expect(roundAfter([reading], [])).toEqual([]);
    expect(roundAfter([reading], [], [reading])[1]).toMatchObject({ currentCompletedTaskCount: 4 });
    const absent = Array.from({ length: 61 }, (): BreakerReading[] => []);
    expect(roundAfter([reading], ...absent, [reading])[1]).toMatchObject({ currentCompletedTaskCount: 2 });
  });

  it("are safe in a page", () => {
    const line = dataLine({ name: '</script><b>"\u2028' });
    expect(line).not.toMatch(/[<\u2028]/);
    expect(messagesOf(line)).toEqual([{ name: '</script><b>"\u2028' }]);
  });
});
