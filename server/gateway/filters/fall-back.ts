import type { Clock } from "#platform/clock.ts";
import type { Command } from "../command.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { MeshCommand, Target } from "../mesh.ts";
import type { Filter, Handler } from "../pipeline.ts";
import { fixedReply } from "./answer-directly.ts";
import { lastGoodReply } from "./keep-last-good.ts";

/**
 * Lets the fallbacks of the command answer, in order, when the service did not: refused, unreachable, too late, or with a
 * status that counts as a failure. A request whose body has gone to the service already and is not held here is never sent
 * twice. When no fallback does better, the first answer stands. When the request's time is over nobody is called any more;
 * what is at hand here can still answer.
 */
export function fallBack(clock: Clock): Filter {
  return (exchange, next) => {
    const { target } = exchange;
    if (target === null || target.guard.fallbacks.length === 0) return next(exchange);
    return withFallbacks(exchange, target, next, clock);
  };
}

async function withFallbacks(exchange: Exchange, target: Target, next: Handler, clock: Clock): Promise<Reply> {
  const reply = await next(exchange);
  const reason = failureReason(reply, target.guard);
  if (reason === null || exchange.abandoned) return reply;
  const { instance } = exchange;
  const served = await firstToServe(exchange, target, next, clock);
  if (served === null) {
    // The first answer stands, and is labelled with where that came from.
    exchange.target = target;
    exchange.instance = instance;
    return reply;
  }
  exchange.fallback = { by: served.by, reason };
  reply.stream?.discard();
  return served.reply;
}

interface Served {
  readonly by: string;
  readonly reply: Reply;
}

/** Only calls take a place among the fallbacks in flight: what is at hand here costs nothing that could run out. */
async function firstToServe(exchange: Exchange, target: Target, next: Handler, clock: Clock): Promise<Served | null> {
  const { command, fallbacks, settings } = target.guard;
  const { instance } = exchange;
  const place = new Place(exchange, command, settings.fallbackMaxConcurrent);
  for (const fallback of fallbacks) {
    let served: Served | null;
    if (fallback.kind === "service") {
      const callable = exchange.body?.replayable !== false && exchange.deadlineMs > clock.monotonicMs();
      served = callable && place.take() ? await asked(exchange, fallback.target, next) : null;
    } else {
      exchange.target = target;
      exchange.instance = instance;
      const reply =
        fallback.kind === "fixed"
          ? fixedReply(fallback.answer, exchange.head.method)
          : lastGoodReply(exchange, fallback, clock.monotonicMs());
      served = reply === null ? null : { by: fallback.kind, reply };
      // No instance gave this answer.
      if (served !== null) exchange.instance = null;
    }
    if (served !== null) {
      if (fallback.kind !== "service") place.leave();
      command.fallbackServed += 1;
      return served;
    }
    if (exchange.abandoned) return null;
  }
  place.leave();
  if (!place.refused) command.fallbackFailed += 1;
  return null;
}

async function asked(exchange: Exchange, target: Target, next: Handler): Promise<Served | null> {
  exchange.target = target;
  exchange.instance = null;
  const reply = await next(exchange);
  if (failureReason(reply, target.guard) === null) return { by: target.service, reply };
  reply.stream?.discard();
  return null;
}

/** A request's place among the fallbacks in flight of a command: asked for when first needed, once for all backups. */
class Place {
  readonly #exchange: Exchange;
  readonly #command: Command;
  readonly #max: number;
  #state: "not asked" | "held" | "refused" | "left" = "not asked";

  constructor(exchange: Exchange, command: Command, max: number) {
    this.#exchange = exchange;
    this.#command = command;
    this.#max = max;
  }

  get refused(): boolean {
    return this.#state === "refused";
  }

  take(): boolean {
    if (this.#state !== "not asked") return this.#state === "held";
    if (this.#command.enterFallback(this.#max)) {
      this.#state = "held";
      this.#exchange.whenDone.push(() => this.leave());
      return true;
    }
    this.#state = "refused";
    this.#command.fallbackRejected += 1;
    return false;
  }

  leave(): void {
    if (this.#state !== "held") return;
    this.#state = "left";
    this.#command.leaveFallback();
  }
}

/**
 * Why an answer calls for a fallback, as told in `x-mesh-fallback`; null for a good one, and for what is the caller's own
 * fault. `guard`: whose answer it is; a backup's is judged by what counts as a failure of the backup.
 */
function failureReason(reply: Reply, guard: MeshCommand): string | null {
  if (reply.failure === null) return guard.fails(reply.status) ? "failure" : null;
  switch (reply.failure.code) {
    case "BREAKER_OPEN":
      return "short-circuited";
    case "BREAKER_FORCED_OPEN":
      return "forced-open";
    case "TOO_MANY_CONCURRENT":
      return "rejected";
    case "NO_HEALTHY_INSTANCE":
      return "no-instance";
    case "UPSTREAM_TIMEOUT":
      return "timeout";
    case "UPSTREAM_CONNECT":
    case "UPSTREAM_RESET":
    case "ADDRESS_REFUSED":
      return "unreachable";
    case "FAULT_INJECTED":
      return guard.fails(reply.status) ? "failure" : null;
    case "UPSTREAM_PROTOCOL":
      return "failure";
    default:
      return null;
  }
}
