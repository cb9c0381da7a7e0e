import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { announceGateway, acknowledge, watchGateways } from "./gateway-presence.ts";
import { registerInstance } from "./register-instance.ts";
import { watchRegistry, type RegistryWatch } from "./registry.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "./test-harness.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

let registries = 0;
const freshRoot = (): string => `/registry-${(registries += 1)}/services`;
const watch = (root: string, times: { graceMs?: number; holdMs?: number } = {}): RegistryWatch =>
  server.owns(watchRegistry(server.connect(), { root, log: quietLog, ...times }));
const ids = (registry: RegistryWatch): string[] =>
  registry.current().services.flatMap((service) => service.instances.map(({ id }) => `${service.name}/${id}`));
const at = (port: number) => ({ address: "127.0.0.1", port, metadata: { version: String(port) } });

describe("the registry", () => {
  it("is empty while its root is missing, sees it appear, and sees instances come, change and go", async () => {
    const root = freshRoot();
    const registry = watch(root);
    await registry.ready;
    expect(registry.current().services).toEqual([]);
    expect(registry.current().readAtMs).toBeGreaterThan(0);
    const zk = server.connect();
    const first = registerInstance(zk, { root, service: "orders", id: "o1", ...at(1001) });
    registerInstance(zk, { root, service: "orders", id: "o2", ...at(1002) });
    registerInstance(zk, { root, service: "carts", id: "c1", ...at(1003) });
    await eventually("all there", () => ids(registry).join() === "carts/c1,orders/o1,orders/o2");
    expect(registry.current().services[1]?.instances[0]).toMatchObject({
      port: 1001,
      serving: true,
      metadata: { version: "1001" },
    });
    first.setStatus("OUT_OF_SERVICE");
    await eventually("drained", () => registry.current().services[1]?.instances[0]?.serving === false);
    await first.withdraw();
    await eventually("gone at once", () => ids(registry).join() === "carts/c1,orders/o2");
  });

  it("survives the root and a service's folder being reaped and made again", async () => {
    const root = freshRoot();
    const registry = watch(root);
    const zk = server.connect();
    const first = registerInstance(zk, { root, service: "orders", id: "o1", ...at(1001) });
    await eventually("there", () => ids(registry).join() === "orders/o1");
    await first.withdraw();
    await zk.remove(`${root}/orders`, -1);
    await zk.remove(root, -1);
    await eventually("nothing left", () => registry.current().services.length === 0);
    registerInstance(zk, { root, service: "orders", id: "o2", ...at(1002) });
    await eventually("there again", () => ids(registry).join() === "orders/o2");
  });

  it("lists what it cannot read, and goes on with the rest", async () => {
    const root = freshRoot();
    const registry = watch(root);
    const zk = server.connect();
    await zk.ensurePath(`${root}/orders`);
    await zk.create(`${root}/orders/garbage`, Buffer.from([0xff, 0x00]));
    await zk.create(`${root}/orders/huge`, Buffer.alloc(100_000, "x"));
    await zk.create(`${root}/stray`, Buffer.from("data in a folder"));
    registerInstance(zk, { root, service: "orders", id: "o1", ...at(1001) });
    await eventually("the readable one", () => ids(registry).join() === "orders/o1");
    expect(registry.current().services[0]?.unreadable.map(({ id }) => id)).toEqual(["garbage", "huge"]);
  });

  it("keeps the last picture while ZooKeeper is away, and tells of no change when all come back", async () => {
    const root = freshRoot();
    const registry = watch(root);
    const zk = server.connect();
    for (const id of ["o1", "o2", "o3"]) registerInstance(zk, { root, service: "orders", id, ...at(1001) });
    await eventually("all there", () => ids(registry).length === 3);
    let changes = 0;
    registry.onPicture(() => (changes += 1));
    const readAtMs = registry.current().readAtMs;
    await server.crash();
    await eventually("suspended", () => zk.status().state === "down");
    expect(ids(registry)).toHaveLength(3);
    await server.start();
    await eventually("read again", () => registry.current().readAtMs > readAtMs);
    expect(ids(registry)).toHaveLength(3);
    expect(changes).toBe(0);
  });

  it("holds a registry that came back empty for a bounded time, then believes it", async () => {
    const root = freshRoot();
    const registry = watch(root, { holdMs: 3000 });
    const zk = server.connect();
    const instances = ["o1", "o2"].map((id) => registerInstance(zk, { root, service: "orders", id, ...at(1001) }));
    await eventually("all there", () => ids(registry).length === 2);
    const readAtMs = registry.current().readAtMs;
    await server.crash();
    server.wipe();
    await zk.stop();
    await Promise.all(instances.map((instance) => instance.withdraw()));
    await server.start();
    await eventually("read again, and disbelieved", () => registry.current().readAtMs > readAtMs);
    expect(ids(registry)).toHaveLength(2);
    await eventually("believed in the end", () => ids(registry).length === 0);
  });
});

describe("gateways", () => {
  it("are seen with what they acknowledged, and leave with their session", async () => {
    const root = freshRoot();
    const watched = server.owns(watchGateways(server.connect(), root, quietLog));
    const zk = server.connect();
    announceGateway(zk, root, {
      id: "gw-1",
      adminUrl: "http://127.0.0.1:9901",
      edgeUrl: "http://127.0.0.1:8080",
      version: "0.1.0",
      startedAtMs: 1,
    });
    const acks = acknowledge(zk, root, "gw-1");
    const ack = { gatewayId: "gw-1", incarnation: "db-1", root: "", refused: [], appliedAtMs: 1 };
    for (let revision = 1; revision <= 5; revision += 1) acks.update({ ...ack, revision });
    await eventually("announced", () => watched.current().registrations.length === 1);
    await eventually("the latest acknowledgement", () => watched.current().acknowledgements[0]?.revision === 5);
    await server.connect().create(`${root}/gateways/vandal`, Buffer.from("{}"));
    await zk.stop();
    await eventually(
      "gone",
      () => watched.current().registrations.length === 0 && watched.current().acknowledgements.length === 0,
    );
  });
});
