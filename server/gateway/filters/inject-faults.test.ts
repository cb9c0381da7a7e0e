import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_BREAKER_SETTINGS, type BreakerSettings } from "#domain/breaker-policy.ts";
import type { RouteDraft } from "#domain/route.ts";
import { until } from "../test-bed/peer.ts";
import { TestMesh } from "../test-bed/test-mesh.ts";

let mesh: TestMesh;
let reached: number;
let last: string | undefined;
/** What the gateway's random source says. */
let chance: number;
beforeEach(async () => {
  chance = 0.5;
  mesh = await TestMesh.start({ random: () => chance });
  reached = 0;
  last = undefined;
  await mesh.serve("shop", (incoming, response) => {
    reached += 1;
    last = String(incoming.headers["x-order"]);
    response.end("shop");
  });
  await mesh.serve("backup", (_incoming, response) => response.end("backup"));
});
afterEach(() => mesh.stop());

function faults(plan: NonNullable<RouteDraft["faults"]>, extra: Partial<RouteDraft> = {}): void {
  mesh.route("shop", { destinations: [{ service: "shop", weight: 1 }], faults: plan, ...extra });
}

function guard(settings: Partial<BreakerSettings>, fallbacks: string[] = []): void {
  mesh.breaker({
    target: { kind: "service", service: "shop" },
    settings: { ...DEFAULT_BREAKER_SETTINGS, ...settings },
    fallbacks: fallbacks.map((service) => ({ kind: "service", service })),
  });
}

async function call(headers: Record<string, string> = {}) {
  const answer = await request(mesh.edge, { headers });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

const always = (status: number) => ({ abort: { status, percent: 100 } });

describe("an injected failure", () => {
  it("has the status the trial wants, says that it is one, and reaches no service", async () => {
    faults(always(418));
    const { status, headers, text } = await call();
    expect(status).toBe(418);
    expect(JSON.parse(text)).toMatchObject({ code: "FAULT_INJECTED", status: 418, blame: "operator" });
    expect([headers["x-mesh-attempts"], headers["retry-after"], reached]).toEqual(["0", undefined, 0]);
    faults(always(503));
    expect((await call()).headers["retry-after"]).toBe("1");
  });

  it("is for requests with all of the trial's headers only", async () => {
    const headers = [
      { name: "x-trial", match: { kind: "exact" as const, value: "yes" } },
      { name: "x-user", match: { kind: "regex" as const, value: "tester-[0-9]+" } },
    ];
    faults({ ...always(500), headers });
    expect((await call({ "x-trial": "yes", "x-user": "tester-1" })).status).toBe(500);
    expect((await call({ "x-trial": "yes", "x-user": "ann" })).status).toBe(200);
    expect((await call({ "x-user": "tester-1" })).status).toBe(200);
  });

  it("strikes as often as the trial wants: a tenth of a percent is not none, and 0 is", async () => {
    const abort = (percent: number): void => faults({ abort: { status: 500, percent } });
    chance = 0.000_99;
    abort(0.1);
    expect((await call()).status).toBe(500);
    chance = 0.001;
    expect((await call()).status).toBe(200);
    chance = 0;
    abort(0);
    expect((await call()).status).toBe(200);
    chance = 0.999_999;
    abort(100);
    expect((await call()).status).toBe(500);
  });

  it("from 500 opens the breaker, and backups, which it spares, serve", async () => {
    guard({ requestVolumeThreshold: 4, sleepWindowMs: 60_000 }, ["backup"]);
    faults(always(500));
    for (let index = 0; index < 4; index += 1)
      expect(await call()).toMatchObject({ text: "backup", headers: { "x-mesh-fallback": "backup;reason=failure" } });
    expect(await call()).toMatchObject({ headers: { "x-mesh-fallback": "backup;reason=short-circuited" } });
    expect(reached).toBe(0);
  });

  it("below 500 is no failure to the breaker", async () => {
    guard({ requestVolumeThreshold: 2, sleepWindowMs: 60_000 }, ["backup"]);
    faults(always(404));
    for (let index = 0; index < 6; index += 1) expect((await call()).status).toBe(404);
  });

  it("is counted", async () => {
    faults(always(500));
    await call();
    const { body } = await request(`${mesh.admin}/metrics`);
    expect(await body.text()).toContain('meshkeeper_faults_injected_total{route="shop",fault="abort"} 1');
  });
});

describe("an injected delay", () => {
  it("comes before the call: what is not delayed overtakes it, and the answer is the service's", async () => {
    faults({ delay: { ms: 500, percent: 100 }, headers: [{ name: "x-slow", match: { kind: "present" } }] });
    const slow = call({ "x-slow": "1", "x-order": "sent first" });
    await until(async () => (await inFlight()) === 1);
    expect((await call({ "x-order": "sent second" })).status).toBe(200);
    expect(last).toBe("sent second");
    expect(await slow).toMatchObject({ status: 200, text: "shop" });
    expect(last).toBe("sent first");
  });

  it("beyond the call's time is a timeout to the breaker as to the client", async () => {
    guard({ requestVolumeThreshold: 2, timeoutMs: 50, sleepWindowMs: 60_000 });
    faults({ delay: { ms: 600_000, percent: 100 } });
    for (let index = 0; index < 2; index += 1) {
      const { status, text } = await call();
      expect([status, JSON.parse(text)]).toMatchObject([504, { code: "UPSTREAM_TIMEOUT" }]);
    }
    expect(JSON.parse((await call()).text)).toMatchObject({ code: "BREAKER_OPEN" });
    expect(reached).toBe(0);
  });

  it("ends when the client goes away, and its place at the breaker is free again", async () => {
    guard({ timeoutMs: 600_000, maxConcurrent: 1 });
    faults({ delay: { ms: 500_000, percent: 100 } }, { timeoutMs: 600_000 });
    const leaving = new AbortController();
    const left = request(mesh.edge, { signal: leaving.signal }).catch((error: unknown) => error);
    await until(async () => (await inFlight()) === 1);
    expect(JSON.parse((await call()).text)).toMatchObject({ code: "TOO_MANY_CONCURRENT" });
    leaving.abort();
    await left;
    await until(async () => (await inFlight()) === 0);
    faults({ delay: null });
    expect(await call()).toMatchObject({ status: 200, text: "shop" });
    expect(reached).toBe(1);
  });

  const inFlight = async (): Promise<number> => {
    const { body } = await request(`${mesh.admin}/metrics`);
    return Number(/^meshkeeper_requests_in_flight (\d+)$/m.exec(await body.text())?.[1]);
  };
});
