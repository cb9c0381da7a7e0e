import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { request } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { RouteSpec } from "#domain/route.ts";
import type { PolicyDocument } from "#domain/policy.ts";
import { startPeer, startRawPeer, type Peer } from "#gateway/test-bed/peer.ts";
import { encodeDocument, encodeHead, makeHead, specHash } from "#zookeeper/codec.ts";
import { watchGateways } from "#zookeeper/gateway-presence.ts";
import { registerInstance } from "#zookeeper/register-instance.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";

const Ready = z.object({
  ready: z.literal(true),
  edgePort: z.int(),
  adminPort: z.int(),
  egress: z.record(z.string(), z.int()),
});
const INCARNATION = "00000000-0000-4000-8000-000000000001";

let server: TestZooKeeper;
let zk: ZooKeeper;
let catalog: Peer;
const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-gateway-"));
const children: ChildProcess[] = [];

beforeAll(async () => {
  server = await startTestZooKeeper();
  catalog = await startPeer((_request, response) => response.end("catalog"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(async () => {
  await server.close();
  await catalog.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Running extends z.infer<typeof Ready> {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
}

function spawnGateway(environment: Record<string, string>): {
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
} {
  const child = fork(fileURLToPath(new URL("gateway.ts", import.meta.url)), {
    silent: true,
    execArgv: [],
    env: {
      NODE_ENV: "production",
      PATH: process.env["PATH"] ?? "",
      GATEWAY_ID: "gw-1",
      GATEWAY_PORT: "0",
      GATEWAY_ADMIN_PORT: "0",
      GATEWAY_EGRESS: "storefront=0",
      GATEWAY_UPSTREAM_ALLOW: "127.0.0.0/8",
      ZOOKEEPER: server.address,
      DATA_DIR: dataDir,
      ...environment,
    },
  });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  return { child, output: () => output, exited: new Promise((resolve) => child.once("exit", resolve)) };
}

function startGateway(environment: Record<string, string> = {}): Promise<Running> {
  const { child, output, exited } = spawnGateway(environment);
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve({ ...Ready.parse(message), child, exited }));
    void exited.then((code) => reject(new Error(`exit ${code}: ${output()}`)));
  });
}

function document(key: string, revision: number, spec: unknown): PolicyDocument {
  return { v: 1, key, revision, spec, hash: specHash(spec), incarnation: INCARNATION };
}

async function publish(documents: readonly PolicyDocument[], revision: number): Promise<void> {
  for (const item of documents) {
    const path = `/meshkeeper/policy/${item.key}`;
    await zk.ensurePath(path);
    await zk.write(path, encodeDocument(item), -1);
  }
  await zk.ensurePath("/meshkeeper/policy/head");
  await zk.write("/meshkeeper/policy/head", encodeHead(makeHead(INCARNATION, revision, documents)), -1);
}

const route = (service: string) =>
  RouteSpec.parse({ hosts: ["shop.test"], matches: [{}], destinations: [{ service, weight: 1 }] });

async function shop(port: number): Promise<{ status: number; text: string; revision: unknown }> {
  const answer = await request(`http://127.0.0.1:${port}/`, { headers: { host: "shop.test" } });
  return { status: answer.statusCode, text: await answer.body.text(), revision: answer.headers["x-mesh-revision"] };
}

describe("a gateway process", () => {
  it("announces itself, applies what is published, acknowledges it, and outlives ZooKeeper, also over a restart", async () => {
    zk = server.connect();
    const gateways = server.owns(watchGateways(zk, "/meshkeeper", quietLog));
    registerInstance(zk, {
      root: "/services",
      service: "catalog",
      id: "cat-1",
      address: "127.0.0.1",
      port: catalog.port,
      metadata: {},
    });
    const breaker = BreakerPolicySpec.parse({ target: { kind: "service", service: "catalog" }, settings: {} });
    await publish([document("routes/shop", 1, route("catalog")), document("breakers/service:catalog", 2, breaker)], 2);

    const first = await startGateway();
    await eventually("the shop answers by revision 2", async () => {
      const answer = await shop(first.edgePort);
      return answer.text === "catalog" && answer.revision === "2";
    });
    const { registrations } = await eventually("it is announced", () =>
      gateways.current().registrations.length === 1 ? gateways.current() : null,
    ).then((found) => found ?? gateways.current());
    expect(registrations[0]).toMatchObject({
      id: "gw-1",
      adminUrl: `http://127.0.0.1:${first.adminPort}`,
      edgeUrl: `http://127.0.0.1:${first.edgePort}`,
    });
    expect(Object.keys(first.egress)).toEqual(["storefront"]);

    await publish(
      [
        document("routes/shop", 3, { ...route("catalog"), description: "edited" }),
        document("breakers/service:catalog", 2, breaker),
      ],
      3,
    );
    await eventually("revision 3 is acknowledged", () =>
      gateways.current().acknowledgements.some(({ revision, refused }) => revision === 3 && refused.length === 0),
    );

    await server.crash();
    await eventually("metrics say that the session is gone", async () => {
      const metrics = await (await request(`http://127.0.0.1:${first.adminPort}/metrics`)).body.text();
      return metrics.includes('meshkeeper_zookeeper_session{state="live"} 0');
    });
    expect(await shop(first.edgePort)).toEqual({ status: 200, text: "catalog", revision: "3" });

    first.child.kill("SIGTERM");
    expect(await first.exited).toBe(0);
    const second = await startGateway();
    expect(await shop(second.edgePort)).toEqual({ status: 200, text: "catalog", revision: "3" });
    expect(await (await request(`http://127.0.0.1:${second.adminPort}/config`)).body.json()).toMatchObject({
      source: "disk",
      revision: 3,
    });

    await server.start();
    await eventually("it is back in touch", async () => {
      const config = z
        .object({ source: z.string() })
        .parse(await (await request(`http://127.0.0.1:${second.adminPort}/config`)).body.json());
      return config.source === "zookeeper" && (await shop(second.edgePort)).text === "catalog";
    });
    second.child.kill("SIGTERM");
    expect(await second.exited).toBe(0);
    await eventually(
      "its nodes are gone",
      () => gateways.current().registrations.length === 0 && gateways.current().acknowledgements.length === 0,
    );
  });

  it("names the variable when a port is taken or a setting is wrong, and ends with 1", async () => {
    const taken = await startRawPeer(() => undefined);
    for (const [environment, message] of [
      [{ GATEWAY_PORT: String(taken.port) }, `GATEWAY_PORT: 127.0.0.1:${taken.port} is taken`],
      [{ GATEWAY_ADMIN_PORT: String(taken.port) }, `GATEWAY_ADMIN_PORT: 127.0.0.1:${taken.port} is taken`],
      [{ GATEWAY_EGRESS: `cart=${taken.port}` }, `GATEWAY_EGRESS: 127.0.0.1:${taken.port} is taken`],
      [{ GATEWAY_TLS_PORT: String(taken.port), GATEWAY_TLS_DIR: dataDir }, "GATEWAY_TLS_…: there is no pair of files"],
      [{ GATEWAY_TLS_PORT: "0", GATEWAY_TLS_CERT: "a.crt" }, "GATEWAY_TLS_PORT needs certificates"],
      [{ GATEWAY_UPSTREAM_CA: join(dataDir, "none.pem") }, "GATEWAY_UPSTREAM_CA: ENOENT"],
      [{ ZOOKEEPER: "nonsense" }, "ZOOKEEPER must be host:port"],
    ] as const) {
      const { exited, output } = spawnGateway(environment);
      expect(await exited).toBe(1);
      expect(output()).toContain(message);
      expect(output()).not.toContain("    at ");
    }
    await taken.stop();
  });
});
