import type { FoundPolicy } from "#db/policy-repository.ts";
import type { AuditAction } from "#domain/audit.ts";
import { canonicalJson } from "#domain/canonical-json.ts";
import { MeshError } from "#domain/errors.ts";
import {
  EDIT_LIMITS,
  MAX_DOCUMENT_BYTES,
  policyKey,
  type PolicyDocument,
  type PolicyKind,
  type PolicyRow,
  type SpecOf,
} from "#domain/policy.ts";
import { ageOf } from "#domain/snapshot.ts";
import { documentHash } from "#zookeeper/codec.ts";
import type { Edit } from "./edit.ts";

/** A change of one object, inside an edit. */
export interface PolicyPut<Kind extends PolicyKind> {
  readonly kind: Kind;
  readonly id: string;
  readonly spec: SpecOf[Kind];
  /** The object as the edit found it. */
  readonly found: FoundPolicy<Kind>;
  readonly action: AuditAction;
  /** One sentence for the log. */
  readonly summary: string;
}

/**
 * Changes one object, with its audit entry; written when the edit is complete.
 * @throws MeshError DOCUMENT_TOO_LARGE when it could not be published, EDIT_TOO_LARGE when not together with the rest.
 */
export function putPolicy<Kind extends PolicyKind>(edit: Edit, put: PolicyPut<Kind>): PolicyRow<SpecOf[Kind]> {
  const created = put.found.row === null ? edit.revision : ageOf(put.found.row);
  const version = change(edit, put, { created, spec: put.spec });
  return {
    id: put.id,
    version,
    revision: edit.revision,
    created,
    spec: put.spec,
    updatedAtMs: edit.atMs,
    updatedBy: edit.actor.name,
  };
}

/** Replaces one object by its tombstone, with the audit entry. */
export function buryPolicy<Kind extends PolicyKind>(edit: Edit, put: Omit<PolicyPut<Kind>, "spec">): void {
  change(edit, put, { spec: null });
}

function change<Kind extends PolicyKind>(
  edit: Edit,
  put: Omit<PolicyPut<Kind>, "spec">,
  content: { readonly created?: number; readonly spec: SpecOf[Kind] | null },
): number {
  const { kind, id, found, action, summary } = put;
  const { revision, atMs, actor, incarnation } = edit;
  const key = policyKey(kind, id);
  const hash = documentHash(content);
  const { created = null, spec } = content;
  const version = found.version + 1;
  edit.changes.push({
    bytes: checkedSize({ v: 1, key, revision, ...content, hash, incarnation }) + Buffer.byteLength(key),
    row: { kind, id, version, revision, created, spec, hash, at: new Date(atMs), by: actor.name },
    entry: { atMs, actor, action, target: key, summary, before: found.row?.spec ?? null, after: spec, revision },
  });
  checkTogether(edit.changes);
  return version;
}

function checkedSize(document: PolicyDocument): number {
  const bytes = Buffer.byteLength(canonicalJson(document));
  if (bytes <= MAX_DOCUMENT_BYTES) return bytes;
  throw new MeshError("DOCUMENT_TOO_LARGE", { detail: `It takes ${bytes} bytes; ${MAX_DOCUMENT_BYTES} fit.` });
}

function checkTogether(changes: Edit["changes"]): void {
  if (changes.length > EDIT_LIMITS.documents)
    throw new MeshError("EDIT_TOO_LARGE", { detail: `It changes more than ${EDIT_LIMITS.documents} objects.` });
  if (changes.reduce((sum, { bytes }) => sum + bytes, 0) > EDIT_LIMITS.bytes)
    throw new MeshError("EDIT_TOO_LARGE", { detail: `Its objects take more than ${EDIT_LIMITS.bytes} bytes.` });
}
