import { mapChange } from "#domain/persistent-map.ts";
import type { Mesh } from "./mesh.ts";

/** Where instances of the mesh in force are, counted by the pools that have them. */
export class OriginsInUse {
  readonly #uses = new Map<string, number>();
  #instances: Mesh["instances"] = new Map();

  has(origin: string): boolean {
    return this.#uses.has(origin);
  }

  /** Brings it in line with a mesh; returns whether an origin came or is used no more. Costs what is different from the last one. */
  follow({ instances }: Pick<Mesh, "instances">): boolean {
    const { set, removed } = mapChange(this.#instances, instances);
    const before = this.#instances;
    this.#instances = instances;
    let isChanged = false;
    for (const [, now] of set) {
      for (const { origin } of now) {
        const uses = this.#uses.get(origin) ?? 0;
        this.#uses.set(origin, uses + 1);
        isChanged ||= uses === 0;
      }
    }
    for (const key of [...set.map(([changed]) => changed), ...removed]) {
      for (const { origin } of before.get(key) ?? []) {
        const left = (this.#uses.get(origin) ?? 0) - 1;
        if (left > 0) this.#uses.set(origin, left);
        else {
          this.#uses.delete(origin);
          isChanged = true;
        }
      }
    }
    return isChanged;
  }
}
