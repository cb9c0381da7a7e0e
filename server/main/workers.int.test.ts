import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { RouteSpec } from "#domain/route.ts";
import { TrafficWindow } from "#domain/traffic.ts";
import { startPeer, startRawPeer, type Peer } from "#gateway/test-bed/peer.ts";
import { watchGateways } from "#zookeeper/gateway-presence.ts";
import { registerInstance } from "#zookeeper/register-instance.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { policyDocument, publishPolicy, TestGateways, type RunningGateway } from "./test-gateway.ts";

let server: TestZooKeeper;
let zk: ZooKeeper;
let catalog: Peer;
let gateways: TestGateways;
let slow: (() => void)[] = [];
const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-workers-"));

beforeAll(async () => {
  server = await startTestZooKeeper();
  zk = server.connect();
  gateways = new TestGateways({ ZOOKEEPER: server.address, DATA_DIR: dataDir, GATEWAY_WORKERS: "2" });
  catalog = await startPeer((incoming, response) => {
    if (incoming.url === "/slow") slow.push(() => response.end("slow"));
    else response.end("catalog");
  });
  const at = { address: "127.0.0.1", port: catalog.port, metadata: {} };
  registerInstance(zk, { root: "/services", service: "catalog", id: "cat-1", ...at });
});
afterEach(() => gateways.killAll());
afterAll(async () => {
  await server.close();
  await catalog.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function documents(revision: number, description: string) {
  const spec = RouteSpec.parse({
    hosts: ["shop.test"],
    description,
    matches: [{}],
    destinations: [{ service: "catalog", weight: 1 }],
  });
  const settings = { maxConcurrent: 100 };
  return [
    policyDocument("routes/shop", revision, spec),
    policyDocument(
      "breakers/service:catalog",
      1,
      BreakerPolicySpec.parse({ target: { kind: "service", service: "catalog" }, settings }),
    ),
  ];
}

/** On a connection of its own: the workers take connections by turns. */
async function ask(
  { edgePort }: RunningGateway,
  path = "/",
): Promise<{ status: number; text: string; revision: unknown }> {
  const dispatcher = new Agent({ pipelining: 0 });
  try {
    const answer = await request(`http://127.0.0.1:${edgePort}${path}`, { headers: { host: "shop.test" }, dispatcher });
    return { status: answer.statusCode, text: await answer.body.text(), revision: answer.headers["x-mesh-revision"] };
  } finally {
    await dispatcher.close();
  }
}

async function metric({ adminPort }: RunningGateway, name: string): Promise<number> {
  const text = await (await request(`http://127.0.0.1:${adminPort}/metrics`)).body.text();
  const lines = text.split("\n").filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

/** Reads the telemetry stream to its end. */
async function readWindows({ adminPort }: RunningGateway, into: TrafficWindow[]): Promise<void> {
  const { body } = await request(`http://127.0.0.1:${adminPort}/telemetry`);
  let text = "";
  try {
    for await (const chunk of body) {
      text += String(chunk);
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = /^event: window\n.*\ndata: (.*)$/s.exec(event)?.[1];
        if (data !== undefined) into.push(TrafficWindow.parse(JSON.parse(data)));
      }
    }
  } catch {
    // The gateway has stopped.
  }
}

const workerPids = ({ output }: RunningGateway): number[] =>
  [...output().matchAll(/"pid":(\d+),"msg":"worker started"/g)].map(([, pid]) => Number(pid));

describe("a gateway of two workers", () => {
  it("counts as one, follows policy as one, outlives a worker, and drains without losing a request", async () => {
    const presence = server.owns(watchGateways(zk, "/meshkeeper", quietLog));
    await publishPolicy(zk, documents(1, "first"), 1);
    const gateway = await gateways.start({ LOG_LEVEL: "debug" });
    await eventually("it serves", async () => (await ask(gateway)).status === 200);
    const windows: TrafficWindow[] = [];
    const ended = readWindows(gateway, windows);
    await eventually("windows come", () => windows.length > 0);
    const before = await metric(gateway, 'meshkeeper_requests_total{listener="edge",route="shop"');

    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(gateway)));
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(["catalog"]));
    expect(await metric(gateway, 'meshkeeper_requests_total{listener="edge",route="shop"')).toBe(before + 60);
    expect(await metric(gateway, "meshkeeper_request_duration_seconds_count")).toBeGreaterThanOrEqual(before + 60);
    expect(await metric(gateway, "meshkeeper_workers")).toBe(2);
    const callsOf = (list: readonly TrafficWindow[]): number =>
      list.flatMap(({ edges }) => edges).reduce((sum, { counts }) => sum + (counts.success ?? 0), 0);
    await eventually("every call is in a window", () => callsOf(windows) >= before + 60);
    expect(callsOf(windows)).toBe(before + 60);
    const readings = windows.at(-1)?.breakers.map(({ routeId, service, worker }) => `${routeId} ${service} ${worker}`);
    expect(readings?.sort()).toEqual(["shop catalog 1", "shop catalog 2"]);

    await publishPolicy(zk, documents(2, "second"), 2);
    await eventually("revision 2 is acknowledged", () =>
      presence.current().acknowledgements.some(({ revision }) => revision === 2),
    );
    const revisions = await Promise.all(Array.from({ length: 20 }, () => ask(gateway)));
    expect(new Set(revisions.map(({ revision }) => revision))).toEqual(new Set(["2"]));

    const [victim = 0] = workerPids(gateway);
    process.kill(victim, "SIGKILL");
    await eventually("its death was seen", async () => (await metric(gateway, "meshkeeper_worker_deaths_total")) === 1);
    const meanwhile = await Promise.all(Array.from({ length: 20 }, () => ask(gateway)));
    expect(new Set(meanwhile.map(({ status }) => status))).toEqual(new Set([200]));
    await eventually("it is replaced", async () => (await metric(gateway, "meshkeeper_workers")) === 2);
    expect(await metric(gateway, 'meshkeeper_requests_total{listener="edge",route="shop"')).toBeGreaterThanOrEqual(
      before + 60,
    );
    const afterwards = await Promise.all(Array.from({ length: 20 }, () => ask(gateway)));
    expect(new Set(afterwards.map(({ revision }) => revision))).toEqual(new Set(["2"]));

    slow = [];
    const last = Array.from({ length: 10 }, () => ask(gateway, "/slow"));
    await eventually("all are in flight", () => slow.length === 10);
    gateway.child.kill("SIGTERM");
    await eventually("it drains", async () => {
      const { statusCode, body } = await request(`http://127.0.0.1:${gateway.adminPort}/readyz`);
      return statusCode === 503 && (await body.text()).includes("draining");
    });
    for (const finish of slow) finish();
    expect((await Promise.all(last)).map(({ text }) => text)).toEqual(Array(10).fill("slow"));
    expect(await gateway.exited).toBe(0);
    await ended;
    expect(windows.at(-1)?.sequence).toBe(windows.length);
    for (const pid of workerPids(gateway)) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("ends with 1 and names the variable when a port is taken", async () => {
    const taken = await startRawPeer(() => undefined);
    const { exited, output } = gateways.spawn({ GATEWAY_PORT: String(taken.port) });
    expect(await exited).toBe(1);
    expect(output()).toContain(`GATEWAY_PORT: 127.0.0.1:${taken.port} is taken`);
    await taken.stop();
  });
});
