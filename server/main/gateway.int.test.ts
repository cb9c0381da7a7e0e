import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { BreakerPolicySpec } from "#domain/breaker-policy.ts";
import { RouteSpec } from "#domain/route.ts";
import { startPeer, startRawPeer, type Peer } from "#gateway/test-bed/peer.ts";
import { watchGateways } from "#zookeeper/gateway-presence.ts";
import { registerInstance } from "#zookeeper/register-instance.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { policyDocument, publishPolicy, TestGateways } from "./test-gateway.ts";

let server: TestZooKeeper;
let zk: ZooKeeper;
let catalog: Peer;
const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-gateway-"));
let gateways: TestGateways;

beforeAll(async () => {
  server = await startTestZooKeeper();
  gateways = new TestGateways({ ZOOKEEPER: server.address, DATA_DIR: dataDir });
  catalog = await startPeer((_request, response) => response.end("catalog"));
});
afterEach(() => {
  gateways.killAll();
});
afterAll(async () => {
  await server.close();
  await catalog.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const route = (service: string) =>
  RouteSpec.parse({ hosts: ["shop.test"], matches: [{}], destinations: [{ service, weight: 1 }] });

async function shop(port: number): Promise<{ status: number; text: string; revision: unknown }> {
  const answer = await request(`http://127.0.0.1:${port}/`, { headers: { host: "shop.test" } });
  return { status: answer.statusCode, text: await answer.body.text(), revision: answer.headers["x-mesh-revision"] };
}

describe("a gateway process", () => {
  it("announces itself, applies what is published, acknowledges it, and outlives ZooKeeper, also over a restart", async () => {
    zk = server.connect();
    const presence = server.owns(watchGateways(zk, "/meshkeeper", quietLog));
    registerInstance(zk, {
      root: "/services",
      service: "catalog",
      id: "cat-1",
      address: "127.0.0.1",
      port: catalog.port,
      metadata: {},
    });
    const breaker = BreakerPolicySpec.parse({ target: { kind: "service", service: "catalog" }, settings: {} });
    await publishPolicy(
      zk,
      [policyDocument("routes/shop", 1, route("catalog")), policyDocument("breakers/service:catalog", 2, breaker)],
      2,
    );

    const first = await gateways.start();
    await eventually("the shop answers by revision 2", async () => {
      const answer = await shop(first.edgePort);
      return answer.text === "catalog" && answer.revision === "2";
    });
    const { registrations } = await eventually("it is announced", () =>
      presence.current().registrations.length === 1 ? presence.current() : null,
    ).then((found) => found ?? presence.current());
    expect(registrations[0]).toMatchObject({
      id: "gw-1",
      adminUrl: `http://127.0.0.1:${first.adminPort}`,
      edgeUrl: `http://127.0.0.1:${first.edgePort}`,
    });
    expect(Object.keys(first.egress)).toEqual(["storefront"]);

    await publishPolicy(
      zk,
      [
        policyDocument("routes/shop", 3, { ...route("catalog"), description: "edited" }),
        policyDocument("breakers/service:catalog", 2, breaker),
      ],
      3,
    );
    await eventually("revision 3 is acknowledged", () =>
      presence.current().acknowledgements.some(({ revision, refused }) => revision === 3 && refused.length === 0),
    );

    await server.crash();
    await eventually("metrics say that the session is gone", async () => {
      const metrics = await (await request(`http://127.0.0.1:${first.adminPort}/metrics`)).body.text();
      return metrics.includes('meshkeeper_zookeeper_session{state="live"} 0');
    });
    expect(await shop(first.edgePort)).toEqual({ status: 200, text: "catalog", revision: "3" });

    first.child.kill("SIGTERM");
    expect(await first.exited).toBe(0);
    const second = await gateways.start();
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
      () => presence.current().registrations.length === 0 && presence.current().acknowledgements.length === 0,
    );
  });

  it("that restarts while most of the registry has vanished goes on with whom it knew, and believes it in the end", async () => {
    const registrant = server.connect();
    const other = mkdtempSync(join(dataDir, "restarted-"));
    const at = { root: "/services", service: "basket", address: "127.0.0.1", port: catalog.port, metadata: {} };
    for (const id of ["basket-1", "basket-2", "basket-3"]) registerInstance(registrant, { ...at, id });
    await publishPolicy(server.connect(), [policyDocument("routes/shop", 4, route("basket"))], 4);
    const first = await gateways.start({ DATA_DIR: other });
    await eventually("served", async () => (await shop(first.edgePort)).text === "catalog");
    first.child.kill("SIGTERM");
    expect(await first.exited).toBe(0);
    await registrant.stop();
    const second = await gateways.start({ DATA_DIR: other });
    await eventually("the registry was read", async () => {
      const config = await (await request(`http://127.0.0.1:${second.adminPort}/config`)).body.text();
      return config.includes('"unconfirmed"');
    });
    expect(await shop(second.edgePort)).toMatchObject({ status: 200, text: "catalog" });
    await eventually("believed", async () => (await shop(second.edgePort)).status === 503, 40_000);
    // One that registers is simply there.
    registerInstance(server.connect(), { ...at, id: "basket-4" });
    await eventually("served again", async () => (await shop(second.edgePort)).status === 200);
  }, 90_000);

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
      const { exited, output } = gateways.spawn(environment);
      expect(await exited).toBe(1);
      expect(output()).toContain(message);
      expect(output()).not.toContain("    at ");
    }
    await taken.stop();
  });
});
