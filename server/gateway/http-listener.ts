import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import type { AddressInfo, Server as NetServer } from "node:net";
import type { Duplex } from "node:stream";
import type { Part } from "#platform/lifecycle.ts";
import type { Reply } from "./exchange.ts";
import { LISTENER_TIMEOUTS, type ListenerTimeouts } from "./http/listener-timeouts.ts";
import { replyHead } from "./http/reply-head.ts";
import { problem } from "./problem.ts";

/** A port could not be bound. `listener` is `edge`, `admin`, or `egress` with its service. */
export class ListenFailure extends Error {
  readonly listener: string;
  readonly host: string;
  readonly port: number;
  readonly code: string;

  constructor(listener: string, host: string, port: number, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    super(
      code === "EADDRINUSE"
        ? `${host}:${port} is taken by another program`
        : `${host}:${port} cannot be listened on (${code})`,
      { cause },
    );
    this.name = "ListenFailure";
    this.listener = listener;
    this.host = host;
    this.port = port;
    this.code = code;
  }
}

export interface ListenAddress {
  /** For messages: `edge`, `admin`, `egress storefront`. */
  readonly listener: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

export interface HttpListener extends Part {
  readonly port: number;
}

/**
 * Listens for HTTP/1.1 with node:http alone: for few requests, such as the admin listener's.
 * @throws ListenFailure when the port cannot be bound.
 */
export async function listen(options: ListenAddress & { readonly onRequest: OnRequest }): Promise<HttpListener> {
  const server = createServer(httpOptions(LISTENER_TIMEOUTS));
  answerOnNode(server, options.onRequest, { onRefused: () => undefined });
  await bind(server, options);
  return { name: options.listener, port: portOf(server, options.port), stop: () => closed(server) };
}

/** Node's settings for a strict server. */
export function httpOptions({ headersMs, requestMs, keepAliveMs }: ListenerTimeouts): ServerOptions {
  return {
    insecureHTTPParser: false,
    requireHostHeader: false,
    keepAliveTimeout: keepAliveMs,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(5000, Math.max(100, headersMs / 4)),
    noDelay: true,
  };
}

/** Lets `onRequest` answer a server's requests; what Node refuses by itself is answered as the gateway does. */
export function answerOnNode(
  server: Server,
  onRequest: OnRequest,
  { onRefused }: { readonly onRefused: (status: number) => void },
): void {
  // Fields above Node's own limit are dropped, framing ones included; we count them ourselves.
  server.maxHeadersCount = 0;
  const serve = oneByOne(onRequest);
  server.on("request", serve);
  server.on("checkContinue", serve);
  server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417, { connection: "close", "content-length": "0" }).end();
    onRefused(417);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // Bytes behind a request that was to be the last: nobody reads them, and its answer is still to come.
    if (error.code === "HPE_CLOSED_CONNECTION" && isAnswering(socket)) return;
    const reply = problem(error.code === "HPE_HEADER_OVERFLOW" ? "REQUEST_HEADERS_TOO_LARGE" : "BAD_REQUEST");
    if (refuseOnSocket(socket, reply)) onRefused(reply.status);
  });
}

type Arrived = readonly [request: IncomingMessage, response: ServerResponse];

/** Requests a client may have sent ahead of their answers; with more it is up to no good. */
const MAX_AHEAD = 100;

/**
 * node:http tells of a request as soon as it is read. Here it waits until those before it on its connection are answered,
 * as their effects may depend on each other (RFC 9112 §9.3.2); behind a last one it is not served at all (§9.6).
 */
function oneByOne(onRequest: OnRequest): OnRequest {
  const waiting = new WeakMap<Duplex, Arrived[]>();
  const begin = ([request, response]: Arrived, queue: Arrived[]): void => {
    response.once("close", () => {
      queue.shift();
      const next = queue[0];
      if (next !== undefined && response.writableFinished && request.socket.writable) begin(next, queue);
    });
    onRequest(request, response);
  };
  return (request, response) => {
    const queue = waiting.get(request.socket) ?? [];
    waiting.set(request.socket, queue);
    queue.push([request, response]);
    if (queue.length === 1) begin([request, response], queue);
    else if (queue.length > MAX_AHEAD) request.socket.destroy();
  };
}

/** Binds a server to its port. @throws ListenFailure. */
export function bind(server: NetServer, { listener, host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new ListenFailure(listener, host, port, error)));
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

/** The port a server really listens on. */
export function portOf(server: NetServer, asked: number): number {
  const address = server.address();
  return isAddress(address) ? address.port : asked;
}

function isAddress(address: ReturnType<NetServer["address"]>): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Whether node:http has a request of this connection under way. */
export function isAnswering(socket: Duplex): boolean {
  return "_httpMessage" in socket && socket._httpMessage != null;
}

/** Answers on the bare socket and closes it; there may be half a request on it, so it cannot go on. True when it could be said. */
export function refuseOnSocket(socket: Duplex, reply: Reply): boolean {
  // Node takes its own listener off a socket it hands over; a reset by the client, unheard, would end the process.
  socket.on("error", () => undefined);
  if (!socket.writable || isAnswering(socket)) {
    socket.destroy();
    return false;
  }
  socket.end(`${replyHead(reply, false, true).text}${reply.bytes?.toString() ?? ""}`, () => socket.destroy());
  return true;
}
