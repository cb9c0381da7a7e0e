import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EMPTY_REGISTRY } from "#domain/instance.ts";
import { announceGateway, acknowledge, watchGateways } from "./gateway-presence.ts";
import { registerInstance } from "./register-instance.ts";
import { watchRegistry, type RegistryWatch } from "./registry.ts";
import { HOLD_TIMES, type HoldTimes } from "./registry-hold.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "./test-harness.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

let registries = 0;
const freshRoot = (): string => `/registry-${(registries += 1)}/services`;
const watch = (
  root: string,
  times: Partial<HoldTimes> = {},
  dubbo: string | null = null,
  everyMs = 30_000,
): RegistryWatch =>
  server.owns(
    watchRegistry(server.connect(), {
      everyMs,
      root,
      dubbo: dubbo === null ? null : { root: dubbo, consumers: true },
      log: quietLog,
      times: { ...HOLD_TIMES, ...times },
    }),
  );
/** `orders/o1`, `orders/o2 leaving`. */
const ids = (registry: RegistryWatch): string[] =>
  registry
    .current()
    .services.flatMap((service) =>
      service.instances.map(
        ({ id, presence }) => `${service.name}/${id}${presence === "present" ? "" : ` ${presence}`}`,
      ),
    );
const at = (port: number) => ({ address: "127.0.0.1", port, metadata: { version: String(port) } });
/** As Curator writes it. */
const curator = (id: string, port: number): Buffer =>
  Buffer.from(
    `{"name":"orders","id":"${id}","address":"10.0.0.7","port":${port},"sslPort":null,"payload":null,"registrationTimeUTC":1700000000000,"serviceType":"DYNAMIC","uriSpec":null}`,
  );

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
    await eventually("leaving", () => ids(registry).join() === "carts/c1,orders/o1 leaving,orders/o2");
    await eventually("gone", () => ids(registry).join() === "carts/c1,orders/o2");
  });

  it("survives the root and a service's folder being reaped and made again", async () => {
    const root = freshRoot();
    const registry = watch(root, { flapMs: 0 });
    const zk = server.connect();
    // As container nodes are: the folder, then the root, then what is above it. Each time its watches have to be armed anew.
    for (const id of ["o1", "o2", "o3"]) {
      const instance = registerInstance(zk, { root, service: "orders", id, ...at(1001) });
      await eventually("there", () => ids(registry).join() === `orders/${id}`);
      await instance.withdraw();
      for (const path of [`${root}/orders`, root, root.slice(0, root.lastIndexOf("/"))]) await zk.remove(path, -1);
      await eventually("nothing left", () => registry.current().services.length === 0);
    }
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

  it("goes on with what it knew of a service, an entry or an interface that it may not read any more, and says so", async () => {
    const root = freshRoot();
    const dubbo = `${root}-dubbo`;
    const bar = `${dubbo}/com.foo.Bar/providers`;
    const registry = watch(root, { flapMs: 0 }, dubbo, 300);
    const owner = server.connect({ auth: { user: "owner", password: "secret" } });
    const zk = server.connect();
    for (const path of [`${root}/orders`, `${root}/carts`, bar]) await zk.ensurePath(path);
    for (const path of [`${root}/orders/o1`, `${root}/carts/c1`, `${root}/carts/c2`])
      await zk.create(path, curator("x", 80));
    await zk.create(`${root}/carts/c0`, Buffer.from("garbage"));
    await zk.create(`${bar}/${encodeURIComponent("dubbo://10.0.0.7:1/com.foo.Bar")}`, Buffer.alloc(0));
    await eventually("all there", () => ids(registry).length === 4);
    const known = registry.current();
    for (const path of [`${root}/orders`, `${root}/carts/c0`, `${root}/carts/c1`, bar])
      await owner.secure(path, "private");
    const problems = () =>
      registry.current().services.flatMap(({ unreadable }) => unreadable.map((one) => `${one.service}/${one.id}`));
    await eventually("said", () => problems().join() === "carts/c0,carts/c1,com.foo.Bar/,orders/");
    const { problem = "" } = registry.current().services.find(({ name }) => name === "carts")?.unreadable[0] ?? {};
    expect(problem).toBe("ZooKeeper does not let it be read (NO_AUTH); what was read of it before stands");
    const read = registry.current().readAtMs;
    await eventually("read twice more", () => registry.current().readAtMs > read + 600);
    expect(registry.current().services.map(({ instances }) => instances)).toEqual(
      known.services.map(({ instances }) => instances),
    );
    // What can be seen to have gone has gone.
    await owner.remove(`${root}/carts/c1`, -1);
    await eventually(
      "gone",
      () => !ids(registry).includes("carts/c1") && problems().join() === "carts/c0,com.foo.Bar/,orders/",
    );
  });

  it("reads 5,000 services of more, says how many are left out, and forgets none it knew", async () => {
    const root = freshRoot();
    const registry = watch(root);
    const zk = server.connect();
    registerInstance(zk, { root, service: "zz-known", id: "o1", ...at(1) });
    await eventually("there", () => ids(registry).length === 1);
    for (let made = 0; made < 5050; made += 505)
      await zk.multi(
        Array.from({ length: 505 }, (_, n) => ({
          kind: "create" as const,
          path: `${root}/s${String(made + n).padStart(4, "0")}`,
          data: Buffer.alloc(0),
        })),
      );
    await eventually("cut", () => registry.current().truncated.services === 51, 60_000);
    expect(registry.current().services).toHaveLength(5000);
    expect(ids(registry)).toEqual(["zz-known/o1"]);
  }, 120_000);

  it("has an instance for each node, whatever id they say and though they share a place; a name with a slash is a folder", async () => {
    const root = freshRoot();
    const registry = watch(root);
    const zk = server.connect();
    await zk.ensurePath(`${root}/orders`);
    // Two nodes that say the same id, as an EPHEMERAL_SEQUENTIAL does after a reconnect, at one place.
    for (const node of ["o1", "o10000000001"]) await zk.create(`${root}/orders/${node}`, curator("o1", 80));
    // Curator encodes nothing: the service `a/b` is a folder in a folder.
    await zk.ensurePath(`${root}/a/b`);
    await zk.create(`${root}/a/b/o1`, curator("o1", 80));
    await eventually("all there", () => ids(registry).join() === "orders/o1,orders/o10000000001");
    await eventually("the folder is read, too", () => registry.current().services[0]?.unreadable.length === 1);
    expect(registry.current().services[0]?.unreadable).toEqual([{ service: "a", id: "b", problem: "it is empty" }]);
  });

  it("takes hostile names as names", async () => {
    const root = freshRoot();
    const registry = watch(root);
    const zk = server.connect();
    const names = [
      "__proto__",
      "constructor",
      "%2f..%2f..%2fetc",
      "<img src=x onerror=alert(1)>",
      "a b",
      "x\u202egnp.exe",
    ];
    for (const name of names) {
      await zk.ensurePath(`${root}/${name}`);
      await zk.create(`${root}/${name}/${name}`, curator(name.replaceAll('"', ""), 80));
    }
    await eventually("all there", () => ids(registry).length === names.length);
    expect(ids(registry).toSorted()).toEqual(names.map((name) => `${name}/${name}`).toSorted());
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("shows no flap: an entry that is deleted and made again in its session, as Curator does on reconnect", async () => {
    const root = freshRoot();
    const registry = watch(root);
    const zk = server.connect();
    await zk.ensurePath(`${root}/orders`);
    for (const [id, port] of [
      ["o1", 1],
      ["o2", 2],
      ["o3", 3],
    ] as const)
      await zk.create(`${root}/orders/${id}`, curator(id, port), { ephemeral: true });
    await eventually("all there", () => ids(registry).length === 3);
    const pictures: string[][] = [];
    registry.onPicture(() => pictures.push(ids(registry)));
    const before = registry.current().services;
    for (let round = 0; round < 20; round += 1) {
      await zk.remove(`${root}/orders/o2`, -1);
      if (round % 2 === 0) await eventually("missed", () => ids(registry).includes("orders/o2 leaving"));
      await zk.create(`${root}/orders/o2`, curator("o2", 2), { ephemeral: true });
      await eventually("back", () => ids(registry).includes("orders/o2"));
    }
    expect(pictures.length).toBeGreaterThanOrEqual(20);
    expect(pictures.every((picture) => picture.length === 3)).toBe(true);
    expect(registry.current().services).toEqual(before);
  });

  it("does not believe at once that most have gone while ZooKeeper was there all along, and believes it in the end", async () => {
    const root = freshRoot();
    const registry = watch(root, { flapMs: 300, holdMs: 3000 });
    const [leaving, staying] = [server.connect(), server.connect()];
    for (const id of ["o1", "o2", "o3", "o4"])
      registerInstance(leaving, { root, service: "orders", id, ...at(Number(id.slice(1))) });
    registerInstance(staying, { root, service: "carts", id: "c1", ...at(9) });
    await eventually("all there", () => ids(registry).length === 5);
    let shortest = 5;
    registry.onPicture(() => (shortest = Math.min(shortest, ids(registry).length)));
    await leaving.stop();
    await eventually("doubted", () => ids(registry).filter((id) => id.endsWith(" unconfirmed")).length === 4);
    // Half of them come back, and are simply there.
    const again = server.connect();
    for (const id of ["o1", "o2"]) registerInstance(again, { root, service: "orders", id, ...at(Number(id.slice(1))) });
    const back = "carts/c1,orders/o1,orders/o2,orders/o3 unconfirmed,orders/o4 unconfirmed";
    await eventually("two are back", () => ids(registry).join() === back);
    expect(shortest).toBe(5);
    await eventually("believed", () => ids(registry).join() === "carts/c1,orders/o1,orders/o2");
  });

  it("reads 60,000 entries of one service in part, says so, and forgets nobody it knew", async () => {
    const root = freshRoot();
    const registry = watch(root);
    const zk = server.connect();
    registerInstance(zk, { root, service: "flooded", id: "zz-known", ...at(1) });
    registerInstance(zk, { root, service: "orders", id: "o1", ...at(2) });
    await eventually("both there", () => ids(registry).length === 2);
    for (let made = 0; made < 60_000; made += 1000)
      await zk.multi(
        Array.from({ length: 1000 }, (_, n) => ({
          kind: "create" as const,
          path: `${root}/flooded/i${String(made + n).padStart(5, "0")}`,
          data: Buffer.from("x"),
        })),
      );
    await eventually("cut", () => registry.current().truncated.instances === 50_001, 60_000);
    expect(ids(registry)).toEqual(["flooded/zz-known", "orders/o1"]);
    expect(registry.current().services[0]?.unreadable).toHaveLength(9999);
  }, 120_000);

  it("keeps the last picture while ZooKeeper is away, and tells of no change when all come back", async () => {
    const root = freshRoot();
    const registry = watch(root);
    const zk = server.connect();
    for (const id of ["o1", "o2", "o3"])
      registerInstance(zk, { root, service: "orders", id, ...at(Number(id.slice(1))) });
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
    const instances = ["o1", "o2"].map((id) =>
      registerInstance(zk, { root, service: "orders", id, ...at(Number(id.slice(1))) }),
    );
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

describe("Dubbo's interface-level registry", () => {
  const bar = "com.foo.Bar";
  const provider = (port: number, parameters = ""): string =>
    encodeURIComponent(`dubbo://10.0.0.7:${port}/${bar}?application=stock&interface=${bar}&side=provider${parameters}`);
  const consumer = (application: string): string =>
    encodeURIComponent(`consumer://10.0.0.9/${bar}?application=${application}&interface=${bar}&side=consumer`);

  it("is read beside the other, with who consumes what; rules, mappings and metadata are no services", async () => {
    const root = freshRoot();
    const dubbo = `${root}-dubbo`;
    const registry = watch(root, {}, dubbo);
    await registry.ready;
    const zk = server.connect();
    for (const folder of [
      "config/dubbo",
      `mapping/${bar}`,
      `metadata/${bar}`,
      `${bar}/configurators`,
      `${bar}/routers`,
    ])
      await zk.ensurePath(`${dubbo}/${folder}`);
    for (const folder of ["providers", "consumers"]) await zk.ensurePath(`${dubbo}/${bar}/${folder}`);
    await zk.create(`${dubbo}/${bar}/providers/${provider(1)}`, Buffer.alloc(0), { ephemeral: true });
    await zk.create(`${dubbo}/${bar}/providers/${provider(2, "&weight=50")}`, Buffer.alloc(0), { ephemeral: true });
    await zk.create(`${dubbo}/${bar}/consumers/${consumer("web")}`, Buffer.alloc(0), { ephemeral: true });
    registerInstance(zk, { root, service: "orders", id: "o1", ...at(1001) });
    await eventually("all there", () => registry.current().consumers.length === 1 && ids(registry).length === 3);
    expect(ids(registry)).toEqual([`${bar}/dubbo@10.0.0.7:1`, `${bar}/dubbo@10.0.0.7:2`, "orders/o1"]);
    expect(registry.current().services[0]?.instances[1]).toMatchObject({ protocol: "dubbo", weight: 50 });
    expect(registry.current().consumers).toEqual([
      { application: "web", service: bar, address: "10.0.0.9", protocol: "" },
    ]);
    await zk.remove(`${dubbo}/${bar}/providers/${provider(1)}`, -1);
    await zk.remove(`${dubbo}/${bar}/consumers/${consumer("web")}`, -1);
    await eventually("both seen to go", () => registry.current().consumers.length === 0);
    await eventually("gone", () => ids(registry).join() === `${bar}/dubbo@10.0.0.7:2,orders/o1`);
  });

  it("is as good as not there when it is not, or may not be read; a broken name spoils nothing", async () => {
    const root = freshRoot();
    const registry = watch(root, {}, `${root}-dubbo`);
    await registry.ready;
    expect(registry.current()).toMatchObject({ ...EMPTY_REGISTRY, readAtMs: expect.any(Number) });
    const zk = server.connect();
    await zk.ensurePath(`${root}-dubbo/${bar}/providers`);
    await zk.create(`${root}-dubbo/${bar}/providers/${provider(1)}`, Buffer.alloc(0));
    await zk.create(`${root}-dubbo/${bar}/providers/%ff%2f..`, Buffer.alloc(0));
    await zk.create(`${root}-dubbo/stray`, Buffer.from("{}"));
    await eventually("there", () => ids(registry).join() === `${bar}/dubbo@10.0.0.7:1`);
    await eventually("listed", () => registry.current().services[0]?.unreadable.length === 1);
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
