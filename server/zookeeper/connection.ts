import type { Log } from "#platform/log.ts";
import type { Client, ConnectionManager, State } from "node-zookeeper-client";
import type { Credentials } from "./access.ts";
import { zookeeper } from "./library.ts";
import type { Server } from "./servers.ts";

/** What resumes a session on another connection. */
export interface SessionTicket {
  readonly id: Buffer;
  readonly password: Buffer;
  /** Latest transaction seen: a server that is behind it refuses us, so a reading never goes back in time. */
  readonly zxid: Buffer;
}

export interface ConnectionOptions {
  readonly server: Server;
  readonly sessionTimeoutMs: number;
  /** From TCP connect to the session's confirmation, ms. */
  readonly connectTimeoutMs: number;
  /** Null asks for a new session. */
  readonly ticket: SessionTicket | null;
  /** All proved before anything else is sent; none: as nobody in particular. */
  readonly auth: readonly Credentials[];
  readonly log: Log;
}

/** `expired`: the server does not know the ticket's session any more. `refused`: it does not take the credentials. */
export type Establishment = "established" | "expired" | "refused" | "failed";

/** One TCP connection to one server. Ends once, and is never used again. */
export interface Connection {
  readonly client: Client;
  /** Never rejects. */
  readonly established: Promise<Establishment>;
  readonly closed: Promise<void>;
  /** Calls `listener` when the connection closes; returns its undo. Unlike `closed.then`, it keeps nothing once undone. */
  onClosed(listener: () => void): () => void;
  isOpen(): boolean;
  sessionId(): bigint;
  /** As negotiated with the server, ms. */
  sessionTimeoutMs(): number;
  ticket(): SessionTicket;
  /** Ends the session (its ephemerals go at once), waiting at most a second for the server. */
  close(): Promise<void>;
  /** Cuts the connection; the session lives on at the server until it expires. */
  destroy(): void;
}

/** No reply is near this size: a longer frame means the stream is not ZooKeeper's. */
const FRAME_BYTES_MAX = 256 * 1024 * 1024;
const AUTH_XID = -4;
const CLOSE_WAIT_MS = 1000;

/**
 * Opens a connection with a fresh library object. One object serves one connection, because what the library keeps
 * across connections is what goes wrong: half a frame, packets queued twice, all watches in one packet, a loop without
 * back-off.
 */
export function openConnection(options: ConnectionOptions): Connection {
  const client = zookeeper.createClient("one.server:1", {
    sessionTimeout: options.sessionTimeoutMs,
    retries: 0,
    ...(options.ticket === null ? {} : { sessionId: options.ticket.id, sessionPassword: options.ticket.password }),
  });
  const manager = client.connectionManager;
  options.ticket?.zxid.copy(manager.zxid);
  const established = Promise.withResolvers<Establishment>();
  const closed = Promise.withResolvers<void>();
  const closeListeners = new Set<() => void>();
  let open = true;
  let unproved = options.auth.length;

  const end = (): void => {
    if (!open) return;
    open = false;
    clearTimeout(manager.connectTimeoutHandler);
    clearTimeout(deadline);
    established.resolve("failed");
    closed.resolve();
    for (const listener of closeListeners) listener();
    closeListeners.clear();
  };
  const destroy = (): void => {
    manager.socket?.destroy();
    if (manager.socket === undefined) end();
  };
  const deadline = setTimeout(destroy, options.connectTimeoutMs);

  const establish = (): void => {
    clearTimeout(deadline);
    established.resolve("established");
  };
  // Kept with the object, which sends them as the first packets once the session stands: the queue is empty until then.
  for (const { user, password } of options.auth) client.addAuthInfo("digest", Buffer.from(`${user}:${password}`));

  client.on("state", (state: State) => {
    if (state === zookeeper.State.SYNC_CONNECTED) {
      if (options.auth.length === 0) establish();
    } else if (state === zookeeper.State.AUTH_FAILED) {
      established.resolve("refused");
      destroy();
    } else if (state === zookeeper.State.EXPIRED) {
      established.resolve("expired");
      destroy();
    }
  });
  manager.findNextServer = (use) => use(options.server);
  manager.onSocketData = wholeFrames(manager, {
    onAuthenticated() {
      unproved -= 1;
      if (unproved === 0) establish();
    },
    onBroken(error) {
      options.log.warn({ err: error }, "ZooKeeper sent something the client cannot read; reconnecting");
      destroy();
    },
  });
  try {
    client.connect();
    manager.socket?.once("close", end);
  } catch (error) {
    options.log.warn({ err: error, server: options.server }, "cannot connect to ZooKeeper");
    end();
  }
  // The library would reconnect by itself as soon as the socket closes, for ever.
  manager.connect = () => {};

  return {
    client,
    established: established.promise,
    closed: closed.promise,
    onClosed(listener) {
      closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
    isOpen: () => open,
    sessionId: () => client.getSessionId().readBigInt64BE(0),
    sessionTimeoutMs: () => client.getSessionTimeout(),
    ticket: () => ({
      id: client.getSessionId(),
      password: client.getSessionPassword(),
      zxid: Buffer.from(manager.zxid),
    }),
    async close() {
      if (!open) return;
      const patience = setTimeout(destroy, CLOSE_WAIT_MS);
      try {
        client.close();
      } catch {
        destroy(); // close() before the socket is connected throws
      }
      await closed.promise;
      clearTimeout(patience);
    },
    destroy,
  };
}

/**
 * Replaces the library's framing, which calls itself once per frame in a chunk and copies the rest each time, and hands
 * its parser exactly one frame at a time. Whatever the parser throws ends the connection, not the process.
 */
function wholeFrames(
  manager: ConnectionManager,
  told: { onAuthenticated(): void; onBroken(error: unknown): void },
): (chunk: Buffer) => void {
  const parse = manager.onSocketData.bind(manager);
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = 4;
  let broken = false;
  return (chunk) => {
    if (broken) return;
    chunks.push(chunk);
    held += chunk.length;
    if (held < wanted) return;
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks, held);
    try {
      for (wanted = frameBytes(rest); rest.length >= wanted; wanted = frameBytes(rest)) {
        const frame = rest.subarray(0, wanted);
        rest = rest.subarray(wanted);
        parse(frame);
        // The library says nothing when credentials are taken.
        if (isAuthenticated(frame)) told.onAuthenticated();
      }
    } catch (error) {
      broken = true;
      told.onBroken(error);
    }
    chunks = rest.length === 0 ? [] : [rest];
    held = rest.length;
  };
}

/** A reply's header is xid, zxid and error (ReplyHeader in zookeeper.jute), after the frame's length. */
function isAuthenticated(frame: Buffer): boolean {
  return frame.length === 20 && frame.readInt32BE(4) === AUTH_XID && frame.readInt32BE(16) === 0;
}

function frameBytes(buffer: Buffer): number {
  if (buffer.length < 4) return 4;
  const size = buffer.readInt32BE(0);
  if (size < 0 || size > FRAME_BYTES_MAX) throw new Error(`a frame of ${size} bytes`);
  return size + 4;
}
