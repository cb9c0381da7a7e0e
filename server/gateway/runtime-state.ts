import { WeightedRoundRobin } from "#domain/balancer.ts";
import { commandKey, type BreakerSettings } from "#domain/breaker-policy.ts";
import type { SavedBreaker, Transition } from "#domain/breaker.ts";
import type { RouteSpec } from "#domain/route.ts";
import type { Clock } from "#platform/clock.ts";
import { Command } from "./command.ts";
import { RateLimiter } from "./rate-limiter.ts";

/** State that outlives snapshots, by identity: breakers by command key, turns of the balancer and rate limits by route. */
export class RuntimeState {
  readonly #clock: Clock;
  readonly #onTransition: (command: Command, transition: Transition) => void;
  readonly #commands = new Map<string, Command>();
  readonly #balancers = new Map<string, { shares: string; balancer: WeightedRoundRobin }>();
  readonly #rateLimiters = new Map<string, RateLimiter>();
  #saved: ReadonlyMap<string, SavedBreaker>;

  constructor(
    clock: Clock,
    saved: ReadonlyMap<string, SavedBreaker>,
    onTransition: (command: Command, transition: Transition) => void,
  ) {
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
    const nowMs = this.#clock.monotonicMs();
    const known = this.#commands.get(key);
    if (known !== undefined) {
      known.breaker.configure(settings, nowMs);
      return known;
    }
    const command = new Command(key, routeId, service, settings, nowMs, this.#onTransition);
    const saved = this.#saved.get(key);
    if (saved !== undefined) command.breaker.restore(saved, nowMs, this.#clock.nowMs());
    this.#commands.set(key, command);
    return command;
  }

  /** The route's balancer; it starts afresh when the shares were edited, so that old credit does not skew the new ones. */
  balancer(routeId: string, spec: RouteSpec): WeightedRoundRobin {
    const shares = JSON.stringify(spec.destinations);
    const known = this.#balancers.get(routeId);
    if (known?.shares === shares) return known.balancer;
    const balancer = new WeightedRoundRobin();
    this.#balancers.set(routeId, { shares, balancer });
    return balancer;
  }

  /** The route's rate limits, in line with its spec; null when it has none. */
  rateLimiter(routeId: string, { rateLimits }: RouteSpec): RateLimiter | null {
    if (rateLimits.length === 0) {
      this.#rateLimiters.delete(routeId);
      return null;
    }
    const limiter = this.#rateLimiters.get(routeId) ?? new RateLimiter();
    this.#rateLimiters.set(routeId, limiter);
    limiter.configure(rateLimits, this.#clock.monotonicMs());
    return limiter;
  }

  /** Forgets what the policy no longer mentions. Calls in flight keep what they hold. */
  retain(commandKeys: ReadonlySet<string>, routeIds: ReadonlySet<string>): void {
    for (const key of this.#commands.keys()) if (!commandKeys.has(key)) this.#commands.delete(key);
    for (const id of this.#balancers.keys()) if (!routeIds.has(id)) this.#balancers.delete(id);
    for (const id of this.#rateLimiters.keys()) if (!routeIds.has(id)) this.#rateLimiters.delete(id);
    this.#saved = new Map();
  }

  /** Open and half-open breakers, by command key, for the next start. */
  save(): Map<string, SavedBreaker> {
    const saved = new Map<string, SavedBreaker>();
    for (const [key, command] of this.#commands) {
      const state = command.breaker.save(this.#clock.monotonicMs(), this.#clock.nowMs());
      if (state !== null) saved.set(key, state);
    }
    return saved;
  }
}
