import { appendAudit } from "#db/audit-repository.ts";
import type { Tx } from "#db/client.ts";
import { lockMesh } from "#db/mesh-repository.ts";
import { findPolicy, type FoundPolicy } from "#db/policy-repository.ts";
import type { Actor, AuditAction } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import { policyKey, type PolicyKind, type PolicyRow, type SpecOf } from "#domain/policy.ts";
import { edit, nowMs, type ControlDeps, type Edit } from "./edit.ts";
import { buryPolicy, putPolicy } from "./put-policy.ts";

/** A person's change of one object. */
export interface PolicyChange<Kind extends PolicyKind> {
  readonly kind: Kind;
  readonly id: string;
  /** Version the person started from; null when it must not exist yet. */
  readonly expectedVersion: number | null;
  readonly spec: SpecOf[Kind];
  readonly action: AuditAction;
  readonly summary: string;
  /** Rules over other objects; throws a MeshError to refuse. */
  readonly check?: (tx: Tx) => Promise<void>;
}

/** A person's removal of one object. */
export interface PolicyRemoval<Kind extends PolicyKind> extends Omit<
  PolicyChange<Kind>,
  "spec" | "expectedVersion" | "check"
> {
  readonly expectedVersion: number;
  /** What else goes with it, in the same revision. */
  readonly also?: (edit: Edit) => Promise<void>;
}

/**
 * Saves one object if it still is as the person saw it. A stale edit saves nothing and leaves an `edit.refused` entry.
 * @throws MeshError STALE_EDIT with the current row, NOT_FOUND, DOCUMENT_TOO_LARGE, DATABASE_DOWN, or what `check` throws.
 */
export async function savePolicy<Kind extends PolicyKind>(
  deps: ControlDeps,
  change: PolicyChange<Kind>,
  actor: Actor,
): Promise<PolicyRow<SpecOf[Kind]>> {
  return recordingRefusal(deps, change, change.spec, actor, () =>
    edit(deps, actor, async (step) => {
      const found = await findPolicy(step.tx, change.kind, change.id);
      checkVersion(change, found);
      await change.check?.(step.tx);
      return putPolicy(step, { ...change, found });
    }),
  );
}

/**
 * Removes one object if it still is as the person saw it; a tombstone stays.
 * @throws MeshError STALE_EDIT with the current row, NOT_FOUND, DATABASE_DOWN.
 */
export async function removePolicy<Kind extends PolicyKind>(
  deps: ControlDeps,
  removal: PolicyRemoval<Kind>,
  actor: Actor,
): Promise<{ revision: number }> {
  return recordingRefusal(deps, removal, null, actor, () =>
    edit(deps, actor, async (step) => {
      const found = await findPolicy(step.tx, removal.kind, removal.id);
      checkVersion(removal, found);
      buryPolicy(step, { ...removal, found });
      await removal.also?.(step);
      return { revision: step.revision };
    }),
  );
}

type Attempt = Pick<PolicyChange<PolicyKind>, "kind" | "id" | "expectedVersion">;

function checkVersion<Kind extends PolicyKind>({ expectedVersion }: Attempt, found: FoundPolicy<Kind>): void {
  if (expectedVersion === null && found.row === null) return;
  if (expectedVersion !== null && found.row?.version === expectedVersion) return;
  if (found.version === 0) throw new MeshError("NOT_FOUND");
  const detail = found.row === null ? "It was removed." : `${found.row.updatedBy} changed it.`;
  throw new MeshError("STALE_EDIT", { detail, current: found.row });
}

async function recordingRefusal<T>(
  deps: ControlDeps,
  attempt: Attempt,
  wanted: unknown,
  actor: Actor,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof MeshError && error.code === "STALE_EDIT")
      await recordRefusal(deps, attempt, wanted, actor, error.current ?? null);
    throw error;
  }
}

async function recordRefusal(
  deps: ControlDeps,
  attempt: Attempt,
  wanted: unknown,
  actor: Actor,
  current: PolicyRow | null,
): Promise<void> {
  const from = attempt.expectedVersion === null ? "no version" : `version ${attempt.expectedVersion}`;
  const now = current === null ? "it was removed" : `version ${current.version} by ${current.updatedBy} stands`;
  await deps.database.transaction(async (tx) => {
    await lockMesh(tx);
    await appendAudit(tx, {
      atMs: nowMs(deps),
      actor,
      action: "edit.refused",
      target: policyKey(attempt.kind, attempt.id),
      summary: `Refused a stale edit: it started from ${from}, but ${now}`,
      before: current?.spec ?? null,
      after: wanted,
      revision: null,
    });
  });
}
