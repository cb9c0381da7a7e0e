import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "#launch/ports.ts";
import { parseInstance } from "#zookeeper/parse-instance.ts";
import type { ZooKeeper } from "#zookeeper/session.ts";
import { eventually, startTestZooKeeper, type TestZooKeeper } from "#zookeeper/test-harness.ts";
import { BY, HOME, SMALL_SERVICE, startRegister, type StartedRegister } from "./test-bed/started-register.ts";

let server: TestZooKeeper;
beforeAll(async () => void (server = await startTestZooKeeper()), 60_000);
const running: StartedRegister[] = [];
const services = new Set<number>();
afterEach(async () => {
  for (const { child, servicePid } of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    services.add(servicePid());
  }
  for (const pid of services) if (isAlive(pid)) process.kill(pid, "SIGKILL");
  services.clear();
  await server.release();
});
afterAll(() => server.close());

interface Started extends StartedRegister {
  readonly port: number;
  readonly entry: string;
  readonly zk: ZooKeeper;
}

let names = 0;
const QUICK = ["--health", "/healthz", "--health-interval", "100ms", "--drain", "300ms", "--session-timeout", "1500ms"];

/** Registers the small service under a fresh name. */
async function start(
  options: { by?: readonly string[]; flags?: readonly string[]; service?: string } = {},
): Promise<Started> {
  const [port = 0] = await freePorts(1);
  const name = `small-${(names += 1)}`;
  const entry = `/services/${name}/127.0.0.1:${port}`;
  const flags = ["--name", name, "--port", String(port), "--zookeeper", server.address, ...QUICK];
  const service = [SMALL_SERVICE, String(port), options.service ?? "well", server.address, entry];
  const command = [process.execPath, ...service];
  const started = startRegister(options.by ?? BY.itself, [...flags, ...(options.flags ?? []), "--", ...command]);
  running.push(started);
  return { ...started, port, entry, zk: server.connect() };
}

const post = async (port: number, path: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST" })).text();
const registered = ({ zk, entry }: Started): Promise<true> =>
  eventually("registered", async () => (await zk.read(entry)) !== null);
const gone = ({ zk, entry }: Started): Promise<true> => eventually("gone", async () => (await zk.read(entry)) === null);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("register, with a command", () => {
  it("registers once the health check passes, and not before, with everything the flags say", async () => {
    const small = await start({
      service: "unwell",
      flags: ["--label", "version=2", "--label", "team=a=b", "--zone", "b", "--weight", "50"],
    });
    await eventually("checked and refused", async () => Number(await post(small.port, "/checks")) >= 3);
    expect(await small.zk.read(small.entry)).toBeNull();
    await post(small.port, "/well");
    await registered(small);
    const node = await small.zk.read(small.entry);
    expect(node?.ephemeralOwner).not.toBe(0n);
    expect(parseInstance("small", "1", node?.data ?? Buffer.of())).toMatchObject({
      address: "127.0.0.1",
      port: small.port,
      tls: false,
      serving: true,
      origin: "spring-cloud",
      metadata: { version: "2", team: "a=b", zone: "b", weight: "50" },
    });
  });

  it("takes an unhealthy service out and brings it back", async () => {
    const small = await start();
    await registered(small);
    await post(small.port, "/unwell");
    await gone(small);
    await eventually("told why", () => small.said().includes("answered 503"));
    await post(small.port, "/well");
    await registered(small);
  });

  it("marks an unhealthy service instead, when asked to", async () => {
    const small = await start({ flags: ["--out-of-service"] });
    await registered(small);
    const serving = async (): Promise<boolean> => {
      const entry = parseInstance("small", "1", (await small.zk.read(small.entry))?.data ?? Buffer.of());
      return "serving" in entry && entry.serving;
    };
    await post(small.port, "/unwell");
    await eventually("marked", async () => !(await serving()));
    expect(await small.zk.read(small.entry)).not.toBeNull();
    await post(small.port, "/well");
    await eventually("back", serving);
  });

  it("withdraws when the command ends, and ends with its code", async () => {
    const small = await start();
    await registered(small);
    await post(small.port, "/exit/3").catch(() => "");
    expect(await small.ended).toBe(3);
    expect(await small.zk.read(small.entry)).toBeNull();
  });

  it.each(["itself", "launcher"] as const)(
    "withdraws before the command hears SIGTERM, and ends with its code (started by %s)",
    async (by) => {
      const small = await start({ by: BY[by] });
      await registered(small);
      small.child.kill("SIGTERM");
      expect(await small.ended).toBe(7);
      expect(small.said()).toContain("at SIGTERM the entry was gone");
    },
  );

  it.each(["npx", "npm"] as const)(
    "withdraws before the command hears SIGTERM, though %s waits for nobody",
    async (by) => {
      const small = await start({ by: BY[by] });
      await registered(small);
      small.child.kill("SIGTERM");
      await gone(small);
      expect(isAlive(small.servicePid())).toBe(true);
      await eventually("told", () => small.said().includes("at SIGTERM the entry was gone"));
    },
  );

  it("is cut short in its drain by a second signal, not by the first one's echo", async () => {
    const small = await start({ flags: ["--drain", "10m"] });
    await registered(small);
    small.child.kill("SIGINT");
    small.child.kill("SIGINT");
    await gone(small);
    expect(isAlive(small.servicePid())).toBe(true);
    const ended = await eventually("ended", () => {
      small.child.kill("SIGTERM");
      return small.child.exitCode !== null || small.child.signalCode !== null;
    });
    expect(ended).toBe(true);
  });

  it("killed, leaves the command running and its entry to the end of the session", async () => {
    const small = await start();
    await registered(small);
    small.child.kill("SIGKILL");
    await small.ended;
    await gone(small);
    expect(isAlive(small.servicePid())).toBe(true);
  });

  it("withdraws and stops the command when its launcher is killed", async () => {
    const small = await start({ by: BY.launcher });
    await registered(small);
    small.child.kill("SIGKILL");
    await gone(small);
    await eventually("the command stopped", () => small.said().includes("at SIGTERM the entry was gone"));
  });

  it("registers again after ZooKeeper was away and lost everything; the command does not notice", async () => {
    const small = await start();
    await registered(small);
    const pid = small.servicePid();
    await server.crash();
    server.wipe();
    await server.start();
    await registered(small);
    expect(small.servicePid()).toBe(pid);
    expect(isAlive(pid)).toBe(true);
  });

  it("runs the command while ZooKeeper is away from the start, says so, and registers when it comes", async () => {
    await server.crash();
    const small = await start({ by: BY.itself });
    await eventually("told", () => small.said().includes("its registration follows as soon as ZooKeeper answers"));
    expect(await post(small.port, "/")).toBe("");
    await server.start();
    await registered(small);
  });

  it("ends with the command's code while ZooKeeper is away", async () => {
    const small = await start();
    await registered(small);
    await server.crash();
    await post(small.port, "/exit/5").catch(() => "");
    expect(await small.ended).toBe(5);
    await server.start();
  });

  it.each([
    [["sh", "-c", "kill -9 $$"], 137],
    [["/no/such/command"], 127],
    [["/"], 126],
    [["sh", "-c", "exit 42"], 42],
  ])("ends as a shell would: %s with %i", async (command, code) => {
    const flags = ["--name", "short", "--port", "1", "--zookeeper", server.address];
    const started = startRegister(BY.launcher, [...flags, "--", ...command]);
    running.push(started);
    expect(await started.ended).toBe(code);
  });

  it.each(["launcher", "npm"] as const)("runs the command in the folder where it was typed (%s)", async (by) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "meshkeeper-typed-")));
    const typed = by === "npm" ? ["npm", "--prefix", HOME, ...BY.npm.slice(1)] : BY[by];
    const words = ["--name", "short", "--port", "1", "--zookeeper", server.address, "--", "pwd"];
    const started = startRegister(typed, words, folder);
    running.push(started);
    expect(await started.ended).toBe(0);
    expect(started.said()).toBe(`${folder}\n`);
    rmSync(folder, { recursive: true });
  });
});

describe("register says", () => {
  it("why a service is not registered, when it takes long", async () => {
    const small = await start({ service: "unwell" });
    await eventually("said", () => small.said().includes("is not registered yet: GET http://127.0.0.1:"));
    expect(small.said()).toContain("answered 503");
    expect(await small.zk.read(small.entry)).toBeNull();
  });

  it("that the port is another process's, and registers nothing for a command that ends of it", async () => {
    const other = createServer((_request, response) => void response.end()).listen(0, "127.0.0.1");
    await new Promise((listening) => other.once("listening", listening));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const zk = server.connect();
    const entry = `/services/taken/127.0.0.1:${port}`;
    const bind = `require("node:http").createServer().listen(${port}, "127.0.0.1")`;
    const flags = ["--name", "taken", "--port", String(port), "--zookeeper", server.address];
    const started = startRegister(BY.itself, [...flags, "--", process.execPath, "-e", bind]);
    running.push(started);
    expect(await started.ended).toBe(1);
    expect(started.said()).toContain(`port ${port} answered before the command was started`);
    expect(started.said()).not.toContain("is registered:");
    expect(await zk.read(entry)).toBeNull();
    // One that has the port by other means is registered all the same.
    const lasting = startRegister(BY.itself, [
      ...flags,
      "--drain",
      "0",
      "--",
      process.execPath,
      "-e",
      "setInterval(() => {}, 1e6)",
    ]);
    running.push(lasting);
    await eventually("registered", async () => (await zk.read(entry)) !== null);
    lasting.child.kill("SIGTERM");
    expect(await lasting.ended).toBe(143);
    other.close();
  });

  it("that two processes claim one entry, and that the command ended", async () => {
    const one = await start();
    await registered(one);
    const flags = ["--name", one.entry.split("/")[2] ?? "", "--port", String(one.port), "--zookeeper", server.address];
    const other = startRegister(BY.itself, [...flags, ...QUICK]);
    running.push(other);
    await eventually("said", () =>
      `${one.said()}${other.said()}`.includes(`another process registers as ${one.entry}, too`),
    );
    other.child.kill("SIGTERM");
    await other.ended;
    await registered(one);
    await post(one.port, "/exit/3").catch(() => "");
    expect(await one.ended).toBe(3);
    expect(one.said()).toContain("the command ended with 3: taking small-");
  });

  it("that a command goes on after SIGTERM, with its process id, and passes further signals on", async () => {
    const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6)";
    const flags = [
      "--name",
      "stubborn",
      "--port",
      "1",
      "--health",
      "none",
      "--drain",
      "0",
      "--zookeeper",
      server.address,
    ];
    const started = startRegister(BY.itself, [...flags, "--", process.execPath, "-e", stubborn]);
    running.push(started);
    await eventually("registered", () => started.said().includes("is registered:"));
    started.child.kill("SIGTERM");
    const [, pid = ""] = await eventually("said", () =>
      /the command \(pid (\d+)\) goes on after SIGTERM/.exec(started.said()),
    );
    expect(isAlive(Number(pid))).toBe(true);
    started.child.kill("SIGINT");
    expect(await started.ended).toBe(130);
  });
});

describe("register, without a command", () => {
  it("registers what runs already until it is stopped, then says that it may end", async () => {
    const here = createServer((_request, response) => void response.end()).listen(0, "127.0.0.1");
    await new Promise((listening) => here.once("listening", listening));
    const address = here.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const what = ["--name", "elsewhere", "--id", "one", "--port", String(port), "--zookeeper", server.address];
    const started = startRegister(BY.launcher, [...what, "--health-interval", "100ms", "--drain", "0"]);
    running.push(started);
    const zk = server.connect();
    await eventually("registered", async () => (await zk.read("/services/elsewhere/one")) !== null);
    here.close();
    await eventually("gone", async () => (await zk.read("/services/elsewhere/one")) === null);
    here.listen(port, "127.0.0.1");
    await eventually("back", async () => (await zk.read("/services/elsewhere/one")) !== null);
    started.child.kill("SIGTERM");
    expect(await started.ended).toBe(0);
    expect(await zk.read("/services/elsewhere/one")).toBeNull();
    here.close();
  });
});
