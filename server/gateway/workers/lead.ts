import { randomUUID } from "node:crypto";
import { Registry } from "prom-client";
import type { RefusedDocument } from "#domain/gateway-info.ts";
import { snapshotChange } from "#domain/snapshot-change.ts";
import type { TrafficWindow } from "#domain/traffic.ts";
import { systemClock, type Clock } from "#platform/clock.ts";
import { GatewayHystrix } from "#telemetry/gateway-hystrix.ts";
import { GatewayMerge } from "#telemetry/gateway-merge.ts";
import { GatewayStream } from "#telemetry/gateway-stream.ts";
import type { serveAdmin } from "../admin.ts";
import type { InstanceReading } from "../instance-readings.ts";
import { stateFiles } from "../last-good.ts";
import { appliedBefore, AppliedNews, type Applied } from "../applied-news.ts";
import { LiveMesh } from "../live-mesh.ts";
import type { Mesh } from "../mesh.ts";
import { addControlMetrics } from "../metrics.ts";
import { RuntimeState } from "../runtime-state.ts";
import { reasonsNotReady, type GatewayOptions } from "../start-gateway.ts";
import { StateKeeper } from "../state-keeper.ts";
import type { CertificateStatus } from "../tls/certificate-store.ts";
import { registryChange } from "./feed-change.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { WorkerFleet, type WorkerProcess } from "./worker-fleet.ts";
import { addWorkerMetrics, WorkerMetrics } from "./worker-metrics.ts";

export interface WorkersOptions extends Pick<
  GatewayOptions,
  | "id"
  | "dataDir"
  | "policy"
  | "registry"
  | "lastGood"
  | "zone"
  | "admin"
  | "drainMs"
  | "session"
  | "version"
  | "clock"
  | "log"
> {
  readonly workers: number;
  readonly fork: () => WorkerProcess;
}

const WINDOW_MS = 1000;
/** What a worker may take to stop beyond its drain, ms. */
const STOP_SLACK_MS = 2000;

/** How a worker stands, as it said last. */
interface Report {
  readonly instances: readonly InstanceReading[];
  readonly certificates: readonly CertificateStatus[];
}

/** The process that leads the workers. */
export class Lead {
  readonly name = "lead";
  readonly fleet: WorkerFleet;
  readonly hystrix: GatewayHystrix;
  readonly #options: WorkersOptions;
  readonly #clock: Clock;
  readonly #run = randomUUID();
  readonly #live: LiveMesh;
  readonly #keeper: StateKeeper;
  readonly #stream: GatewayStream;
  readonly #merge = new GatewayMerge();
  readonly #metrics: WorkerMetrics;
  readonly #registry = new Registry();
  readonly #timer: NodeJS.Timeout;
  readonly #reports = new Map<number, Report>();
  readonly #news: AppliedNews;
  /** The latest version of policy each worker has put in force. */
  readonly #applied = new Map<number, number>();
  readonly #guarded: { host: string; port: number }[] = [];
  #told: Mesh | null = null;
  /** What was refused of the policy in `#told`. */
  #refused: readonly RefusedDocument[] = [];
  #version = 0;
  /** The last version that listeners were told all workers have. */
  #announced = 0;
  #kept = Promise.resolve();
  #draining = false;
  #sequence = 0;
  #windowStartMs: number;

  constructor(options: WorkersOptions) {
    const { clock = systemClock, log, id, dataDir, policy, registry, lastGood } = options;
    this.#options = options;
    this.#clock = clock;
    this.#news = new AppliedNews(appliedBefore(lastGood, clock.nowMs()));
    this.#windowStartMs = clock.nowMs();
    this.#stream = new GatewayStream(this.#run, clock);
    this.hystrix = new GatewayHystrix(clock);
    this.#keeper = new StateKeeper({ ...stateFiles(dataDir, id), breakers: null }, log, {
      breakers: () => new Map(),
      registry: () => this.#told?.registry ?? null,
      onPolicyUnsaved: (problem) => this.#news.unkept(this.#told?.policy.source.revision ?? 0, problem),
    });
    this.fleet = new WorkerFleet({
      count: options.workers,
      fork: options.fork,
      greeting: (worker) => this.#greeting(worker),
      onMessage: (worker, message) => this.#hear(worker, message),
      onLost: (worker) => this.#lost(worker),
      stopMs: options.drainMs + STOP_SLACK_MS,
      log,
    });
    this.#metrics = new WorkerMetrics((request) => {
      this.fleet.broadcast({ kind: "measure", request });
      return this.fleet.ready;
    });
    this.#live = new LiveMesh({
      gatewayId: id,
      policy,
      registry,
      lastGood,
      // Nothing is served here; its breakers stay as they are.
      state: new RuntimeState(
        clock,
        new Map(),
        () => undefined,
        () => undefined,
      ),
      zone: options.zone ?? "",
      onChange: (mesh, what) => this.#changed(mesh, what),
      log,
    });
    addWorkerMetrics(this.#registry, this.fleet);
    addControlMetrics(this.#registry, {
      revision: () => this.#live.current()?.policy.source.revision ?? 0,
      session: options.session ?? (() => null),
      telemetryReaders: () => this.#stream.readers,
      telemetryBuffer: () => this.#stream.buffer,
      version: options.version ?? "",
    });
    this.#timer = setInterval(() => this.#closeWindow(), WINDOW_MS);
    this.#timer.unref();
  }

  /** What they counted last reaches the readers of the stream. */
  async stopWorkers(): Promise<void> {
    await this.fleet.stop();
    this.#closeWindow();
    await this.#stream.stop();
  }

  guard(endpoint: { host: string; port: number }): void {
    this.#guarded.push(endpoint);
  }

  drain(): void {
    this.#draining = true;
  }

  adminSources(): Parameters<typeof serveAdmin>[0] {
    return {
      gatewayId: this.#options.id,
      mesh: () => this.#live.current(),
      origin: () => this.#live.origin(),
      refused: () => this.#live.refused(),
      instances: () =>
        [...this.#reports].flatMap(([worker, { instances }]) => instances.map((reading) => ({ ...reading, worker }))),
      notReady: () => [
        ...reasonsNotReady(this.#live, this.#draining),
        ...(this.fleet.ready.length === 0 ? ["no worker is ready"] : []),
      ],
      certificates: () => [...this.#reports.values()][0]?.certificates ?? [],
      metrics: async () => `${await this.#registry.metrics()}\n${await this.#metrics.render()}`,
      stream: this.#stream,
      hystrix: this.hystrix,
    };
  }

  onApplied(listener: (applied: Applied) => void): () => void {
    return this.#news.add(listener);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#live.stop();
    this.#closeWindow();
    await this.#stream.stop();
    await this.#keeper.stop();
  }

  #inForce(): Applied {
    return {
      policy: this.#live.current()?.policy.source ?? this.#options.policy.current(),
      refused: this.#refused,
      atMs: Math.round(this.#clock.nowMs()),
    };
  }

  #changed(mesh: Mesh, what: "policy" | "registry"): void {
    const before = this.#told;
    this.#told = mesh;
    if (what === "registry" || before?.registry !== mesh.registry) {
      const change = registryChange(before?.registry ?? null, mesh.registry);
      this.fleet.broadcast({ kind: "registry", change });
      this.#keeper.registryChanged();
      if (what === "registry") return;
    }
    this.#version += 1;
    this.#refused = this.#options.policy.refused();
    const change = snapshotChange(before?.policy.source ?? null, mesh.policy.source);
    this.fleet.broadcast({ kind: "policy", version: this.#version, change });
    this.#kept = this.#keeper.policyChanged(mesh.policy.source);
    this.#announceIfApplied();
  }

  #greeting(worker: number): ToWorker[] {
    const mesh = this.#told;
    const start = { kind: "start", worker, guarded: this.#guarded, informed: mesh !== null } as const;
    if (mesh === null) return [start];
    return [
      start,
      { kind: "registry", change: registryChange(null, mesh.registry) },
      { kind: "policy", version: this.#version, change: snapshotChange(null, mesh.policy.source) },
    ];
  }

  #hear(worker: number, message: FromWorker): void {
    if (message.kind === "report") {
      this.#merge.add(worker, message.window);
      this.#reports.set(worker, message);
    } else if (message.kind === "measured") this.#metrics.take(worker, message.request, message.metrics);
    else if (message.kind === "applied") {
      this.#applied.set(worker, message.version);
      this.#announceIfApplied();
    } else if (message.kind === "ready") this.#announceIfApplied();
  }

  #lost(worker: number): void {
    this.#merge.forget(worker);
    this.#reports.delete(worker);
    this.#applied.delete(worker);
    this.#metrics.forget(worker);
    this.#announceIfApplied();
  }

  /** A version is in force once it is so wherever requests are served, and is on disk. */
  #announceIfApplied(): void {
    const version = this.#version;
    const { ready } = this.fleet;
    if (version === this.#announced || ready.length === 0) return;
    if (!ready.every((worker) => this.#applied.get(worker) === version)) return;
    this.#announced = version;
    const applied = this.#inForce();
    void this.#kept.then(() => this.#news.kept(applied));
  }

  #closeWindow(): void {
    this.#sequence += 1;
    const endMs = this.#clock.nowMs();
    const window: TrafficWindow = {
      sequence: this.#sequence,
      run: this.#run,
      gatewayId: this.#options.id,
      // A clock that was set back must not end it before it began.
      startMs: Math.min(this.#windowStartMs, endMs),
      endMs,
      ...this.#merge.take(),
    };
    this.#windowStartMs = endMs;
    this.#stream.publish(window);
    this.hystrix.take(window);
  }
}
