import type { RouteSpec } from "#domain/route.ts";
import type { Published } from "#domain/snapshot.ts";

/** All routes as they would be if a draft were saved now, instead of its saved version: by that it becomes the youngest. */
export function withDraft(saved: readonly Published<RouteSpec>[], id: string, spec: RouteSpec): Published<RouteSpec>[] {
  const revision = Math.max(0, ...saved.map((route) => route.revision)) + 1;
  return [...saved.filter((route) => route.id !== id), { id, revision, spec }];
}
