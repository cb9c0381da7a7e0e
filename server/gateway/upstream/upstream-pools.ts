import type { Socket } from "node:net";
import type { Clock } from "#platform/clock.ts";
import { Deadline, type DeadlineWheel } from "../deadline-wheel.ts";
import type { MeshInstance } from "../mesh.ts";
import { openSocket, type ConnectOptions } from "./connect.ts";
import { UpstreamConnection, type ConnectionOwner } from "./upstream-connection.ts";
import type {
  UpstreamClient,
  UpstreamExchange,
  UpstreamFailure,
  UpstreamHandler,
  UpstreamRequest,
} from "./upstream.ts";

const CONNECT_TIMEOUT_MS = 5000;
/** Below the 5 s after which Node's own servers close an idle connection, so that we rarely write into a closing one. */
const KEEP_ALIVE_MS = 4000;
const SWEEP_MS = 1000;
/** Methods that ask for nothing to be done (RFC 9110 §9.2.1): repeating one is safe. */
const SAFE = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const NO_TLS = (): null => null;

interface Pool {
  /** The one used last is used next, so that the others can go. */
  readonly idle: UpstreamConnection[];
  readonly all: Set<UpstreamConnection>;
  retired: boolean;
}

export interface UpstreamPoolsOptions extends Partial<ConnectOptions> {
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
}

/** Connections to instances, kept open between calls. Our own client: node:http's agent can hand one call's poisoned answer to the next. */
export class UpstreamPools implements UpstreamClient, ConnectionOwner {
  readonly #pools = new Map<string, Pool>();
  readonly #wheel: DeadlineWheel;
  readonly #clock: Clock;
  readonly #connect: ConnectOptions;
  readonly #sweeper: NodeJS.Timeout;

  constructor({ wheel, clock, rules = null, tls = NO_TLS }: UpstreamPoolsOptions) {
    this.#wheel = wheel;
    this.#clock = clock;
    this.#connect = { rules, tls };
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  send(instance: MeshInstance, request: UpstreamRequest, handler: UpstreamHandler): UpstreamExchange {
    const call = new Call(this, instance, request, handler);
    // A socket that reads into the common buffer cannot be handed over to somebody else.
    const connection = request.upgrade ? undefined : this.#take(instance.origin);
    if (connection === undefined) this.open(instance, request.upgrade, call);
    else call.begin(connection);
    return call;
  }

  /** Opens a connection for a call, which hears of it, or of the failure. */
  open(instance: MeshInstance, plainReads: boolean, call: Call): void {
    let connection: UpstreamConnection | null = null;
    const socket = openSocket(instance, this.#connect, plainReads, (bytes) => connection?.take(bytes));
    if (socket === null) return queueMicrotask(() => call.unconnected("address-refused"));
    const ready = instance.tls ? "secureConnect" : "connect";
    const settle = (failure: UpstreamFailure | null): void => {
      this.#wheel.disarm(deadline);
      socket.off("error", onError).off("close", onError).off(ready, onReady);
      if (failure === null) {
        connection = this.#adopt(instance.origin, socket);
        return call.begin(connection);
      }
      socket.on("error", () => undefined).destroy();
      call.unconnected(failure);
    };
    const onError = (error?: unknown): void => settle(isRefusal(error) ? "address-refused" : "connect");
    const onReady = (): void => settle(null);
    const deadline = new Deadline(() => settle("connect"));
    this.#wheel.arm(deadline, CONNECT_TIMEOUT_MS);
    socket.once("error", onError).once("close", onError).once(ready, onReady);
    call.connecting(() => settle("connect"));
  }

  idle(connection: UpstreamConnection): void {
    const pool = this.#pools.get(connection.origin);
    if (pool === undefined || pool.retired) return connection.cut();
    connection.idleSinceMs = this.#clock.monotonicMs();
    pool.idle.push(connection);
  }

  gone(connection: UpstreamConnection): void {
    const pool = this.#pools.get(connection.origin);
    if (pool === undefined) return;
    pool.all.delete(connection);
    const at = pool.idle.indexOf(connection);
    if (at !== -1) pool.idle.splice(at, 1);
    if (pool.retired && pool.all.size === 0) this.#pools.delete(connection.origin);
  }

  /** Open connections, in use or idle; by origin when one is named. */
  connections(origin?: string): number {
    if (origin !== undefined) return this.#pools.get(origin)?.all.size ?? 0;
    return [...this.#pools.values()].reduce((sum, { all }) => sum + all.size, 0);
  }

  /** Lets go of the connections to instances that are gone; calls in flight there end first. */
  retain(origins: Pick<ReadonlySet<string>, "has">): void {
    for (const [origin, pool] of this.#pools) {
      pool.retired = !origins.has(origin);
      if (!pool.retired) continue;
      for (const connection of pool.idle.splice(0)) connection.cut();
      if (pool.all.size === 0) this.#pools.delete(origin);
    }
  }

  /** Cuts every connection. */
  async stop(): Promise<void> {
    clearInterval(this.#sweeper);
    for (const pool of this.#pools.values()) {
      pool.retired = true;
      for (const connection of pool.all) connection.cut();
    }
    this.#pools.clear();
  }

  #take(origin: string): UpstreamConnection | undefined {
    const pool = this.#pools.get(origin);
    if (pool === undefined) return undefined;
    for (let connection = pool.idle.pop(); connection !== undefined; connection = pool.idle.pop()) {
      if (connection.usable) return connection;
    }
    return undefined;
  }

  #adopt(origin: string, socket: Socket): UpstreamConnection {
    let pool = this.#pools.get(origin);
    if (pool === undefined) this.#pools.set(origin, (pool = { idle: [], all: new Set(), retired: false }));
    const connection = new UpstreamConnection(origin, socket, this);
    pool.all.add(connection);
    return connection;
  }

  #sweep(): void {
    const staleMs = this.#clock.monotonicMs() - KEEP_ALIVE_MS;
    for (const { idle } of this.#pools.values()) {
      for (const connection of idle.filter(({ idleSinceMs }) => idleSinceMs < staleMs)) connection.cut();
    }
  }
}

/** What `rules.lookup` fails with when nothing it found may be connected to. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EACCES";
}

/** One call, on the connection it was given; on a second one when the first turned out to have been closed meanwhile. */
class Call implements UpstreamExchange, UpstreamHandler {
  readonly #pools: UpstreamPools;
  readonly #instance: MeshInstance;
  readonly #request: UpstreamRequest;
  readonly #handler: UpstreamHandler;
  #connection: UpstreamConnection | null = null;
  #giveUp: (() => void) | null = null;
  #over = false;

  constructor(pools: UpstreamPools, instance: MeshInstance, request: UpstreamRequest, handler: UpstreamHandler) {
    this.#pools = pools;
    this.#instance = instance;
    this.#request = request;
    this.#handler = handler;
  }

  connecting(giveUp: () => void): void {
    this.#giveUp = giveUp;
  }

  begin(connection: UpstreamConnection): void {
    this.#giveUp = null;
    if (this.#over) return this.#pools.idle(connection);
    this.#connection = connection;
    connection.begin(this.#request, this);
  }

  unconnected(failure: UpstreamFailure): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.onFailure(failure);
  }

  pause(): void {
    this.#connection?.pause();
  }

  resume(): void {
    this.#connection?.resume();
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#giveUp?.();
    this.#connection?.cut();
    this.#connection = null;
  }

  onSent(): void {
    this.#handler.onSent();
  }

  onHead(status: number, headers: string[], contentLength: number | null): void {
    this.#handler.onHead(status, headers, contentLength);
  }

  onData(chunk: Buffer): void {
    this.#handler.onData(chunk);
  }

  onEnd(): void {
    this.#over = true;
    this.#connection = null;
    this.#handler.onEnd();
  }

  onUpgrade: UpstreamHandler["onUpgrade"] = (headers, socket, first) => {
    this.#over = true;
    this.#connection = null;
    socket.removeAllListeners("data");
    this.#handler.onUpgrade(headers, socket.pause(), first);
  };

  /**
   * A kept connection may be closed by the service in the very moment it is used again. Nothing was answered then; what
   * is safe to repeat is sent once more, on a connection that is new (RFC 9112 §9.3.1).
   */
  onFailure(failure: UpstreamFailure): void {
    const connection = this.#connection;
    this.#connection = null;
    const { method, body } = this.#request;
    if (
      failure === "reset" &&
      connection?.heard === false &&
      connection.answered > 0 &&
      body === null &&
      SAFE.has(method)
    )
      return this.#pools.open(this.#instance, false, this);
    this.#over = true;
    this.#handler.onFailure(failure);
  }
}
