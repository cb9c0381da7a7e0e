import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, beforeAll, it } from "vitest";
import { z } from "zod";
import { RouteSpec } from "#domain/route.ts";
import { startPeer, type Peer } from "#gateway/test-bed/peer.ts";
import { startCuratorPeer, type CuratorPeer } from "#zookeeper/test-curator/curator-peer.ts";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { policyDocument, publishPolicy, TestGateways } from "./test-gateway.ts";

const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-curator-route-"));
let server: TestZooKeeper;
let curator: CuratorPeer;
let orders: Peer;
let gateways: TestGateways;

beforeAll(async () => {
  [server, curator] = await Promise.all([startTestZooKeeper(), startCuratorPeer()]);
  orders = await startPeer((_request, response) => response.end("orders"));
  gateways = new TestGateways({ ZOOKEEPER: server.address, DATA_DIR: dataDir });
}, 120_000);
afterAll(async () => {
  gateways.killAll();
  await Promise.all([curator.stop(), orders.stop()]);
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it("a gateway serves what a Curator client registered, keeps off what it marks, and knows when it is gone", async () => {
  const route = RouteSpec.parse({
    hosts: ["shop.test"],
    matches: [{}],
    destinations: [{ service: "orders", weight: 1 }],
  });
  await publishPolicy(server.connect(), [policyDocument("routes/shop", 1, route)], 1);
  const gateway = await gateways.start();
  const status = async (): Promise<number> => {
    const answer = await request(`http://127.0.0.1:${gateway.edgePort}/`, { headers: { host: "shop.test" } });
    await answer.body.dump();
    return answer.statusCode;
  };
  const instance = {
    servers: server.address,
    root: "/services",
    payloadClass: "spring",
    name: "orders",
    id: "one",
    address: "127.0.0.1",
    port: orders.port,
  };
  const tell = (what: "register" | "unregister", instanceStatus: string): Promise<null> =>
    curator.ask({ do: what, ...instance, payload: { instance_status: instanceStatus } }, z.null());
  await eventually("no instance yet", async () => (await status()) === 503);
  await tell("register", "UP");
  await eventually("served", async () => (await status()) === 200);
  await tell("register", "OUT_OF_SERVICE");
  await eventually("kept off", async () => (await status()) === 503);
  await tell("register", "UP");
  await eventually("served again", async () => (await status()) === 200);
  await tell("unregister", "UP");
  await eventually("gone", async () => (await status()) === 503);
});
