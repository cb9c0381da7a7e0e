import type { RouteSpec } from "#domain/route.ts";
import { ageOf, type Published } from "#domain/snapshot.ts";

/** All routes as they would be if a draft were saved now, instead of its saved version, whose age it keeps; a new one is the youngest. */
export function withDraft(saved: readonly Published<RouteSpec>[], id: string, spec: RouteSpec): Published<RouteSpec>[] {
  const revision = Math.max(0, ...saved.map((route) => route.revision)) + 1;
  const before = saved.find((route) => route.id === id);
  const created = before === undefined ? revision : ageOf(before);
  return [...saved.filter((route) => route.id !== id), { id, revision, created, spec }];
}
