import type { Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import { authorityOf } from "#domain/instance.ts";
import { mapChange } from "#domain/persistent-map.ts";
import type { HealthCheck } from "#domain/service-policy.ts";
import { Deadline, type DeadlineWheel } from "./deadline-wheel.ts";
import type { InstanceState } from "./instance-state.ts";
import type { Mesh, MeshInstance, PoolMember } from "./mesh.ts";
import type { UpstreamClient, UpstreamExchange, UpstreamHandler } from "./upstream/upstream.ts";

/** How often it is looked for checks that are due, ms. */
const LOOK_MS = 100;
/** Checks under way at once; the others wait. */
const MAX_RUNNING = 32;
/** Checks of one instance are this much apart, as a part of the interval: gateways must not fall into step. */
const EARLIEST = 0.9;
const LATEST = 1.1;
/** An instance that was not checked before is checked within this time, ms. */
const FIRST_WITHIN_MS = 1000;
/** Of an answer's body so much is read, to keep the connection. */
const MAX_BODY_BYTES = 64 * 1024;

export interface HealthCheckerOptions {
  readonly upstreams: UpstreamClient;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
}

interface Checked {
  readonly instance: MeshInstance;
  readonly settings: HealthCheck;
  /** Monotonic, ms. */
  dueMs: number;
  /** The check under way. */
  running: Check | null;
}

/**
 * Asks the instances of services whose policy wants it by itself: `GET`, and any 2xx or 3xx in time is well. What it finds
 * goes to the instance's state; whether an instance is used is decided where they share out. One timer for all.
 */
export class HealthChecker implements Part {
  readonly name = "health checks";
  readonly #options: HealthCheckerOptions;
  #checked = new Map<InstanceState, Checked>();
  /** By key: members of the pools whose service is checked. */
  readonly #pools = new Map<string, readonly PoolMember[]>();
  #followed: Mesh | null = null;
  #timer: NodeJS.Timeout | undefined;
  #running = 0;

  constructor(options: HealthCheckerOptions) {
    this.#options = options;
  }

  /**
   * From now on checks who gets requests in this mesh, as its policy says, and nobody else. Costs what is checked, and what is
   * different from the mesh before.
   */
  follow(mesh: Mesh): void {
    if (!this.#followPools(mesh)) return;
    const nowMs = this.#options.clock.monotonicMs();
    const before = this.#checked;
    this.#checked = new Map();
    for (const members of this.#pools.values()) {
      for (const { instance, state } of members) {
        const settings = state.healthCheck;
        if (settings === null) continue;
        const known = before.get(state);
        const first = nowMs + Math.random() * Math.min(settings.intervalMs, FIRST_WITHIN_MS);
        const dueMs = Math.min(known?.dueMs ?? first, nowMs + settings.intervalMs * LATEST);
        this.#checked.set(state, { instance, settings, dueMs, running: known?.running ?? null });
      }
    }
    for (const [state, { running }] of before) if (!this.#checked.has(state)) running?.cancel();
    if (this.#checked.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Keeps those pools in mind whose service is checked; returns whether anything about them may be different. */
  #followPools(mesh: Mesh): boolean {
    const before = this.#followed;
    this.#followed = mesh;
    const policies = mapChange(before?.policy.source.services ?? new Map(), mesh.policy.source.services);
    const { set, removed } = mapChange(before?.pools ?? new Map(), mesh.pools);
    const changed = new Set([...set.map(([key]) => key), ...removed]);
    for (const service of [...policies.set.map(([name]) => name), ...policies.removed])
      for (const key of mesh.policy.poolsOf.get(service) ?? []) changed.add(key);
    let isChanged = false;
    for (const key of changed) {
      const members = mesh.pools.get(key)?.members ?? [];
      const isChecked = members.some(({ state }) => state.healthCheck !== null);
      isChanged ||= isChecked || this.#pools.has(key);
      if (isChecked) this.#pools.set(key, members);
      else this.#pools.delete(key);
    }
    return isChanged;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const { running } of this.#checked.values()) running?.cancel();
    this.#checked.clear();
  }

  #look(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const [state, checked] of this.#checked) {
      if (this.#running >= MAX_RUNNING) return;
      if (checked.running === null && checked.dueMs <= nowMs) this.#check(state, checked);
    }
  }

  #check(state: InstanceState, { instance, settings }: Checked): void {
    this.#running += 1;
    const check = new Check(settings, this.#options.wheel, (passed) => {
      this.#running -= 1;
      // Policy may have changed meanwhile, and the entry with it.
      const current = this.#checked.get(state);
      if (current?.running !== check) return;
      current.running = null;
      const part = EARLIEST + Math.random() * (LATEST - EARLIEST);
      current.dueMs = this.#options.clock.monotonicMs() + current.settings.intervalMs * part;
      if (passed !== null) state.checked(passed, this.#options.clock.monotonicMs());
    });
    const checked = this.#checked.get(state);
    if (checked !== undefined) checked.running = check;
    check.begin(this.#options.upstreams, instance);
  }
}

/** One question to one instance. */
class Check implements UpstreamHandler {
  readonly #settings: HealthCheck;
  readonly #wheel: DeadlineWheel;
  readonly #deadline: Deadline;
  /** Told once; null: it was cancelled, and nothing was found. */
  readonly #onResult: (passed: boolean | null) => void;
  #exchange: UpstreamExchange | null = null;
  #well = false;
  #bytes = 0;
  #over = false;

  constructor(settings: HealthCheck, wheel: DeadlineWheel, onResult: (passed: boolean | null) => void) {
    this.#settings = settings;
    this.#wheel = wheel;
    this.#onResult = onResult;
    this.#deadline = new Deadline(() => this.#cut(false));
  }

  begin(upstreams: UpstreamClient, instance: MeshInstance): void {
    this.#wheel.arm(this.#deadline, this.#settings.timeoutMs);
    this.#exchange = upstreams.send(
      instance,
      {
        method: "GET",
        target: this.#settings.path,
        headers: ["host", authorityOf(instance), "user-agent", "meshkeeper-health-check", "accept", "*/*"],
        body: null,
        contentLength: null,
        upgrade: false,
      },
      this,
    );
  }

  cancel(): void {
    this.#cut(null);
  }

  /** The time runs from the start. */
  onSent(): void {}

  onHead(status: number): void {
    this.#well = status >= 200 && status < 400;
  }

  onData(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_BODY_BYTES) this.#cut(this.#well);
  }

  onEnd(): void {
    this.#finish(this.#well);
  }

  onFailure(): void {
    this.#finish(false);
  }

  /** Never asked for. */
  onUpgrade: UpstreamHandler["onUpgrade"] = (_headers, socket) => {
    socket.destroy();
    this.#finish(false);
  };

  #cut(passed: boolean | null): void {
    if (this.#over) return;
    this.#finish(passed);
    this.#exchange?.abort();
  }

  #finish(passed: boolean | null): void {
    if (this.#over) return;
    this.#over = true;
    this.#wheel.disarm(this.#deadline);
    this.#onResult(passed);
  }
}
