import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HystrixLines, LINE_MAX } from "./hystrix-lines.ts";
import { readHystrixMessage, type CommandReport } from "./hystrix-parse.ts";
import { commandMessage, dataLine } from "./hystrix-stream.ts";
import { HystrixWindows } from "./hystrix-window.ts";
import { messagesOf, type Message } from "./test-hystrix.ts";
import { testReading } from "./test-reading.ts";

const EXCERPT = readFileSync(new URL("test-jvm-stream.txt", import.meta.url), "utf8");
const [CHARGE = {}, INVOICE = {}] = messagesOf(EXCERPT);

const linesOf = (...texts: string[]): unknown[] => {
  const lines = new HystrixLines();
  return texts.flatMap((text) => lines.feed(text));
};

function reportOf(change: Message = {}): CommandReport {
  const message = readHystrixMessage({ ...CHARGE, ...change });
  if (message?.kind !== "command") throw new Error("no command");
  return message.report;
}

describe("the lines of a stream", () => {
  it("give the same messages however the text is cut", () => {
    const whole = linesOf(EXCERPT);
    expect(whole).toHaveLength(4);
    fc.assert(
      fc.property(fc.array(fc.nat(EXCERPT.length)), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), EXCERPT.length];
        expect(linesOf(...at.map((from, index) => EXCERPT.slice(from, at[index + 1] ?? from)))).toEqual(whole);
      }),
    );
  });

  it("give every message when another thread's ping stands anywhere in it", () => {
    const line = dataLine(INVOICE);
    for (let at = 0; at <= line.length; at += 1) {
      const text = `${line.slice(0, at)}ping: \n\n${line.slice(at)}\n`;
      expect(linesOf(text, dataLine(CHARGE)), String(at)).toEqual([INVOICE, CHARGE]);
    }
  });

  it("give every message when the ping itself is broken by one", () => {
    for (let at = 0; at <= 8; at += 1) {
      const text = `${"ping: \n\n".slice(0, at)}${dataLine(INVOICE)}${"ping: \n\n".slice(at)}`;
      expect(linesOf(text, dataLine(CHARGE)), String(at)).toEqual([INVOICE, CHARGE]);
    }
  });

  it.each([
    ["line feeds with carriage returns", dataLine(INVOICE).replaceAll("\n", "\r\n")],
    ["no space after the colon", dataLine(INVOICE).replace("data: ", "data:")],
    ["Turbine's pings", `: ping\n${dataLine(INVOICE)}: ping\n\n`],
    ["other fields", `retry: 100\nid: 7\nevent: message\n${dataLine(INVOICE)}`],
    ["several data lines for one message", dataLine(INVOICE).replace(',"group"', '\ndata: ,"group"')],
    ["a message that never ends", `data: {"type":"Hystrix\n\n${dataLine(INVOICE)}`],
    ["a line that is too long", `data: {"name":"${"x".repeat(LINE_MAX)}"}\n\n${dataLine(INVOICE)}`],
    ["lines that are none of ours", `event: x\ndata: hello\n\ndata: 7\n\ndata: [1]x\n\n${dataLine(INVOICE)}`],
  ])("get over %s", (_what, text) => {
    expect(linesOf(text).filter((message) => readHystrixMessage(message) !== null)).toEqual([INVOICE]);
  });

  it("keep a name that looks like a ping", () => {
    expect(linesOf('data: {"name":"ping: me"}\n\n')).toEqual([{ name: "ping: me" }]);
  });

  it("hold no more than two lines of anything, and never throw", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "data: {",
        '{"a":',
        "ping: ",
        "\n",
        "\r\n",
        '"',
        "}",
        "[".repeat(20_000),
        "x".repeat(LINE_MAX / 2),
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (texts) => void linesOf(...texts)),
      { numRuns: 30 },
    );
  });
});

describe("a command of a stream", () => {
  it("is read as a JVM tells of it", () => {
    expect(readHystrixMessage(CHARGE)).toEqual({
      kind: "command",
      name: "ChargeCard",
      group: "Billing",
      report: {
        state: "open",
        forced: null,
        hosts: 1,
        openHosts: 1,
        forcedHosts: 0,
        requestCount: 64,
        errorCount: 48,
        errorPercent: 75,
        rollingMs: 10_000,
        counts: { success: 16, failure: 30, timeout: 18, rejected: 0, "short-circuited": 120 },
        badRequests: 0,
        fallbackServed: 166,
        fallbackFailed: 0,
        fallbackRejected: 0,
        inFlight: 1,
        latency: { mean: 183, p50: 42, p90: 640, p99: 800, p995: 800 },
        thresholds: {
          enabled: true,
          requestVolume: 20,
          errorPercent: 50,
          sleepWindowMs: 5000,
          timeoutMs: 800,
          strategy: "THREAD",
        },
      },
    });
  });

  it("is read as this gateway tells of it", () => {
    const rolling = new HystrixWindows();
    rolling.take([testReading({ state: "open", counts: { success: 3, rejected: 2 } })]);
    const [figures] = rolling.commands();
    if (figures === undefined) throw new Error("no command");
    const read = readHystrixMessage(commandMessage(figures, 1));
    expect(read).toMatchObject({
      name: "checkout->payments",
      report: { state: "open", counts: { success: 3, rejected: 2 }, thresholds: { strategy: "SEMAPHORE" } },
    });
  });

  it("has no latency until there is one", () => {
    const nothing = Object.fromEntries(["0", "25", "50", "75", "90", "95", "99", "99.5", "100"].map((key) => [key, 0]));
    expect(reportOf({ latencyExecute: nothing, latencyExecute_mean: 0 }).latency).toBeNull();
    expect(reportOf({ latencyExecute: undefined, latencyExecute_mean: "null" }).latency).toBeNull();
    expect(reportOf({ latencyExecute: { ...nothing, "100": 3 }, latencyExecute_mean: 0 }).latency).toMatchObject({
      p99: 0,
    });
  });

  it("is read the same with text for numbers, numbers with fractions, and unknown fields beside", () => {
    const text = Object.fromEntries(
      Object.entries(CHARGE).map(([key, value]) => [
        key,
        typeof value === "object" ? value : JSON.stringify(value).replaceAll('"', ""),
      ]),
    );
    expect(reportOf({ ...text, InstanceKey: "i", TypeAndName: "TypeAndName=>HystrixCommand_ChargeCard" })).toEqual(
      reportOf(),
    );
    expect(reportOf({ latencyExecute_mean: 182.6, errorCount: 47.9 })).toMatchObject({
      latency: { mean: 182.6 },
      errorCount: 48,
    });
  });

  it.each([
    ["an object, as Turbine 2 has it", { false: 2, true: 1 }],
    ["text, as Turbine 1 has it", '{"false":2,"true":1}'],
  ])("is open at one of three hosts when they differ and that is %s", (_what, mixed) => {
    const flags = { isCircuitBreakerOpen: mixed, propertyValue_circuitBreakerForceOpen: mixed };
    expect(reportOf({ reportingHosts: 3, ...flags })).toMatchObject({
      state: "open",
      openHosts: 1,
      forced: "forced-open",
      forcedHosts: 1,
      hosts: 3,
    });
    expect(reportOf({ reportingHosts: 3, isCircuitBreakerOpen: true })).toMatchObject({ openHosts: 3 });
  });

  it("has the settings of one host, whether Turbine adds them up, sends text, or counts hosts", () => {
    const key = "propertyValue_circuitBreakerErrorThresholdPercentage";
    for (const value of [150, "50", { "50": 2, "60": 1 }, '{"50":2,"60":1}'])
      expect(reportOf({ reportingHosts: 3, [key]: value }).thresholds.errorPercent).toBe(50);
    expect(reportOf({ reportingHosts: 3, latencyExecute_mean: 300 }).latency?.mean).toBe(100);
  });

  it("has an error share of its own counts, whatever it claims", () => {
    expect(reportOf({ errorPercentage: 225, requestCount: 192, errorCount: 144 }).errorPercent).toBe(75);
    expect(reportOf({ requestCount: 0, errorCount: 5 }).errorPercent).toBe(0);
  });

  it("goes when Turbine says so", () => {
    expect(readHystrixMessage({ deleteData: "true", type: "HystrixCommand", name: "ChargeCard" })).toEqual({
      kind: "gone",
      name: "ChargeCard",
    });
  });

  it("is told from what is none", () => {
    const others = [
      { type: "meta", name: "meta", reportingHostsLast10Seconds: 3 },
      { type: "HystrixThreadPool", name: "Billing" },
      { type: "HystrixCommand" },
      { type: "HystrixCommand", name: "x".repeat(257) },
      { name: "ChargeCard" },
      null,
      7,
      [],
    ];
    for (const message of others) expect(readHystrixMessage(message)).toBeNull();
  });

  it("never throws and never has a figure that is none, whatever is sent", () => {
    const keys = [...Object.keys(CHARGE), "deleteData", "__proto__", "latencyExecute"];
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(Number.MAX_VALUE, -1, "1e999", "{", '{"true":"x"}'));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), value), (message) => {
        const read = readHystrixMessage({ ...message, type: "HystrixCommand", name: "a" });
        if (read?.kind !== "command") return;
        const { requestCount, errorPercent, rollingMs, counts, latency, thresholds, openHosts, hosts } = read.report;
        const figures = [
          requestCount,
          errorPercent,
          rollingMs,
          ...Object.values(counts),
          ...Object.values(latency ?? {}),
        ];
        for (const figure of figures) expect(Number.isFinite(figure) && figure >= 0).toBe(true);
        expect(Number.isFinite(thresholds.timeoutMs) && openHosts <= hosts && errorPercent <= 100).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
