import type { Clock } from "#platform/clock.ts";
import { CopiedBody } from "../copied-body.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { GoodReply } from "../kept-replies.ts";
import type { LastGoodFallback } from "../mesh.ts";
import type { Filter } from "../pipeline.ts";
import { mayKeep } from "../reply-keeping.ts";
import { requestOf } from "../send.ts";

/** Methods that change nothing (RFC 9110 §9.2.1). */
const SAFE = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
/** Fields that are said anew of an answer that is shown again. */
const SAID_ANEW = new Set(["content-length", "age"]);
/** Neither takes the place of the last whole answer: one says that it still holds, the other is a part of it. */
const NOT_WHOLE = new Set([206, 304]);

/**
 * Keeps a command's good answers to GETs for when it has none, as far as others may see them. Their bodies are copied as
 * they pass by, and are kept once they are there whole.
 */
export function keepLastGood(clock: Clock): Filter {
  return (exchange, next) => {
    const { target } = exchange;
    if (target === null || target.guard.lastGood === null) return next(exchange);
    const { lastGood, fails } = target.guard;
    return next(exchange).then((reply) =>
      reply.failure !== null || fails(reply.status) || exchange.abandoned
        ? reply
        : noted(exchange, reply, lastGood, clock),
    );
  };
}

/** The answer to send in place of the service's, or null when none was kept that may be shown. */
export function lastGoodReply(
  exchange: Exchange,
  { maxAgeMs, replies }: LastGoodFallback,
  nowMs: number,
): Reply | null {
  if (!isPlainGet(exchange)) return null;
  const found = replies.find(resourceOf(exchange), sentHeaders(exchange), nowMs, maxAgeMs);
  if (found === null) return null;
  const { headers, body } = found.reply;
  const age = String(Math.ceil(found.ageMs / 1000));
  // RFC 9111 §5.5 lets caches say less, but does not forbid to warn; a person who looks at the answer is told.
  const marks = ["content-length", String(body.length), "age", age, "warning", '110 meshkeeper "Response is Stale"'];
  return { status: 200, headers: [...headers, ...marks], failure: null, bytes: body, stream: null };
}

function noted(exchange: Exchange, reply: Reply, rule: LastGoodFallback, clock: Clock): Reply {
  const { replies } = rule;
  const resource = resourceOf(exchange);
  if (!SAFE.has(exchange.head.method)) {
    if (reply.status >= 200 && reply.status < 400) replies.forgetAll(resource);
    return reply;
  }
  if (!isPlainGet(exchange) || NOT_WHOLE.has(reply.status)) return reply;
  const sent = sentHeaders(exchange);
  const keeping = reply.status === 200 ? mayKeep(sent, reply.headers) : null;
  if (keeping === null || announced(reply.headers) > rule.maxBytes) {
    replies.forget(resource, sent);
    return reply;
  }
  const receivedMs = clock.monotonicMs();
  // RFC 9111 §4.2.3: how long it was under way may be part of its age.
  const waitedMs = receivedMs - (exchange.attempt?.triedMs ?? receivedMs);
  const whole = (body: Buffer): GoodReply => ({
    headers,
    body,
    keeping: { ...keeping, ageMs: keeping.ageMs + waitedMs },
    receivedMs,
  });
  const headers = lasting(reply.headers, clock.nowMs());
  const onWhole = (body: Buffer | null): void =>
    body === null ? replies.forget(resource, sent) : replies.keep(resource, sent, whole(body));
  if (reply.stream === null) {
    onWhole(reply.bytes ?? EMPTY);
    return reply;
  }
  return { ...reply, stream: new CopiedBody(reply.stream, replies.memory, rule.maxBytes, onWhole) };
}

/** RFC 9111 §4.3: what is asked for in part, or with a body, is another question. */
function isPlainGet({ head, body }: Exchange): boolean {
  return head.method === "GET" && body === null && !head.webSocket;
}

/** The target URI as the service gets it (RFC 9110 §7.1). */
function resourceOf({ arrival, head, sentAuthority, sentPath }: Exchange): string {
  return `${arrival.scheme}://${sentAuthority}${sentPath}${head.search}`;
}

function sentHeaders(exchange: Exchange): readonly string[] {
  return requestOf(exchange, exchange, null).headers;
}

function announced(headers: readonly string[]): number {
  for (let at = 0; at < headers.length; at += 2) if (headers[at] === "content-length") return Number(headers[at + 1]);
  return 0;
}

/** A copy of the fields that hold for as long as the answer does; without a `date` it is now (RFC 9110 §6.6.1). */
function lasting(headers: readonly string[], nowMs: number): string[] {
  const lasts: string[] = [];
  let dated = false;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    if (SAID_ANEW.has(name)) continue;
    dated ||= name === "date";
    lasts.push(name, headers[at + 1] ?? "");
  }
  if (!dated) lasts.push("date", new Date(nowMs).toUTCString());
  return lasts;
}

const EMPTY = Buffer.alloc(0);
