import { appendAudit } from "#db/audit-repository.ts";
import { writePolicy, type FoundPolicy } from "#db/policy-repository.ts";
import type { AuditAction } from "#domain/audit.ts";
import { canonicalJson } from "#domain/canonical-json.ts";
import { MeshError } from "#domain/errors.ts";
import {
  MAX_DOCUMENT_BYTES,
  policyKey,
  type PolicyDocument,
  type PolicyKind,
  type PolicyRow,
  type SpecOf,
} from "#domain/policy.ts";
import { failpoint } from "#platform/failpoint.ts";
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
 * @throws MeshError DOCUMENT_TOO_LARGE when it could not be published.
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
  checkSize({ v: 1, key: policyKey(kind, id), revision: edit.revision, spec, hash, incarnation: edit.incarnation });
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
  failpoint("edit.object-written");
  await appendAudit(edit.tx, {
    atMs: edit.atMs,
    actor: edit.actor,
    action: put.action,
    target: policyKey(kind, id),
    summary: put.summary,
    before: found.row?.spec ?? null,
    after: spec,
    revision: edit.revision,
  });
  failpoint("edit.audited");
  return version;
}

function checkSize(document: PolicyDocument): void {
  const bytes = Buffer.byteLength(canonicalJson(document));
  if (bytes <= MAX_DOCUMENT_BYTES) return;
  throw new MeshError("DOCUMENT_TOO_LARGE", { detail: `It takes ${bytes} bytes; ${MAX_DOCUMENT_BYTES} fit.` });
}
