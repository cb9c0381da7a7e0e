import { randomUUID } from "node:crypto";
import type { ListenerKind } from "#domain/route-match.ts";
import { OUTSIDE } from "#domain/traffic.ts";
import type { Clock } from "#platform/clock.ts";
import type { Log } from "#platform/log.ts";
import type { ClientExchange } from "./client-exchange.ts";
import type { Exchange, Reply } from "./exchange.ts";
import type { Mesh } from "./mesh.ts";
import type { Handler } from "./pipeline.ts";
import { problem } from "./problem.ts";
import { RequestBody } from "./request-body.ts";
import { readRequestHead, type RawHead, type RequestHead } from "./request-head.ts";

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

/** Takes one request into the pipeline, and its answer back. */
export type Serve = (raw: RawHead, client: ClientExchange) => void;

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Makes the function that takes a listener's requests into the pipeline, whatever read them. */
export function serveRequest(options: ServeOptions): Serve {
  return (raw, client) => {
    const head = readRequestHead(raw);
    const mesh = options.mesh();
    const requestId = identify(raw, options.caller);
    if ("refused" in head || mesh === null) {
      const reply = "refused" in head ? problem(head.refused, head) : problem("GATEWAY_NOT_READY");
      reply.headers.push("x-request-id", requestId);
      options.onRefused(reply.status);
      return client.answer(reply, "refused" in head || client.body?.complete === false);
    }
    const exchange = open(client, head, mesh, requestId, options);
    options.handle(exchange).then(
      (reply) => answer(exchange, client, reply, options),
      (error: unknown) => {
        options.log.error({ err: error, requestId }, "request failed inside the gateway");
        answer(exchange, client, problem("GATEWAY_INTERNAL"), options);
      },
    );
  };
}

/** Callers inside the mesh pass the id of the request they serve on, so that its hops can be told to be one; nobody else is believed. */
function identify({ headers }: RawHead, caller: string): string {
  if (caller === OUTSIDE) return randomUUID();
  const at = headers.indexOf("x-request-id");
  const given = at === -1 ? undefined : headers[at + 1];
  return given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
}

function open(
  client: ClientExchange,
  head: RequestHead,
  mesh: Mesh,
  requestId: string,
  { listener, caller, clock }: ServeOptions,
): Exchange {
  const { remoteAddress, scheme, body } = client;
  const exchange: Exchange = {
    arrival: { listener, caller, remoteAddress, scheme },
    head,
    body: body !== null && head.hasBody ? new RequestBody(body, () => client.invite()) : null,
    mesh,
    requestId,
    startedMs: clock.monotonicMs(),
    deadlineMs: Number.POSITIVE_INFINITY,
    sentPath: head.path,
    sentAuthority: head.authority,
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
  client.onClose = (finished, status) => close(exchange, finished, status);
  return exchange;
}

/** The last byte was sent, or the client has gone: then what is in flight for it ends too. */
function close(exchange: Exchange, finished: boolean, status: number): void {
  if (!finished) {
    exchange.abandoned = true;
    exchange.call?.discard();
  }
  for (const done of exchange.whenDone) done(status);
}

function answer(exchange: Exchange, client: ClientExchange, reply: Reply, { draining, log }: ServeOptions): void {
  if (exchange.abandoned) return discard(reply);
  try {
    // What is left of a body nobody read would keep the connection busy for ever: it is closed then.
    client.answer(reply, draining() || exchange.body?.ended === false);
  } catch (error) {
    log.error({ err: error, requestId: exchange.requestId }, "answer could not be sent");
    discard(reply);
    client.destroy();
  }
}

function discard(reply: Reply): void {
  reply.stream?.discard();
  reply.tunnel?.socket.destroy();
  reply.tunnel?.onClose(0);
}
