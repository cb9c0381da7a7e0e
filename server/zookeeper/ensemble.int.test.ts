import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ZooKeeperFailure } from "./failure.ts";
import { eventually, SESSION_MS, startTestEnsemble, type TestEnsemble } from "./test-harness.ts";

let ensemble: TestEnsemble;
beforeAll(async () => void (ensemble = await startTestEnsemble()), 120_000);
afterEach(() => ensemble.release());
afterAll(() => ensemble.close());

const data = (text: string): Buffer => Buffer.from(text);
const leader = (): Promise<number> =>
  eventually("a leader", async () => {
    const index = await ensemble.leader();
    return index === null ? null : { index };
  }).then(({ index }) => index);

describe("an ensemble of three", () => {
  it("keeps every acknowledged write and the session's ephemerals when its leader is killed under load", async () => {
    const zk = ensemble.connect({ sessionTimeoutMs: 4000 });
    const witness = ensemble.connect({ sessionTimeoutMs: 4000 });
    await zk.ensurePath("/load");
    zk.declareEphemeral("/load-owner", data("here"));
    await eventually("ephemeral", () => witness.read("/load-owner"));
    const session = zk.sessionId();

    const acknowledged = new Set<string>();
    const unknown = new Set<string>();
    let writing = true;
    const write = async (writer: number): Promise<void> => {
      for (let count = 0; writing; count += 1) {
        const name = `${writer}-${count}`;
        try {
          await zk.create(`/load/${name}`, data("x"));
          acknowledged.add(name);
        } catch (error) {
          if (!(error instanceof ZooKeeperFailure)) throw error;
          if (error.kind === "unknown") unknown.add(name);
        }
      }
    };
    const writers = Promise.all([1, 2, 3, 4].map(write));
    await eventually("writes", () => acknowledged.size > 100);
    const killed = await leader();
    const states: string[] = [];
    zk.onStatus((status) => states.push(status.session));
    await ensemble.crash(killed);
    const before = acknowledged.size;
    await eventually("writes under the next leader", () => acknowledged.size > before + 100);
    writing = false;
    await writers;

    const stored = new Set(await witness.children("/load"));
    expect(Array.from(acknowledged).filter((name) => !stored.has(name))).toEqual([]);
    // What is there although nobody said so is exactly what was reported as unknown.
    expect(Array.from(stored).filter((name) => !acknowledged.has(name) && !unknown.has(name))).toEqual([]);
    expect(states).not.toContain("lost");
    expect(zk.sessionId()).toBe(session);
    expect((await witness.read("/load-owner"))?.ephemeralOwner).toBe(session);
    await ensemble.start(killed);
    expect(await leader()).not.toBe(killed);
  });

  it("goes on with another server, in the same session, when its own one stands still", async () => {
    const zk = ensemble.connect({ sessionTimeoutMs: 4000 });
    await zk.ensurePath("/still");
    const session = zk.sessionId();
    const own = ensemble.addresses.indexOf(zk.status().server ?? "");
    await ensemble.freeze(own);
    try {
      await eventually("another server", () => {
        const { server } = zk.status();
        return server !== null && server !== ensemble.addresses[own];
      });
      await eventually("a write", () => zk.create("/still/x", data("x")).catch(() => null));
      expect(zk.sessionId()).toBe(session);
      expect(zk.status().epoch).toBe(1);
    } finally {
      ensemble.thaw(own);
    }
  });

  it("is suspended, then lost without a majority, fails calls by their deadline, and heals with its ephemerals", async () => {
    const zk = ensemble.connect();
    await zk.ensurePath("/quorum");
    zk.declareEphemeral("/quorum/me", data("here"));
    await eventually("ephemeral", () => zk.read("/quorum/me"));
    const session = zk.sessionId();
    const states: string[] = [];
    zk.onStatus((status) => states.push(status.session));
    await Promise.all([ensemble.crash(0), ensemble.crash(1)]);
    await eventually("suspended", () => states.includes("suspended"));
    const startedAt = performance.now();
    await expect(zk.write("/quorum", data("x"), -1)).rejects.toBeInstanceOf(ZooKeeperFailure);
    expect(performance.now() - startedAt).toBeLessThan(SESSION_MS + 1000);
    await eventually("lost", () => states.includes("lost"));
    await ensemble.start(0);
    await eventually("live", () => zk.status().session === "live");
    expect(zk.sessionId()).not.toBe(session);
    const found = await eventually("ephemeral again", async () => {
      const node = await zk.read("/quorum/me");
      return node?.ephemeralOwner === zk.sessionId() ? node : null;
    });
    expect(found.data.toString()).toBe("here");
    await ensemble.start(1);
  });

  it("fetches everything again on a server that lost its disk", async () => {
    const zk = ensemble.connect({ sessionTimeoutMs: 4000 });
    await zk.create("/kept", data("x"));
    const index = await leader();
    await ensemble.crash(index);
    ensemble.wipe(index);
    await ensemble.start(index);
    const there = ensemble.connect({ address: ensemble.addresses[index] ?? "" });
    expect((await there.read("/kept"))?.data.toString()).toBe("x");
  });
});
