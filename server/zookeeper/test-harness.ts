import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { freePorts } from "#launch/ports.ts";
import { startZooKeeper, type ZooKeeperServer } from "#launch/zookeeper.ts";
import type { Part } from "#platform/lifecycle.ts";
import { openZooKeeper, type ZooKeeper } from "./session.ts";

/** For tests: silent unless LOG_LEVEL asks for more. */
export const quietLog = pino({ level: "silent" });

/** A real server that can be killed, started again and wiped, always on the same port. */
export interface TestZooKeeper {
  readonly address: string;
  start(): Promise<void>;
  /** SIGKILL, and waits until it is gone. */
  crash(): Promise<void>;
  /** SIGSTOP, and waits until every thread of it stands still: one still running could answer once more. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  thaw(): void;
  /** Deletes everything it stored; only while it is down. */
  wipe(): void;
  /** A client with short timeouts; stopped by `close`. */
  connect(overrides?: { chroot?: string; sessionTimeoutMs?: number; address?: string }): ZooKeeper;
  /** Stops this before the clients at the end; returns it. */
  owns<P extends Pick<Part, "stop">>(part: P): P;
  /** Stops what `connect` and `owns` gave out, last first. */
  release(): Promise<void>;
  close(): Promise<void>;
}

/** Short, so that expiry can be waited for: sessions of 0.4 … 4 s. */
const TICK_MS = 200;
export const SESSION_MS = 1500;

export async function startTestZooKeeper(): Promise<TestZooKeeper> {
  const dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-zk-"));
  const [port = 0] = await freePorts(1);
  let server: ZooKeeperServer | undefined;
  const owned: Pick<Part, "stop">[] = [];
  const test: TestZooKeeper = {
    address: `127.0.0.1:${port}`,
    async start() {
      server = await startZooKeeper({ port, dataDir, tickTimeMs: TICK_MS });
    },
    async crash() {
      server?.kill("SIGKILL");
      await server?.exited;
    },
    async freeze() {
      if (server === undefined) return;
      const { pid } = server;
      server.kill("SIGSTOP");
      await eventually("every thread stopped", () => threadStates(pid).every((state) => state === "T"));
    },
    thaw: () => server?.kill("SIGCONT"),
    wipe: () => rmSync(join(dataDir, "data"), { recursive: true }),
    connect({ chroot = "", sessionTimeoutMs = SESSION_MS, address = test.address } = {}) {
      return test.owns(openZooKeeper({ servers: address + chroot, sessionTimeoutMs, log: quietLog }));
    },
    owns(part) {
      owned.push(part);
      return part;
    },
    async release() {
      for (const part of owned.splice(0).reverse()) await part.stop();
    },
    async close() {
      await test.release();
      await server?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  await test.start();
  return test;
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
