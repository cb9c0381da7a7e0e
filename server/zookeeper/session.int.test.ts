import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isCode } from "./failure.ts";
import { startFaultProxy } from "./test-fault-proxy.ts";
import { eventually, SESSION_MS, startTestZooKeeper, type TestZooKeeper } from "./test-harness.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

const data = (text: string): Buffer => Buffer.from(text);
let next = 0;
const freshPath = (): string => `/test-${(next += 1)}`;

describe("a session", () => {
  it("becomes live and reads back what it wrote, with versions", async () => {
    const zk = server.connect();
    const path = freshPath();
    await zk.ensurePath(`${path}/a/b`);
    await zk.create(`${path}/a/b/c`, data("1"));
    expect(await zk.write(`${path}/a/b/c`, data("2"), 0)).toBe(1);
    expect(await zk.read(`${path}/a/b/c`)).toMatchObject({ data: data("2"), version: 1, ephemeralOwner: 0n });
    expect(await zk.children(`${path}/a/b`)).toEqual(["c"]);
    expect(await zk.read(`${path}/nowhere`)).toBeNull();
    expect(zk.status()).toMatchObject({
      session: "live",
      state: "up",
      problem: "",
      server: server.address,
      sessionId: `0x${zk.sessionId()?.toString(16)}`,
      sessionTimeoutMs: SESSION_MS,
      epoch: 1,
    });
    expect(zk.status().lastAnswerAtMs).toBeGreaterThan(0);
  });

  it("refuses a stale version 0 in a transaction, for check, set and remove", async () => {
    const zk = server.connect();
    const path = freshPath();
    await zk.create(path, data("first"));
    await zk.write(path, data("second"), 0);
    for (const op of [
      { kind: "check", path, version: 0 },
      { kind: "set", path, data: data("lost update"), version: 0 },
      { kind: "remove", path, version: 0 },
    ] as const) {
      await expect(zk.multi([{ kind: "check", path: "/", version: -1 }, op])).rejects.toMatchObject({
        code: "BAD_VERSION",
        kind: "failed",
        opIndex: 1,
      });
    }
    expect((await zk.read(path))?.data.toString()).toBe("second");
  });

  it("does all of a transaction or nothing", async () => {
    const zk = server.connect();
    const path = freshPath();
    const creation = { kind: "create", path, data: data("x") } as const;
    await expect(zk.multi([creation, { kind: "check", path: "/absent", version: -1 }])).rejects.toMatchObject({
      code: "NO_NODE",
      opIndex: 1,
    });
    expect(await zk.read(path)).toBeNull();
    await zk.multi([creation, { kind: "set", path, data: data("y"), version: 0 }]);
    expect(await zk.read(path)).toMatchObject({ version: 1 });
  });

  it("keeps a chroot apart, creating it where it is missing", async () => {
    const inside = server.connect({ chroot: "/tenants/blue" });
    const outside = server.connect();
    expect(await inside.create("/here", data("x"))).toBe("/here");
    expect(await inside.create("/seq-", data("x"), { sequential: true })).toMatch(/^\/seq-\d{10}$/);
    expect(await inside.children("/")).toContain("here");
    expect((await outside.read("/tenants/blue/here"))?.data.toString()).toBe("x");
  });

  it("refuses a request above the server's limit here, without losing the connection", async () => {
    const zk = server.connect();
    await zk.ensurePath("/");
    const session = zk.sessionId();
    await expect(zk.create(freshPath(), Buffer.alloc(1_048_576))).rejects.toMatchObject({
      code: "TOO_LARGE",
      kind: "failed",
    });
    expect(zk.sessionId()).toBe(session);
  });

  it("hints at a creation, a change, a deletion and a coming child, once each, and survives a throwing listener", async () => {
    const zk = server.connect();
    const path = freshPath();
    let hints = 0;
    const onHint = (): void => {
      hints += 1;
      throw new Error("a listener's own fault");
    };
    expect(await zk.read(path, onHint)).toBeNull();
    await zk.create(path, data("1"));
    await eventually("creation", () => hints === 1);
    await zk.read(path, onHint);
    await zk.write(path, data("2"), -1);
    await eventually("change", () => hints === 2);
    await zk.children(path, onHint);
    await zk.create(`${path}/child`, data(""));
    await eventually("child", () => hints === 3);
    await zk.remove(`${path}/child`, -1);
    await zk.children(path, onHint);
    await zk.remove(path, -1);
    await eventually("deletion", () => hints === 4);
    expect(zk.status().session).toBe("live");
  });

  it("ends every call by its deadline while the server hangs, and lives again when it continues", async () => {
    const zk = server.connect();
    const path = freshPath();
    await zk.create(path, data("x"));
    await server.freeze();
    try {
      const startedAt = performance.now();
      await expect(zk.write(path, data("y"), 0)).rejects.toMatchObject({ kind: "unknown" });
      expect(performance.now() - startedAt).toBeLessThan(SESSION_MS + 500);
      await eventually("suspension", () => zk.status().state === "down");
      await expect(zk.read(path)).rejects.toMatchObject({ kind: "failed", code: "NOT_CONNECTED" });
    } finally {
      server.thaw();
    }
    await eventually("live again", () => zk.status().session === "live");
    expect(await zk.read(path)).not.toBeNull();
  });

  it("gives every watched path a hint after the server was killed and came back, and keeps its ephemerals", async () => {
    const zk = server.connect({ sessionTimeoutMs: 4000 });
    const other = server.connect();
    const path = freshPath();
    const node = zk.declareEphemeral(`${path}/me`, data("here"));
    await eventually("ephemeral", () => other.read(`${path}/me`));
    let hints = 0;
    await zk.read(`${path}/missing`, () => (hints += 1));
    await zk.children(path, () => (hints += 1));
    const states: string[] = [];
    zk.onStatus((status) => states.push(status.session));
    await server.crash();
    await eventually("suspended at once", () => zk.status().session === "suspended");
    await server.start();
    await eventually("live again", () => zk.status().session === "live");
    await eventually("both hints", () => hints === 2);
    expect(states[0]).toBe("suspended");
    const found = await eventually("ephemeral", () => other.read(`${path}/me`));
    expect(found.ephemeralOwner).toBe(zk.sessionId());
    await node.withdraw();
    expect(await other.read(`${path}/me`)).toBeNull();
  });

  it("starts a new session on a server that was wiped, and declares its ephemerals again", async () => {
    const zk = server.connect();
    const path = freshPath();
    for (let count = 0; count < 5; count += 1) await zk.create(freshPath(), data("moves the transaction id ahead"));
    zk.declareEphemeral(`${path}/me`, data("here"));
    await eventually("ephemeral", () => zk.read(`${path}/me`));
    const session = zk.sessionId();
    await server.crash();
    server.wipe();
    await server.start();
    await eventually("a new session", () => zk.status().session === "live" && zk.sessionId() !== session);
    const found = await eventually("ephemeral again", () => zk.read(`${path}/me`));
    expect(found.ephemeralOwner).toBe(zk.sessionId());
  });

  it("takes over the node of its own former session, and of a plain node in its place", async () => {
    const first = server.connect();
    const second = server.connect();
    const path = freshPath();
    await first.ensurePath(path);
    await first.create(`${path}/me`, data("left behind"), { ephemeral: true });
    await first.create(`${path}/you`, data("left behind"));
    const nodes = [
      second.declareEphemeral(`${path}/me`, data("new")),
      second.declareEphemeral(`${path}/you`, data("new")),
    ];
    for (const name of ["me", "you"]) {
      await eventually(
        `own ${name}`,
        async () => (await first.read(`${path}/${name}`))?.ephemeralOwner === second.sessionId(),
      );
    }
    nodes[0]?.update(data("newer"));
    await eventually("update", async () => (await first.read(`${path}/me`))?.data.toString() === "newer");
    await first.remove(`${path}/me`, -1);
    await eventually("back after a deletion by others", () => first.read(`${path}/me`));
  });
});

describe("a process", () => {
  it.each([
    ["with a server", () => server.address],
    ["without one", () => "127.0.0.1:1"],
  ])("%s ends by itself after stop, with nothing left open and nothing unhandled", async (_, address) => {
    const script = `
      import { openZooKeeper } from "${new URL("session.ts", import.meta.url).href}";
      import { pino } from "pino";
      const zk = openZooKeeper({ servers: "${address()}", sessionTimeoutMs: 1000, log: pino({ level: "silent" }) });
      const node = zk.declareEphemeral("/process", Buffer.from("x"));
      await zk.read("/", () => {}).catch(() => {});
      void zk.read("/").catch(() => {});
      await node.withdraw();
      await zk.stop();
      await zk.read("/").catch((error) => console.log(error.code));
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      timeout: 10_000,
    });
    expect(stdout.trim()).toBe("STOPPED");
    expect(stderr).toBe("");
  });
});

describe("a connection that lasts", () => {
  it("keeps nothing of the calls that were answered", async () => {
    const script = `
      import { openZooKeeper } from "${new URL("session.ts", import.meta.url).href}";
      import { pino } from "pino";
      const zk = openZooKeeper({ servers: "${server.address}", log: pino({ level: "silent" }) });
      const heapAfter = async (calls) => {
        for (let done = 0; done < calls; done += 100) await Promise.all(Array.from({ length: 100 }, () => zk.read("/")));
        globalThis.gc();
        return process.memoryUsage().heapUsed;
      };
      const before = await heapAfter(2000);
      console.log((await heapAfter(8000)) - before);
      await zk.stop();
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--expose-gc", "--input-type=module", "-e", script],
      { cwd: fileURLToPath(new URL("../..", import.meta.url)) },
    );
    // One closure kept per call was 11 MB.
    expect(Number(stdout)).toBeLessThan(3_000_000);
  });
});

describe("a connection through a bad network", () => {
  it("finds a black hole by itself, gives up the session, and is live again when packets flow", async () => {
    const proxy = await startFaultProxy(server.address);
    const zk = server.connect({ address: proxy.address });
    const witness = server.connect();
    zk.declareEphemeral("/behind-the-hole", data("x"));
    await eventually("ephemeral", () => witness.read("/behind-the-hole"));
    const session = zk.sessionId();
    proxy.blackHole(true);
    await eventually("the client knows", () => zk.status().state === "down", SESSION_MS * 2);
    await eventually("the server dropped the ephemeral", async () => (await witness.read("/behind-the-hole")) === null);
    await eventually("lost", () => zk.status().session === "lost");
    proxy.blackHole(false);
    await eventually("live", () => zk.status().session === "live");
    expect(zk.sessionId()).not.toBe(session);
    expect(zk.status().epoch).toBe(2);
    await eventually("ephemeral again", () => witness.read("/behind-the-hole"));
    await proxy.stop();
  });

  it("recovers when cut in the middle of a frame, again and again", async () => {
    const proxy = await startFaultProxy(server.address);
    const zk = server.connect({ address: proxy.address });
    const path = freshPath();
    await zk.create(path, Buffer.alloc(300_000, "x"));
    for (let round = 0; round < 3; round += 1) {
      proxy.cutAfter(100_000);
      await expect(zk.read(path)).rejects.toMatchObject({ kind: "unknown" });
      proxy.cutAfter(Number.POSITIVE_INFINITY);
      expect((await eventually("a whole reading", () => zk.read(path).catch(() => null)))?.data.length).toBe(300_000);
    }
    await proxy.stop();
  });

  it("survives a frame it cannot read in the middle of a session, and keeps the session", async () => {
    const proxy = await startFaultProxy(server.address);
    const zk = server.connect({ address: proxy.address });
    await zk.ensurePath("/");
    const session = zk.sessionId();
    const states: string[] = [];
    zk.onStatus((status) => states.push(status.session));
    proxy.inject(Buffer.from([0, 0, 0, 2, 0xff, 0xff]));
    await eventually("suspended and live", () => states.join() === "suspended,live");
    expect(zk.sessionId()).toBe(session);
    expect(proxy.connections()).toBe(1);
    await proxy.stop();
  });

  it("survives bytes that are not ZooKeeper's", async () => {
    const proxy = await startFaultProxy(server.address);
    proxy.babble(true);
    const zk = server.connect({ address: proxy.address });
    await expect(zk.read("/")).rejects.toSatisfy((error) => isCode(error, "NOT_CONNECTED"));
    proxy.babble(false);
    await eventually("live", () => zk.status().session === "live");
    await proxy.stop();
  });
});
