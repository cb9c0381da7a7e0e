import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AccessOptions } from "../access.ts";
import type { NodeReading } from "../operations.ts";
import type { ZooKeeper } from "../session.ts";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "../test-harness.ts";
import { OP, startFaultProxy, type FaultProxy } from "../test-fault-proxy.ts";
import { openPlain, type PlainClient, type PlainOptions } from "../test-plain-client.ts";

let server: TestZooKeeper;
let plainSide: FaultProxy;
let ourSide: FaultProxy;
beforeAll(async () => {
  server = await startTestZooKeeper({ maxSessionTimeout: String(SESSION_MS) });
  [plainSide, ourSide] = await Promise.all([startFaultProxy(server.address), startFaultProxy(server.address)]);
}, 60_000);
afterEach(() => server.release());
afterAll(async () => {
  await Promise.all([plainSide.stop(), ourSide.stop()]);
  await server.close();
});

/** Long: no session here is to end. */
const SESSION_MS = 20_000;
const CREDENTIALS = { user: "console", password: "secret" };
const AUTH = `${CREDENTIALS.user}:${CREDENTIALS.password}`;
const data = (text: string): Buffer => Buffer.from(text);
let next = 0;
const freshPath = (): string => `/reconnects-${(next += 1)}`;

async function plain(options: PlainOptions): Promise<PlainClient> {
  return server.owns(await openPlain(plainSide.address, { sessionTimeoutMs: SESSION_MS, ...options }));
}

/** Live when it resolves: what was asked for before would be hinted at by the first connection already. */
async function ours(options: AccessOptions = {}): Promise<ZooKeeper> {
  const zk = server.connect({ ...options, address: ourSide.address, sessionTimeoutMs: SESSION_MS });
  await eventually("live", () => zk.status().session === "live");
  return zk;
}

function count(requests: readonly number[], type: number): number {
  return requests.filter((request) => request === type).length;
}

describe("a call made while the connection is away", () => {
  it("goes before the plain library's credentials and is refused; ours are proved first on every connection", async () => {
    const client = await plain({ auth: AUTH });
    const zk = await ours({ auth: CREDENTIALS });
    const path = freshPath();
    await zk.create(path, data("closed"));
    expect(await client.read(path)).toBe(6);
    const session = zk.sessionId();

    for (let round = 0; round < 3; round += 1) {
      const connections = ourSide.accepted();
      const plainRead = once(client.raw, "disconnected").then(() => client.read(path));
      const ourRead = new Promise<NodeReading | null>((resolve) => {
        const undo = zk.onStatus(({ session: state }) => {
          if (state !== "suspended") return;
          undo();
          resolve(zk.read(path));
        });
      });
      plainSide.cut();
      ourSide.cut();
      await expect(plainRead).rejects.toThrow("NO_AUTH");
      expect((await ourRead)?.data.toString()).toBe("closed");
      expect(ourSide.accepted()).toBe(connections + 1);
      expect(ourSide.requests()[0]).toBe(OP.auth);
      expect(count(ourSide.requests(), OP.auth)).toBe(1);
      expect(plainSide.requests()[0]).toBe(OP.getData);
    }
    expect(zk.sessionId()).toBe(session);
  });
});

describe("a long outage", () => {
  it("piles up credentials and watches in the plain library, once per attempt; ours proves itself once and re-reads", async () => {
    const client = await plain({ auth: AUTH, spinDelayMs: 10 });
    const zk = await ours({ auth: CREDENTIALS });
    const path = freshPath();
    let hints = 0;
    await client.watch(path, () => {});
    await zk.read(path, () => (hints += 1));
    for (const proxy of [plainSide, ourSide]) {
      proxy.refuse(true);
      proxy.cut();
    }
    const [plainBefore, ourBefore] = [plainSide.accepted(), ourSide.accepted()];
    await eventually(
      "many attempts of both",
      () => plainSide.accepted() - plainBefore > 50 && ourSide.accepted() - ourBefore > 3,
    );
    for (const proxy of [plainSide, ourSide]) proxy.refuse(false);
    await eventually("both connected", () => client.isConnected() && zk.status().session === "live");
    await client.read("/");
    expect(count(plainSide.requests(), OP.auth)).toBeGreaterThan(50);
    expect(count(plainSide.requests(), OP.setWatches)).toBeGreaterThan(50);
    await eventually("our hint to read again", () => hints === 1);
    await zk.read("/");
    expect(count(ourSide.requests(), OP.auth)).toBe(1);
    expect(count(ourSide.requests(), OP.setWatches)).toBe(0);
  });
});

describe("watches whose paths together exceed a packet", () => {
  it("keep the plain library reconnecting; ours is live at once and re-reads every path", async () => {
    const client = await plain({ spinDelayMs: 10 });
    const zk = await ours();
    const watched = Array.from({ length: 6000 }, (_, index) => `/${String(index).padStart(200, "w")}`);
    let hints = 0;
    await Promise.all(watched.map((path) => client.watch(path, () => {})));
    await Promise.all(watched.map((path) => zk.read(path, () => (hints += 1))));
    const session = zk.sessionId();
    const [plainBefore, ourBefore] = [plainSide.accepted(), ourSide.accepted()];
    plainSide.cut();
    ourSide.cut();

    await eventually("every path's hint", () => hints === watched.length);
    expect(zk.status().session).toBe("live");
    expect(zk.sessionId()).toBe(session);
    expect(ourSide.accepted()).toBe(ourBefore + 1);
    await eventually("the plain library goes round", () => plainSide.accepted() > plainBefore + 5);
    await expect(client.read("/")).rejects.toThrow("CONNECTION_LOSS");
  });
});
