import { once } from "node:events";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { accessPolicy, digestId, grantsTheSame, type AclEntry, type NodeAccess } from "./access.ts";
import { keepAuditAnchor } from "./audit-anchor.ts";
import { standForElection } from "./election.ts";
import { isCode } from "./failure.ts";
import { acknowledge, announceGateway, watchGateways } from "./gateway-presence.ts";
import { zookeeper } from "./library.ts";
import { keepFolders } from "./mesh-folders.ts";
import { paths } from "./paths.ts";
import { registerInstance } from "./register-instance.ts";
import { openZooKeeper, type ZooKeeper } from "./session.ts";
import { eventually, quietLog, startTestZooKeeper, type TestZooKeeper } from "./test-harness.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

const CONSOLE = { user: "console", password: "console's secret" };
const GATEWAY = { user: "gateway", password: "gateway's secret" };
const OWNER = { auth: CONSOLE, peers: [digestId(GATEWAY)], role: "owner" } as const;
const MEMBER = { auth: GATEWAY, peers: [digestId(CONSOLE)], role: "member" } as const;
const REFUSED = { code: "NO_AUTH", kind: "failed" } as const;
const data = (text: string): Buffer => Buffer.from(text);

let next = 0;
const freshRoot = (): string => `/mesh-${(next += 1)}`;

async function console1(root: string): Promise<ZooKeeper> {
  const zk = server.connect(OWNER);
  server.owns(keepFolders(zk, root, quietLog));
  await eventually("folders", async () => (await zk.read(paths.acknowledgements(root))) !== null);
  return zk;
}

/** As the plain library sees it, with the owner's credentials. */
async function listOf(path: string): Promise<readonly AclEntry[]> {
  const client = zookeeper.createClient(server.address, { sessionTimeout: 4000, retries: 0 });
  client.addAuthInfo("digest", data(`${CONSOLE.user}:${CONSOLE.password}`));
  client.connect();
  // A call made before would be sent before the credentials.
  await once(client, "connected");
  try {
    return await new Promise((resolve, reject) => {
      client.getACL(path, (error, list) => {
        if (error) return reject(error);
        resolve((list ?? []).map(({ permission, id }) => ({ ...id, permissions: permission })));
      });
    });
  } finally {
    client.close();
  }
}

async function expectAccess(path: string, access: NodeAccess): Promise<void> {
  const list = (await listOf(path)).map(({ scheme, id, permissions }) => ({ scheme, id, permissions }));
  expect(grantsTheSame(list, accessPolicy(OWNER).listFor(access)), `${path}: ${JSON.stringify(list)}`).toBe(true);
}

describe("closed access", () => {
  it("lets a gateway read policy and acknowledge, and not write policy", async () => {
    const root = freshRoot();
    const owner = await console1(root);
    await owner.create(paths.head(root), data("policy"));
    const gateway = server.connect(MEMBER);
    expect(gateway.access).toBe("closed");
    expect((await gateway.read(paths.head(root)))?.data.toString()).toBe("policy");

    const head = paths.head(root);
    for (const attempt of [
      gateway.write(head, data("mine"), -1),
      gateway.remove(head, -1),
      gateway.create(`${paths.policy(root)}/routes/x`, data("mine")),
      gateway.create(`${root}/elsewhere`, data("mine")),
      gateway.multi([
        { kind: "check", path: paths.policy(root), version: -1 },
        { kind: "set", path: head, data: data("mine"), version: 0 },
      ]),
    ])
      await expect(attempt).rejects.toMatchObject(REFUSED);
    expect(await owner.read(head)).toMatchObject({ version: 0 });

    const ack = { gatewayId: "g1", incarnation: "i", revision: 1, root: "r", refused: [], appliedAtMs: 1 };
    acknowledge(gateway, root, "g1").update(ack);
    const registration = { id: "g1", adminUrl: "http://h:1", edgeUrl: "http://h:2", version: "1", startedAtMs: 1 };
    announceGateway(gateway, root, registration);
    const watch = server.owns(watchGateways(owner, root, quietLog));
    await eventually("the console reads both", () => {
      const { acknowledgements, registrations } = watch.current();
      return acknowledgements.length === 1 && registrations.length === 1;
    });
    await expect(owner.write(`${paths.acknowledgements(root)}/g1`, data("forged"), -1)).rejects.toMatchObject(REFUSED);
  });

  it("keeps a stranger out of everything of ours, names the path, and is no outage", async () => {
    const root = freshRoot();
    const owner = await console1(root);
    await owner.create(paths.head(root), data("policy"));
    for (const stranger of [
      server.connect(),
      server.connect({ ...OWNER, auth: { ...CONSOLE, password: "wrong" } }),
      server.connect({ ...MEMBER, auth: { ...GATEWAY, password: "wrong" } }),
    ]) {
      await expect(stranger.read(paths.head(root))).rejects.toMatchObject({
        ...REFUSED,
        path: paths.head(root),
        message: expect.stringContaining(`no permission on ${paths.head(root)}`),
      });
      expect(stranger.status()).toMatchObject({ session: "live", state: "up", denied: paths.head(root) });
      await expect(stranger.write(paths.head(root), data("x"), -1)).rejects.toMatchObject(REFUSED);
      await expect(stranger.children(paths.gateways(root))).rejects.toMatchObject(REFUSED);
      await expect(stranger.create(`${root}/x`, data("x"))).rejects.toMatchObject(REFUSED);
      await expect(
        stranger.multi([
          { kind: "check", path: "/", version: -1 },
          { kind: "create", path: `${root}/y`, data: data("x") },
        ]),
      ).rejects.toMatchObject({ ...REFUSED, opIndex: 1, path: `${root}/y` });
    }
    expect(owner.status().denied).toBeNull();
  });

  it("puts an explicit list on every node it makes", async () => {
    const root = freshRoot();
    const owner = await console1(root);
    await owner.create(paths.head(root), data("x"));
    await owner.multi([{ kind: "create", path: `${paths.kind(root, "routes")}/r`, data: data("x") }]);
    await owner.create(`${paths.election(root)}/c-`, data("x"), { ephemeral: true, sequential: true });
    registerInstance(owner, { root: "/shop", service: "cart", id: "c1", address: "h", port: 1, metadata: null });
    await eventually("registration", () => owner.read("/shop/cart/c1"));
    for (const path of [root, paths.policy(root), paths.head(root), `${paths.kind(root, "routes")}/r`])
      await expectAccess(path, "private");
    const [candidate] = (await owner.children(paths.election(root))) ?? [];
    await expectAccess(`${paths.election(root)}/${candidate}`, "own");
    await expectAccess(paths.gateways(root), "shared");
    await expectAccess("/shop", "public");
    await expectAccess("/shop/cart", "public");
    await expectAccess("/shop/cart/c1", "registration");

    const stranger = server.connect();
    expect(await stranger.children("/shop/cart")).toEqual(["c1"]);
    expect(await stranger.read("/shop/cart/c1")).not.toBeNull();
    await stranger.create("/shop/cart/c2", data("a third party's"), { ephemeral: true });
    await expect(stranger.write("/shop/cart/c1", data("x"), -1)).rejects.toMatchObject(REFUSED);
  });

  it("closes what was there before credentials were set, and repairs a list that others changed", async () => {
    const root = freshRoot();
    const before = server.connect();
    expect(before.access).toBe("open");
    await before.ensurePath(paths.kind(root, "routes"));
    await before.ensurePath(paths.acknowledgements(root));
    await before.create(paths.head(root), data("x"));

    const owner = await console1(root);
    await eventually("closed", () =>
      before.create(`${root}/x`, data("x")).then(
        () => false,
        (error: unknown) => isCode(error, "NO_AUTH"),
      ),
    );
    const seen = await owner.read(paths.head(root));
    expect(seen).toMatchObject({ aclVersion: 0 });
    expect(await owner.secure(paths.head(root), "private", seen ?? undefined)).toBe("repaired");
    await expectAccess(paths.head(root), "private");
    expect(await owner.secure(paths.head(root), "private")).toBe("kept");
    expect(await owner.secure(`${root}/nowhere`, "private")).toBe("absent");

    // By its version a reading shows whether the list is still the one that was found right.
    const again = await owner.read(paths.head(root));
    expect(again).toMatchObject({ aclVersion: 1, czxid: seen?.czxid });
    expect(await owner.secure(paths.head(root), "private", again ?? undefined)).toBe("kept");
    const rogue = server.connect({ auth: CONSOLE });
    expect(await rogue.secure(paths.head(root), "public")).toBe("repaired");
    const changed = await owner.read(paths.head(root));
    expect(await owner.secure(paths.head(root), "private", changed ?? undefined)).toBe("repaired");
    await expectAccess(paths.head(root), "private");
  });

  it("closes an audit anchor from before access was closed", async () => {
    const root = freshRoot();
    const path = paths.auditAnchor(root);
    const before = server.connect();
    await before.ensurePath(root);
    await before.create(path, data("{}"));
    const owner = await console1(root);
    const election = server.owns(standForElection(owner, root, "console", quietLog));
    const end = { sequence: 0, hash: "" };
    const source = { read: async () => ({ incarnation: "db-1", supersedes: null, end, hash: null }) };
    server.owns(keepAuditAnchor(owner, { root, election, source, log: quietLog, everyMs: 50 }));
    await eventually("closed", async () => (await owner.read(path))?.aclVersion === 1);
    await expectAccess(path, "private");
  });

  it("works for a gateway that starts first, once a console has made the folders", async () => {
    const root = freshRoot();
    const gateway = server.connect(MEMBER);
    const registration = { id: "g1", adminUrl: "http://h:1", edgeUrl: "http://h:2", version: "1", startedAtMs: 1 };
    announceGateway(gateway, root, registration);
    await eventually("the gateway was refused", () => gateway.status().denied !== null);
    const owner = await console1(root);
    await eventually("announced", () => owner.read(`${paths.gateways(root)}/g1`));
    await expectAccess(root, "private");
  });

  it("needs no right to make the chroot when it is there", async () => {
    const above = freshRoot();
    const owner = server.connect({ auth: CONSOLE });
    await owner.ensurePath(`${above}/blue`, "public");
    const warnings: string[] = [];
    const log = pino({ level: "warn" }, { write: (line: string) => warnings.push(line) });
    const zk = server.owns(openZooKeeper({ servers: `${server.address}${above}/blue`, sessionTimeoutMs: 4000, log }));
    await zk.create("/mine", data("x"));
    expect(await owner.read(`${above}/blue/mine`)).not.toBeNull();
    expect(warnings).toEqual([]);
  });

  it("leaves lists alone while access is open", async () => {
    const root = freshRoot();
    const zk = server.connect();
    await zk.create(root, data("x"));
    expect(await zk.secure(root, "private")).toBe("kept");
    expect(await listOf(root)).toMatchObject([{ scheme: "world", id: "anyone", permissions: 31 }]);
  });
});

describe("credentials", () => {
  it("are proved again on every connection before any call, through kills of the server", async () => {
    const root = freshRoot();
    const owner = server.connect({ ...OWNER, sessionTimeoutMs: 4000 });
    await owner.create(root, data("x"));
    let refused = 0;
    let answered = 0;
    let reading = true;
    const read = async (): Promise<void> => {
      while (reading) {
        await owner.read(root).then(
          () => (answered += 1),
          (error: unknown) => (refused += isCode(error, "NO_AUTH") ? 1 : 0),
        );
      }
    };
    const readers = Promise.all([read(), read(), read()]);
    for (let kill = 0; kill < 3; kill += 1) {
      await server.crash();
      await server.start();
      const before = answered;
      await eventually("answers again", () => answered > before + 10);
    }
    reading = false;
    await readers;
    expect(refused).toBe(0);
  });

  it("that the server does not take at all are said to be the problem", async () => {
    const strict = await startTestZooKeeper({ "DigestAuthenticationProvider.enabled": "false" });
    try {
      const zk = strict.connect(OWNER);
      await eventually("the reason", () => zk.status().problem.includes("refuses this process's credentials"));
      expect(zk.status()).toMatchObject({ session: "connecting", state: "connecting" });
      await expect(zk.read("/")).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    } finally {
      await strict.close();
    }
  });
});
