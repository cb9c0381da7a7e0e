import type { Clock } from "#platform/clock.ts";
import { happens, type RandomSource } from "../chance.ts";
import type { DeadlineWheel } from "../deadline-wheel.ts";
import type { Exchange, Reply } from "../exchange.ts";
import type { FilterCounters } from "../filter-counters.ts";
import type { MeshInstance } from "../mesh.ts";
import { MirroredCall } from "../mirrored-call.ts";
import type { Filter, Handler } from "../pipeline.ts";
import type { RequestBody } from "../request-body.ts";
import type { MirrorPlan } from "../route-filters.ts";
import { requestOf } from "../send.ts";
import type { UpstreamClient, UpstreamRequest } from "../upstream/upstream.ts";

/** Copies in flight at most, at one gateway: with bodies, at most 8 MiB. */
const MAX_COPIES = 128;
/** A longer body is not held for a copy's sake. */
const MAX_BODY_BYTES = 64 * 1024;
/** For an answer, whatever the route allows its own requests: a copy must not keep its place for an hour. */
const MAX_COPY_MS = 15_000;

export interface MirrorTools {
  readonly upstreams: UpstreamClient;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly counters: FilterCounters;
}

/**
 * Sends copies of requests to another service, as they are sent to their own, Host included, with `x-mesh-mirror: true`.
 * Copies have no breaker, no retries and no backups; their answers are thrown away. The caller never waits for one: only
 * a short body of announced length is read before its request goes on, as for backups. What is not copied is counted.
 */
export function mirror(tools: MirrorTools): Filter {
  const copies = new Copies(tools);
  return (exchange, next) => {
    const plan = exchange.route?.mirror ?? null;
    if (plan === null || exchange.head.webSocket || !happens(plan.percent, tools.random)) return next(exchange);
    const { body, head } = exchange;
    if (body !== null && head.contentLength !== null && head.contentLength <= MAX_BODY_BYTES)
      return copiedWithBody(exchange, body, plan, copies, next);
    if (body === null) copies.send(exchange, plan, null);
    else copies.skip(exchange);
    return next(exchange);
  };
}

async function copiedWithBody(
  exchange: Exchange,
  body: RequestBody,
  plan: MirrorPlan,
  copies: Copies,
  next: Handler,
): Promise<Reply> {
  if (copies.full) {
    copies.skip(exchange);
    return next(exchange);
  }
  await copies.hold(body, exchange.deadlineMs);
  if (body.whole === null) copies.skip(exchange);
  else copies.send(exchange, plan, body.whole);
  return next(exchange);
}

/** The copies of one gateway. */
class Copies {
  readonly #tools: MirrorTools;
  #inFlight = 0;

  constructor(tools: MirrorTools) {
    this.#tools = tools;
  }

  get full(): boolean {
    return this.#inFlight >= MAX_COPIES;
  }

  skip({ route }: Exchange): void {
    this.#tools.counters.mirrored(route?.id ?? "", "skipped");
  }

  async hold(body: RequestBody, untilMs: number): Promise<void> {
    const { clock, wheel } = this.#tools;
    await body.hold(MAX_BODY_BYTES, wheel, untilMs - clock.monotonicMs());
  }

  /** Never throws: whatever is wrong with a copy is the copy's business. */
  send(exchange: Exchange, plan: MirrorPlan, body: Buffer | null): void {
    const { counters, random, upstreams, wheel } = this.#tools;
    // At random: a copy must not use up the turn of a request that goes to the same instances.
    const members = exchange.mesh.pools.get(plan.pool)?.members ?? [];
    const instance = members[Math.floor(random() * members.length)]?.instance;
    if (instance === undefined || this.full) return this.skip(exchange);
    const route = exchange.route?.id ?? "";
    this.#inFlight += 1;
    const call = new MirroredCall(wheel, (outcome) => {
      this.#inFlight -= 1;
      counters.mirrored(route, outcome);
    });
    try {
      call.begin(upstreams, instance, copyOf(exchange, plan, instance, body), MAX_COPY_MS);
    } catch {
      call.onFailure();
    }
  }
}

/** The request as it goes to its own service, but for what names service and instance. */
function copyOf(exchange: Exchange, plan: MirrorPlan, instance: MeshInstance, body: Buffer | null): UpstreamRequest {
  const { arrival, head, match, requestId, route } = exchange;
  const facts = { arrival, head, match, requestId, route, target: { service: plan.service }, instance };
  const request = requestOf(exchange, facts, body);
  return { ...request, headers: [...request.headers, "x-mesh-mirror", "true"] };
}
