import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { pause } from "#platform/backoff.ts";
import type { Clock } from "#platform/clock.ts";
import type { DeadlineWheel } from "../deadline-wheel.ts";
import { answerOnNode, httpOptions, isAnswering, refuseOnSocket } from "../http-listener.ts";
import { problem } from "../problem.ts";
import type { Serve } from "../serve-request.ts";
import type { OpenTunnel } from "../tunnel.ts";
import type { ListenerTimeouts } from "./listener-timeouts.ts";
import { NodeClient, rawHeadOf } from "./node-client.ts";
import { PlainConnection, type PlainConnectionOptions } from "./plain-connection.ts";
import { UpgradeClient } from "./upgrade-client.ts";

export interface ConnectionsOptions {
  readonly serve: Serve;
  /** Told of each request that was refused before it could be served, with its status. */
  readonly onRefused: (status: number) => void;
  readonly timeouts: ListenerTimeouts;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
}

/** How often draining connections are looked at, ms. */
const LOOK_MS = 25;

/**
 * Connections of clients that speak HTTP/1.1, in the clear or over TLS. Plain requests are read by our own small parser; a
 * connection on which anything else comes is handed to node:http, which reads it from its first byte.
 */
export class Http1Connections {
  readonly #plain = new Set<PlainConnection>();
  /** Those that were handed to node:http. */
  readonly #handed = new Set<Socket>();
  readonly #tunnels = new Set<OpenTunnel>();
  readonly #full: HttpServer;
  readonly #clock: Clock;
  readonly #connectionOptions: PlainConnectionOptions;

  constructor(options: ConnectionsOptions) {
    const { serve, wheel, clock, timeouts } = options;
    this.#full = fullServer(options, this.#tunnels);
    // What node:http does when it begins to listen: look after the time its clients take.
    this.#full.emit("listening");
    this.#clock = clock;
    this.#connectionOptions = {
      serve,
      wheel,
      clock,
      timeouts,
      handOver: (socket) => this.#handOver(socket),
      onClose: (connection) => void this.#plain.delete(connection),
    };
  }

  get count(): number {
    return this.#plain.size + this.#handed.size;
  }

  /** `socket`: paused, nothing read yet. */
  take(socket: Socket): void {
    this.#plain.add(new PlainConnection(socket, this.#connectionOptions));
  }

  /** WebSockets are told to go; others learn it from their next answer. */
  goAway(): void {
    for (const tunnel of this.#tunnels) tunnel.goAway();
  }

  /** Closes connections that have been idle for `idleMs`; resolves when only busy ones are left, or `limitMs` have passed. */
  async settle(idleMs: number, limitMs: number): Promise<void> {
    const startedMs = this.#clock.monotonicMs();
    for (;;) {
      const nowMs = this.#clock.monotonicMs();
      for (const connection of this.#plain) if (connection.idleSinceMs <= nowMs - idleMs) connection.closeIfIdle();
      const passedMs = nowMs - startedMs;
      const waiting = [...this.#plain].some(({ idle }) => idle) || (this.#handed.size > 0 && passedMs < idleMs);
      if (!waiting || passedMs >= limitMs) break;
      await pause(LOOK_MS);
    }
    this.#full.closeIdleConnections();
  }

  /** Cuts them all. */
  stop(): void {
    this.#full.close();
    this.#full.closeAllConnections();
    for (const connection of this.#plain) connection.destroy();
    for (const socket of this.#handed) socket.destroy();
  }

  #handOver(socket: Socket): void {
    this.#handed.add(socket);
    socket.on("close", () => this.#handed.delete(socket));
    this.#full.emit("connection", socket);
    socket.resume();
  }
}

/** The server for connections on which something came that is not plain. It does not listen by itself. */
function fullServer({ serve, wheel, timeouts, onRefused }: ConnectionsOptions, tunnels: Set<OpenTunnel>): HttpServer {
  const clientOptions = { wheel, writeStallMs: timeouts.writeStallMs };
  const full = createHttpServer({ ...httpOptions(timeouts), shouldUpgradeCallback: asksForWebSocket });
  answerOnNode(
    full,
    (request, response) => serve(rawHeadOf(request), new NodeClient(request, response, clientOptions)),
    {
      onRefused,
    },
  );
  full.on("upgrade", (request: IncomingMessage, socket: Duplex, first: Buffer) => {
    // Sent ahead of the answer to another request: what is said to this one would be read as that.
    if (isAnswering(socket)) return void socket.destroy();
    serve(rawHeadOf(request), new UpgradeClient(request, socket, first, { ...clientOptions, tunnels }));
  });
  full.on("connect", (_request: IncomingMessage, socket: Duplex) => {
    const reply = problem("BAD_REQUEST", { detail: "CONNECT is not offered." });
    if (refuseOnSocket(socket, reply)) onRefused(reply.status);
  });
  return full;
}

function asksForWebSocket({ headers, method }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}
