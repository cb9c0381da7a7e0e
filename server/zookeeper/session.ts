import type { LinkStatus } from "#domain/live.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { openCalls } from "./calls.ts";
import type { Connection } from "./connection.ts";
import { ephemeralKeeper, type DeclaredEphemeral } from "./ephemeral.ts";
import { openHintBook } from "./hint-book.ts";
import { openListeners } from "./listeners.ts";
import { openOperations, type CreateOptions, type MultiOp, type NodeReading } from "./operations.ts";
import { parseServers } from "./servers.ts";
import { superviseSession, type SessionState } from "./supervisor.ts";

export interface ZooKeeperOptions {
  /** `host:port[,host:port…][/chroot]`; the chroot is created when it is missing. */
  readonly servers: string;
  /** Asked of the server, which may clamp it to 2 … 20 of its ticks. Default 10,000 ms. */
  readonly sessionTimeoutMs?: number;
  /** Longest time any call takes to settle, ms. Default: the session timeout. */
  readonly callTimeoutMs?: number;
  readonly log: Log;
}

export interface SessionStatus extends LinkStatus {
  readonly session: SessionState;
  /** Unix epoch ms of the server's last answer; 0 before the first. */
  readonly lastAnswerAtMs: number;
}

/**
 * ZooKeeper as everything else sees it. Calls settle within their deadline and reject with `ZooKeeperFailure`; hints
 * are only ever a reason to read again, and each is given once, also after every return to `live`. Hand the same
 * function each time for the same path.
 */
export interface ZooKeeper extends Part {
  status(): SessionStatus;
  /** Called on each change; returns its undo. */
  onStatus(listener: (status: SessionStatus) => void): () => void;
  /** The session's id; null unless live. */
  sessionId(): bigint | null;
  /** Null: no such node. `onHint` is armed in either case, also when the read fails. */
  read(path: string, onHint?: () => void): Promise<NodeReading | null>;
  /** Names of the children; null: no such node. `onHint` as for `read`. */
  children(path: string, onHint?: () => void): Promise<readonly string[] | null>;
  /** Sets data at an expected version; -1 for any. Resolves to the new version. */
  write(path: string, data: Buffer, version: number): Promise<number>;
  /** Resolves to the node's path, which differs from `path` for a sequential node. */
  create(path: string, data: Buffer, options?: CreateOptions): Promise<string>;
  /** Deletes at an expected version; -1 for any. */
  remove(path: string, version: number): Promise<void>;
  /** All or nothing. The failure's `opIndex` says which operation was refused. */
  multi(ops: readonly MultiOp[]): Promise<void>;
  /** Creates the node and its parents where missing. */
  ensurePath(path: string): Promise<void>;
  /** Keeps an ephemeral node of ours there, through every session, until withdrawn. */
  declareEphemeral(path: string, data: Buffer): DeclaredEphemeral;
}

export type { DeclaredEphemeral } from "./ephemeral.ts";
export type { CreateOptions, MultiOp, NodeReading } from "./operations.ts";

/**
 * Connects in the background, for as long as it takes, and reconnects for ever.
 * @throws Error only when `servers` cannot be read.
 */
export function openZooKeeper(options: ZooKeeperOptions): ZooKeeper {
  const { log } = options;
  const ensemble = parseServers(options.servers);
  const sessionTimeoutMs = options.sessionTimeoutMs ?? 10_000;
  const callTimeoutMs = options.callTimeoutMs ?? sessionTimeoutMs;
  const calls = openCalls(() => callTimeoutMs);
  const hints = openHintBook((error) => log.error({ err: error }, "a ZooKeeper hint listener threw"));
  const listeners = openListeners<SessionStatus>("the ZooKeeper session", log);
  let connection: Connection | null = null;
  let lastAnswerAtMs = 0;
  let current: Omit<SessionStatus, "lastAnswerAtMs"> = {
    session: "connecting",
    state: "connecting",
    sinceMs: Date.now(),
    problem: `Connecting to ZooKeeper at ${options.servers}.`,
  };
  const status = (): SessionStatus => ({ ...current, lastAnswerAtMs });
  const become = (session: SessionState, problem: string): void => {
    if (session === current.session && problem === current.problem) return;
    const state = session === "live" ? "up" : session === "connecting" ? "connecting" : "down";
    const sinceMs = state === current.state ? current.sinceMs : Date.now();
    current = { session, state, sinceMs, problem };
    log[state === "down" ? "warn" : "info"]({ session, problem }, "ZooKeeper session");
    listeners.tell(status());
  };

  const operations = openOperations({
    calls,
    hints,
    chroot: ensemble.chroot,
    onAnswer: () => (lastAnswerAtMs = Date.now()),
  });
  const supervisor = superviseSession({
    servers: ensemble.servers,
    sessionTimeoutMs,
    log,
    probe: (live) => operations.probe(live),
    async onLive(live) {
      await operations.ensureChroot(live, callTimeoutMs).catch((error: unknown) => {
        if (live.isOpen()) log.warn({ err: error, chroot: ensemble.chroot }, "cannot create the ZooKeeper chroot");
      });
      if (!live.isOpen()) return;
      connection = live;
      operations.newConnection();
      calls.attach(live);
      become("live", "");
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
    ...operations.facade,
    declareEphemeral: (path, data) => ephemeralKeeper(zk, log, path, data),
    async stop() {
      listeners.clear();
      calls.stop();
      await supervisor.stop();
    },
  };
  return zk;
}
