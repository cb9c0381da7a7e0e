import type { IncomingMessage, ServerResponse } from "node:http";
import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_BREAKER_SETTINGS, type BreakerSettings } from "#domain/breaker-policy.ts";
import type { BreakerReading, TrafficWindow } from "#domain/traffic.ts";
import { until } from "./test-bed/peer.ts";
import { windowsUntil } from "./test-bed/streamed-windows.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

/*
 * What Hystrix promises of a whole command (HystrixCommandTest and the stream tests), tried on the gateway: time, bulkhead, fallback and
 * counting together. What concerns the breaker alone is in server/domain/conformance/.
 */

let mesh: TestMesh;
let backup: "serves" | "fails" | "holds";
/** Calls at the services that wait for `letGo`. */
let held: ServerResponse[];
/** Of the next call that a service holds. */
let arrival: PromiseWithResolvers<void>;
const NEVER_OPEN: Partial<BreakerSettings> = { requestVolumeThreshold: 1_000_000, timeoutMs: 2000 };

/** The services do as the path says. */
function behave(service: string, incoming: IncomingMessage, response: ServerResponse): void {
  const path = incoming.url ?? "";
  if (path.startsWith("/hold")) {
    held.push(response);
    arrival.resolve();
  } else if (path === "/reset") incoming.socket.destroy();
  else if (path === "/silent") setTimeout(() => response.end(`${service} too late`), 400).unref();
  else response.writeHead(path === "/ok" ? 200 : Number(path.slice(1))).end(`${service} ${path.slice(1)}`);
}

beforeEach(async () => {
  mesh = await TestMesh.start();
  backup = "serves";
  held = [];
  arrival = Promise.withResolvers();
  await mesh.serve("payments", (incoming, response) => behave("payments", incoming, response));
  await mesh.serve("backup", (_incoming, response) => {
    if (backup === "holds") held.push(response);
    else response.writeHead(backup === "fails" ? 500 : 200).end("backup");
  });
  mesh.route("pay", { destinations: [{ service: "payments", weight: 1 }], timeoutMs: 5000 });
});
afterEach(async () => {
  letGo();
  await mesh.stop();
});

function letGo(): void {
  for (const response of held.splice(0)) response.end("at last");
}

function guard(settings: Partial<BreakerSettings>, backups: string[] = []): void {
  mesh.breaker({
    target: { kind: "service", service: "payments" },
    settings: { ...DEFAULT_BREAKER_SETTINGS, ...settings },
    fallbacks: backups.map((service) => ({ kind: "service", service })),
  });
}

async function pay(path: string) {
  const answer = await request(mesh.edge + path);
  const text = await answer.body.text();
  const code = text.startsWith("{") ? String(JSON.parse(text).code) : null;
  return { status: answer.statusCode, text, code, fallback: answer.headers["x-mesh-fallback"] };
}

/** Begins calls that the services hold, once they have arrived; returns a wait for their end. */
async function holding(count: number, path = "/hold"): Promise<() => Promise<unknown>> {
  const before = held.length;
  const calls = Array.from({ length: count }, () => pay(path));
  await until(() => held.length === before + count);
  return () => Promise.all(calls);
}

/** A call whose client goes away once it has arrived at the service. */
async function goingAway(path = "/hold"): Promise<void> {
  const before = held.length;
  const client = new AbortController();
  const call = request(mesh.edge + path, { signal: client.signal }).catch(() => null);
  await until(() => held.length > before);
  const closed = new Promise((resolve) => held.at(-1)?.once("close", resolve));
  client.abort();
  await call;
  await closed;
}

const readingsOf = (windows: readonly TrafficWindow[]): BreakerReading[] =>
  windows.flatMap(({ breakers }) => breakers).filter(({ service }) => service === "payments");

const counted = (readings: readonly BreakerReading[], outcome: keyof BreakerReading["counts"]): number =>
  readings.reduce((sum, { counts }) => sum + (counts[outcome] ?? 0), 0);

/** Calls whose time was told. */
const timed = (readings: readonly BreakerReading[]): number =>
  readings.flatMap(({ latency }) => latency).reduce((sum, [, count]) => sum + count, 0);

/** All that was told of payments' breaker, once so many calls had this outcome. */
async function readingsAfter(count: number, outcome: keyof BreakerReading["counts"]): Promise<BreakerReading[]> {
  return readingsOf(await windowsUntil(mesh, (windows) => counted(readingsOf(windows), outcome) >= count));
}

/** How a call goes wrong, how that is brought about, and what its caller gets when nothing else answers. */
const WRONG = [
  { reason: "failure", path: "/500", alone: { status: 500, text: "payments 500" } },
  { reason: "timeout", path: "/silent", alone: { status: 504, code: "UPSTREAM_TIMEOUT" } },
  { reason: "unreachable", path: "/reset", alone: { status: 502, code: "UPSTREAM_RESET" } },
  { reason: "short-circuited", path: "/ok", alone: { status: 503, code: "BREAKER_OPEN" } },
  { reason: "rejected", path: "/ok", alone: { status: 503, code: "TOO_MANY_CONCURRENT" } },
] as const;

/** A call that goes wrong for this reason. */
async function goWrong(reason: string, path: string, backups: string[], settings: Partial<BreakerSettings> = {}) {
  const volume = reason === "short-circuited" ? 1 : 1_000_000;
  const maxConcurrent = reason === "rejected" ? 1 : 100;
  const timeoutMs = reason === "timeout" ? 100 : 2000;
  guard({ requestVolumeThreshold: volume, sleepWindowMs: 60_000, maxConcurrent, timeoutMs, ...settings }, backups);
  if (reason === "short-circuited") await pay("/500");
  if (reason === "rejected") await holding(1);
  return pay(path);
}

describe("fallback matrix (testExecution{Failure,Timeout}With*, testRejected*With*, testShortCircuit*)", () => {
  it.each(WRONG)("$reason without a fallback: the caller is told", async ({ reason, path, alone }) => {
    expect(await goWrong(reason, path, [])).toMatchObject({ ...alone, fallback: undefined });
  });

  it.each(WRONG)("$reason with a fallback: it answers, and why is told", async ({ reason, path }) => {
    expect(await goWrong(reason, path, ["backup"])).toMatchObject({
      status: 200,
      text: "backup",
      fallback: `backup;reason=${reason}`,
    });
  });

  it.each(WRONG)("$reason with a fallback that fails: the first answer stands", async ({ reason, path, alone }) => {
    backup = "fails";
    expect(await goWrong(reason, path, ["backup"])).toMatchObject({ ...alone, fallback: undefined });
  });

  it.each(WRONG)(
    "$reason with too many fallbacks under way: the first answer stands",
    async ({ reason, path, alone }) => {
      guard({ ...NEVER_OPEN, fallbackMaxConcurrent: 1 }, ["backup"]);
      backup = "holds";
      await holding(1, "/500");
      backup = "serves";
      expect(await goWrong(reason, path, ["backup"], { fallbackMaxConcurrent: 1 })).toMatchObject({
        ...alone,
        fallback: undefined,
      });
    },
  );

  it("a fallback's place comes back when it has ended (testFallbackSemaphore)", async () => {
    guard({ ...NEVER_OPEN, fallbackMaxConcurrent: 1 }, ["backup"]);
    backup = "holds";
    const ended = await holding(1, "/500");
    letGo();
    await ended();
    backup = "serves";
    for (let call = 0; call < 3; call += 1) expect((await pay("/500")).text).toBe("backup");
  });

  it.each([404, 429, 400])("%i is an answer: no fallback (testBadRequest*)", async (status) => {
    guard(NEVER_OPEN, ["backup"]);
    expect(await pay(`/${status}`)).toMatchObject({ status, text: `payments ${status}`, fallback: undefined });
  });
});

describe("counting", () => {
  it("an answer that comes after the timeout adds no success (testCountersOnExecutionTimeout)", async () => {
    guard({ ...NEVER_OPEN, timeoutMs: 100 });
    expect((await pay("/silent")).code).toBe("UPSTREAM_TIMEOUT");
    await pay("/ok");
    const readings = await readingsAfter(1, "success");
    expect(readings.at(-1)?.window).toMatchObject({ total: 2, errors: 1 });
    expect(counted(readings, "timeout")).toBe(1);
  });

  it("fallbacks never count for the breaker, however they end (HealthCountsStreamTest.testFallback*)", async () => {
    guard(NEVER_OPEN, ["backup"]);
    await pay("/500");
    backup = "fails";
    for (let call = 0; call < 3; call += 1) await pay("/500");
    for (let call = 0; call < 4; call += 1) await pay("/ok");
    const readings = await readingsAfter(4, "success");
    expect(readings.at(-1)?.window).toMatchObject({ total: 8, errors: 4 });
    const served = readings.reduce((sum, { fallbackServed }) => sum + fallbackServed, 0);
    const failed = readings.reduce((sum, { fallbackFailed }) => sum + fallbackFailed, 0);
    expect([served, failed]).toEqual([1, 3]);
  });

  it("refused calls are in no latency (RollingCommandLatencyDistributionStreamTest)", async () => {
    guard({ ...NEVER_OPEN, maxConcurrent: 1 });
    await holding(1);
    for (let call = 0; call < 5; call += 1) expect((await pay("/ok")).code).toBe("TOO_MANY_CONCURRENT");
    letGo();
    const readings = await readingsAfter(1, "success");
    expect(timed(readings)).toBe(1);
    expect(counted(readings, "rejected")).toBe(5);
  });

  it("tells the most calls there were at once (RollingCommandMaxConcurrencyStreamTest)", async () => {
    guard(NEVER_OPEN);
    const ended = await holding(3);
    letGo();
    await ended();
    const readings = await readingsAfter(3, "success");
    expect(Math.max(...readings.map(({ maxInFlight }) => maxInFlight))).toBe(3);
    await until(async () => (await readingsAfter(3, "success")).at(-1)?.maxInFlight === 0);
  });
});

describe("bulkhead", () => {
  it("of 6 callers with 3 permits 3 are rejected at once, and all permits come back (testSemaphorePermitsInUse)", async () => {
    guard({ ...NEVER_OPEN, maxConcurrent: 3 });
    const ended = await holding(3);
    for (let call = 0; call < 3; call += 1) expect((await pay("/ok")).code).toBe("TOO_MANY_CONCURRENT");
    letGo();
    await ended();
    await holding(3);
    expect((await pay("/ok")).code).toBe("TOO_MANY_CONCURRENT");
  });
});

describe("callers that go away (testEarlyUnsubscribe*)", () => {
  it("do not count, and leave their place", async () => {
    guard({ ...NEVER_OPEN, maxConcurrent: 1 });
    await goingAway();
    await until(async () => (await pay("/ok")).status === 200);
    const readings = await readingsAfter(1, "success");
    expect(counted(readings, "abandoned")).toBe(1);
    expect(timed(readings)).toBe(counted(readings, "success"));
    expect(readings.at(-1)?.window.errors).toBe(counted(readings, "rejected"));
  });

  it("give a trial back: the next call is one (testUnsubscriptionDoesNotLeaveCircuitStuckHalfOpen)", async () => {
    guard({ requestVolumeThreshold: 1, sleepWindowMs: 100, timeoutMs: 2000 });
    await pay("/500");
    expect((await pay("/ok")).code).toBe("BREAKER_OPEN");
    await until(async () => {
      const client = new AbortController();
      const call = request(`${mesh.edge}/hold`, { signal: client.signal }).catch(() => null);
      arrival = Promise.withResolvers();
      const first = await Promise.race([call.then(() => "refused"), arrival.promise.then(() => "arrived")]);
      client.abort();
      await call;
      return first === "arrived";
    });
    await until(async () => (await pay("/ok")).status === 200);
    const changes = (windows: readonly TrafficWindow[]) => windows.flatMap(({ transitions }) => transitions);
    const windows = await windowsUntil(mesh, (seen) => changes(seen).some(({ to }) => to === "closed"));
    expect(changes(windows).map(({ to }) => to)).toEqual(["open", "half-open", "closed"]);
  });
});

describe("orders and switches", () => {
  it("forced open, the fallback serves (testCircuitBreakerReportsOpenIfForcedOpen)", async () => {
    guard(NEVER_OPEN, ["backup"]);
    mesh.force({ target: { kind: "service", service: "payments" }, mode: "forced-open" });
    expect(await pay("/ok")).toMatchObject({ text: "backup", fallback: "backup;reason=forced-open" });
  });

  it("forced closed, calls go on and fail (testCircuitBreakerReportsClosedIfForcedClosed)", async () => {
    guard({ requestVolumeThreshold: 1 });
    mesh.force({ target: { kind: "service", service: "payments" }, mode: "forced-closed" });
    for (let call = 0; call < 10; call += 1) expect((await pay("/500")).text).toBe("payments 500");
    expect((await pay("/ok")).text).toBe("payments ok");
  });

  it("switched off, nothing is short-circuited (testExecutionSuccessWithCircuitBreakerDisabled)", async () => {
    guard({ requestVolumeThreshold: 1, enabled: false });
    for (let call = 0; call < 10; call += 1) expect((await pay("/500")).text).toBe("payments 500");
    expect((await pay("/ok")).text).toBe("payments ok");
  });

  it("each route to a service has a breaker of its own (testCircuitBreakerAcrossMultipleCommandsButSameCircuitBreaker, of ours: per command)", async () => {
    mesh.route("other", { hosts: ["other.test"], destinations: [{ service: "payments", weight: 1 }] });
    guard({ requestVolumeThreshold: 3, sleepWindowMs: 60_000 }, ["backup"]);
    for (let call = 0; call < 3; call += 1) expect((await pay("/500")).fallback).toBe("backup;reason=failure");
    expect((await pay("/ok")).fallback).toBe("backup;reason=short-circuited");
    const other = await request(`${mesh.edge}/ok`, { headers: { host: "other.test" } });
    expect(await other.body.text()).toBe("payments ok");
  });
});
