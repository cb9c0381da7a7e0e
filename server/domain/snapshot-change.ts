import { mapChange, PersistentMap, type MapChange } from "./persistent-map.ts";
import { POLICY_KINDS, type PolicyKind, type SpecOf } from "./policy.ts";
import type { PolicyValue } from "./policy-value.ts";
import { EMPTY_SNAPSHOT, type PolicySnapshot, type Published } from "./snapshot.ts";

/** Which head a snapshot belongs to. */
type SnapshotPlace = Pick<PolicySnapshot, "incarnation" | "revision" | "root">;

/** From one snapshot to the next. */
export interface SnapshotChange extends SnapshotPlace {
  readonly routes: MapChange<Published<SpecOf["routes"]>>;
  readonly breakers: MapChange<Published<SpecOf["breakers"]>>;
  readonly overrides: MapChange<Published<SpecOf["overrides"]>>;
  readonly services: MapChange<Published<SpecOf["services"]>>;
}

/**
 * What makes `now` of `before`; of nothing, when that is null. Objects that were not published again are the same objects,
 * so it costs what has changed.
 */
export function snapshotChange(before: PolicySnapshot | null, now: PolicySnapshot): SnapshotChange {
  const from = before ?? EMPTY_SNAPSHOT;
  const { incarnation, revision, root } = now;
  return {
    incarnation,
    revision,
    root,
    routes: mapChange(from.routes, now.routes),
    breakers: mapChange(from.breakers, now.breakers),
    overrides: mapChange(from.overrides, now.overrides),
    services: mapChange(from.services, now.services),
  };
}

/** The snapshot after a change; itself when there is none. */
export function changeSnapshot(before: PolicySnapshot, change: SnapshotChange): PolicySnapshot {
  const { incarnation, revision, root } = change;
  const after: PolicySnapshot = {
    incarnation,
    revision,
    root,
    routes: PersistentMap.from(before.routes).changed(change.routes),
    breakers: PersistentMap.from(before.breakers).changed(change.breakers),
    overrides: PersistentMap.from(before.overrides).changed(change.overrides),
    services: PersistentMap.from(before.services).changed(change.services),
  };
  return isSameSnapshot(before, after) ? before : after;
}

/** Whether two snapshots hold the very same objects under the same head. */
export function isSameSnapshot(one: PolicySnapshot, other: PolicySnapshot): boolean {
  return (
    one.incarnation === other.incarnation &&
    one.revision === other.revision &&
    one.root === other.root &&
    POLICY_KINDS.every((kind) => one[kind] === other[kind])
  );
}

/** A change under way. */
export class SnapshotDraft {
  readonly #set = {
    routes: new Map<string, Published<SpecOf["routes"]>>(),
    breakers: new Map<string, Published<SpecOf["breakers"]>>(),
    overrides: new Map<string, Published<SpecOf["overrides"]>>(),
    services: new Map<string, Published<SpecOf["services"]>>(),
  };
  readonly #removed: Readonly<Record<PolicyKind, Set<string>>> = {
    routes: new Set(),
    breakers: new Set(),
    overrides: new Set(),
    services: new Set(),
  };

  set({ kind, published }: PolicyValue): void {
    switch (kind) {
      case "routes":
        this.#set.routes.set(published.id, published);
        break;
      case "breakers":
        this.#set.breakers.set(published.id, published);
        break;
      case "overrides":
        this.#set.overrides.set(published.id, published);
        break;
      case "services":
        this.#set.services.set(published.id, published);
        break;
    }
  }

  /** What is also set stays. */
  remove(kind: PolicyKind, id: string): void {
    this.#removed[kind].add(id);
  }

  change({ incarnation, revision, root }: SnapshotPlace): SnapshotChange {
    const { routes, breakers, overrides, services } = this.#set;
    return {
      incarnation,
      revision,
      root,
      routes: { set: [...routes], removed: [...this.#removed.routes] },
      breakers: { set: [...breakers], removed: [...this.#removed.breakers] },
      overrides: { set: [...overrides], removed: [...this.#removed.overrides] },
      services: { set: [...services], removed: [...this.#removed.services] },
    };
  }
}

/** An object of a snapshot by kind and id. */
export function valueIn(snapshot: PolicySnapshot, kind: PolicyKind, id: string): PolicyValue | undefined {
  switch (kind) {
    case "routes": {
      const published = snapshot.routes.get(id);
      return published === undefined ? undefined : { kind, published };
    }
    case "breakers": {
      const published = snapshot.breakers.get(id);
      return published === undefined ? undefined : { kind, published };
    }
    case "overrides": {
      const published = snapshot.overrides.get(id);
      return published === undefined ? undefined : { kind, published };
    }
    case "services": {
      const published = snapshot.services.get(id);
      return published === undefined ? undefined : { kind, published };
    }
  }
}
