import type { RefusedDocument } from "#domain/gateway-info.ts";
import { EMPTY_REGISTRY, type RegistryPicture } from "#domain/instance.ts";
import type { PolicySnapshot } from "#domain/snapshot.ts";
import type { PolicyOrigin } from "./admin.ts";
import { compileMesh } from "./compile-mesh.ts";
import { PolicyCompiler } from "./compile-policy.ts";
import type { LastGood } from "./last-good.ts";
import type { Log } from "#platform/log.ts";
import type { CompiledPolicy, Mesh } from "./mesh.ts";
import { pieceTowards } from "./policy-pieces.ts";
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
  readonly log: Log;
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
  #next: NodeJS.Immediate | undefined;

  constructor(options: LiveMeshOptions) {
    this.#options = options;
    const { gatewayId, policy, registry, lastGood, state } = options;
    this.#compiler = new PolicyCompiler(gatewayId, state);
    if (lastGood !== null) this.#approach();
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
    clearImmediate(this.#next);
    for (const undo of this.#undo.splice(0)) undo();
  }

  get #stopped(): boolean {
    return this.#undo.length === 0;
  }

  /** Also when only what is refused has changed. */
  #policyChanged(): void {
    if (!this.#stopped && (this.#policyKnown || this.#mesh !== null)) this.#approach();
  }

  #registryChanged(): void {
    if (!this.#stopped && this.#mesh !== null) this.#put(this.#mesh.policy, "registry");
  }

  /**
   * Compiles towards what policy is by now. Of a large change a piece at a time: requests are served between two, by the
   * mesh there was, until all of it is put in force at once.
   */
  #approach(): void {
    clearImmediate(this.#next);
    const { lastGood, policy } = this.#options;
    const goal = this.#policyKnown || lastGood === null ? policy.current() : lastGood.policy;
    const latest = this.#compiler.latest;
    // Nothing is served yet: nothing has to wait.
    const piece = this.#mesh === null || latest === null ? goal : pieceTowards(latest.source, goal);
    const compiled = latest?.source === piece ? latest : this.#compiler.compile(piece);
    if (piece === goal) this.#put(compiled, "policy");
    else this.#next = setImmediate(() => this.#goOn());
  }

  #goOn(): void {
    if (this.#stopped) return;
    try {
      this.#approach();
    } catch (error) {
      this.#options.log.error({ err: error }, "policy could not be compiled; what was in force stays");
    }
  }

  /** Instances come and go far more often than routes: these are not compiled again for them. */
  #put(compiled: CompiledPolicy, what: "policy" | "registry"): void {
    const { lastGood, registry, state, zone, onChange } = this.#options;
    const picture = this.#registryKnown ? registry.current() : (lastGood?.registry ?? EMPTY_REGISTRY);
    this.#mesh = compileMesh(compiled, picture, state, zone, this.#mesh);
    onChange(this.#mesh, what);
  }
}
