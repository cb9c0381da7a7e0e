import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ListenerKind } from "#domain/route-match.ts";
import { OUTSIDE } from "#domain/traffic.ts";
import type { Clock } from "#platform/clock.ts";
import type { Log } from "#platform/log.ts";
import type { Arrival, Exchange, Reply } from "./exchange.ts";
import type { Mesh } from "./mesh.ts";
import type { Handler } from "./pipeline.ts";
import { problem } from "./problem.ts";
import { RequestBody } from "./request-body.ts";
import { readRequestHead, type RequestHead } from "./request-head.ts";

export interface ServeOptions {
  readonly listener: ListenerKind;
  /** The egress listener's service, or `outside`. */
  readonly caller: string;
  readonly handle: Handler;
  /** Null until there is something to serve by. */
  readonly mesh: () => Mesh | null;
  readonly draining: () => boolean;
  /** A request that never came to the pipeline. */
  readonly onRefused: (status: number) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Makes the function that takes a listener's requests from node:http into the pipeline, and its replies back. */
export function serveRequest(options: ServeOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const head = readRequestHead({
      method: request.method ?? "",
      target: request.url ?? "",
      httpVersion: request.httpVersion,
      headers: request.rawHeaders,
    });
    const mesh = options.mesh();
    const requestId = identify(request, options.caller);
    const refusal =
      "refused" in head ? problem(head.refused, head) : mesh === null ? problem("GATEWAY_NOT_READY") : null;
    if (refusal !== null || "refused" in head || mesh === null) {
      const reply = refusal ?? problem("GATEWAY_INTERNAL");
      reply.headers.push("x-request-id", requestId);
      options.onRefused(reply.status);
      return write(response, reply, "refused" in head || !request.complete);
    }
    const exchange = open(request, response, head, mesh, requestId, options);
    options.handle(exchange).then(
      (reply) => answer(exchange, response, reply, options),
      (error: unknown) => {
        options.log.error({ err: error, requestId }, "request failed inside the gateway");
        answer(exchange, response, problem("GATEWAY_INTERNAL"), options);
      },
    );
  };
}

/** Callers inside the mesh pass the id of the request they serve on, so that its hops can be told to be one; nobody else is believed. */
function identify(request: IncomingMessage, caller: string): string {
  const given = caller === OUTSIDE ? undefined : request.headers["x-request-id"];
  return typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
}

function open(
  request: IncomingMessage,
  response: ServerResponse,
  head: RequestHead,
  mesh: Mesh,
  requestId: string,
  options: ServeOptions,
): Exchange {
  const arrival: Arrival = {
    listener: options.listener,
    caller: options.caller,
    remoteAddress: request.socket.remoteAddress ?? "",
  };
  const startedMs = options.clock.monotonicMs();
  const exchange: Exchange = {
    arrival,
    head,
    body: head.hasBody ? new RequestBody(request, () => inviteBody(request, response)) : null,
    mesh,
    requestId,
    startedMs,
    deadlineMs: Number.POSITIVE_INFINITY,
    route: null,
    match: null,
    target: null,
    attempt: null,
    instance: null,
    tryTimeoutMs: null,
    attempts: 0,
    upstreamMs: 0,
    fallback: null,
    abandoned: false,
    call: null,
    whenDone: [],
  };
  response.on("close", () => close(exchange, response));
  // A write that comes too late is told of by `close`; unheard, it would end the process.
  response.on("error", () => undefined);
  return exchange;
}

/** Only an exact `100-continue` comes here; anything else in Expect was refused by the listener. */
function inviteBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect !== undefined && request.httpVersion === "1.1") response.writeContinue();
}

/** The last byte was sent, or the client has gone: then what is in flight for it ends too. */
function close(exchange: Exchange, response: ServerResponse): void {
  if (!response.writableFinished) {
    exchange.abandoned = true;
    exchange.call?.discard();
  }
  // 499 is what access logs call a client that went away before it had an answer.
  const status = response.headersSent ? response.statusCode : 499;
  for (const done of exchange.whenDone) done(status);
}

function answer(exchange: Exchange, response: ServerResponse, reply: Reply, { draining, log }: ServeOptions): void {
  if (response.destroyed) return reply.stream?.discard();
  try {
    // What is left of a body nobody read would keep the connection busy for ever: it is closed then.
    write(response, reply, draining() || exchange.body?.ended === false);
  } catch (error) {
    log.error({ err: error, requestId: exchange.requestId }, "answer could not be sent");
    reply.stream?.discard();
    response.destroy();
  }
}

function write(response: ServerResponse, reply: Reply, last: boolean): void {
  if (last) reply.headers.push("connection", "close");
  response.writeHead(reply.status, reply.headers);
  const { stream } = reply;
  if (stream === null) {
    response.end(reply.bytes);
    return;
  }
  response.on("drain", () => stream.resume());
  stream.start({
    write: (chunk) => response.write(chunk),
    end: () => void response.end(),
    fail: () => void response.destroy(),
  });
  // Node keeps the head back for the first chunk, which may be a long time coming.
  if (!response.writableEnded && !response.destroyed) response.flushHeaders();
}
