import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { parseAddressRange } from "#domain/address-range.ts";
import { BreakerPolicySpec, breakerTargetId } from "#domain/breaker-policy.ts";
import { EMPTY_REGISTRY, type Instance, type RegistryPicture } from "#domain/instance.ts";
import { overrideId, type OverrideSpec } from "#domain/override.ts";
import { RouteSpec, type RouteDraft } from "#domain/route.ts";
import { ServicePolicySpec, type ServicePolicyDraft } from "#domain/service-policy.ts";
import { testInstance } from "#domain/test-instance.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot, type Published } from "#domain/snapshot.ts";
import { z } from "zod";
import { AddressRules } from "#platform/address-rules.ts";
import { startGateway, type Gateway, type GatewayOptions } from "../start-gateway.ts";
import type { InstanceReading } from "../instance-readings.ts";
import type { PolicyFeed, RegistryFeed } from "../live-mesh.ts";
import { startPeer, type Peer, type PeerHandler } from "./peer.ts";

export type RouteShape = Omit<RouteDraft, "matches"> & { matches?: RouteDraft["matches"] };

/** The part of `/config` that tests look at. */
const Config = z.object({
  instances: z.array(
    z.object({
      service: z.string(),
      id: z.string(),
      inFlight: z.int(),
      ejections: z.int(),
      ejectedUntilMs: z.int().nullable(),
      health: z.enum(["unknown", "healthy", "unhealthy"]),
    }),
  ),
}) satisfies z.ZodType<{ instances: InstanceReading[] }>;

/** A source of policy that a test publishes to by hand. */
class HandFedPolicy implements PolicyFeed {
  #snapshot: PolicySnapshot = EMPTY_SNAPSHOT;
  readonly #listeners = new Set<() => void>();
  readonly #heard = Promise.withResolvers<void>();
  readonly ready = this.#heard.promise;
  current = (): PolicySnapshot => this.#snapshot;
  refused = (): [] => [];
  onSnapshot(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  publish(change: Partial<PolicySnapshot>): void {
    this.#snapshot = { ...this.#snapshot, incarnation: "test", revision: this.#snapshot.revision + 1, ...change };
    this.#heard.resolve();
    for (const listener of this.#listeners) listener();
  }
}

/** A registry that a test fills by hand. */
class HandFedRegistry implements RegistryFeed {
  #picture: RegistryPicture = EMPTY_REGISTRY;
  readonly #listeners = new Set<() => void>();
  readonly #heard = Promise.withResolvers<void>();
  readonly ready = this.#heard.promise;
  current = (): RegistryPicture => this.#picture;
  onPicture(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  set(instances: readonly Instance[]): void {
    const names = [...new Set(instances.map(({ service }) => service))].sort();
    this.#picture = {
      ...EMPTY_REGISTRY,
      readAtMs: Date.now(),
      services: names.map((name) => ({
        name,
        instances: instances.filter(({ service }) => service === name),
        unreadable: [],
      })),
    };
    this.#heard.resolve();
    for (const listener of this.#listeners) listener();
  }
}

/** A gateway in this process, with hand-fed policy and registry, and real peers on loopback. */
export class TestMesh {
  readonly policy = new HandFedPolicy();
  readonly registry = new HandFedRegistry();
  readonly peers: Peer[] = [];
  dataDir = "";
  #gateway: Gateway | null = null;
  #instances: Instance[] = [];
  readonly #breakers = new Map<string, Published<BreakerPolicySpec>>();
  readonly #overrides = new Map<string, Published<OverrideSpec>>();
  readonly #services = new Map<string, Published<ServicePolicySpec>>();
  readonly #routes = new Map<string, Published<RouteSpec>>();

  static async start(options: Partial<GatewayOptions> = {}): Promise<TestMesh> {
    const mesh = new TestMesh();
    mesh.dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "meshkeeper-gateway-")));
    mesh.#gateway = await startGateway({
      id: "gw-test",
      edge: { host: "127.0.0.1", port: 0 },
      admin: { host: "127.0.0.1", port: 0 },
      egress: { host: "127.0.0.1", listeners: [{ service: "storefront", port: 0 }] },
      drainMs: 3000,
      // Each test ends with a stop.
      quietMs: 20,
      dataDir: mesh.dataDir,
      policy: mesh.policy,
      registry: mesh.registry,
      lastGood: null,
      // Peers are on this machine.
      rules: new AddressRules({ allow: ["::/0", "127.0.0.0/8"].flatMap((text) => parseAddressRange(text) ?? []) }),
      log: pino({ level: "silent" }),
      ...options,
    });
    return mesh;
  }

  get gateway(): Gateway {
    if (this.#gateway === null) throw new Error("not started");
    return this.#gateway;
  }

  get edge(): string {
    return `http://127.0.0.1:${this.gateway.edgePort}`;
  }

  get admin(): string {
    return `http://127.0.0.1:${this.gateway.adminPort}`;
  }

  /** Starts a real HTTP server and registers it as an instance. */
  async serve(service: string, handler: PeerHandler, extra: Partial<Instance> = {}): Promise<Peer> {
    const peer = await startPeer(handler);
    this.peers.push(peer);
    this.register({ service, id: extra.id ?? `${service}-${this.peers.length}`, port: peer.port, ...extra });
    return peer;
  }

  register(instance: Partial<Instance> & Pick<Instance, "service" | "id" | "port">): void {
    this.#instances.push(testInstance({ address: "127.0.0.1", ...instance }));
    this.registry.set(this.#instances);
  }

  /** The registry says something else of it from now on. */
  amend(id: string, change: Partial<Instance>): void {
    this.#instances = this.#instances.map((instance) => (instance.id === id ? { ...instance, ...change } : instance));
    this.registry.set(this.#instances);
  }

  deregister(id: string): void {
    this.#instances = this.#instances.filter((instance) => instance.id !== id);
    this.registry.set(this.#instances);
  }

  /** How the gateway says its instances stand, by id. */
  async instances(): Promise<Readonly<Record<string, InstanceReading>>> {
    const answer = await fetch(`${this.admin}/config`);
    const { instances } = Config.parse(await answer.json());
    return Object.fromEntries(instances.map((reading) => [reading.id, reading]));
  }

  /** Publishes a route; without matches it takes everything. */
  route(id: string, shape: RouteShape): void {
    this.#routes.set(id, { id, revision: 1, spec: RouteSpec.parse({ matches: [{}], ...shape }) });
    this.policy.publish({ routes: new Map(this.#routes) });
  }

  breaker(draft: z.input<typeof BreakerPolicySpec>): void {
    const spec = BreakerPolicySpec.parse(draft);
    const id = breakerTargetId(spec.target);
    this.#breakers.set(id, { id, revision: 1, spec });
    this.policy.publish({ breakers: new Map(this.#breakers) });
  }

  servicePolicy(draft: ServicePolicyDraft): void {
    const spec = ServicePolicySpec.parse(draft);
    this.#services.set(spec.service, { id: spec.service, revision: 1, spec });
    this.policy.publish({ services: new Map(this.#services) });
  }

  force(override: Pick<OverrideSpec, "target" | "mode"> & Partial<OverrideSpec>): () => void {
    const spec: OverrideSpec = {
      reason: "test",
      actor: "tester",
      scope: { kind: "fleet" },
      createdAtMs: Date.now(),
      expiresAtMs: null,
      ...override,
    };
    const id = overrideId(spec.target, spec.scope);
    this.#overrides.set(id, { id, revision: 1, spec });
    this.policy.publish({ overrides: new Map(this.#overrides) });
    return () => {
      this.#overrides.delete(id);
      this.policy.publish({ overrides: new Map(this.#overrides) });
    };
  }

  async stop(options: { keepData?: boolean } = {}): Promise<void> {
    await this.#gateway?.stop();
    this.#gateway = null;
    await Promise.all(this.peers.map((peer) => peer.stop()));
    if (options.keepData !== true) await rm(this.dataDir, { recursive: true, force: true });
  }
}
