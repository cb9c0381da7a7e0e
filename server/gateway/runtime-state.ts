import { WeightedRoundRobin } from "#domain/balancer.ts";
import { commandKey, type BreakerSettings } from "#domain/breaker-policy.ts";
import type { Transition } from "#domain/breaker.ts";
import { PersistentMap } from "#domain/persistent-map.ts";
import { RetryBudget } from "#domain/retry-budget.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { Clock } from "#platform/clock.ts";
import type { BoundOverride } from "./bound-override.ts";
import type { RandomSource } from "./chance.ts";
import { Command, type SavedCommand } from "./command.ts";
import { HeldInstances } from "./held-instances.ts";
import { InstancePool } from "./instance-pool.ts";
import { ServiceStates, type InstanceNews, type ServiceState } from "./instance-state.ts";
import { KeptReplies } from "./kept-replies.ts";
import type { CompiledPolicy, PoolMember, RouteDestination } from "./mesh.ts";
import { RateLimiter } from "./rate-limiter.ts";
import type { RegistryNews } from "./registry-news.ts";
import { ReplyMemory } from "./reply-memory.ts";

/** All last good replies of a gateway; its workers share this out among them. */
const REPLY_BYTES = 32 * 1024 * 1024;

/**
 * State that outlives snapshots, by identity: breakers and last good replies by command key, turns among destinations, retry budgets and rate
 * limits by route, what is known of instances by service, turns among them by pool.
 */
export class RuntimeState {
  readonly #clock: Clock;
  /** Workers that share what is the gateway's. */
  readonly #sharers: number;
  readonly #random: RandomSource;
  readonly #onTransition: (command: Command, transition: Transition) => void;
  readonly #commands = new Map<string, Command>();
  readonly #balancers = new Map<string, { shares: string; balancer: WeightedRoundRobin }>();
  readonly #rateLimiters = new Map<string, RateLimiter>();
  readonly #replies = new Map<string, KeptReplies>();
  readonly #replyMemory: ReplyMemory;
  readonly #budgets = new Map<string, RetryBudget>();
  #pools = PersistentMap.empty<InstancePool>();
  readonly services: ServiceStates;
  #saved: ReadonlyMap<string, SavedCommand>;

  constructor(
    clock: Clock,
    saved: ReadonlyMap<string, SavedCommand>,
    onTransition: (command: Command, transition: Transition) => void,
    onNews: (news: InstanceNews) => void,
    sharers = 1,
    random: RandomSource = Math.random,
  ) {
    this.#sharers = sharers;
    this.#random = random;
    this.#replyMemory = new ReplyMemory(Math.floor(REPLY_BYTES / sharers));
    this.services = new ServiceStates(onNews);
    this.#clock = clock;
    this.#saved = saved;
    this.#onTransition = onTransition;
  }

  get commands(): Iterable<Command> {
    return this.#commands.values();
  }

  /** The command, made when first asked for (and taken up from before the restart); its settings are brought up to date. */
  command(routeId: string, service: string, settings: BreakerSettings): Command {
    const key = commandKey(routeId, service);
    const known = this.#commands.get(key);
    if (known !== undefined) {
      known.breaker.configure(settings, this.#clock.monotonicMs());
      return known;
    }
    const command = new Command(key, routeId, service, settings, this.#clock, this.#onTransition, this.#random);
    const saved = this.#saved.get(key);
    if (saved !== undefined) command.restore(saved);
    this.#commands.set(key, command);
    return command;
  }

  /** The route's balancer; it starts afresh when the shares were edited, so that old credit does not skew the new ones. */
  balancer(routeId: string, destinations: readonly RouteDestination[]): WeightedRoundRobin {
    const shares = destinations.map(({ target, weight }) => `${target.pool} ${weight}`).join();
    const known = this.#balancers.get(routeId);
    if (known?.shares === shares) return known.balancer;
    const balancer = new WeightedRoundRobin(destinations.map(({ weight }) => weight));
    this.#balancers.set(routeId, { shares, balancer });
    return balancer;
  }

  /** The route's rate limits, in line with its spec; null when it has none. */
  rateLimiter(routeId: string, { rateLimits }: RouteSpec): RateLimiter | null {
    if (rateLimits.length === 0) {
      this.#rateLimiters.delete(routeId);
      return null;
    }
    const limiter = this.#rateLimiters.get(routeId) ?? new RateLimiter(this.#sharers);
    this.#rateLimiters.set(routeId, limiter);
    limiter.configure(rateLimits, this.#clock.monotonicMs());
    return limiter;
  }

  /** Where a command's last good replies are kept. */
  replies(key: string): KeptReplies {
    let replies = this.#replies.get(key);
    if (replies === undefined) this.#replies.set(key, (replies = new KeptReplies(this.#replyMemory)));
    return replies;
  }

  retryBudget(routeId: string): RetryBudget {
    let budget = this.#budgets.get(routeId);
    if (budget === undefined) this.#budgets.set(routeId, (budget = new RetryBudget()));
    return budget;
  }

  /** Brings what is known of instances in line with what changed in the registry; policy is for `followPolicy`. */
  follow(news: RegistryNews, readAtMs: number): void {
    this.services.follow(news, readAtMs, this.#clock.monotonicMs());
  }

  /** Brings one service in line with what is set for it, if it is registered. */
  followPolicy(service: string, { source, held }: Pick<CompiledPolicy, "source" | "held">): void {
    const state = this.services.get(service);
    state?.configure(source.services.get(service)?.spec ?? null, this.#clock.monotonicMs());
    state?.hold(held.get(service) ?? null);
  }

  /** What people hold of a service's instances; `overrides` by instance id, the one that wins first. */
  holding(overrides: ReadonlyMap<string, readonly BoundOverride[]>, gatewayId: string): HeldInstances {
    return new HeldInstances(overrides, gatewayId, () => this.#clock.nowMs());
  }

  /** The pool as it is when it has the same members; else one that goes on with its turns. */
  pool(key: string, service: ServiceState, members: readonly PoolMember[]): InstancePool {
    const known = this.#pools.get(key);
    return known?.holds(members) === true ? known : new InstancePool(service, members, known);
  }

  /** The pools of a mesh, with what changed since the one before. */
  keepPools(set: Iterable<readonly [string, InstancePool]>, removed: Iterable<string>): PersistentMap<InstancePool> {
    this.#pools = this.#pools.changed({ set, removed });
    return this.#pools;
  }

  /** Forgets all that the policy does not mention, which is the first one, or follows one that could not be compiled. */
  retain({ commands, routes }: Pick<CompiledPolicy, "commands" | "routes">): void {
    for (const key of this.#replies.keys()) if ((commands.get(key)?.lastGood ?? null) === null) this.forgetReplies(key);
    for (const key of this.#commands.keys()) if (!commands.has(key)) this.forgetCommand(key);
    for (const kept of [this.#balancers, this.#rateLimiters, this.#budgets]) {
      for (const id of kept.keys()) if (!routes.has(id)) kept.delete(id);
    }
    this.#saved = new Map();
  }

  /** Calls in flight keep what they hold. */
  forgetCommand(key: string): void {
    this.#commands.delete(key);
  }

  /** Of a command that has no last good reply any more. */
  forgetReplies(key: string): void {
    this.#replies.get(key)?.close();
    this.#replies.delete(key);
  }

  forgetRoute(id: string): void {
    for (const kept of [this.#balancers, this.#rateLimiters, this.#budgets]) kept.delete(id);
  }

  /** Open and half-open breakers, by command key, for the next start; until a policy has come those from before this one. */
  save(): Map<string, SavedCommand> {
    const saved = new Map(this.#saved);
    for (const [key, command] of this.#commands) {
      const state = command.save();
      if (state !== null) saved.set(key, state);
    }
    return saved;
  }
}
