import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { freePorts } from "#launch/ports.ts";
import { startEnsemble, type EnsembleOptions } from "#launch/zookeeper-ensemble.ts";
import { startZooKeeper, type ZooKeeperServer } from "#launch/zookeeper.ts";
import type { Part } from "#platform/lifecycle.ts";
import { openZooKeeper, type ZooKeeper, type ZooKeeperOptions } from "./session.ts";

/** For tests: silent unless LOG_LEVEL asks for more. */
export const quietLog = pino({ level: "silent" });

/** Clients and other parts of a test, stopped together. */
export interface TestClients {
  /** Where clients connect when they are not told otherwise. */
  readonly address: string;
  /** A client with short timeouts; stopped by `close`. */
  connect(overrides?: ConnectOverrides): ZooKeeper;
  /** Stops this before the clients at the end; returns it. */
  owns<P extends Pick<Part, "stop">>(part: P): P;
  /** Stops what `connect` and `owns` gave out, last first. */
  release(): Promise<void>;
  close(): Promise<void>;
}

export type ConnectOverrides = Partial<Omit<ZooKeeperOptions, "servers" | "log">> & {
  readonly chroot?: string;
  readonly address?: string;
};

/** A real server that can be killed, started again and wiped, always on the same port. */
export interface TestZooKeeper extends TestClients {
  /** @param jvm further options of its Java, for this life. */
  start(jvm?: readonly string[]): Promise<void>;
  /** SIGKILL, and waits until it is gone. */
  crash(): Promise<void>;
  /** SIGSTOP, and waits until every thread of it stands still: one still running could answer once more. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  thaw(): void;
  /** Deletes everything it stored; only while it is down. */
  wipe(): void;
  /** Copies everything it stored; what is returned puts that in the place of what is there then. Only while it is down. */
  backUp(): () => void;
}

/** A real ensemble of three on one machine; servers are counted from 0. */
export interface TestEnsemble extends TestClients {
  /** Addresses of the single servers. */
  readonly addresses: readonly string[];
  /** Which server leads; null while none says so. */
  leader(): Promise<number | null>;
  /** Starts a server again; resolves when it serves, which takes a majority: start two at once when none is left. */
  start(index: number): Promise<void>;
  /** SIGKILL, and waits until it is gone. */
  crash(index: number): Promise<void>;
  /** SIGSTOP, and waits until every thread stands still. */
  freeze(index: number): Promise<void>;
  /** SIGCONT. */
  thaw(index: number): void;
  /** Deletes everything one server stored; only while it is down. It fetches it all from the leader when it starts. */
  wipe(index: number): void;
}

/** Short, so that expiry can be waited for: sessions of 0.4 … 4 s. */
const TICK_MS = 200;
export const SESSION_MS = 1500;

/**
 * @param settings further lines of the server's zoo.cfg.
 * @param within folder in which it makes its own.
 */
export async function startTestZooKeeper(
  settings?: Readonly<Record<string, string>>,
  within: string = tmpdir(),
): Promise<TestZooKeeper> {
  const dataDir = mkdtempSync(join(within, "meshkeeper-zk-"));
  const [port = 0] = await freePorts(1);
  let server: ZooKeeperServer | undefined;
  const test: TestZooKeeper = {
    ...testClients(`127.0.0.1:${port}`, async () => {
      await server?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }),
    async start(jvm = []) {
      server = await startZooKeeper({
        port,
        dataDir,
        tickTimeMs: TICK_MS,
        jvm,
        ...(settings === undefined ? {} : { settings }),
      });
    },
    async crash() {
      server?.kill("SIGKILL");
      await server?.exited;
    },
    freeze: async () => server && freezeProcess(server),
    thaw: () => server?.kill("SIGCONT"),
    wipe: () => rmSync(join(dataDir, "data"), { recursive: true }),
    backUp() {
      const [data, copy] = [join(dataDir, "data"), mkdtempSync(join(dataDir, "copy-"))];
      cpSync(data, copy, { recursive: true });
      return () => {
        rmSync(data, { recursive: true });
        cpSync(copy, data, { recursive: true });
      };
    },
  };
  await test.start();
  return test;
}

/** Three servers take some 5 s to start on a quiet machine of two cores. `options`: the network between them, and their Java. */
export async function startTestEnsemble(options: Pick<EnsembleOptions, "link" | "jvm"> = {}): Promise<TestEnsemble> {
  const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-zk-ensemble-"));
  const ensemble = await startEnsemble({ dataDir, tickTimeMs: TICK_MS, ...options });
  return {
    ...testClients(ensemble.address, async () => {
      await ensemble.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }),
    addresses: ensemble.ports.map((port) => `127.0.0.1:${port}`),
    leader: () => ensemble.leader(),
    start: async (index) => void (await ensemble.start(index)),
    async crash(index) {
      const server = ensemble.server(index);
      server.kill("SIGKILL");
      await server.exited;
    },
    freeze: (index) => freezeProcess(ensemble.server(index)),
    thaw: (index) => ensemble.server(index).kill("SIGCONT"),
    wipe: (index) => rmSync(join(ensemble.folders[index] ?? dataDir, "data"), { recursive: true }),
  };
}

function testClients(address: string, closeServers: () => Promise<void>): TestClients {
  const owned: Pick<Part, "stop">[] = [];
  const clients: TestClients = {
    address,
    connect({ chroot = "", address: other = address, ...options } = {}) {
      return clients.owns(
        openZooKeeper({ sessionTimeoutMs: SESSION_MS, ...options, servers: other + chroot, log: quietLog }),
      );
    },
    owns(part) {
      owned.push(part);
      return part;
    },
    async release() {
      for (const part of owned.splice(0).reverse()) await part.stop();
    },
    async close() {
      await clients.release();
      await closeServers();
    },
  };
  return clients;
}

async function freezeProcess(server: ZooKeeperServer): Promise<void> {
  server.kill("SIGSTOP");
  await eventually("every thread stopped", () => threadStates(server.pid).every((state) => state === "T"));
}

/** Waits until `probe` gives something truthy, and returns it. Fails after `withinMs` with the last thing seen. */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  withinMs = 15_000,
): Promise<Exclude<T, null | undefined | false>> {
  const deadlineAt = performance.now() + withinMs;
  let seen: unknown;
  while (performance.now() < deadlineAt) {
    try {
      const value = await probe();
      if (isTruthy(value)) return value;
      seen = value;
    } catch (error) {
      seen = error;
    }
    await sleep(20);
  }
  throw new Error(`not within ${withinMs} ms: ${what}; last seen: ${String(seen)}`);
}

function isTruthy<T>(value: T): value is Exclude<T, null | undefined | false> {
  return Boolean(value);
}

/** Scheduler states of a process's threads, as in proc(5): `T` is stopped. */
function threadStates(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8")
      .replace(/^.*[)] /s, "")
      .charAt(0),
  );
}
