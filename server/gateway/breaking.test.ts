import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_BREAKER_SETTINGS, type BreakerSettings } from "#domain/breaker-policy.ts";
import { bodyOf, until } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

let mesh: TestMesh;
/** What payments answers with. */
let status: number;
let calls: string[];
const QUICK: Partial<BreakerSettings> = { requestVolumeThreshold: 4, sleepWindowMs: 200, timeoutMs: 300 };

beforeEach(async () => {
  mesh = await TestMesh.start();
  status = 200;
  calls = [];
  await mesh.serve("payments", (incoming, response) => {
    void bodyOf(incoming).then((body) => {
      calls.push(`payments ${body.toString()}`);
      if (status === 0) incoming.socket.destroy();
      else if (status > 0) response.writeHead(status).end(`payments ${status}`);
    });
  });
  await mesh.serve("backup", (incoming, response) => {
    void bodyOf(incoming).then((body) => {
      calls.push(`backup ${body.toString()}`);
      response.end("backup");
    });
  });
  mesh.route("pay", { destinations: [{ service: "payments", weight: 1 }], timeoutMs: 5000 });
});
afterEach(() => mesh.stop());

function guard(settings: Partial<BreakerSettings>, backups: string[] = ["backup"]): void {
  mesh.breaker({
    target: { kind: "service", service: "payments" },
    settings: { ...DEFAULT_BREAKER_SETTINGS, ...settings },
    fallbacks: backups.map((service) => ({ kind: "service", service })),
  });
}

async function pay(body?: string) {
  const answer = await request(mesh.edge, body === undefined ? {} : { method: "POST", body });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: await answer.body.text(),
    fallback: answer.headers["x-mesh-fallback"],
  };
}

describe("breaker and backup", () => {
  it("opens on failures, serves by the backup without calling, tries again after the sleep window, and closes", async () => {
    guard(QUICK);
    status = 500;
    for (let index = 0; index < 4; index += 1) {
      expect(await pay()).toMatchObject({ status: 200, text: "backup", fallback: "backup;reason=failure" });
    }
    calls = [];
    const open = await pay();
    expect(open).toMatchObject({ text: "backup", fallback: "backup;reason=short-circuited" });
    expect(open.headers).toMatchObject({ "x-mesh-service": "backup", "x-mesh-route": "pay", "x-mesh-attempts": "1" });
    expect(calls).toEqual(["backup "]);
    status = 200;
    const healed = await until(async () => {
      const answer = await pay();
      return answer.fallback === undefined ? answer : null;
    });
    expect(healed.text).toBe("payments 200");
    for (let index = 0; index < 6; index += 1) expect((await pay()).text).toBe("payments 200");
  });

  it("without a backup answers 503 with Retry-After and what happened", async () => {
    guard({ ...QUICK, sleepWindowMs: 3000 }, []);
    status = 500;
    for (let index = 0; index < 4; index += 1) expect((await pay()).text).toBe("payments 500");
    const { status: refused, headers, text } = await pay();
    expect(refused).toBe(503);
    expect(headers["retry-after"]).toBe("3");
    expect(JSON.parse(text)).toMatchObject({ code: "BREAKER_OPEN", detail: "100 % of 4 calls failed: 4 failure." });
  });

  it.each([
    ["timeout", -1],
    ["unreachable", 0],
  ])("serves by the backup on %s too", async (reason, behaviour) => {
    guard(QUICK);
    status = behaviour;
    expect(await pay()).toMatchObject({ text: "backup", fallback: `backup;reason=${reason}` });
  });

  it("serves by the backup when no instance is registered, and does not blame the breaker for that", async () => {
    guard({ ...QUICK, requestVolumeThreshold: 1 });
    mesh.deregister("payments-1");
    for (let index = 0; index < 3; index += 1)
      expect(await pay()).toMatchObject({ text: "backup", fallback: "backup;reason=no-instance" });
  });

  it("leaves 4xx alone", async () => {
    guard(QUICK);
    status = 404;
    for (let index = 0; index < 10; index += 1)
      expect(await pay()).toMatchObject({ status: 404, text: "payments 404", fallback: undefined });
  });

  it("tries backups in order, and lets the service's own answer stand when none does better", async () => {
    guard(QUICK, ["missing", "backup"]);
    status = 500;
    expect((await pay()).fallback).toBe("backup;reason=failure");
    mesh.deregister("backup-2");
    const { status: answered, text, headers } = await pay();
    expect([answered, text, headers["x-mesh-service"], headers["x-mesh-fallback"]]).toEqual([
      500,
      "payments 500",
      "payments",
      undefined,
    ]);
  });

  it("ends the service's own answer too when its client goes away, although backups were tried since", async () => {
    let closed = 0;
    await mesh.serve("drip", (_incoming, response) => {
      response.writeHead(500).write("sorry, ");
      const timer = setInterval(() => response.write("sorry, "), 5);
      response.on("close", () => {
        clearInterval(timer);
        closed += 1;
      });
    });
    mesh.route("drip", { hosts: ["drip.test"], destinations: [{ service: "drip", weight: 1 }] });
    mesh.register({ service: "refusing", id: "refusing", port: 1 });
    const fallbacks = [{ kind: "service" as const, service: "refusing" }];
    mesh.breaker({ target: { kind: "service", service: "drip" }, settings: DEFAULT_BREAKER_SETTINGS, fallbacks });
    const answer = await request(mesh.edge, { headers: { host: "drip.test" } });
    expect(answer.statusCode).toBe(500);
    answer.body.on("error", () => undefined).destroy();
    await until(() => closed === 1);
  });

  it("gives the backup a breaker of its own", async () => {
    guard({ ...QUICK, requestVolumeThreshold: 1000 });
    mesh.breaker({
      target: { kind: "service", service: "backup" },
      settings: { ...DEFAULT_BREAKER_SETTINGS, maxConcurrent: 1 },
    });
    mesh.force({ target: { kind: "command", routeId: "pay", service: "backup" }, mode: "forced-open" });
    status = 500;
    expect(await pay()).toMatchObject({ status: 500, text: "payments 500" });
    expect(calls).toEqual(["payments "]);
  });

  it("replays a small body, and never sends a large one twice; a short circuit can always be served", async () => {
    guard({ ...QUICK, requestVolumeThreshold: 3, sleepWindowMs: 5000 });
    status = 500;
    expect(await pay("small")).toMatchObject({ text: "backup" });
    expect(calls).toEqual(["payments small", "backup small"]);
    const large = "x".repeat(100_000);
    expect(await pay(large)).toMatchObject({ status: 500, text: "payments 500", fallback: undefined });
    await pay();
    calls = [];
    expect(await pay(large)).toMatchObject({ text: "backup", fallback: "backup;reason=short-circuited" });
    expect(calls).toEqual([`backup ${large}`]);
  });

  it("keeps the state of a breaker when its thresholds and its route are edited", async () => {
    guard({ ...QUICK, sleepWindowMs: 60_000 });
    status = 500;
    for (let index = 0; index < 4; index += 1) await pay();
    guard({ ...QUICK, sleepWindowMs: 60_000, errorThresholdPercent: 90 });
    mesh.route("pay", { destinations: [{ service: "payments", weight: 5 }], timeoutMs: 4000 });
    expect((await pay()).fallback).toBe("backup;reason=short-circuited");
  });

  it("keeps an open breaker open over a restart, for the rest of its sleep window", async () => {
    guard({ ...QUICK, sleepWindowMs: 60_000 });
    status = 500;
    for (let index = 0; index < 4; index += 1) await pay();
    const { dataDir } = mesh;
    await mesh.gateway.stop();
    const again = await TestMesh.start({ dataDir, policy: mesh.policy, registry: mesh.registry });
    try {
      const answer = await until(async () => {
        const tried = await request(again.edge);
        await tried.body.dump();
        return tried.statusCode === 200 ? tried : null;
      });
      expect(answer.headers["x-mesh-fallback"]).toBe("backup;reason=short-circuited");
    } finally {
      await again.stop({ keepData: true });
    }
  });
});

describe("bulkhead", () => {
  it("refuses what is above the limit while the rest is in flight, also while a body is still being sent", async () => {
    guard({ maxConcurrent: 1 }, []);
    mesh.breaker({
      target: { kind: "service", service: "drip" },
      settings: { ...DEFAULT_BREAKER_SETTINGS, maxConcurrent: 1 },
    });
    let end = (): void => undefined;
    await mesh.serve("drip", (_incoming, response) => {
      response.write("started ");
      end = () => response.end("ended");
    });
    mesh.route("drip", { hosts: ["drip.test"], destinations: [{ service: "drip", weight: 1 }] });
    const first = await request(mesh.edge, { headers: { host: "drip.test" } });
    const second = await request(mesh.edge, { headers: { host: "drip.test" } });
    expect([second.statusCode, JSON.parse(await second.body.text()).code]).toEqual([503, "TOO_MANY_CONCURRENT"]);
    end();
    expect(await first.body.text()).toBe("started ended");
    await until(async () => {
      const third = await request(mesh.edge, { headers: { host: "drip.test" } });
      end();
      await third.body.dump();
      return third.statusCode === 200;
    });
  });
});

describe("override", () => {
  it("forced open refuses everything, names the reason, and lifted leaves things as they were", async () => {
    guard(QUICK, []);
    const lift = mesh.force({
      target: { kind: "service", service: "payments" },
      mode: "forced-open",
      reason: "maintenance",
    });
    const { status: refused, text } = await pay();
    expect(refused).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ code: "BREAKER_FORCED_OPEN", detail: "maintenance" });
    expect(calls).toEqual([]);
    lift();
    expect((await pay()).text).toBe("payments 200");
  });

  it("forced closed keeps calling a failing service, and lifted shows the breaker that opened underneath", async () => {
    guard({ ...QUICK, sleepWindowMs: 60_000 }, []);
    const lift = mesh.force({ target: { kind: "service", service: "payments" }, mode: "forced-closed" });
    status = 500;
    for (let index = 0; index < 8; index += 1) expect((await pay()).text).toBe("payments 500");
    lift();
    expect(JSON.parse((await pay()).text)).toMatchObject({ code: "BREAKER_OPEN" });
  });

  it("for the command beats the service's, for this gateway beats the fleet's, for another gateway binds nobody here", async () => {
    guard(QUICK, []);
    const service = { kind: "service", service: "payments" } as const;
    mesh.force({ target: service, mode: "forced-open", scope: { kind: "gateway", gatewayId: "elsewhere" } });
    expect((await pay()).status).toBe(200);
    mesh.force({ target: service, mode: "forced-open" });
    expect((await pay()).status).toBe(503);
    mesh.force({ target: service, mode: "forced-closed", scope: { kind: "gateway", gatewayId: "gw-test" } });
    expect((await pay()).status).toBe(200);
    mesh.force({ target: { kind: "command", routeId: "pay", service: "payments" }, mode: "forced-open" });
    expect((await pay()).status).toBe(503);
  });

  it("ends on this gateway's own clock, with nobody publishing anything", async () => {
    guard(QUICK, []);
    mesh.force({
      target: { kind: "service", service: "payments" },
      mode: "forced-open",
      expiresAtMs: Date.now() + 150,
    });
    expect((await pay()).status).toBe(503);
    await until(async () => (await pay()).status === 200);
  });
});
