import type { Socket } from "node:net";
import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEFAULT_BREAKER_SETTINGS } from "#domain/breaker-policy.ts";
import type { RouteDraft } from "#domain/route.ts";
import { bodyOf, startRawPeer, until, type Peer, type PeerHandler } from "./test-bed/peer.ts";
import { TestMesh } from "./test-bed/test-mesh.ts";

let mesh: TestMesh;
/** `id method`, in order. */
let calls: string[];
beforeEach(async () => {
  mesh = await TestMesh.start();
  calls = [];
});
afterEach(async () => {
  vi.restoreAllMocks();
  await mesh.stop();
});

const ALL = { on: ["connect-failure", "reset", "status"], backoffMs: 0 } satisfies RouteDraft["retry"];

function serve(id: string, handler: PeerHandler): Promise<Peer> {
  return mesh.serve(
    "cart",
    (incoming, response) => {
      calls.push(`${id} ${incoming.method ?? ""}`);
      handler(incoming, response);
    },
    { id },
  );
}
const status =
  (code: number, text = ""): PeerHandler =>
  (_incoming, response) => {
    response.statusCode = code;
    response.end(text);
  };
const good: PeerHandler = (incoming, response) =>
  void bodyOf(incoming).then((body) => response.end(`${body.length} bytes`));
const reset: PeerHandler = (incoming) => incoming.socket.destroy();

function route(retry: RouteDraft["retry"], more: Partial<RouteDraft> = {}): void {
  mesh.route("cart", { destinations: [{ service: "cart", weight: 1 }], retry, ...more });
}

async function call(options: { method?: "GET" | "PUT" | "POST"; body?: Buffer; path?: string } = {}) {
  const { method = "GET", body = null, path = "/" } = options;
  const answer = await request(mesh.edge + path, { method, body });
  const attempts = Number(answer.headers["x-mesh-attempts"]);
  return {
    status: answer.statusCode,
    text: await answer.body.text(),
    attempts,
    instance: answer.headers["x-mesh-instance"],
  };
}

async function metric(name: string): Promise<number> {
  const text = await (await request(`${mesh.admin}/metrics`)).body.text();
  return Number(new RegExp(`^${name}\\{route="cart"\\} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
}

describe("what is tried again", () => {
  it("a status the route lists, elsewhere, and the answer that is replaced never shows", async () => {
    await serve("a", status(503, "x".repeat(100_000)));
    await serve("b", good);
    route({ ...ALL, statuses: [503] });
    for (let n = 0; n < 3; n += 1) expect(await call()).toMatchObject({ status: 200, instance: "b", text: "0 bytes" });
    expect(await metric("meshkeeper_retries_total")).toBe(calls.filter((made) => made === "a GET").length);
    expect(calls.length).toBeGreaterThan(3);
  });

  it("not a status it does not list, and nothing at all without a policy of retries", async () => {
    await serve("a", status(500));
    route({ ...ALL, statuses: [503] });
    expect(await call()).toMatchObject({ status: 500, attempts: 1 });
    await serve("b", reset);
    mesh.deregister("a");
    route(null);
    expect(await call()).toMatchObject({ status: 502, attempts: 1 });
  });

  it("a connection that ends before its answer, for methods that may be sent twice, with the body they had", async () => {
    await serve("a", reset);
    await serve("b", good);
    route(ALL);
    const body = Buffer.from("12345");
    for (let n = 0; n < 2; n += 1)
      expect(await call({ method: "PUT", body })).toMatchObject({ status: 200, text: "5 bytes", instance: "b" });
    expect(calls).toContain("a PUT");
  });

  it("never a POST that a service may have acted on, unless the route says so", async () => {
    await serve("a", reset);
    await serve("b", reset);
    route(ALL);
    expect(await call({ method: "POST", body: Buffer.from("1") })).toMatchObject({ status: 502, attempts: 1 });
    route({ ...ALL, anyMethod: true });
    expect(await call({ method: "POST", body: Buffer.from("1") })).toMatchObject({ status: 502, attempts: 2 });
  });

  it("a POST that could not even be sent", async () => {
    const gone = await serve("a", good);
    await serve("b", good);
    await gone.stop();
    route({ ...ALL, on: ["connect-failure"] });
    for (let n = 0; n < 2; n += 1)
      expect(await call({ method: "POST", body: Buffer.from("1") })).toMatchObject({ status: 200, instance: "b" });
  });

  it("never a body too large to hold, once part of it has gone", async () => {
    await serve("a", (incoming) => incoming.once("data", () => incoming.socket.destroy()));
    await serve("b", (incoming) => incoming.once("data", () => incoming.socket.destroy()));
    route(ALL);
    expect(await call({ method: "PUT", body: Buffer.alloc(500_000) })).toMatchObject({ status: 502, attempts: 1 });
    expect(calls).toHaveLength(1);
  });

  it("a try that takes longer than it may, elsewhere", async () => {
    await serve("a", () => undefined);
    await serve("b", good);
    route({ ...ALL, perTryTimeoutMs: 50 });
    for (let n = 0; n < 2; n += 1) expect(await call()).toMatchObject({ status: 200, instance: "b" });
    expect(calls).toContain("a GET");
  });
});

describe("how often", () => {
  it("as often as the route says, each time at another instance while there is one", async () => {
    for (const id of ["a", "b", "c"]) await serve(id, status(503));
    route({ ...ALL, retries: 2 });
    expect(await call()).toMatchObject({ status: 503, attempts: 3 });
    expect(new Set(calls)).toEqual(new Set(["a GET", "b GET", "c GET"]));
  });

  it("at the same one again only after a pause", async () => {
    await serve("a", status(503));
    route({ ...ALL, retries: 2 });
    expect(await call()).toMatchObject({ attempts: 1 });
    route({ ...ALL, retries: 2, backoffMs: 10 });
    expect(await call()).toMatchObject({ attempts: 3 });
  });

  it("within the route's budget: above it the first failure stands, and that is counted", async () => {
    await serve("a", status(503));
    await serve("b", status(503));
    route({ ...ALL, budgetPercent: 20 });
    mesh.breaker({ target: { kind: "service", service: "cart" }, settings: { enabled: false } });
    mesh.servicePolicy({ service: "cart", outlier: { enabled: false } });
    for (let n = 0; n < 60; n += 1) await call();
    const retries = await metric("meshkeeper_retries_total");
    expect(retries).toBe(30);
    expect(calls).toHaveLength(60 + retries);
    expect(await metric("meshkeeper_retries_over_budget_total")).toBe(60 - retries);
  });

  it("not when the request's time would be over", async () => {
    await serve("a", () => undefined);
    await serve("b", good);
    route({ ...ALL, retries: 3, backoffMs: 60_000 }, { timeoutMs: 100 });
    await until(async () => (await call()).status === 504);
    expect(calls.at(-1)).toBe("a GET");
  });

  it("not for a client that has gone away during the pause", async () => {
    await serve("a", status(503));
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    route({ ...ALL, backoffMs: 60_000 }, { timeoutMs: 600_000 });
    mesh.breaker({ target: { kind: "service", service: "cart" }, settings: { timeoutMs: 300_000 } });
    const gone = new AbortController();
    const failed = request(mesh.edge, { signal: gone.signal }).catch(() => "gone");
    await until(() => calls.length === 1);
    gone.abort();
    expect(await failed).toBe("gone");
    await until(async () => {
      const text = await (await request(`${mesh.admin}/metrics`)).body.text();
      return text.includes("meshkeeper_requests_in_flight 0\n");
    });
    expect(calls).toHaveLength(1);
  });
});

describe("what the others see of it", () => {
  it("the breaker sees one success in a call that was retried, and one failure in one that was in vain", async () => {
    await serve("a", status(503));
    await serve("b", good);
    route(ALL);
    const settings = { ...DEFAULT_BREAKER_SETTINGS, requestVolumeThreshold: 1, errorThresholdPercent: 1 };
    mesh.breaker({ target: { kind: "service", service: "cart" }, settings });
    mesh.servicePolicy({ service: "cart", outlier: { enabled: false } });
    for (let n = 0; n < 6; n += 1) expect((await call()).status).toBe(200);
    mesh.deregister("b");
    await serve("c", status(503));
    expect(await call()).toMatchObject({ status: 503, attempts: 2 });
    expect(JSON.parse((await call()).text)).toMatchObject({ code: "BREAKER_OPEN" });
  });

  it("gives every place in the bulkhead back, drained answers included", async () => {
    await serve("a", status(503, "x".repeat(200_000)));
    await serve("b", good);
    route(ALL);
    mesh.breaker({ target: { kind: "service", service: "cart" }, settings: { maxConcurrent: 1 } });
    for (let n = 0; n < 10; n += 1) expect((await call()).status).toBe(200);
    await until(async () => Object.values(await mesh.instances()).every(({ inFlight }) => inFlight === 0));
  });

  it("an instance that fails is ejected although every call succeeded in the end", async () => {
    const sockets: Socket[] = [];
    const broken = await startRawPeer((socket) => {
      sockets.push(socket);
      socket.once("data", () => socket.destroy());
    });
    mesh.peers.push(broken);
    mesh.register({ service: "cart", id: "a", port: broken.port });
    await serve("b", good);
    route(ALL);
    mesh.servicePolicy({ service: "cart", outlier: { consecutiveFailures: 3 } });
    for (let n = 0; n < 20; n += 1) expect((await call()).status).toBe(200);
    expect(sockets).toHaveLength(3);
  });
});
