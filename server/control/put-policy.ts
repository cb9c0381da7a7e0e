import { appendAudit } from "#db/audit-repository.ts";
import { supersedeFindings } from "#db/drift-repository.ts";
import { writePolicy, type FoundPolicy } from "#db/policy-repository.ts";
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
import { specHash } from "#zookeeper/codec.ts";
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
 * Writes one object and its audit entry.
 * @throws MeshError DOCUMENT_TOO_LARGE when it could not be published, EDIT_TOO_LARGE when not together with the rest.
 */
export async function putPolicy<Kind extends PolicyKind>(
  edit: Edit,
  put: PolicyPut<Kind>,
): Promise<PolicyRow<SpecOf[Kind]>> {
  const version = await write(edit, put, put.spec);
  return {
    id: put.id,
    version,
    revision: edit.revision,
    spec: put.spec,
    updatedAtMs: edit.atMs,
    updatedBy: edit.actor.name,
  };
}

/** Replaces one object by its tombstone, and writes the audit entry. */
export async function buryPolicy<Kind extends PolicyKind>(
  edit: Edit,
  put: Omit<PolicyPut<Kind>, "spec">,
): Promise<void> {
  await write(edit, put, null);
}

async function write<Kind extends PolicyKind>(
  edit: Edit,
  put: Omit<PolicyPut<Kind>, "spec">,
  spec: SpecOf[Kind] | null,
): Promise<number> {
  const { kind, id, found } = put;
  const hash = specHash(spec);
  const key = policyKey(kind, id);
  checkSize(edit, { v: 1, key, revision: edit.revision, spec, hash, incarnation: edit.incarnation });
  const version = found.version + 1;
  await writePolicy(edit.tx, {
    kind,
    id,
    version,
    revision: edit.revision,
    spec,
    hash,
    at: new Date(edit.atMs),
    by: edit.actor.name,
  });
  await appendAudit(edit.tx, {
    atMs: edit.atMs,
    actor: edit.actor,
    action: put.action,
    target: key,
    summary: put.summary,
    before: found.row?.spec ?? null,
    after: spec,
    revision: edit.revision,
  });
  // Whatever was found of it in ZooKeeper, this is what a person wants there.
  await supersedeFindings(edit.tx, [key], new Date(edit.atMs));
  return version;
}

function checkSize({ size }: Edit, document: PolicyDocument): void {
  const bytes = Buffer.byteLength(canonicalJson(document));
  if (bytes > MAX_DOCUMENT_BYTES)
    throw new MeshError("DOCUMENT_TOO_LARGE", { detail: `It takes ${bytes} bytes; ${MAX_DOCUMENT_BYTES} fit.` });
  size.bytes += bytes;
  size.documents += 1;
  if (size.documents > EDIT_LIMITS.documents)
    throw new MeshError("EDIT_TOO_LARGE", { detail: `It changes more than ${EDIT_LIMITS.documents} objects.` });
  if (size.bytes > EDIT_LIMITS.bytes)
    throw new MeshError("EDIT_TOO_LARGE", { detail: `Its objects take more than ${EDIT_LIMITS.bytes} bytes.` });
}
