import { connect, createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { encodeInstance, registerInstance, type InstanceRegistration } from "../register-instance.ts";
import { watchRegistry } from "../registry.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "../test-harness.ts";
import { SeenInstance, startCuratorPeer, type CuratorPeer } from "./curator-peer.ts";

let server: TestZooKeeper;
let curator: CuratorPeer;
beforeAll(async () => {
  [server, curator] = await Promise.all([startTestZooKeeper(), startCuratorPeer()]);
}, 120_000);
afterEach(() => server.release());
afterAll(async () => {
  await curator.stop();
  await server.close();
});

const SPRING = "org.springframework.cloud.zookeeper.discovery.ZookeeperInstance";
const Nothing = z.null();

let roots = 0;
const freshRoot = (): string => `/curator-${(roots += 1)}/services`;

/** An instance as one command to Curator says it. */
const instance = (id: string, port: number) => ({ name: "orders", id, address: "10.0.0.7", port });

describe("what Curator registers", () => {
  it("is read with address, port, metadata and status, whatever its payload is, and goes when it is unregistered", async () => {
    const root = freshRoot();
    const registry = server.owns(watchRegistry(server.connect(), { root, dubbo: null, log: quietLog }));
    const at = { servers: server.address, root };
    const uriSpec = "{scheme}://{address}:{port}";
    const wishes = [
      { ...instance("none", 1001), payloadClass: "void" },
      { ...instance("text", 1002), payloadClass: "string", payload: "any text" },
      { ...instance("map", 1003), payloadClass: "map", payload: { version: "2" } },
      { ...instance("spring", 1004), payloadClass: "spring", payload: { zone: "a", instance_status: "UP" }, uriSpec },
      { ...instance("out", 1005), payloadClass: "spring", payload: { instance_status: "OUT_OF_SERVICE" } },
      { ...instance("tls", 1006), payloadClass: "void", sslPort: 8443 },
    ];
    for (const wish of wishes) await curator.ask({ do: "register", ...at, ...wish }, Nothing);
    await eventually("all there", () => registry.current().services[0]?.instances.length === wishes.length);
    const seen = new Map(registry.current().services[0]?.instances.map((one) => [one.id, one]));
    expect(registry.current().services[0]?.unreadable).toEqual([]);
    const usual = { service: "orders", address: "10.0.0.7", tls: false, serving: true, metadata: {} };
    expect(seen.get("none")).toMatchObject({ ...usual, port: 1001, origin: "curator" });
    expect(seen.get("text")).toMatchObject({ ...usual, port: 1002, origin: "curator" });
    expect(seen.get("map")).toMatchObject({ ...usual, port: 1003, metadata: { version: "2" } });
    expect(seen.get("spring")).toMatchObject({
      ...usual,
      port: 1004,
      origin: "spring-cloud",
      metadata: { zone: "a", instance_status: "UP" },
    });
    expect(seen.get("out")).toMatchObject({ port: 1005, serving: false });
    expect(seen.get("tls")).toMatchObject({ port: 8443, tls: true });
    expect(Math.abs((seen.get("none")?.registeredAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
    for (const wish of wishes) await curator.ask({ do: "unregister", ...at, ...wish }, Nothing);
    // All at once: that is disbelieved for 15 s.
    await eventually("gone", () => (registry.current().services[0]?.instances ?? []).length === 0, 40_000);
  });

  it("is deleted and created anew when its connection comes back, in the same session", async () => {
    const root = freshRoot();
    const path = `${root}/orders/one`;
    const relay = await startRelay(Number(server.address.split(":")[1]));
    const zk = server.connect();
    const registry = server.owns(watchRegistry(server.connect(), { root, dubbo: null, log: quietLog }));
    const wish = { ...instance("one", 1001), payloadClass: "void", servers: relay.address, root };
    // The first connection is no reconnect: it is long over when there is something to register.
    await curator.ask({ do: "query", ...wish }, z.array(SeenInstance));
    await curator.ask({ do: "register", ...wish }, Nothing);
    await eventually("there", () => registry.current().services[0]?.instances.length === 1);
    await curator.ask({ do: "watch", servers: server.address, path }, Nothing);
    const before = await eventually("written", () => zk.read(path));
    relay.cut();
    const after = await eventually("anew", async () => {
      const node = await zk.read(path);
      return node !== null && node.mzxid !== before.mzxid ? node : null;
    });
    expect(after).toMatchObject({ version: 0, ephemeralOwner: before.ephemeralOwner });
    expect(after.data.toString()).toBe(before.data.toString());
    const events = await eventually("both events", async () => {
      const seen = await curator.ask({ do: "events", path }, z.array(z.string()));
      return seen.length >= 2 ? seen : null;
    });
    expect(events.slice(0, 2)).toEqual(["NodeDeleted", "NodeCreated"]);
    await eventually("seen", () => registry.current().services[0]?.instances[0]?.id === "one");
    await curator.ask({ do: "unregister", ...wish }, Nothing);
    await relay.close();
  });
});

describe("what we register", () => {
  const ours = (root: string): InstanceRegistration => ({
    root,
    service: "orders",
    id: "ours",
    address: "10.0.0.8",
    port: 2001,
    metadata: { version: "2", zone: '\u00e4 \ud83d\ude80 \u001f \u007f \n "quoted" \\u001f \\ /' },
  });

  it.each(["spring", "object"])(
    "is found by queryForInstances and by a ServiceCache, and lost when it goes (payload as %s)",
    async (payloadClass) => {
      const root = freshRoot();
      const registered = registerInstance(server.connect(), ours(root));
      const where = { servers: server.address, root, name: "orders", payloadClass };
      const found = await eventually("queried", async () => {
        const seen = await curator.ask({ do: "query", ...where }, z.array(SeenInstance));
        return seen.length > 0 ? seen : null;
      });
      expect(found).toEqual([
        {
          name: "orders",
          id: "ours",
          address: "10.0.0.8",
          port: 2001,
          sslPort: null,
          type: "DYNAMIC",
          enabled: true,
          uri: "http://10.0.0.8:2001",
          payloadClass: SPRING,
          payload: {
            id: "application-1",
            name: "orders",
            metadata: { ...ours(root).metadata, instance_status: "UP" },
          },
        },
      ]);
      const cached = async (): Promise<string[]> =>
        (await curator.ask({ do: "cache", ...where }, z.array(SeenInstance))).map(({ id }) => id);
      expect(await cached()).toEqual(["ours"]);
      registered.setStatus("OUT_OF_SERVICE");
      await eventually("the change in the cache", async () =>
        JSON.stringify(await curator.ask({ do: "cache", ...where }, z.array(SeenInstance))).includes("OUT_OF_SERVICE"),
      );
      await registered.withdraw();
      await eventually("gone from the cache", async () => (await cached()).length === 0);
    },
  );

  it("without a payload is found by consumers of ServiceInstance<Void>; with one they fail", async () => {
    const root = freshRoot();
    const registered = registerInstance(server.connect(), { ...ours(root), metadata: null, sslPort: 8443 });
    const where = { servers: server.address, root, name: "orders", payloadClass: "void" };
    const query = () => curator.ask({ do: "query", ...where }, z.array(SeenInstance));
    const found = await eventually("queried", async () => (await query())[0]);
    expect(found).toMatchObject({ id: "ours", payload: null, sslPort: 8443, uri: "https://10.0.0.8:2001" });
    await registered.withdraw();
    registerInstance(server.connect(), ours(root));
    const failure = await eventually("refused", () =>
      query().then(
        () => null,
        (error: unknown) => String(error),
      ),
    );
    expect(failure).toContain("Void");
  });

  it("is refused by consumers that do not have the payload's class, whatever they ask for", async () => {
    const text = encodeInstance({ ...ours("/services"), id: "ours" }, "UP", 1);
    const decode = (entry: string) =>
      curator.ask({ do: "deserialize", payloadClass: "object", text: entry }, SeenInstance);
    expect(await decode(text.toString())).toMatchObject({ id: "ours", payloadClass: SPRING });
    await expect(decode(text.toString().replace(SPRING, "no.such.Instance"))).rejects.toThrow("no.such.Instance");
  });

  const registeredAtMs = 1_700_000_000_000;
  it.each<[string, Partial<InstanceRegistration>, Record<string, unknown>]>([
    ["no payload", { metadata: null, uriSpec: null }, { payloadClass: "void" }],
    ["no payload, a TLS port", { metadata: null, sslPort: 8443 }, { payloadClass: "void", sslPort: 8443 }],
    ["Spring's payload", {}, { payloadClass: "spring" }],
    [
      "Spring's payload, another template",
      { uriSpec: "{scheme}://{address}:{port}/api/{ name }?{[}x{]}" },
      { payloadClass: "spring" },
    ],
    ["Spring's payload, no template", { uriSpec: null }, { payloadClass: "spring" }],
  ])("is byte for byte what Curator's JsonInstanceSerializer writes: %s", async (_what, ours_, theirs) => {
    const registration = { ...ours("/services"), id: "ours", ...ours_ };
    const { uriSpec = "{scheme}://{address}:{port}", metadata } = registration;
    const payload = metadata === null ? null : { ...metadata, instance_status: "UP" };
    const { service: name, id, address, port } = registration;
    const text = await curator.ask(
      { do: "serialize", name, id, address, port, payload, uriSpec, registeredAtMs, ...theirs },
      z.string(),
    );
    expect(encodeInstance(registration, "UP", registeredAtMs).toString()).toBe(text);
  });
});

/** Passes connections on to ZooKeeper until they are cut. */
async function startRelay(port: number): Promise<{ address: string; cut(): void; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const relay = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => cut([near, far]));
      socket.on("close", () => cut([near, far]));
    }
  });
  const cut = (which: Iterable<Socket>): void => {
    for (const socket of which) {
      sockets.delete(socket);
      socket.destroy();
    }
  };
  await new Promise<void>((listening) => relay.listen(0, "127.0.0.1", listening));
  const address = relay.address();
  return {
    address: `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    cut: () => cut([...sockets]),
    async close() {
      cut([...sockets]);
      await new Promise((closed) => relay.close(closed));
    },
  };
}
