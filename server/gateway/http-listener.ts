import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Part } from "#platform/lifecycle.ts";
import type { Reply } from "./exchange.ts";
import { problem } from "./problem.ts";

/** A port could not be bound. `listener` is `edge`, `admin`, or `egress` with its service. */
export class ListenFailure extends Error {
  readonly listener: string;
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
    this.port = port;
    this.code = code;
  }
}

export interface ListenOptions {
  /** For messages: `edge`, `admin`, `egress storefront`. */
  readonly listener: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** Told of each request Node refused by itself, with the status it was answered with. */
  readonly onRefused?: (status: number) => void;
}

export interface HttpListener extends Part {
  readonly port: number;
  readonly server: Server;
  /** Stops accepting, and closes idle connections. */
  stopAccepting(): void;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 300_000;
const KEEP_ALIVE_MS = 65_000;

/**
 * Listens for HTTP/1.1.
 * @throws ListenFailure when the port cannot be bound.
 */
export async function listen(options: ListenOptions): Promise<HttpListener> {
  const server = createServer({
    insecureHTTPParser: false,
    requireHostHeader: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    noDelay: true,
  });
  // Fields above Node's own limit are dropped, framing ones included; we count them ourselves.
  server.maxHeadersCount = 0;
  server.on("request", options.onRequest);
  server.on("checkContinue", options.onRequest);
  server.on(
    "checkExpectation",
    (_request, response) => void response.writeHead(417, { connection: "close", "content-length": "0" }).end(),
  );
  server.on("connect", (_request, socket) =>
    refuse(socket, problem("BAD_REQUEST", { detail: "CONNECT is not offered." })),
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const reply = problem(error.code === "HPE_HEADER_OVERFLOW" ? "REQUEST_HEADERS_TOO_LARGE" : "BAD_REQUEST");
    if (refuse(socket, reply)) options.onRefused?.(reply.status);
  });
  await bound(server, options);
  const address = server.address();
  return {
    name: options.listener,
    port: isAddress(address) ? address.port : options.port,
    server,
    stopAccepting: () => void server.close(),
    stop: () => closed(server),
  };
}

function bound(server: Server, { listener, host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new ListenFailure(listener, host, port, error)));
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function isAddress(address: ReturnType<Server["address"]>): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Answers on the bare socket and closes it; there may be half a request on it, so it cannot go on. */
function refuse(socket: Duplex, reply: Reply): boolean {
  // Node takes its own listener off a socket it hands over; a reset by the client, unheard, would end the process.
  socket.on("error", () => undefined);
  if (!socket.writable || ("bytesWritten" in socket && socket.bytesWritten !== 0)) {
    socket.destroy();
    return false;
  }
  const fields = [...reply.headers, "connection", "close"];
  const lines = Array.from(
    { length: fields.length / 2 },
    (_, index) => `${fields[index * 2] ?? ""}: ${fields[index * 2 + 1] ?? ""}\r\n`,
  );
  socket.end(
    `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ""}\r\n${lines.join("")}\r\n${reply.bytes?.toString() ?? ""}`,
    () => socket.destroy(),
  );
  return true;
}
