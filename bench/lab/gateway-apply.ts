import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { policyKey, type PolicyDocument, type PolicyHead } from "#domain/policy.ts";
import { RouteSpec } from "#domain/route.ts";
import type { RegistryPicture } from "#domain/instance.ts";
import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import { DataPlane } from "#gateway/data-plane.ts";
import type { PolicyFeed } from "#gateway/live-mesh.ts";
import { UpstreamAuthorities } from "#gateway/tls/upstream-tls.ts";
import { AddressRules } from "#platform/address-rules.ts";
import { systemClock } from "#platform/clock.ts";
import { encodeDocument, makeHead, RootSum, specHash } from "#zookeeper/codec.ts";
import { applyReading, readNode, type HeldPolicy } from "#zookeeper/read-policy.ts";
import { registryOf } from "../proxies/ours-policy.ts";

/** What one edit cost a gateway. */
export interface EditCost {
  /** From the bytes of the document that was read until requests are served by it, ms. The event loop is blocked for so long. */
  readonly appliedMs: number;
  /** Until it is on the disk, and so acknowledged, ms. */
  readonly durableMs: number;
}

const INCARNATION = "bench";

/**
 * One gateway in this process, without listeners and ZooKeeper, with so many routes, each to a service of its own with one
 * instance. `edit` gives it the bytes it would have read, and follows them to the disk; `instanceComes` and `instanceGoes`
 * the picture it would have made of the registry.
 */
export class GatewayUnderEdits implements PolicyFeed {
  readonly #dataDir = mkdtempSync(join(tmpdir(), "meshkeeper-bench-"));
  readonly #routes: number;
  readonly #listeners = new Set<() => void>();
  readonly #registryListeners = new Set<() => void>();
  #registry: RegistryPicture;
  #turn = 0;
  readonly #sum = new RootSum();
  readonly #documents: PolicyDocument[];
  #head: PolicyHead;
  #held: HeldPolicy = { snapshot: EMPTY_SNAPSHOT, refused: [], verified: false, trusted: null };
  #plane: DataPlane | null = null;
  readonly ready = Promise.resolve();
  readonly current = (): HeldPolicy["snapshot"] => this.#held.snapshot;
  readonly refused = (): HeldPolicy["refused"] => this.#held.refused;

  static async open(routes: number): Promise<GatewayUnderEdits> {
    const gateway = new GatewayUnderEdits(routes);
    await gateway.#start();
    return gateway;
  }

  private constructor(routes: number) {
    this.#routes = routes;
    this.#registry = registryOf(routes, 9);
    this.#documents = Array.from({ length: routes }, (_, index) => documentOf(index, index + 1, 15_000));
    for (const { key, hash } of this.#documents) this.#sum.add(key, hash);
    this.#head = makeHead(INCARNATION, routes, this.#documents);
    this.#take(this.#documents, true);
  }

  onSnapshot(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Changes a route's timeout; each call takes the next route. */
  async edit(): Promise<EditCost> {
    const revision = this.#head.revision + 1;
    const index = (revision * 7919) % this.#routes;
    const document = documentOf(index, revision, 1000 + (revision % 10_000));
    this.#publish(document, index);
    const durable = Promise.withResolvers<void>();
    const stop = this.#plane?.onApplied(({ policy }) => {
      if (policy.revision === revision) durable.resolve();
    });
    const bytes = encodeDocument(document);
    const startedMs = performance.now();
    this.#take([document], false, bytes);
    for (const listener of this.#listeners) listener();
    const appliedMs = performance.now() - startedMs;
    await durable.promise;
    const durableMs = performance.now() - startedMs;
    stop?.();
    return { appliedMs, durableMs };
  }

  /** A second instance of the next service registers; until requests may go to it, ms. */
  instanceComes(): number {
    this.#turn += 1;
    return this.#instances(2);
  }

  /** It is gone again; until requests go to it no more, ms. */
  instanceGoes(): number {
    return this.#instances(1);
  }

  /** Instances of one service that get requests. */
  membersOf(service: string): number {
    return this.#plane?.live.current()?.pools.get(`${service}|`)?.members.length ?? 0;
  }

  async stop(): Promise<void> {
    await this.#plane?.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    this.#plane = await DataPlane.open({
      id: "bench",
      run: "bench",
      dataDir: this.#dataDir,
      policy: this,
      registry: {
        current: () => this.#registry,
        onPicture: (listener) => {
          this.#registryListeners.add(listener);
          return () => void this.#registryListeners.delete(listener);
        },
        ready: Promise.resolve(),
      },
      lastGood: null,
      onWindow: () => undefined,
      rules: new AddressRules(),
      authorities: new UpstreamAuthorities(null),
      clock: systemClock,
      log: pino({ level: "silent" }),
    });
    const first = Promise.withResolvers<void>();
    const stop = this.#plane.onApplied(() => first.resolve());
    await first.promise;
    stop();
  }

  /** As the registry's watch tells it: services without news are the same objects. */
  #instances(count: number): number {
    const at = (this.#turn * 7919) % this.#routes;
    const services = this.#registry.services.map((service, index) => {
      const [first] = service.instances;
      if (index !== at || first === undefined) return service;
      const instances = Array.from({ length: count }, (_, n) => ({ ...first, id: `${service.name}-${n + 1}` }));
      return { ...service, instances: [first, ...instances.slice(1)] };
    });
    this.#registry = { ...this.#registry, services, readAtMs: this.#registry.readAtMs + 1 };
    const startedMs = performance.now();
    for (const listener of this.#registryListeners) listener();
    return performance.now() - startedMs;
  }

  /** What the console does. */
  #publish(document: PolicyDocument, index: number): void {
    const before = this.#documents[index];
    if (before !== undefined) this.#sum.remove(before.key, before.hash);
    this.#sum.add(document.key, document.hash);
    this.#documents[index] = document;
    const { revision } = document;
    const journal = [
      ...this.#head.journal.slice(1),
      [revision, "set", document.key] satisfies PolicyHead["journal"][0],
    ];
    this.#head = { ...this.#head, revision, root: this.#sum.digest(), journal };
  }

  /** What the follower does with what it read. */
  #take(documents: readonly PolicyDocument[], complete: boolean, bytes?: Buffer): void {
    const nodes = documents.map(
      (row) => [row.key, readNode(this.#held, row.key, bytes ?? encodeDocument(row))] as const,
    );
    this.#held = applyReading(this.#held, { head: this.#head, nodes: new Map(nodes), complete });
    if (!this.#held.verified) throw new Error("the documents do not add up to their head");
  }
}

function documentOf(index: number, revision: number, timeoutMs: number): PolicyDocument {
  const spec = RouteSpec.parse({
    matches: [{ path: { kind: "prefix", value: `/service-${index}/v1` } }],
    destinations: [{ service: `service-${index}`, weight: 1 }],
    timeoutMs,
  });
  const key = policyKey("routes", `route-${index}`);
  return { v: 1, key, revision, spec, hash: specHash(spec), incarnation: INCARNATION };
}
