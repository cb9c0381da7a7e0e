import { randomUUID } from "node:crypto";
import { EMPTY_REGISTRY, type RegistryPicture } from "#domain/instance.ts";
import { changeSnapshot, type SnapshotChange } from "#domain/snapshot-change.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot } from "#domain/snapshot.ts";
import type { Clock } from "#platform/clock.ts";
import { Lifecycle, type Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import type { AddressRules } from "#platform/address-rules.ts";
import { DataPlane } from "../data-plane.ts";
import { ListenFailure } from "../http-listener.ts";
import type { PolicyFeed, RegistryFeed } from "../live-mesh.ts";
import { CertificateFailure } from "../tls/certificate-store.ts";
import type { UpstreamAuthorities } from "../tls/upstream-tls.ts";
import { addTrafficMetrics } from "../traffic-metrics.ts";
import { openTraffic, type Traffic, type TrafficOptions } from "../traffic.ts";
import { applyRegistryChange, type RegistryChange } from "./feed-change.ts";
import type { Channel, FromWorker, ToWorker } from "./messages.ts";

export interface WorkerOptions {
  readonly id: string;
  readonly dataDir: string;
  readonly zone: string;
  readonly traffic: TrafficOptions;
  readonly rules: AddressRules;
  readonly authorities: UpstreamAuthorities;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when it has drained and stopped, or could not start. */
  readonly onEnd: (code: number) => void;
}

/** What the leading process tells of policy. */
class ToldPolicy implements PolicyFeed {
  #snapshot: PolicySnapshot = EMPTY_SNAPSHOT;
  readonly #heard = Promise.withResolvers<void>();
  readonly #listeners = new Set<() => void>();
  readonly ready = this.#heard.promise;
  version = 0;
  current = (): PolicySnapshot => this.#snapshot;
  /** The leading process knows what was refused, and says so. */
  refused = (): [] => [];
  onSnapshot(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  take(version: number, change: SnapshotChange): void {
    this.version = version;
    this.#snapshot = changeSnapshot(this.#snapshot, change);
    this.#heard.resolve();
    for (const listener of this.#listeners) listener();
  }
}

class ToldRegistry implements RegistryFeed {
  #picture: RegistryPicture = EMPTY_REGISTRY;
  readonly #heard = Promise.withResolvers<void>();
  readonly #listeners = new Set<() => void>();
  readonly ready = this.#heard.promise;
  current = (): RegistryPicture => this.#picture;
  onPicture(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  take(change: RegistryChange): void {
    this.#picture = applyRegistryChange(this.#picture, change);
    this.#heard.resolve();
    for (const listener of this.#listeners) listener();
  }
}

/**
 * One of a gateway's workers: it listens and serves, and is told by the leading process what by. Everything of it is its
 * own: connections, breakers, counters. It ends when it is told to, or when the leading process is gone.
 */
export class Worker implements Part {
  readonly name = "worker";
  readonly #options: WorkerOptions;
  readonly #channel: Channel<FromWorker, ToWorker>;
  readonly #policy = new ToldPolicy();
  readonly #registry = new ToldRegistry();
  readonly #lifecycle: Lifecycle;
  #plane: DataPlane | null = null;
  #traffic: Traffic | null = null;
  #stopping: Promise<void> | undefined;

  constructor(options: WorkerOptions, channel: Channel<FromWorker, ToWorker>) {
    this.#options = options;
    this.#channel = channel;
    this.#lifecycle = new Lifecycle(options.log);
    channel.onMessage((message) => this.#hear(message));
    channel.send({ kind: "hello" });
  }

  /** Drains and stops, once. */
  stop(): Promise<void> {
    this.#stopping ??= (async () => {
      await this.#traffic?.drain();
      await this.#lifecycle.stop();
      this.#options.onEnd(0);
    })();
    return this.#stopping;
  }

  #hear(message: ToWorker): void {
    switch (message.kind) {
      case "start":
        void this.#start(message).catch((error: unknown) => this.#failed(error));
        return;
      case "policy":
        return this.#policy.take(message.version, message.change);
      case "registry":
        return this.#registry.take(message.change);
      case "measure":
        void this.#measure(message.request);
        return;
      case "drain":
        void this.stop();
    }
  }

  async #start({ worker, guarded, informed }: Extract<ToWorker, { kind: "start" }>): Promise<void> {
    const { rules, traffic, clock, log } = this.#options;
    for (const endpoint of guarded) rules.guard(endpoint);
    const plane = await this.#lifecycle.start(() =>
      DataPlane.open({
        ...this.#options,
        worker,
        ...(this.#options.traffic.sharers === undefined ? {} : { sharers: this.#options.traffic.sharers }),
        run: randomUUID(),
        policy: this.#policy,
        registry: this.#registry,
        lastGood: null,
        onWindow: (window) => {
          const certificates = this.#traffic?.certificates?.list() ?? [];
          this.#channel.send({ kind: "report", window, instances: plane.instances(), certificates });
        },
      }),
    );
    this.#plane = plane;
    plane.onApplied(({ policy }) => {
      if (policy === this.#policy.current()) this.#channel.send({ kind: "applied", version: this.#policy.version });
    });
    // Whoever comes at once must not be told that there is nothing.
    if (informed) await Promise.all([this.#policy.ready, this.#registry.ready]);
    this.#traffic = await openTraffic(plane, traffic, { rules, clock, log }, this.#lifecycle);
    addTrafficMetrics(plane.metrics.registry, this.#traffic);
    const { edgePort, tlsPort, egressPorts } = this.#traffic;
    this.#channel.send({ kind: "ready", edgePort, tlsPort, egressPorts });
  }

  async #measure(request: number): Promise<void> {
    const metrics = (await this.#plane?.metrics.registry.getMetricsAsJSON()) ?? [];
    this.#channel.send({ kind: "measured", request, metrics });
  }

  #failed(error: unknown): void {
    const listener =
      error instanceof ListenFailure
        ? { name: error.listener, host: error.host, port: error.port, code: error.code }
        : null;
    const message = error instanceof Error ? error.message : String(error);
    const certificates = error instanceof CertificateFailure;
    this.#channel.send({ kind: "failed", message, listener, certificates });
    this.#options.log.error({ err: error }, "the worker could not start");
    this.#options.onEnd(1);
  }
}
