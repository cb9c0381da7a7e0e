import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { ClientExchange } from "../client-exchange.ts";
import { Deadline, type DeadlineWheel } from "../deadline-wheel.ts";
import type { Reply } from "../exchange.ts";
import { NodeBody } from "./node-body.ts";
import type { RawHead } from "../request-head.ts";

type NodeRequest = IncomingMessage | Http2ServerRequest;
type NodeResponse = ServerResponse | Http2ServerResponse;

/** Fields of HTTP/1.1's connections, which HTTP/2 does not have (RFC 9113 §8.2.2). */
const HTTP1_ONLY = new Set(["connection", "transfer-encoding", "keep-alive", "upgrade"]);

/** The head of a request that Node's own parser has read. */
export function rawHeadOf(request: NodeRequest): RawHead {
  const { rawHeaders } = request;
  const headers: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    // HTTP/2's pseudo fields: the authority is its Host.
    if (name === ":authority") headers.push("host", rawHeaders[index + 1] ?? "");
    else if (!name.startsWith(":")) headers.push(name, rawHeaders[index + 1] ?? "");
  }
  if ("stream" in request) joinCookies(headers);
  // HTTP/2 frames every body; what HTTP/1.1 calls one whose length is not known beforehand.
  if ("stream" in request && !request.stream.endAfterHeaders && !headers.includes("content-length"))
    headers.push("transfer-encoding", "chunked");
  return {
    method: request.method ?? "",
    target: request.url ?? "",
    // What may be said and what must not is the same as in HTTP/1.1; framing is HTTP/2's own.
    httpVersion: "stream" in request ? "1.1" : request.httpVersion,
    ...("stream" in request ? { spoken: "2.0" } : {}),
    headers,
  };
}

export interface NodeClientOptions {
  readonly wheel: DeadlineWheel;
  /** Longest time a client may leave a full buffer unread, ms. */
  readonly writeStallMs: number;
}

/** A client whose protocol Node speaks for us: everything that is not plain HTTP/1.1, and HTTP/2. */
export class NodeClient implements ClientExchange {
  readonly remoteAddress: string;
  readonly localPort: number;
  readonly scheme: "http" | "https";
  sender: ClientExchange["sender"] = null;
  readonly body: NodeBody;
  onClose: ClientExchange["onClose"] = null;
  readonly #request: NodeRequest;
  readonly #response: NodeResponse;
  readonly #wheel: DeadlineWheel;
  readonly #writeStallMs: number;
  readonly #stall: Deadline;

  constructor(request: NodeRequest, response: NodeResponse, { wheel, writeStallMs }: NodeClientOptions) {
    this.#request = request;
    this.#response = response;
    this.#wheel = wheel;
    this.#writeStallMs = writeStallMs;
    this.#stall = new Deadline(() => this.destroy());
    this.remoteAddress = request.socket.remoteAddress ?? "";
    this.localPort = request.socket.localPort ?? 0;
    this.scheme = "encrypted" in request.socket ? "https" : "http";
    this.body = new NodeBody(request);
    response.on("close", () => this.#closed());
    // A write that comes too late is told of by `close`; unheard, it would end the process.
    response.on("error", () => undefined);
    request.on("error", () => undefined);
  }

  /** Only an exact `100-continue` comes here; anything else in Expect was refused. */
  invite(): void {
    const { httpVersion, headers } = this.#request;
    if (headers.expect !== undefined && httpVersion !== "1.0") this.#response.writeContinue();
  }

  answer(reply: Reply, last: boolean): void {
    // A connection that cannot be switched over: whoever waits for that at the other end is let go.
    reply.tunnel?.socket.destroy();
    reply.tunnel?.onClose(0);
    const response = this.#response;
    const isHttp2 = "stream" in response;
    const headers = isHttp2 ? withoutHttp1(reply.headers) : reply.headers;
    // Behind an upgrade that it was told not to make, Node reads nothing any more.
    const ends = last || this.#request.headers.upgrade !== undefined;
    if (ends && !isHttp2) headers.push("connection", "close");
    writeHead(response, reply.status, headers);
    const { stream } = reply;
    if (stream === null) {
      this.#wheel.arm(this.#stall, this.#writeStallMs);
      return void (reply.bytes === null ? response.end() : response.end(reply.bytes));
    }
    response.on("drain", () => {
      this.#wheel.disarm(this.#stall);
      stream.resume();
    });
    stream.start({
      write: (chunk) => {
        const flowing = write(response, chunk);
        if (!flowing) this.#wheel.arm(this.#stall, this.#writeStallMs);
        return flowing;
      },
      end: () => {
        this.#wheel.arm(this.#stall, this.#writeStallMs);
        response.end();
      },
      fail: () => this.destroy(),
    });
    // Node keeps the head back for the first chunk, which may be a long time coming.
    if (!response.writableEnded && !response.destroyed && !isHttp2) response.flushHeaders();
  }

  destroy(): void {
    const { socket, httpVersion } = this.#request;
    if ("stream" in this.#response) this.#response.stream.close(2);
    // A body without chunks or length ends with its connection: a broken one must not end in good order.
    else if (httpVersion === "1.0" && this.scheme === "http") socket.resetAndDestroy();
    else this.#response.destroy();
  }

  #closed(): void {
    this.#wheel.disarm(this.#stall);
    const { headersSent, statusCode } = this.#response;
    this.onClose?.(isFinished(this.#response), headersSent ? statusCode : 499);
    this.onClose = null;
  }
}

/** Node ends the stream of a request that is taken back, which makes it look finished. */
function isFinished(response: NodeResponse): boolean {
  return response.writableFinished && (!("stream" in response) || response.stream.rstCode === 0);
}

function writeHead(response: NodeResponse, status: number, headers: string[]): void {
  if ("stream" in response) {
    for (let index = 0; index < headers.length; index += 2) {
      response.appendHeader(headers[index] ?? "", headers[index + 1] ?? "");
    }
    response.writeHead(status);
  } else response.writeHead(status, headers);
}

function write(response: NodeResponse, chunk: Buffer): boolean {
  const copy = Buffer.from(chunk);
  return "stream" in response ? response.write(copy) : response.write(copy);
}

function withoutHttp1(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (!HTTP1_ONLY.has(name)) kept.push(name, headers[index + 1] ?? "");
  }
  return kept;
}

/** HTTP/2 may send a cookie field in crumbs; HTTP/1.1 has one (RFC 9113 §8.2.3). */
function joinCookies(headers: string[]): void {
  let first = -1;
  for (let at = 0; at < headers.length;) {
    if (headers[at] !== "cookie") at += 2;
    else if (first === -1) {
      first = at;
      at += 2;
    } else {
      headers[first + 1] += `; ${headers[at + 1] ?? ""}`;
      headers.splice(at, 2);
    }
  }
}
