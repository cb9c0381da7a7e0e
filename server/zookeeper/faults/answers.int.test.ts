import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { digestId } from "../access.ts";
import { callOn } from "../calls.ts";
import { openConnection } from "../connection.ts";
import { codeName } from "../failure.ts";
import { openZooKeeper } from "../session.ts";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "../test-harness.ts";
import { startFaultProxy, type FaultProxy } from "../test-fault-proxy.ts";
import { openPlain, type PlainOptions, type PlainClient } from "../test-plain-client.ts";

let server: TestZooKeeper;
let proxy: FaultProxy;
beforeAll(async () => {
  server = await startTestZooKeeper({ enforceQuota: "true" });
  proxy = await startFaultProxy(server.address);
}, 60_000);
afterEach(() => server.release());
afterAll(async () => {
  await proxy.stop();
  await server.close();
});

const data = (text: string): Buffer => Buffer.from(text);
let next = 0;
const freshPath = (): string => `/answers-${(next += 1)}`;

async function plain(options?: PlainOptions, address = server.address): Promise<PlainClient> {
  return server.owns(await openPlain(address, options));
}

const ProcessEnd = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

/** Runs a script that drives the untouched library; gives how the process ended. */
async function runPlain(body: string): Promise<z.infer<typeof ProcessEnd>> {
  const script = `
    import zookeeper from "node-zookeeper-client";
    const client = zookeeper.createClient("${proxy.address}", { sessionTimeout: 1500 });
    client.once("connected", () => { ${body} });
    client.connect();
    setTimeout(() => process.exit(9), 8000);
  `;
  const done = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
  });
  return done.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => ProcessEnd.parse(error),
  );
}

describe("version 0 in a transaction", () => {
  it.each(["check", "set", "remove"] as const)(
    "is any version to the plain library's %s, and 0 to ours",
    async (kind) => {
      const client = await plain();
      const zk = server.connect();
      const path = freshPath();
      await zk.create(path, data("first"));
      await zk.write(path, data("second"), 0);

      await expect(zk.multi([{ kind, path, version: 0, data: data("lost update") }])).rejects.toMatchObject({
        code: "BAD_VERSION",
        kind: "failed",
      });
      expect((await zk.read(path))?.data.toString()).toBe("second");

      const transaction = client.raw.transaction();
      if (kind === "check") transaction.check(path, 0);
      else if (kind === "set") transaction.setData(path, data("lost update"), 0);
      else transaction.remove(path, 0);
      await new Promise<void>((resolve, reject) => {
        transaction.commit((error) => (error ? reject(error) : resolve()));
      });
      const after = await zk.read(path);
      expect(after?.data.toString()).toBe({ check: "second", set: "lost update", remove: undefined }[kind]);
    },
  );
});

describe("an error code the library does not know", () => {
  it("-125, from a real quota, ends the plain library's process, and is a typed failure for ours", async () => {
    const zk = server.connect();
    const path = freshPath();
    await zk.create(path, data(""));
    const limits = "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=1";
    await zk.ensurePath(`/zookeeper/quota${path}`);
    await zk.create(`/zookeeper/quota${path}/zookeeper_stats`, data("count=1,bytes=0"));
    await zk.create(`/zookeeper/quota${path}/zookeeper_limits`, data(limits));

    await expect(zk.create(`${path}/one-too-many`, data(""))).rejects.toMatchObject({
      code: "QUOTA_EXCEEDED",
      kind: "failed",
    });
    const { code, stderr } = await runPlain(`client.create("${path}/one-too-many", (error) => process.exit(0));`);
    expect(code).toBe(1);
    expect(stderr).toContain("Unknown code: -125");
    expect(zk.status().session).toBe("live");
  });

  it.each([-118, -119, -127, -999])("%s ends the plain library's process, and not ours", async (code) => {
    const zk = server.connect({ address: proxy.address });
    await zk.ensurePath("/");
    const session = zk.sessionId();
    proxy.answerWith(code);
    try {
      await expect(zk.read("/zookeeper")).rejects.toMatchObject({ code: codeName(code), kind: "failed" });
      const ended = await runPlain(`client.getData("/zookeeper", () => process.exit(0));`);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain(`Unknown code: ${code}`);
    } finally {
      proxy.answerWith(null);
    }
    expect(await zk.read("/zookeeper")).not.toBeNull();
    expect(zk.sessionId()).toBe(session);
  });
});

describe("a watcher that throws", () => {
  it("ends the plain library's process, and not ours", async () => {
    const zk = server.connect();
    const path = freshPath();
    let hinted = 0;
    await zk.read(path, () => {
      hinted += 1;
      throw new Error("a watcher's own fault");
    });
    const ended = runPlain(`
      client.exists("${path}", () => { throw new Error("a watcher's own fault"); }, () => console.log("watching"));
      const look = () => client.exists("${path}-go", () => {}, (error, stat) => stat ? client.create("${path}", () => {}) : setTimeout(look, 20));
      look();
    `);
    await zk.create(`${path}-go`, data(""));
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toContain("a watcher's own fault");
    await eventually("our hint", () => hinted === 1);
    expect(zk.status().session).toBe("live");
  });
});

describe("the number of a call", () => {
  it("does not wrap at 2^31 in the plain library, and starts over in ours", async () => {
    const client = await plain();
    client.raw.connectionManager.xid = 0x7fff_ffff;
    expect(await client.read("/zookeeper")).toBe(0);
    await expect(client.read("/zookeeper")).rejects.toThrow(/out of range/);

    const [host = "", port = ""] = server.address.split(":");
    const connection = openConnection({
      server: { host, port: Number(port) },
      sessionTimeoutMs: 1500,
      connectTimeoutMs: 5000,
      ticket: null,
      auth: [],
      log: pino({ level: "silent" }),
    });
    server.owns({ stop: () => connection.close() });
    expect(await connection.established).toBe("established");
    for (const xid of [0x7fff_fffe, 0x7fff_ffff, 0x8000_0000]) {
      connection.client.connectionManager.xid = xid;
      for (let call = 0; call < 3; call += 1) {
        const info = { operation: "exists", path: "/" };
        const found = callOn<boolean>(connection, performance.now() + 5000, info, (raw, done) =>
          raw.exists("/", undefined, (error, stat) => done(error, () => stat !== null)),
        );
        expect(await found).toBe(true);
      }
      expect(connection.client.connectionManager.xid).toBeLessThan(10);
    }
  });
});

describe("closing before there is a connection", () => {
  it("throws in the plain library, and settles in ours", async () => {
    const client = server.owns(await openPlain("127.0.0.1:1", {}, false));
    expect(() => client.raw.close()).toThrow(TypeError);

    const zk = openZooKeeper({ servers: "127.0.0.1:1", log: pino({ level: "silent" }) });
    const waiting = zk.read("/").catch((error: unknown) => error);
    await zk.stop();
    expect(await waiting).toMatchObject({ code: "STOPPED", kind: "failed" });
  });
});

describe("the default access list", () => {
  it("is open in the plain library even with credentials, and closed in ours", async () => {
    const credentials = { user: "console", password: "secret" };
    const client = await plain({ auth: `${credentials.user}:${credentials.password}` });
    const zk = server.connect({ auth: credentials });
    const stranger = server.connect();
    const [open, closed] = [freshPath(), freshPath()];
    await new Promise<void>((resolve, reject) => {
      client.raw.create(open, (error) => (error ? reject(error) : resolve()));
    });
    await zk.create(closed, data("ours"));
    expect(await stranger.write(open, data("a stranger's"), 0)).toBe(1);
    await expect(stranger.write(closed, data("a stranger's"), 0)).rejects.toMatchObject({ code: "NO_AUTH" });
    await expect(stranger.read(closed)).rejects.toMatchObject({ code: "NO_AUTH", path: closed });
    const list = await new Promise<unknown>((resolve, reject) => {
      client.raw.getACL(closed, (error, found) => (error ? reject(error) : resolve(found)));
    });
    expect(list).toMatchObject([{ permission: 31, id: { scheme: "digest", id: digestId(credentials) } }]);
  });
});
