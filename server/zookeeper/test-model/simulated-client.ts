import type { ZooKeeperState, ZooKeeperStatus } from "#domain/zookeeper-status.ts";
import { ZooKeeperFailure } from "../failure.ts";
import { openHintBook, type HintBook, type HintKind } from "../hint-book.ts";
import type { NodeOperations } from "../operations.ts";
import type { SessionLink } from "../session-link.ts";
import type { Random } from "./random.ts";
import type { Process, Scheduler } from "./scheduler.ts";
import type { Change, SimulatedServer } from "./simulated-server.ts";

/** Told what happens, a line each; null when nobody listens. */
export type Tell = ((line: string) => void) | null;

/** How badly the network behaves. Chances are per call or per hint. */
export interface Weather {
  cut: number;
  lostHint: number;
  doubledHint: number;
}

export interface ClientOptions {
  readonly server: SimulatedServer;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly owner: Process;
  readonly weather: Weather;
  /** Whether what it writes to policy is a console's. */
  readonly genuine: boolean;
  /** Asked when a multi is issued, and handed to `onCommit`. */
  readonly candidacy: () => string | null;
  /** Called when a multi was carried out, before anybody else can do anything. */
  readonly onCommit: (changes: readonly Change[], candidacy: string | null) => void;
  readonly tell: Tell;
}

/** The part of the facade (session.ts) that publishers, candidates and followers use. */
export interface SimulatedClient extends SessionLink, NodeOperations {
  /** Cuts the connection: the session lives on at the server. */
  cut(): void;
  /** The session at the server; it outlives the process. */
  session(): bigint;
  /** A watched node changed. */
  event(kind: HintKind, path: string): void;
}

/**
 * Behaves as `openZooKeeper` promises: calls end as done, failed or unknown; after a cut it comes back by itself, with
 * its session or with a new one; hints are given once, and all of them after each return.
 */
export function openSimulatedClient(options: ClientOptions): SimulatedClient {
  const { server, scheduler, random, owner, weather, tell } = options;
  const hints: HintBook = openHintBook((error) => {
    throw error;
  });
  const listeners = new Set<(status: ZooKeeperStatus) => void>();
  const armed = new Set<string>();
  let session = server.openSession();
  let state: ZooKeeperState = "live";
  let connection = 0;

  const status = (): ZooKeeperStatus => ({
    session: state,
    state: state === "live" ? "up" : "down",
    sinceMs: 0,
    problem: "",
    lastAnswerAtMs: 0,
    server: null,
    sessionId: null,
    sessionTimeoutMs: null,
    epoch: 1,
    denied: null,
  });
  const become = (next: ZooKeeperState): void => {
    state = next;
    for (const listener of listeners) listener(status());
  };

  function cut(): void {
    if (state !== "live") return;
    connection += 1;
    armed.clear();
    become("suspended");
    scheduler.add(owner, reconnect);
  }

  function reconnect(): void {
    if (!server.knows(session)) {
      become("lost");
      session = server.openSession();
    }
    become("live");
    hints.giveAll();
  }

  /** Waits for its turn; then it is refused, lost on the way there, done, or done and its answer lost on the way back. */
  function call<T>(operation: string, path: string, effect: () => T): Promise<T> {
    const issuedOn = connection;
    return new Promise<T>((resolve, reject) => {
      const fail = (code: string): void => {
        tell?.(`${owner.name}: ${operation} ${path}: ${code}`);
        reject(new ZooKeeperFailure(code, { operation, path }));
      };
      // Not sent yet: it may wait for the next connection, even one with another session.
      const orWait = (code: string): void => (random.chance(0.5) ? fail(code) : scheduler.add(owner, answer, onDeath));
      const answer = (): void => {
        if (state !== "live") return orWait("NOT_CONNECTED");
        if (!server.knows(session)) {
          cut();
          return orWait("SESSION_EXPIRED");
        }
        // Sent on a connection that is gone, and the answer with it.
        if (issuedOn !== connection && random.chance(0.3)) return fail("CONNECTION_LOSS");
        const isCut = weather.cut > 0 && random.chance(weather.cut);
        if (isCut && random.chance(0.5)) {
          cut();
          return fail("CONNECTION_LOSS");
        }
        try {
          const result = effect();
          tell?.(`${owner.name}: ${operation} ${path}: done${isCut ? ", and the answer is lost" : ""}`);
          if (!isCut) return resolve(result);
        } catch (error) {
          tell?.(`${owner.name}: ${String(error)}`);
          if (!isCut) return reject(error instanceof Error ? error : new Error(String(error)));
        }
        cut();
        fail("CONNECTION_LOSS");
      };
      const onDeath = (): void => {
        if (!server.knows(session) || issuedOn !== connection || random.chance(0.5)) return;
        try {
          effect();
        } catch {
          // Refused: there is nobody left to be told.
        }
      };
      scheduler.add(owner, answer, onDeath);
    });
  }

  const arm = (kind: HintKind, path: string): void => void armed.add(`${kind} ${path}`);
  const writer = (): { session: bigint; genuine: boolean } => ({ session, genuine: options.genuine });

  return {
    status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sessionId: () => (state === "live" ? session : null),
    session: () => session,
    cut,
    event(kind, path) {
      if (!armed.delete(`${kind} ${path}`) || random.chance(weather.lostHint)) return;
      const give = (): void => hints.give(kind, path);
      scheduler.add(owner, give);
      if (random.chance(weather.doubledHint)) scheduler.add(owner, give);
    },
    read(path, onHint) {
      if (onHint !== undefined) hints.ask("node", path, onHint);
      return call("read", path, () => {
        if (onHint !== undefined) arm("node", path);
        return server.nodes.get(path) ?? null;
      });
    },
    children(path, onHint) {
      if (onHint !== undefined) {
        hints.ask("children", path, onHint);
        hints.ask("node", path, onHint);
      }
      return call("children", path, () => {
        const names = server.children(path);
        if (onHint !== undefined) arm(names === null ? "node" : "children", path);
        return names;
      });
    },
    write: (path, data, version) =>
      call("write", path, () => {
        server.commit(writer(), [{ kind: "set", path, data, version }], { operation: "write" });
        return server.nodes.get(path)?.version ?? 0;
      }),
    create: (path, data, how) => call("create", path, () => server.create(writer(), path, data, how ?? {})),
    remove: (path, version) =>
      call(
        "remove",
        path,
        () => void server.commit(writer(), [{ kind: "remove", path, version }], { operation: "remove" }),
      ),
    multi(ops) {
      const candidacy = options.candidacy();
      return call("multi", ops[0]?.path ?? "/", () => options.onCommit(server.commit(writer(), ops), candidacy));
    },
    ensurePath: (path) => call("ensurePath", path, () => server.ensurePath(writer(), path)),
    // Access is open here: there is nothing to keep.
    secure: () => Promise.resolve("kept"),
  };
}
