import type { DriftFinding } from "#domain/drift.ts";
import { MeshError } from "#domain/errors.ts";
import { parsePolicyValue } from "#domain/policy-value.ts";
import { splitKey } from "#zookeeper/paths.ts";
import type { Edit } from "./edit.ts";
import { putValue, removeValue } from "./put-value.ts";

/**
 * Makes what was found the object: its spec, by all rules of an edit; or its removal, where there was no node or a
 * tombstone.
 * @throws MeshError NOT_ADOPTABLE, FALLBACK_CYCLE, DOCUMENT_TOO_LARGE, EDIT_TOO_LARGE.
 */
export async function adoptFound(edit: Edit, { key, found, foundHash }: DriftFinding): Promise<void> {
  const parts = splitKey(key);
  if (parts === null) throw notAdoptable("It is no object of ours: the head is made from the objects.");
  const summary = `Adopted ${key} as it was found in ZooKeeper`;
  if (foundHash === "" || found === null) {
    const removed = await removeValue(edit, parts.kind, parts.id, summary);
    if (!removed) throw notAdoptable(`${key} is removed already.`);
    return;
  }
  const value = parsePolicyValue(parts.kind, parts.id, edit.revision, found);
  if (!value.ok) throw notAdoptable(`${key} cannot be read: ${value.problem}.`);
  await putValue(edit, value.value, summary);
}

function notAdoptable(detail: string): MeshError {
  return new MeshError("NOT_ADOPTABLE", { detail });
}
