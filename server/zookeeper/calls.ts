import type { Client, Failure } from "node-zookeeper-client";
import type { Connection } from "./connection.ts";
import { codeName, ZooKeeperFailure } from "./failure.ts";

/** The request packet may hold 1 MiB; beyond that the server cuts the connection and every call on it fails. */
export const REQUEST_BYTES_MAX = 1_000_000;

/** Xids are 32-bit and the library never wraps them; replies come in order, so starting over is safe. */
const XID_MAX = 0x4000_0000;

export interface CallInfo {
  readonly operation: string;
  readonly path: string;
  /** Of a multi: each operation's path. */
  readonly paths?: readonly string[];
}

/** Issues the library call; `value` is asked for only when there was no error, and may throw when the answer lacks it. */
export type Send<T> = (client: Client, done: (error: Failure, value: () => T, opIndex?: number) => void) => void;

/** A connection's calls, and the calls that wait for one. */
export interface Calls {
  /** Sends as soon as there is a connection; settles by the deadline, whatever happens. */
  run<T>(info: CallInfo, send: Send<T>): Promise<T>;
  /** Calls waiting for a connection are sent on this one. */
  attach(connection: Connection): void;
  detach(): void;
  /** Everything waiting, and everything to come, fails. */
  stop(): void;
}

/** @param timeoutMs longest time from the call to its settling, waiting for a connection included. */
export function openCalls(timeoutMs: () => number): Calls {
  let current: Connection | null = null;
  let stopped = false;
  const waiting = new Set<(connection: Connection | null) => void>();
  const release = (connection: Connection | null): void => {
    const resumed = Array.from(waiting);
    waiting.clear();
    for (const resume of resumed) resume(connection);
  };

  return {
    run<T>(info: CallInfo, send: Send<T>): Promise<T> {
      const deadlineAt = performance.now() + timeoutMs();
      const notConnected = (): ZooKeeperFailure => new ZooKeeperFailure(stopped ? "STOPPED" : "NOT_CONNECTED", info);
      if (stopped) return Promise.reject(notConnected());
      if (current !== null) return callOn(current, deadlineAt, info, send);
      return new Promise<Connection>((resolve, reject) => {
        const resume = (connection: Connection | null): void => {
          clearTimeout(patience);
          waiting.delete(resume);
          if (connection === null) reject(notConnected());
          else resolve(connection);
        };
        const patience = setTimeout(resume, deadlineAt - performance.now(), null);
        waiting.add(resume);
      }).then((connection) => callOn(connection, deadlineAt, info, send));
    },
    attach(connection) {
      current = connection;
      release(connection);
    },
    detach() {
      current = null;
    },
    stop() {
      stopped = true;
      current = null;
      release(null);
    },
  };
}

/** One call on one connection: ends when answered, when the connection closes, or at the deadline. */
export function callOn<T>(connection: Connection, deadlineAt: number, info: CallInfo, send: Send<T>): Promise<T> {
  if (!connection.isOpen()) return Promise.reject(new ZooKeeperFailure("NOT_CONNECTED", info));
  return new Promise<T>((resolve, reject) => {
    let settled = false;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      forget();
      finish();
    };
    const fail = (code: string, opIndex?: number): void => {
      const refused = opIndex === undefined ? {} : { path: info.paths?.[opIndex] ?? info.path, opIndex };
      settle(() => reject(new ZooKeeperFailure(code, { operation: info.operation, path: info.path, ...refused })));
    };
    // An answer may sit unread in the socket because this process was busy: let it in before giving up.
    const deadline = setTimeout(() => setImmediate(fail, "TIMEOUT"), Math.max(1, deadlineAt - performance.now()));
    const forget = connection.onClosed(() => fail("CONNECTION_LOSS"));
    const { connectionManager } = connection.client;
    if (connectionManager.xid > XID_MAX) connectionManager.xid = 1;
    try {
      send(connection.client, (error, value, opIndex) => {
        if (error) return fail(codeName(error.code), opIndex);
        try {
          const answer = value();
          settle(() => resolve(answer));
        } catch {
          fail("MARSHALLING_ERROR");
        }
      });
    } catch (error) {
      settle(() => reject(new ZooKeeperFailure("BAD_ARGUMENTS", { ...info, cause: error })));
    }
  });
}
