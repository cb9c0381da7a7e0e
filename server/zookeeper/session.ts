import type { ZooKeeperState, ZooKeeperStatus } from "#domain/zookeeper-status.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { accessPolicy, type AccessOptions, type AccessPolicy } from "./access.ts";
import { openCalls } from "./calls.ts";
import type { Connection } from "./connection.ts";
import { ephemeralKeeper, type DeclaredEphemeral, type EphemeralOptions } from "./ephemeral.ts";
import { openHintBook } from "./hint-book.ts";
import { openListeners } from "./listeners.ts";
import { openOperations, type NodeOperations } from "./operations.ts";
import { parseServers } from "./servers.ts";
import type { Secure } from "./secure.ts";
import type { SessionLink } from "./session-link.ts";
import { superviseSession } from "./supervisor.ts";

export interface ZooKeeperOptions extends AccessOptions {
  /** `host:port[,host:port…][/chroot]`; the chroot is created when it is missing. */
  readonly servers: string;
  /** Asked of the server, which may clamp it to 2 … 20 of its ticks. Default 10,000 ms. */
  readonly sessionTimeoutMs?: number;
  /** Longest time any call takes to settle, ms. Default: the session timeout. */
  readonly callTimeoutMs?: number;
  readonly log: Log;
}

/** ZooKeeper as everything else sees it. */
export interface ZooKeeper extends Part, SessionLink, NodeOperations, Secure {
  /** Keeps an ephemeral node of ours there (null: away), through every session, until withdrawn. */
  declareEphemeral(path: string, data: Buffer | null, options?: EphemeralOptions): DeclaredEphemeral;
  /** `open`: no credentials were given, and everybody may change everything. */
  readonly access: AccessPolicy["access"];
  /** What this process wants access lists to be. */
  readonly accessRules: AccessPolicy;
}

type LiveFacts = Pick<ZooKeeperStatus, "server" | "sessionId" | "sessionTimeoutMs">;
/** The server's code for a call that the node's list does not allow. */
const NO_AUTH = -102;
const NO_SESSION = { sessionId: null, sessionTimeoutMs: null } as const;

/**
 * Connects in the background, for as long as it takes, and reconnects for ever.
 * @throws Error only when `servers` cannot be read.
 */
export function openZooKeeper(options: ZooKeeperOptions): ZooKeeper {
  const { log } = options;
  const ensemble = parseServers(options.servers);
  const sessionTimeoutMs = options.sessionTimeoutMs ?? 10_000;
  const callTimeoutMs = options.callTimeoutMs ?? sessionTimeoutMs;
  const policy = accessPolicy(options);
  const calls = openCalls(() => callTimeoutMs);
  const hints = openHintBook((error) => log.error({ err: error }, "a ZooKeeper hint listener threw"));
  const listeners = openListeners<ZooKeeperStatus>("the ZooKeeper session", log);
  let connection: Connection | null = null;
  let lastAnswerAtMs = 0;
  let denied: string | null = null;
  let current: Omit<ZooKeeperStatus, "lastAnswerAtMs" | "denied"> = {
    session: "connecting",
    state: "connecting",
    sinceMs: Date.now(),
    problem: `Connecting to ZooKeeper at ${options.servers}.`,
    server: null,
    ...NO_SESSION,
    epoch: 0,
  };
  const status = (): ZooKeeperStatus => ({ ...current, lastAnswerAtMs, denied });
  const become = (session: ZooKeeperState, problem: string, live: LiveFacts | null = null): void => {
    if (session === current.session && problem === current.problem) return;
    const state = session === "live" ? "up" : session === "connecting" ? "connecting" : "down";
    const sinceMs = state === current.state ? current.sinceMs : Date.now();
    const facts = live ?? { server: null, ...(session === "lost" ? NO_SESSION : {}) };
    const epoch = live !== null && live.sessionId !== current.sessionId ? current.epoch + 1 : current.epoch;
    current = { ...current, ...facts, session, state, sinceMs, problem, epoch };
    log[state === "down" ? "warn" : "info"]({ session, problem }, "ZooKeeper session");
    listeners.tell(status());
  };

  const operations = openOperations({
    calls,
    hints,
    chroot: ensemble.chroot,
    policy,
    onAnswer(code, info, opIndex) {
      lastAnswerAtMs = Date.now();
      const paths = info.paths ?? [info.path];
      if (code === NO_AUTH) denied = paths[opIndex ?? 0] ?? info.path;
      else if (code === 0 && denied !== null && paths.includes(denied)) denied = null;
    },
  });
  const supervisor = superviseSession({
    servers: ensemble.servers,
    sessionTimeoutMs,
    auth: [options.auth ?? [], options.previousAuth ?? []].flat(),
    log,
    probe: (live) => operations.probe(live),
    async onLive(live, server) {
      await operations.ensureChroot(live, callTimeoutMs).catch((error: unknown) => {
        if (live.isOpen()) log.warn({ err: error, chroot: ensemble.chroot }, "cannot create the ZooKeeper chroot");
      });
      if (!live.isOpen()) return;
      connection = live;
      operations.newConnection();
      calls.attach(live);
      become("live", "", {
        server: `${server.host}:${server.port}`,
        sessionId: `0x${live.sessionId().toString(16)}`,
        sessionTimeoutMs: live.sessionTimeoutMs(),
      });
      hints.giveAll();
    },
    onDown(session, problem) {
      connection = null;
      calls.detach();
      become(session, problem);
    },
  });

  const zk: ZooKeeper = {
    name: "zookeeper",
    status,
    onStatus: listeners.add,
    sessionId: () => connection?.sessionId() ?? null,
    ...operations.nodes,
    declareEphemeral: (path, data, given) => ephemeralKeeper(zk, log, path, data, given),
    access: policy.access,
    accessRules: policy,
    async stop() {
      listeners.clear();
      calls.stop();
      await supervisor.stop();
    },
  };
  return zk;
}
