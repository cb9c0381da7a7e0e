import type { CallOutcome } from "#domain/breaker.ts";
import { afterCheck, UNKNOWN_HEALTH, type HealthVerdict } from "#domain/health-verdict.ts";
import { isCallable, type Instance } from "#domain/instance.ts";
import { mayEject, OutlierRecord } from "#domain/outlier.ts";
import { defaultServicePolicy, type HealthCheck, type ServicePolicySpec } from "#domain/service-policy.ts";
import type { HeldInstances } from "./held-instances.ts";
import type { RegistryNews } from "./registry-news.ts";

/** What this gateway knows of one instance besides its registration. Outlives snapshots. */
export class InstanceState {
  readonly id: string;
  /** When it was first seen, monotonic, ms; -Infinity when it was there at the start. */
  readonly sinceMs: number;
  readonly outlier = new OutlierRecord();
  inFlight = 0;
  readonly #service: ServiceState;
  #health: HealthVerdict = UNKNOWN_HEALTH;

  constructor(service: ServiceState, id: string, sinceMs: number) {
    this.#service = service;
    this.id = id;
    this.sinceMs = sinceMs;
  }

  get health(): HealthVerdict["kind"] {
    return this.#health.kind;
  }

  /** How it is to be checked; null: not at all. */
  get healthCheck(): HealthCheck | null {
    return this.#service.policy.healthCheck;
  }

  healthyAt(nowMs: number): boolean {
    return this.#health.kind !== "unhealthy" && !this.outlier.ejectedAt(nowMs);
  }

  /** How a call to it ended. A caller that went away says nothing about it. */
  called(outcome: CallOutcome, nowMs: number): void {
    if (outcome === "success") this.outlier.succeeded();
    else if (outcome !== "abandoned") this.#service.failed(this, nowMs);
  }

  /** What a health check found at `nowMs` (monotonic); null: it is not checked any more, and nothing is known. */
  checked(passed: boolean | null, nowMs: number): void {
    const { healthCheck } = this.#service.policy;
    const before = this.#health.kind;
    this.#health =
      passed === null || healthCheck === null ? UNKNOWN_HEALTH : afterCheck(this.#health, passed, healthCheck);
    const { kind } = this.#health;
    if (kind === before) return;
    this.#service.changed();
    if (kind === "unhealthy" || before === "unhealthy") this.#service.healthTurned(this, kind, nowMs);
  }
}

/** An instance was taken out, or its health checks found it otherwise than before. Times are monotonic ms. */
export interface InstanceNews {
  readonly service: ServiceState;
  readonly instance: InstanceState;
  readonly turn: "ejected" | "unhealthy" | "healthy";
  readonly atMs: number;
  /** For people. */
  readonly cause: string;
}

/** A service as this gateway has it: its policy, and the state of its instances. */
export class ServiceState {
  readonly name: string;
  /** Grows with every change of policy, and when an instance goes out: pools share out anew then. */
  version = 0;
  #held: HeldInstances | null = null;
  #policy: ServicePolicySpec;
  #published: ServicePolicySpec | null = null;
  #instances = new Map<string, InstanceState>();
  readonly #onNews: ((news: InstanceNews) => void) | undefined;

  constructor(name: string, onNews?: (news: InstanceNews) => void) {
    this.name = name;
    this.#onNews = onNews;
    this.#policy = defaultServicePolicy(name);
  }

  get policy(): ServicePolicySpec {
    return this.#policy;
  }

  /** Which of its instances people hold; null: none. */
  get held(): HeldInstances | null {
    return this.#held;
  }

  get instances(): Iterable<InstanceState> {
    return this.#instances.values();
  }

  of(instance: Instance): InstanceState | undefined {
    return this.#instances.get(identity(instance));
  }

  /** Null: the defaults. */
  configure(published: ServicePolicySpec | null, nowMs: number): void {
    if (published === this.#published) return;
    this.#published = published;
    this.#policy = published ?? defaultServicePolicy(this.name);
    this.version += 1;
    for (const state of this.instances) {
      if (!this.#policy.outlier.enabled) state.outlier.readmit(nowMs);
      if (this.#policy.healthCheck === null) state.checked(null, nowMs);
    }
  }

  hold(held: HeldInstances | null): void {
    if (held === this.#held) return;
    this.#held = held;
    this.version += 1;
  }

  /** Its instances as registered now, as far as they can be called; `sinceMs` is for those not known yet. */
  follow(instances: readonly Instance[], sinceMs: number): void {
    this.#instances = new Map(
      instances.filter(isCallable).map((instance) => {
        const key = identity(instance);
        return [key, this.#instances.get(key) ?? new InstanceState(this, instance.id, sinceMs)];
      }),
    );
  }

  changed(): void {
    this.version += 1;
  }

  has(state: InstanceState): boolean {
    for (const one of this.instances) if (one === state) return true;
    return false;
  }

  /** One of its instances became unhealthy, or is so no more. */
  healthTurned(instance: InstanceState, health: HealthVerdict["kind"], atMs: number): void {
    const turn = health === "unhealthy" ? "unhealthy" : "healthy";
    const cause = health === "unknown" ? "it is not checked any more" : HEALTH_CAUSES[turn];
    this.#onNews?.({ service: this, instance, turn, atMs, cause });
  }

  /** A call failed: ejects the instance when that was one too many, and enough others are left. */
  failed(state: InstanceState, nowMs: number): void {
    const { outlier } = this.#policy;
    if (!outlier.enabled || !state.outlier.failed(outlier, nowMs)) return;
    let total = 0;
    let ejected = 0;
    for (const other of this.instances) {
      // One that a person took out is not there to go on in its place.
      if (this.#held?.modeOf(other.id) === "forced-open") continue;
      total += 1;
      if (other.outlier.ejectedAt(nowMs)) ejected += 1;
    }
    if (!mayEject(total, ejected, outlier.maxPercent)) return;
    state.outlier.eject(outlier, nowMs);
    this.changed();
    const cause = `${outlier.consecutiveFailures} failures in a row`;
    this.#onNews?.({ service: this, instance: state, turn: "ejected", atMs: nowMs, cause });
  }
}

const HEALTH_CAUSES = { unhealthy: "health checks failed", healthy: "health checks passed" } as const;

/** All services the registry has. */
export class ServiceStates {
  readonly #services = new Map<string, ServiceState>();
  #started = false;
  readonly #onNews: ((news: InstanceNews) => void) | undefined;

  constructor(onNews?: (news: InstanceNews) => void) {
    this.#onNews = onNews;
  }

  get(service: string): ServiceState | undefined {
    return this.#services.get(service);
  }

  [Symbol.iterator](): Iterator<ServiceState> {
    return this.#services.values();
  }

  /**
   * Brings those that changed in the registry in line with it; what is gone from it is forgotten. Policy has to be told to
   * the services that are new. `readAtMs` is the picture's: until the registry has been read for the first time, nothing in
   * it is new.
   */
  follow({ set, removed }: RegistryNews, readAtMs: number, nowMs: number): void {
    const sinceMs = this.#started ? nowMs : Number.NEGATIVE_INFINITY;
    this.#started ||= readAtMs > 0;
    for (const name of removed) this.#services.delete(name);
    for (const { name, instances } of set) {
      const state = this.#services.get(name) ?? new ServiceState(name, this.#onNews);
      state.follow(instances, sinceMs);
      this.#services.set(name, state);
    }
  }
}

/** The same id at another address is another process. */
function identity({ id, address, port }: Instance): string {
  return `${id} ${address} ${port}`;
}
