import type { RefusedDocument } from "#domain/gateway-info.ts";
import { EMPTY_REGISTRY, type RegistryPicture } from "#domain/instance.ts";
import type { PolicySnapshot } from "#domain/snapshot.ts";
import type { PolicyOrigin } from "./admin.ts";
import { compileMesh } from "./compile-mesh.ts";
import { PolicyCompiler } from "./compile-policy.ts";
import type { LastGood } from "./last-good.ts";
import type { Mesh } from "./mesh.ts";
import type { RuntimeState } from "./runtime-state.ts";

/** Where policy comes from. */
export interface PolicyFeed {
  current(): PolicySnapshot;
  /** Documents that could not be accepted. */
  refused(): readonly RefusedDocument[];
  onSnapshot(listener: () => void): () => void;
  /** Resolves once `current` is what the source says, and not what was known before. */
  readonly ready: Promise<void>;
}

/** Where instances come from. */
export interface RegistryFeed {
  current(): RegistryPicture;
  onPicture(listener: () => void): () => void;
  readonly ready: Promise<void>;
}

export interface LiveMeshOptions {
  readonly gatewayId: string;
  readonly policy: PolicyFeed;
  readonly registry: RegistryFeed;
  readonly lastGood: LastGood | null;
  readonly state: RuntimeState;
  /** Where the gateway is; empty when nobody said. */
  readonly zone: string;
  /** Called after each change was put in force. */
  readonly onChange: (mesh: Mesh, what: "policy" | "registry") => void;
}

/**
 * What requests are served by, kept up to date: each change compiles a new immutable mesh and swaps it in one
 * assignment. Until the sources have been heard of, the last good one stands in.
 */
export class LiveMesh {
  readonly #options: LiveMeshOptions;
  readonly #undo: (() => void)[];
  readonly #compiler: PolicyCompiler;
  #mesh: Mesh | null = null;
  #policyKnown = false;
  #registryKnown = false;

  constructor(options: LiveMeshOptions) {
    this.#options = options;
    const { gatewayId, policy, registry, lastGood, state } = options;
    this.#compiler = new PolicyCompiler(gatewayId, state);
    if (lastGood !== null) this.#apply("policy");
    this.#undo = [policy.onSnapshot(() => this.#policyChanged()), registry.onPicture(() => this.#registryChanged())];
    void policy.ready.then(() => {
      this.#policyKnown = true;
      this.#policyChanged();
    });
    void registry.ready.then(() => {
      this.#registryKnown = true;
      this.#registryChanged();
    });
  }

  current(): Mesh | null {
    return this.#mesh;
  }

  origin(): PolicyOrigin {
    if (this.#policyKnown) return "zookeeper";
    return this.#mesh === null ? "none" : "disk";
  }

  refused(): readonly RefusedDocument[] {
    return this.#options.policy.refused();
  }

  /** Whether instances are known: from the registry, or from before. */
  get knowsInstances(): boolean {
    return this.#registryKnown || (this.#options.lastGood?.registry ?? null) !== null;
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  get #stopped(): boolean {
    return this.#undo.length === 0;
  }

  /** Also when only what is refused has changed. */
  #policyChanged(): void {
    if (!this.#stopped && (this.#policyKnown || this.#mesh !== null)) this.#apply("policy");
  }

  #registryChanged(): void {
    if (!this.#stopped && this.#mesh !== null) this.#apply("registry");
  }

  #apply(what: "policy" | "registry"): void {
    const { lastGood, policy, registry, state, zone, onChange } = this.#options;
    const snapshot = this.#policyKnown || lastGood === null ? policy.current() : lastGood.policy;
    const picture = this.#registryKnown ? registry.current() : (lastGood?.registry ?? EMPTY_REGISTRY);
    const known = this.#mesh;
    // Routes are compiled again only when policy changed; instances come and go far more often.
    const compiled = known?.policy.source === snapshot ? known.policy : this.#compiler.compile(snapshot);
    this.#mesh = compileMesh(compiled, picture, state, zone, known);
    onChange(this.#mesh, what);
  }
}
