import type { RegistryPicture } from "#domain/instance.ts";
import type { DepartedInstance } from "#domain/live-services.ts";

/** How long an instance that left is shown, ms. */
export const SHOW_DEPARTED_MS = 5 * 60_000;
/** Never more than this many: a registry that flaps must not fill the memory. */
const MAX_DEPARTED = 500;

/** Remembers instances that left the registry, by comparing each picture with the one before. */
export class Departures {
  #present = new Map<string, Omit<DepartedInstance, "atMs">>();
  #departed: DepartedInstance[] = [];

  /** Takes the picture as it is at `nowMs` (Unix epoch). */
  observe(picture: RegistryPicture, nowMs: number): void {
    // Before the first complete reading there is nothing to compare.
    if (picture.readAtMs === 0) return;
    const present = presentIn(picture);
    const left = [...this.#present]
      .filter(([key]) => !present.has(key))
      .map(([, instance]) => ({ ...instance, atMs: nowMs }));
    // Whoever came back (Curator re-creates its nodes on every reconnect) has not left.
    const away = this.#departed.filter((instance) => !present.has(keyOf(instance)));
    this.#departed = [...left, ...away].slice(0, MAX_DEPARTED);
    this.#present = present;
  }

  /** Latest first. */
  recent(nowMs: number): DepartedInstance[] {
    this.#departed = this.#departed.filter((instance) => nowMs - instance.atMs < SHOW_DEPARTED_MS);
    return this.#departed;
  }
}

function keyOf(instance: Omit<DepartedInstance, "atMs">): string {
  return `${instance.service}\n${instance.id}\n${instance.address}:${instance.port}`;
}

function presentIn(picture: RegistryPicture): Map<string, Omit<DepartedInstance, "atMs">> {
  const instances = picture.services.flatMap((service) =>
    service.instances.map(({ id, address, port }) => ({ service: service.name, id, address, port })),
  );
  return new Map(instances.map((instance) => [keyOf(instance), instance]));
}
