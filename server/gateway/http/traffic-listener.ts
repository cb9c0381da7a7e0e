import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from "node:http";
import { createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { pause } from "#platform/backoff.ts";
import type { Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { DeadlineWheel } from "../deadline-wheel.ts";
import { answerOnNode, bind, httpOptions, portOf, refuseOnSocket } from "../http-listener.ts";
import { problem } from "../problem.ts";
import type { Serve } from "../serve-request.ts";
import type { OpenTunnel } from "../tunnel.ts";
import type { ListenerTimeouts } from "./listener-timeouts.ts";
import { NodeClient, rawHeadOf } from "./node-client.ts";
import { PlainConnection } from "./plain-connection.ts";
import { UpgradeClient } from "./upgrade-client.ts";

export interface TrafficListenerOptions {
  /** For messages: `edge`, `egress storefront`. */
  readonly listener: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly serve: Serve;
  /** Told of each request that was refused before it could be served, with its status. */
  readonly onRefused: (status: number) => void;
  readonly timeouts: ListenerTimeouts;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
}

export interface TrafficListener extends Part {
  readonly port: number;
  /** Stops accepting. Open connections learn it from the next answer; WebSockets are told to go. */
  stopAccepting(): void;
  /** Closes connections that have been idle for `idleMs`; resolves when only busy ones are left, or `limitMs` have passed. */
  settle(idleMs: number, limitMs: number): Promise<void>;
}

/** How often a draining listener looks at its connections, ms. */
const LOOK_MS = 25;

/**
 * Listens for HTTP/1.1. Plain requests are read by our own small parser; a connection on which anything else comes is
 * handed to node:http, which reads it from its first byte.
 * @throws ListenFailure when the port cannot be bound.
 */
export async function listenForTraffic(options: TrafficListenerOptions): Promise<TrafficListener> {
  const { serve, wheel, clock, timeouts } = options;
  const plain = new Set<PlainConnection>();
  const handed = new Set<Socket>();
  const tunnels = new Set<OpenTunnel>();
  const full = fullServer(options, tunnels);
  const handOver = (socket: Socket): void => {
    handed.add(socket);
    socket.on("close", () => handed.delete(socket));
    full.emit("connection", socket);
    socket.resume();
  };
  const connectionOptions = {
    serve,
    wheel,
    clock,
    timeouts,
    handOver,
    onClose: (connection: PlainConnection) => void plain.delete(connection),
  };
  const server = createServer({ noDelay: true, keepAlive: true, pauseOnConnect: true }, (socket) => {
    plain.add(new PlainConnection(socket, connectionOptions));
  });
  await bind(server, options);
  // What node:http does when it begins to listen: look after the time its clients take.
  full.emit("listening");
  let draining = false;
  return {
    name: options.listener,
    port: portOf(server, options.port),
    stopAccepting() {
      draining = true;
      server.close();
      for (const tunnel of tunnels) tunnel.goAway();
    },
    async settle(idleMs, limitMs) {
      const startedMs = clock.monotonicMs();
      for (;;) {
        const nowMs = clock.monotonicMs();
        for (const connection of plain) if (connection.idleSinceMs <= nowMs - idleMs) connection.closeIfIdle();
        const waiting = [...plain].some(({ idle }) => idle) || (handed.size > 0 && nowMs - startedMs < idleMs);
        if (!waiting || nowMs - startedMs >= limitMs) break;
        await pause(LOOK_MS);
      }
      full.closeIdleConnections();
    },
    async stop() {
      const closed = draining ? Promise.resolve() : new Promise<void>((resolve) => server.close(() => resolve()));
      full.close();
      full.closeAllConnections();
      for (const connection of plain) connection.destroy();
      for (const socket of handed) socket.destroy();
      await closed;
    },
  };
}

/** The server for connections on which something came that is not plain. It does not listen by itself. */
function fullServer(
  { serve, wheel, timeouts, onRefused }: TrafficListenerOptions,
  tunnels: Set<OpenTunnel>,
): HttpServer {
  const clientOptions = { wheel, writeStallMs: timeouts.writeStallMs };
  const full = createHttpServer({ ...httpOptions(timeouts), shouldUpgradeCallback: asksForWebSocket });
  answerOnNode(
    full,
    (request, response) => serve(rawHeadOf(request), new NodeClient(request, response, clientOptions)),
    {
      onRefused,
    },
  );
  full.on("upgrade", (request: IncomingMessage, socket: Duplex, first: Buffer) =>
    serve(rawHeadOf(request), new UpgradeClient(request, socket, first, { wheel, tunnels })),
  );
  full.on("connect", (_request: IncomingMessage, socket: Duplex) => {
    const reply = problem("BAD_REQUEST", { detail: "CONNECT is not offered." });
    if (refuseOnSocket(socket, reply)) onRefused(reply.status);
  });
  return full;
}

function asksForWebSocket({ headers, method }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}
