import type { ListenerKind } from "#domain/route-match.ts";
import type { Clock } from "#platform/clock.ts";
import type { Log } from "#platform/log.ts";
import type { ClientExchange } from "./client-exchange.ts";
import type { Exchange, Reply } from "./exchange.ts";
import type { Forwarder, Forwarding } from "./forwarding.ts";
import type { Mesh } from "./mesh.ts";
import type { OverloadGuard } from "./overload-guard.ts";
import type { Handler } from "./pipeline.ts";
import { problem } from "./problem.ts";
import { randomHex } from "./random-hex.ts";
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
  readonly forwarder: Forwarder;
  readonly guard: OverloadGuard;
  /** A request that never came to the pipeline. */
  readonly onRefused: (status: number) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Takes one request into the pipeline, and its answer back. */
export type Serve = (raw: RawHead, client: ClientExchange) => void;

/** Makes the function that takes a listener's requests into the pipeline, whatever read them. */
export function serveRequest(options: ServeOptions): Serve {
  const { caller, forwarder, guard } = options;
  return (raw, client) => {
    // Before anything is looked at: a refusal has to be cheaper than what it refuses.
    if (guard.refuse() !== null) return refuse(client, problem("OVERLOADED"), true, options);
    const head = readRequestHead(raw);
    const mesh = options.mesh();
    if ("refused" in head) return refuse(client, problem(head.refused, head), true, options);
    if (mesh === null) return refuse(client, problem("GATEWAY_NOT_READY"), client.body?.complete === false, options);
    client.sender ??= forwarder.sender(client, caller);
    const forwarding = forwarder.forward(client.sender, head.authority, head.headers);
    const { requestId } = forwarding;
    const exchange = open(client, head, mesh, forwarding, options);
    options.handle(exchange).then(
      (reply) => answer(exchange, client, reply, options),
      (error: unknown) => {
        options.log.error({ err: error, requestId }, "request failed inside the gateway");
        answer(exchange, client, problem("GATEWAY_INTERNAL"), options);
      },
    );
  };
}

/** Answers a request that does not come to the pipeline. `last`: the connection is closed behind it. */
function refuse(client: ClientExchange, reply: Reply, last: boolean, { onRefused }: ServeOptions): void {
  reply.headers.push("x-request-id", randomHex(32));
  onRefused(reply.status);
  client.answer(reply, last);
}

function open(
  client: ClientExchange,
  head: RequestHead,
  mesh: Mesh,
  forwarding: Forwarding,
  { listener, caller, clock }: ServeOptions,
): Exchange {
  const { body } = client;
  const { clientAddress: remoteAddress, scheme, requestId } = forwarding;
  const exchange: Exchange = {
    arrival: { listener, caller, remoteAddress, scheme, forwarding },
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
