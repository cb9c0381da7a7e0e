import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseInstance } from "#zookeeper/parse-instance.ts";
import { eventually, SESSION_MS, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { register, type RegisterOptions, type Registration, type RegistrationState } from "./register.ts";
import { HOME } from "./test-bed/started-register.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
afterEach(() => server.release());
afterAll(() => server.close());

let names = 0;
const NOW = AbortSignal.abort();

interface Registered {
  readonly registration: Registration;
  readonly entry: string;
  readonly states: readonly RegistrationState[];
}

/** Registers under a fresh name, checked every 50 ms by a function; stopped at the end. */
function start(options: Partial<RegisterOptions>): Registered {
  const service = `library-${(names += 1)}`;
  const states: RegistrationState[] = [];
  const registration = register({
    zookeeper: { servers: server.address, sessionTimeoutMs: SESSION_MS },
    service,
    id: "one",
    port: 8080,
    healthIntervalMs: 50,
    unhealthyAfter: 2,
    onChange: (state) => states.push(state),
    ...options,
  });
  server.owns({ stop: () => registration.stop(NOW) });
  return { registration, entry: `/services/${service}/one`, states };
}

describe("a registration", () => {
  it("follows the service's own opinion of itself, and tells of every change", async () => {
    let well = false;
    const { registration, entry, states } = start({
      health: () => {
        if (!well) throw new Error("the pool is empty");
        return true;
      },
    });
    const zk = server.connect();
    await eventually("told why it waits", () => JSON.stringify(registration.state()).includes("the pool is empty"));
    expect(await zk.read(entry)).toBeNull();
    well = true;
    await eventually("in", () => registration.state().kind === "registered");
    expect(await zk.read(entry)).not.toBeNull();
    well = false;
    await eventually("out", () => registration.state().kind === "out");
    expect(await zk.read(entry)).toBeNull();
    await registration.stop(NOW);
    expect(states.map(({ kind }) => kind).filter((kind) => kind !== "waiting")).toEqual([
      "registered",
      "out",
      "stopped",
    ]);
  });

  it("takes out, when ZooKeeper is back, what became unhealthy while it was away, in the same session", async () => {
    let well = true;
    let refusals = 0;
    const { registration, entry } = start({
      health: () => {
        if (!well) refusals += 1;
        return well;
      },
      zookeeper: { servers: server.address, sessionTimeoutMs: 4000 },
    });
    await eventually("in", () => registration.state().kind === "registered");
    await server.crash();
    well = false;
    await eventually("known to be unhealthy", () => refusals > 2);
    await server.start();
    await eventually("out", () => registration.state().kind === "out");
    expect(await server.connect().read(entry)).toBeNull();
  });

  it("is written anew when somebody else deletes or overwrites its entry", async () => {
    const { registration, entry } = start({ health: "none" });
    await eventually("in", () => registration.state().kind === "registered");
    const vandal = server.connect();
    const written = await vandal.read(entry);
    await vandal.remove(entry, -1);
    await eventually("there again", async () => (await vandal.read(entry)) !== null);
    await vandal.write(entry, Buffer.from("{}"), -1);
    await eventually("as it was", async () => (await vandal.read(entry))?.data.equals(written?.data ?? Buffer.of()));
  });

  it("with credentials is everybody's to read, and nobody else's to change", async () => {
    const auth = { user: "orders", password: "secret" };
    const { registration, entry } = start({
      health: "none",
      zookeeper: { servers: server.address, sessionTimeoutMs: SESSION_MS, auth },
    });
    await eventually("in", () => registration.state().kind === "registered");
    const vandal = server.connect();
    expect(await vandal.read(entry)).not.toBeNull();
    await expect(vandal.write(entry, Buffer.from("{}"), -1)).rejects.toMatchObject({ code: "NO_AUTH" });
  });

  it("is withdrawn first when it stops, and drains then", async () => {
    const { registration, entry } = start({ health: "none", drainMs: 60_000 });
    await eventually("in", () => registration.state().kind === "registered");
    const cut = new AbortController();
    let ended = false;
    const stopping = registration.stop(cut.signal).then(() => (ended = true));
    const zk = server.connect();
    await eventually("withdrawn", async () => (await zk.read(entry)) === null);
    await eventually("draining", () => registration.state().kind === "stopped");
    expect(ended).toBe(false);
    cut.abort();
    await stopping;
  });

  it("says OUT_OF_SERVICE while it drains, when asked to, and is gone afterwards", async () => {
    const { registration, entry } = start({ health: "none", whenOut: "out-of-service", drainMs: 60_000 });
    await eventually("in", () => registration.state().kind === "registered");
    const cut = new AbortController();
    const stopping = registration.stop(cut.signal);
    const zk = server.connect();
    await eventually("draining", () => registration.state().kind === "stopped");
    expect(parseInstance("any", "one", (await zk.read(entry))?.data ?? Buffer.of())).toMatchObject({ serving: false });
    cut.abort();
    await stopping;
    expect(await zk.read(entry)).toBeNull();
  });

  it("does not drain what was never in", async () => {
    const { registration } = start({ health: () => false, drainMs: 60_000 });
    await registration.stop();
    expect(registration.state().kind).toBe("stopped");
  });

  it("shares a session that is open already, and leaves it open", async () => {
    const zk = server.connect();
    const { registration, entry } = start({ zookeeper: zk, address: "10.0.0.7", health: "none" });
    await eventually("in", () => registration.state().kind === "registered");
    await registration.stop(NOW);
    expect(await zk.read(entry)).toBeNull();
    expect(zk.status().session).toBe("live");
  });

  it("stopped while ZooKeeper is away, is taken out of a shared session when that is back", async () => {
    const zk = server.connect({ sessionTimeoutMs: 4000 });
    const { registration, entry } = start({ zookeeper: zk, address: "10.0.0.7", health: "none" });
    await eventually("in", () => registration.state().kind === "registered");
    const session = zk.sessionId();
    await server.crash();
    await eventually("noticed", () => zk.status().session === "suspended");
    await registration.stop(NOW);
    await server.start();
    await eventually("out", async () => (await zk.read(entry)) === null);
    expect(zk.sessionId()).toBe(session);
  });

  it("refuses what cannot be registered, at once", () => {
    expect(() => start({ port: 0 })).toThrow("a port number from 1 to 65535");
    expect(() => start({ id: "a/b" })).toThrow("without slashes");
    expect(() => start({ labels: { instance_status: "UP" } })).toThrow("instance_status");
    expect(() => start({ payload: "none", whenOut: "out-of-service" })).toThrow("no payload");
    expect(() => start({ zookeeper: "nowhere" })).toThrow("host:port");
    expect(() => start({ zookeeper: server.connect() })).toThrow("address");
  });
});

describe("meshkeeper/register", () => {
  it("is imported by plain JavaScript of another package that links to a clone", async () => {
    const project = mkdtempSync(join(tmpdir(), "meshkeeper-consumer-"));
    mkdirSync(join(project, "node_modules"));
    symlinkSync(HOME, join(project, "node_modules", "meshkeeper"));
    const here = createServer((_request, response) => void response.end()).listen(0, "127.0.0.1");
    await new Promise((listening) => here.once("listening", listening));
    const address = here.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    writeFileSync(
      join(project, "service.mjs"),
      `import { register } from "meshkeeper/register";
       const registration = register({
         zookeeper: "${server.address}", service: "consumer", port: ${port}, health: "/healthz", drainMs: 0,
         onChange: async (state) => {
           if (state.kind !== "registered") return;
           console.log(state.path);
           await registration.stop();
         },
       });`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, ["service.mjs"], { cwd: project });
    expect(stdout).toBe(`/services/consumer/127.0.0.1:${port}\n`);
    here.close();
    rmSync(project, { recursive: true });
  });
});
