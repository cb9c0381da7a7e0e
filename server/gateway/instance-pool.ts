import { WeightedRoundRobin } from "#domain/balancer.ts";
import { HashRing } from "#domain/hash-ring.ts";
import { shareOut, type Shares } from "#domain/instance-shares.ts";
import type { RequestKey } from "#domain/route-actions.ts";
import { hashShare, mixBits, stableHash } from "#domain/stable-hash.ts";
import { lessLoadedOfTwo, WeightedDraw } from "#domain/weighted-draw.ts";
import type { ServiceState } from "./instance-state.ts";
import type { Pool, PoolMember } from "./mesh.ts";

/** One share in a policy (`InstanceSetting.weight`). */
const USUAL_WEIGHT = 100;
/** While instances are on their slow start, shares are worked out anew in a hundredth of it, but no more often than this, ms. */
const SHORTEST_STEP_MS = 50;

/**
 * Picks among the instances of a subset by the service's policy. How they share is worked out when something changes, not per
 * request; whose turn it is carries over to the pool that replaces this one.
 */
export class InstancePool implements Pool {
  readonly members: readonly PoolMember[];
  readonly #service: ServiceState;
  readonly #turns: WeightedRoundRobin;
  readonly #chance: () => number;
  readonly #load = (index: number): number => this.members[index]?.state.inFlight ?? 0;
  #shares: Shares = { weights: [], panic: false, localShare: 1, growing: false };
  #draw: WeightedDraw | null = null;
  #ring: HashRing | null = null;
  #version = -1;
  /** Of what is held, as far as it decided the shares. */
  #phase = 0;
  #untilMs = Number.NEGATIVE_INFINITY;

  constructor(
    service: ServiceState,
    members: readonly PoolMember[],
    previous?: InstancePool,
    chance: () => number = Math.random,
  ) {
    this.#service = service;
    this.members = members;
    this.#chance = chance;
    this.#turns = previous?.turnsFor(members) ?? new WeightedRoundRobin();
  }

  get hashedBy(): RequestKey | null {
    const { balancing } = this.#service.policy;
    return balancing.kind === "hash" ? balancing.by : null;
  }

  /** Whether another pool's members would be the same: then this one goes on. */
  holds(members: readonly PoolMember[]): boolean {
    return (
      members.length === this.members.length &&
      members.every(({ state, weight, local, instance }, index) => {
        const known = this.members[index];
        return (
          known?.state === state &&
          known.weight === weight &&
          known.local === local &&
          known.instance.origin === instance.origin
        );
      })
    );
  }

  pick(nowMs: number, key: string | null, tried: readonly PoolMember[]): PoolMember | null {
    this.#shareIfDue(nowMs);
    const hash = key === null ? null : stableHash(key);
    const index = tried.length === 0 ? this.#next(hash, tried) : this.#other(hash, tried);
    return this.members[index] ?? null;
  }

  hasAnother(nowMs: number, tried: readonly PoolMember[]): boolean {
    this.#shareIfDue(nowMs);
    return this.members.some((member, index) => this.#used(index) && !isTried(member, tried));
  }

  forcedOut(): boolean {
    const { held } = this.#service;
    if (held === null || this.members.length === 0) return false;
    return this.members.every(({ state }) => held.modeOf(state.id) === "forced-open");
  }

  /** Turns that go on where these are, for the pool that replaces this one; requests of older snapshots still pick here. */
  turnsFor(members: readonly PoolMember[]): WeightedRoundRobin {
    const before = new Map(this.members.map(({ state }, index) => [state, index]));
    const from = members.map(({ state }) => before.get(state) ?? -1);
    const weights = from.map((index) => this.#shares.weights[index] ?? 0);
    return new WeightedRoundRobin(weights, this.#turns, from);
  }

  #used(index: number): boolean {
    return (this.#shares.weights[index] ?? 0) > 0;
  }

  #next(hash: number | null, tried: readonly PoolMember[]): number {
    const { balancing } = this.#service.policy;
    switch (balancing.kind) {
      case "least-requests":
        this.#draw ??= new WeightedDraw(this.#shares.weights);
        return lessLoadedOfTwo(this.#draw, this.#shares.weights, this.#load, this.#chance);
      case "random":
        this.#draw ??= new WeightedDraw(this.#shares.weights);
        return this.#draw.one(this.#chance());
      case "hash":
        return hash === null ? this.#turns.pick() : this.#hashed(hash, tried);
      case "round-robin":
        return this.#turns.pick();
    }
  }

  /** One that was not tried, if any may be used; whoever is passed over loses a turn. */
  #other(hash: number | null, tried: readonly PoolMember[]): number {
    const untried = (index: number): boolean => {
      const member = this.members[index];
      return member !== undefined && this.#used(index) && !isTried(member, tried);
    };
    for (let round = 0; round < this.members.length; round += 1) {
      const index = this.#next(hash, tried);
      if (untried(index)) return index;
      if (index === -1) break;
    }
    const left = this.members.findIndex((_, index) => untried(index));
    return left === -1 ? this.#next(hash, []) : left;
  }

  /**
   * Where the key belongs among those in use. While some requests spill over to other places, the key itself decides
   * on which side it is, so that it stays there.
   */
  #hashed(hash: number, tried: readonly PoolMember[]): number {
    this.#ring ??= new HashRing(
      this.members.map(({ state, weight }) => ({ name: state.id, weight })),
      USUAL_WEIGHT,
    );
    const { localShare } = this.#shares;
    const spilling = localShare > 0 && localShare < 1;
    const local = hashShare(mixBits(hash + 1)) < localShare;
    return this.#ring.find(hash, (index) => {
      const member = this.members[index];
      if (member === undefined || !this.#used(index)) return false;
      return (!spilling || member.local === local) && !isTried(member, tried);
    });
  }

  #shareIfDue(nowMs: number): void {
    const { policy, version, held } = this.#service;
    const phase = held === null ? 0 : held.phase;
    if (this.#version === version && this.#phase === phase && nowMs < this.#untilMs) return;
    const sharers = this.members.map(({ state, weight, local }) => {
      const mode = held?.modeOf(state.id) ?? null;
      const healthy = mode === "forced-closed" || state.healthyAt(nowMs);
      return { weight, local, healthy, out: mode === "forced-open", sinceMs: state.sinceMs };
    });
    this.#shares = shareOut(sharers, policy, nowMs);
    this.#turns.reweigh(this.#shares.weights);
    this.#draw = null;
    this.#version = version;
    this.#phase = phase;
    this.#untilMs = this.#shares.growing
      ? nowMs + Math.max(SHORTEST_STEP_MS, policy.slowStartMs / 100)
      : Number.POSITIVE_INFINITY;
    // Whoever is out comes back by itself.
    for (const { state } of this.members) {
      if (state.outlier.ejectedAt(nowMs)) this.#untilMs = Math.min(this.#untilMs, state.outlier.untilMs);
    }
  }
}

function isTried(member: PoolMember, tried: readonly PoolMember[]): boolean {
  return tried.some(({ state }) => state === member.state);
}
