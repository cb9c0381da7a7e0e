import type { OverrideTarget } from "#domain/override.ts";
import { PersistentMap } from "#domain/persistent-map.ts";
import { compileRoutes, recompileRoutes } from "#domain/route-match.ts";
import { snapshotChange, type SnapshotChange } from "#domain/snapshot-change.ts";
import type { PolicySnapshot } from "#domain/snapshot.ts";
import { compileRoute, type RouteParts, type RouteSources } from "./compile-route.ts";
import type { HeldInstances } from "./held-instances.ts";
import type { CompiledPolicy, MeshCommand } from "./mesh.ts";
import { OverrideBook } from "./override-book.ts";
import type { RuntimeState } from "./runtime-state.ts";

/**
 * Makes policy ready for requests, snapshot after snapshot, and brings the carried-over state in line with it: commands get
 * their settings, what is no longer mentioned is forgotten. Only what a change concerns is made anew; the rest is the same
 * objects as before.
 */
export class PolicyCompiler {
  readonly #gatewayId: string;
  readonly #state: RuntimeState;
  #latest: CompiledPolicy | null = null;
  #parts: PartsBook;

  constructor(gatewayId: string, state: RuntimeState) {
    this.#gatewayId = gatewayId;
    this.#state = state;
    this.#parts = new PartsBook(gatewayId);
  }

  /** What the next one builds on; null before the first, and after one that threw. */
  get latest(): CompiledPolicy | null {
    return this.#latest;
  }

  compile(source: PolicySnapshot): CompiledPolicy {
    const before = this.#latest;
    if (before === null) this.#parts = new PartsBook(this.#gatewayId);
    // What was begun and not ended cannot be built on: should this throw, the next one begins from nothing.
    this.#latest = null;
    const after = this.#step(source, before);
    if (before === null) this.#state.retain(after);
    this.#latest = after;
    return after;
  }

  #step(source: PolicySnapshot, before: CompiledPolicy | null): CompiledPolicy {
    const parts = this.#parts;
    const state = this.#state;
    const change = snapshotChange(before?.source ?? null, source);
    const overridden = parts.overrides.follow(change.overrides);
    const failureTests = new Map<string, MeshCommand["fails"]>();
    const sources: RouteSources = { source, overrides: parts.overrides, state, failureTests };
    const draft = new PartsDraft(parts);
    for (const id of change.routes.removed) {
      draft.remove(id);
      state.forgetRoute(id);
    }
    for (const id of concernedRoutes(change, before?.source, overridden, parts)) {
      const route = source.routes.get(id);
      if (route !== undefined) draft.put(id, compileRoute(route, sources));
    }
    draft.forget(state);
    const matcher =
      before === null ? compileRoutes(source.routes.values()) : recompileRoutes(before.matcher, source.routes);
    return { source, matcher, ...draft.finish(before), held: this.#held(before?.held, overridden) };
  }

  /** Those of a service whose overrides did not change go on. */
  #held(
    before: CompiledPolicy["held"] | undefined,
    overridden: readonly OverrideTarget[],
  ): PersistentMap<HeldInstances> {
    const set: [string, HeldInstances][] = [];
    const removed: string[] = [];
    for (const service of new Set(
      overridden.filter(({ kind }) => kind === "instance").map((target) => target.service),
    )) {
      const overrides = this.#parts.overrides.ofInstances(service);
      if (overrides === undefined) removed.push(service);
      else set.push([service, this.#state.holding(overrides, this.#gatewayId)]);
    }
    return PersistentMap.from(before ?? []).changed({ set, removed });
  }
}

/** Routes to compile: those that changed, and those that a breaker policy or an override binds that changed. */
function concernedRoutes(
  change: SnapshotChange,
  before: PolicySnapshot | undefined,
  overridden: readonly OverrideTarget[],
  { users }: PartsBook,
): Set<string> {
  const { set, removed } = change.breakers;
  const policies = [...removed.flatMap((id) => before?.breakers.get(id) ?? []), ...set.map(([, policy]) => policy)];
  const concerned = new Set(change.routes.set.map(([id]) => id));
  for (const target of [...overridden, ...policies.map(({ spec }) => spec.target)]) {
    if (target.kind === "command") concerned.add(target.routeId);
    else if (target.kind === "service") for (const id of users.get(target.service) ?? []) concerned.add(id);
  }
  return concerned;
}

/** The parts of all routes, and who depends on what. */
class PartsBook {
  readonly overrides: OverrideBook;
  readonly parts = new Map<string, RouteParts>();
  /** By service: routes whose commands its breaker policy and its overrides bind. */
  readonly users = new Map<string, Set<string>>();
  /** By pool key: how many routes name it. */
  readonly uses = new Map<string, number>();

  constructor(gatewayId: string) {
    this.overrides = new OverrideBook(gatewayId);
  }

  /** Puts a route's parts in place of those it had; null: takes them out. What it had. */
  put(id: string, parts: RouteParts | null): RouteParts | undefined {
    const known = this.parts.get(id);
    for (const service of known?.services ?? []) this.#unuse(service, id);
    for (const pool of known?.pools.keys() ?? []) this.uses.set(pool, (this.uses.get(pool) ?? 0) - 1);
    if (parts === null) this.parts.delete(id);
    else this.parts.set(id, parts);
    for (const service of parts?.services ?? []) this.#use(service, id);
    for (const pool of parts?.pools.keys() ?? []) this.uses.set(pool, (this.uses.get(pool) ?? 0) + 1);
    return known;
  }

  #use(service: string, id: string): void {
    const users = this.users.get(service) ?? new Set();
    this.users.set(service, users.add(id));
  }

  #unuse(service: string, id: string): void {
    const users = this.users.get(service);
    users?.delete(id);
    if (users?.size === 0) this.users.delete(service);
  }
}

/** What a step changes of the parts. */
class PartsDraft {
  readonly #book: PartsBook;
  readonly #removed: string[] = [];
  readonly #come = new Map<string, RouteParts>();
  readonly #gone: RouteParts[] = [];

  constructor(book: PartsBook) {
    this.#book = book;
  }

  put(id: string, parts: RouteParts): void {
    this.#come.set(id, parts);
    this.#replace(id, parts);
  }

  remove(id: string): void {
    this.#removed.push(id);
    this.#replace(id, null);
  }

  /** Commands that are no longer mentioned, and last good replies that nobody asks for any more. */
  forget(state: RuntimeState): void {
    const left = new Map([...this.#come.values()].flatMap(({ commands }) => [...commands]));
    for (const [key, was] of this.#gone.flatMap(({ commands }) => [...commands])) {
      const now = left.get(key);
      if (now === undefined) state.forgetCommand(key);
      if (was.lastGood !== null && (now === undefined || now.lastGood === null)) state.forgetReplies(key);
    }
  }

  finish(before: CompiledPolicy | null): Pick<CompiledPolicy, "routes" | "commands" | "pools" | "poolsOf"> {
    const come = [...this.#come.values()];
    return {
      routes: PersistentMap.from(before?.routes ?? []).changed({
        set: come.map(({ route }) => [route.id, route]),
        removed: this.#removed,
      }),
      commands: PersistentMap.from(before?.commands ?? []).changed({
        set: come.flatMap(({ commands }) => [...commands]),
        removed: this.#gone.flatMap(({ commands }) => [...commands.keys()]),
      }),
      ...this.#pools(before, come),
    };
  }

  /** A pool that is named still stays the same object. */
  #pools(before: CompiledPolicy | null, come: readonly RouteParts[]): Pick<CompiledPolicy, "pools" | "poolsOf"> {
    const known = PersistentMap.from(before?.pools ?? []);
    const gone = this.#gone.flatMap(({ pools }) => [...pools].filter(([key]) => this.#dropUnused(key)));
    const named = new Map(come.flatMap(({ pools }) => [...pools].filter(([key]) => !known.has(key))));
    const ofServices = new Map<string, Set<string>>();
    const keysOf = (service: string): Set<string> => {
      const keys = ofServices.get(service) ?? new Set(before?.poolsOf.get(service));
      ofServices.set(service, keys);
      return keys;
    };
    for (const [key, { service }] of gone) keysOf(service).delete(key);
    for (const [key, { service }] of named) keysOf(service).add(key);
    const empty = [...ofServices].filter(([, keys]) => keys.size === 0).map(([service]) => service);
    const poolsOf = PersistentMap.from(before?.poolsOf ?? []).changed({ set: ofServices });
    return {
      pools: known.changed({ set: named, removed: gone.map(([key]) => key) }),
      poolsOf: poolsOf.changed({ removed: empty }),
    };
  }

  #dropUnused(pool: string): boolean {
    const isUnused = this.#book.uses.get(pool) === 0;
    if (isUnused) this.#book.uses.delete(pool);
    return isUnused;
  }

  #replace(id: string, parts: RouteParts | null): void {
    const known = this.#book.put(id, parts);
    if (known !== undefined) this.#gone.push(known);
  }
}
