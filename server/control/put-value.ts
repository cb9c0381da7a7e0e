import { findPolicy } from "#db/policy-repository.ts";
import type { AuditAction } from "#domain/audit.ts";
import type { PolicyKind, SpecOf } from "#domain/policy.ts";
import type { PolicyValue } from "#domain/policy-value.ts";

import type { Edit } from "./edit.ts";
import { buryPolicy, putPolicy } from "./put-policy.ts";
import { removeDependents } from "./remove-route.ts";
import { refuseCycle } from "./save-breaker-policy.ts";

/** The log's words for making, changing and removing an object of each kind. */
export const USUAL_ACTIONS = {
  routes: { create: "route.create", update: "route.update", remove: "route.remove" },
  breakers: { create: "breaker-policy.save", update: "breaker-policy.save", remove: "breaker-policy.remove" },
  overrides: { create: "override.set", update: "override.set", remove: "override.lift" },
  services: { create: "service-policy.save", update: "service-policy.save", remove: "service-policy.remove" },
} as const satisfies Record<PolicyKind, Record<"create" | "update" | "remove", AuditAction>>;

/**
 * Writes an object of any kind, whatever version it has, by the rules of an edit of its kind.
 * @throws MeshError FALLBACK_CYCLE, DOCUMENT_TOO_LARGE, EDIT_TOO_LARGE.
 */
export async function putValue(edit: Edit, value: PolicyValue, summary: string): Promise<void> {
  const { id } = value.published;
  switch (value.kind) {
    case "routes":
      return put(edit, value.kind, id, value.published.spec, summary);
    case "breakers":
      await refuseCycle(edit.tx, id, value.published.spec);
      return put(edit, value.kind, id, value.published.spec, summary);
    case "overrides":
      return put(edit, value.kind, id, value.published.spec, summary);
    case "services":
      return put(edit, value.kind, id, value.published.spec, summary);
  }
}

async function put<Kind extends PolicyKind>(
  edit: Edit,
  kind: Kind,
  id: string,
  spec: SpecOf[Kind],
  summary: string,
): Promise<void> {
  const found = await findPolicy(edit.tx, kind, id);
  const action = USUAL_ACTIONS[kind][found.row === null ? "create" : "update"];
  putPolicy(edit, { kind, id, spec, found, action, summary });
}

/**
 * Removes an object of any kind, and with a route what was made for its calls alone.
 * @returns false when there is none.
 */
export async function removeValue(edit: Edit, kind: PolicyKind, id: string, summary: string): Promise<boolean> {
  const found = await findPolicy(edit.tx, kind, id);
  if (found.row === null) return false;
  buryPolicy(edit, { kind, id, found, action: USUAL_ACTIONS[kind].remove, summary });
  if (kind === "routes") await removeDependents(edit, id);
  return true;
}
