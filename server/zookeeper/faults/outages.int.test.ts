import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "../test-harness.ts";
import { startFaultProxy, type FaultProxy } from "../test-fault-proxy.ts";
import { openPlain, outcomeNow, type PlainClient, type PlainOptions } from "../test-plain-client.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

/** A state of the library's ConnectionManager. */
const CLOSED = -2;
const data = (text: string): Buffer => Buffer.from(text);
let next = 0;
const freshPath = (): string => `/outages-${(next += 1)}`;

/** One proxy for each side, so that what one does is not counted as the other's. */
async function proxies(): Promise<{ plainSide: FaultProxy; ourSide: FaultProxy; both: readonly FaultProxy[] }> {
  const [plainSide, ourSide] = await Promise.all([startFaultProxy(server.address), startFaultProxy(server.address)]);
  const both = [plainSide, ourSide];
  for (const proxy of both) server.owns(proxy);
  return { plainSide, ourSide, both };
}

async function plain(proxy: { address: string }, options: PlainOptions = {}, waits = true): Promise<PlainClient> {
  return server.owns(await openPlain(proxy.address, options, waits));
}

/** What a call that nobody waits for became. */
function settling(promise: Promise<unknown>): { promise: Promise<unknown> } {
  promise.catch(() => {});
  return { promise };
}

describe("a network that swallows everything", () => {
  it("leaves the plain library connected and its calls hanging; ours knows within its session, and every call ends", async () => {
    const { plainSide, ourSide, both } = await proxies();
    const path = freshPath();
    const witness = server.connect();
    const client = await plain(plainSide);
    const zk = server.connect({ address: ourSide.address });
    await client.create(path, data("the plain one's"), { ephemeral: true });
    await zk.read(path);

    for (const proxy of both) proxy.blackHole(true);
    const plainCall = settling(client.read(path));
    await expect(zk.read(path)).rejects.toMatchObject({ kind: "unknown" });
    await eventually("ours is down", () => zk.status().state === "down");
    // By now the server itself has given the plain one's session up.
    await eventually("the session is over", async () => (await witness.read(path)) === null);
    expect(client.states).toEqual(["SYNC_CONNECTED"]);
    expect(await outcomeNow(plainCall.promise)).toBe("pending");
  });
});

describe("a server that takes connections and says nothing", () => {
  it("keeps the plain library in its first attempt for good; ours tries again, and is live when the server speaks", async () => {
    const { plainSide, ourSide, both } = await proxies();
    for (const proxy of both) proxy.blackHole(true);
    const client = await plain(plainSide, {}, false);
    const zk = server.connect({ address: ourSide.address });
    await eventually("our fourth attempt", () => ourSide.accepted() === 4);
    expect(plainSide.accepted()).toBe(1);
    for (const proxy of both) proxy.blackHole(false);
    await eventually("live", () => zk.status().session === "live");
    expect(plainSide.accepted()).toBe(1);
    expect(client.states).toEqual([]);
  });
});

describe("a connection cut in the middle of a frame", () => {
  it("ends the plain library's use for good; ours reads again", async () => {
    const { plainSide, ourSide, both } = await proxies();
    const path = freshPath();
    const client = await plain(plainSide);
    const zk = server.connect({ address: ourSide.address });
    await zk.create(path, Buffer.alloc(300_000, "x"));

    for (const proxy of both) proxy.cutAfter(100_000);
    await expect(client.read(path)).rejects.toThrow(/CONNECTION_LOSS/);
    await expect(zk.read(path)).rejects.toMatchObject({ kind: "unknown" });
    for (const proxy of both) proxy.cutAfter(Number.POSITIVE_INFINITY);
    expect((await eventually("a whole reading", () => zk.read(path).catch(() => null))).data.length).toBe(300_000);
    await eventually("the plain library's next connection", () => plainSide.accepted() > 1);

    // The server has answered it; the answer went to the end of the half frame. It would be as good as at once otherwise.
    const again = settling(client.read(path));
    const fresh = await plain(plainSide);
    expect(await fresh.read(path)).toBe(300_000);
    expect(client.isConnected()).toBe(false);
    expect(await outcomeNow(again.promise)).toBe("pending");
  });
});

describe("a session that ended during an outage", () => {
  it("leaves the plain library's queued call hanging, its watch silent and the client dead; ours begins a new one", async () => {
    const { plainSide, ourSide, both } = await proxies();
    const path = freshPath();
    const witness = server.connect();
    const client = await plain(plainSide);
    const zk = server.connect({ address: ourSide.address });
    const session = await eventually("session", () => zk.sessionId());
    let plainEvents = 0;
    let ourHints = 0;
    await client.watch(path, () => (plainEvents += 1));
    await zk.read(path, () => (ourHints += 1));
    await client.create(`${path}-plain`, data("x"), { ephemeral: true });
    await zk.create(`${path}-ours`, data("x"), { ephemeral: true });

    for (const proxy of both) proxy.refuse(true);
    for (const proxy of both) proxy.cut();
    await eventually("both down", () => !client.isConnected() && zk.status().state === "down");
    const plainCall = settling(client.read(path));
    const ourCall = settling(zk.read(path));
    await eventually("both sessions over", async () => {
      const nodes = await Promise.all([witness.read(`${path}-plain`), witness.read(`${path}-ours`)]);
      return nodes.every((node) => node === null);
    });
    await witness.create(path, data("while both were away"));
    for (const proxy of both) proxy.refuse(false);

    await eventually("our new session", () => zk.status().session === "live" && zk.sessionId() !== session);
    await eventually("the plain library's end", () => client.states.includes("EXPIRED"));
    await eventually("our hint", () => ourHints === 1);
    expect(await outcomeNow(ourCall.promise)).toBe("settled");
    expect(await zk.read(path)).not.toBeNull();
    expect(await outcomeNow(plainCall.promise)).toBe("pending");
    expect(plainEvents).toBe(0);
    await expect(client.read(path)).rejects.toThrow(/CONNECTION_LOSS|SESSION_EXPIRED/);
  });
});

describe("closing while a call waits for a connection", () => {
  it("leaves the plain library's call hanging, and settles ours", async () => {
    const { plainSide, ourSide, both } = await proxies();
    const client = await plain(plainSide);
    const zk = server.connect({ address: ourSide.address });
    await Promise.all([zk.read("/"), client.read("/")]);
    for (const proxy of both) proxy.refuse(true);
    for (const proxy of both) proxy.cut();
    await eventually("ours is down", () => zk.status().state === "down");
    const ourCall = zk.read("/").catch((error: unknown) => error);
    await zk.stop();
    expect(await ourCall).toMatchObject({ code: "STOPPED", kind: "failed" });

    const manager = client.raw.connectionManager;
    await eventually("the plain library is between two attempts", () => manager.socket?.destroyed);
    // In one turn, so that the next attempt finds all of it done.
    plainSide.refuse(false);
    const plainCall = settling(client.read("/"));
    client.raw.close();
    await eventually("the plain library has closed", () => manager.state === CLOSED);
    expect(await outcomeNow(plainCall.promise)).toBe("pending");
  });
});

describe("a server that refuses", () => {
  it("is asked at the same rate for ever by the plain library, and less and less often by ours", async () => {
    const { plainSide, ourSide, both } = await proxies();
    for (const proxy of both) proxy.refuse(true);
    const startedAt = performance.now();
    await plain(plainSide, { spinDelayMs: 50 }, false);
    server.connect({ address: ourSide.address, sessionTimeoutMs: 10_000 });
    await eventually("a hundred attempts of the plain library", () => plainSide.accepted() >= 100, 30_000);
    // Waits double from 50 ms, each at least a tenth of that: after n waits at least 5 · (2^n - 1) ms have gone.
    const passedMs = performance.now() - startedAt;
    expect(ourSide.accepted()).toBeLessThanOrEqual(1 + Math.log2(1 + passedMs / 5));
    expect(ourSide.accepted()).toBeGreaterThan(2);
  });
});

describe("a server that was wiped", () => {
  it("turns the plain library away for good, which has seen later transactions; ours begins anew", async () => {
    const { plainSide, ourSide } = await proxies();
    const client = await plain(plainSide);
    const zk = server.connect({ address: ourSide.address });
    for (let count = 0; count < 40; count += 1) await zk.create(freshPath(), data("moves the transaction id ahead"));
    await client.read("/");
    await client.create(freshPath(), data("x"));
    const session = zk.sessionId();
    await server.crash();
    server.wipe();
    await server.start();
    await eventually("our new session", () => zk.status().session === "live" && zk.sessionId() !== session);
    const before = plainSide.accepted();
    await eventually("the plain library tried again, and again", () => plainSide.accepted() > before + 2);
    expect(client.isConnected()).toBe(false);
    expect(client.states).not.toContain("EXPIRED");
  });
});
