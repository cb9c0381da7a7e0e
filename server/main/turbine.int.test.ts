import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { RouteSpec } from "#domain/route.ts";
import { messagesOf, roundProblems } from "#domain/test-hystrix.ts";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { policyDocument, publishPolicy, TestGateways } from "./test-gateway.ts";

let server: TestZooKeeper;
let gateways: TestGateways;
const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-turbine-"));

beforeAll(async () => {
  server = await startTestZooKeeper();
  gateways = new TestGateways({ ZOOKEEPER: server.address, DATA_DIR: dataDir });
});
afterAll(async () => {
  gateways.killAll();
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What Curator's old serialiser, which Turbine 1 reads with, knows of an instance; it fails on anything else. */
const ServiceInstance = z.strictObject({
  name: z.string(),
  id: z.string(),
  address: z.string(),
  port: z.int(),
  sslPort: z.null(),
  payload: z.null(),
  registrationTimeUTC: z.int(),
  serviceType: z.literal("DYNAMIC"),
  uriSpec: z.unknown(),
});

describe("a gateway of a Turbine cluster", () => {
  it("is an instance of the cluster for as long as it runs, and its stream is where Turbine looks", async () => {
    const zk = server.connect();
    const spec = RouteSpec.parse({
      hosts: ["a.test"],
      matches: [{}],
      destinations: [{ service: "orders", weight: 1 }],
    });
    await publishPolicy(zk, [policyDocument("routes/shop", 1, spec)], 1);
    const gateway = await gateways.start({ GATEWAY_TURBINE_CLUSTER: "shop", GATEWAY_WORKERS: "2" });
    const node = await eventually("it is registered", () => zk.read("/hystrix-event/shop/gw-1"));
    const instance = ServiceInstance.parse(JSON.parse(node.data.toString()));
    expect(instance).toMatchObject({ name: "shop", id: "gw-1", address: "127.0.0.1", port: gateway.adminPort });
    expect(Date.now() - instance.registrationTimeUTC).toBeLessThan(60_000);

    const url = `http://${instance.address}:${instance.port}/hystrix.stream`;
    await eventually("it tells of the command, the two workers as one", async () => {
      const answer = await fetch(url);
      const reader = (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
      const { value = "" } = await reader.read();
      await reader.cancel();
      const round = messagesOf(value);
      expect(roundProblems(round, Date.now())).toEqual([]);
      return round.map(({ type, name }) => `${String(type)} ${String(name)}`).join() ===
        "HystrixCommand shop->orders,HystrixThreadPool orders"
        ? round.some((message) => message["currentCorePoolSize"] === 200)
        : false;
    });

    gateway.child.kill("SIGTERM");
    expect(await gateway.exited).toBe(0);
    await eventually("it is gone", async () => (await zk.read("/hystrix-event/shop/gw-1")) === null);
  });

  it("is none without being asked", async () => {
    const zk = server.connect();
    const gateway = await gateways.start({ GATEWAY_ID: "gw-2" });
    await eventually("it is announced", () => zk.read("/meshkeeper/gateways/gw-2"));
    expect(await zk.read("/hystrix-event/shop/gw-2")).toBeNull();
    gateway.child.kill("SIGTERM");
    await gateway.exited;
  });
});
