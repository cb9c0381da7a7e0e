import { appendAudit } from "#db/audit-repository.ts";
import { readHealthPolicy, writeHealthPolicy } from "#db/health-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import type { HealthPolicyRow, HealthPolicySpec } from "#domain/health-policy.ts";
import { locked, type ControlDeps, type Step } from "./edit.ts";

/** Its name in the log. */
const TARGET = "settings/health";

interface HealthEdit {
  /** Version the person started from; 0: the defaults. */
  readonly expectedVersion: number;
  readonly spec: HealthPolicySpec;
}

/**
 * Saves how consoles judge health, if it still is as the person saw it. Every console goes by it within seconds. A stale
 * edit saves nothing and leaves an `edit.refused` entry.
 * @throws MeshError STALE_EDIT with the current row, DATABASE_DOWN.
 */
export async function saveHealthPolicy(deps: ControlDeps, wanted: HealthEdit, actor: Actor): Promise<HealthPolicyRow> {
  try {
    const saved = await locked(deps, actor, (step) => save(step, wanted, actor));
    deps.onHealthSaved?.();
    return saved;
  } catch (error) {
    if (error instanceof MeshError && error.code === "STALE_EDIT") await recordRefusal(deps, wanted, actor);
    throw error;
  }
}

async function save({ tx, atMs }: Step, { expectedVersion, spec }: HealthEdit, actor: Actor): Promise<HealthPolicyRow> {
  const found = await readHealthPolicy(tx);
  if (found.version !== expectedVersion)
    throw new MeshError("STALE_EDIT", { detail: `${found.updatedBy} changed it.`, current: found });
  const row = { ...found, version: found.version + 1, spec, updatedAtMs: atMs, updatedBy: actor.name };
  await writeHealthPolicy(tx, row);
  await appendAudit(tx, {
    atMs,
    actor,
    action: "health.save",
    target: TARGET,
    summary: `Saved the thresholds of health, ${overridesInWords(spec.overrides.length)}`,
    before: found.spec,
    after: spec,
    revision: null,
  });
  return row;
}

function overridesInWords(count: number): string {
  return count === 0 ? "the same for all services" : count === 1 ? "one override" : `${count} overrides`;
}

async function recordRefusal(deps: ControlDeps, { expectedVersion, spec }: HealthEdit, actor: Actor): Promise<void> {
  // It must not be answered to the request that was refused.
  const { asked: _, ...rest } = deps;
  await locked(rest, actor, async ({ tx, atMs }) => {
    const found = await readHealthPolicy(tx);
    await appendAudit(tx, {
      atMs,
      actor,
      action: "edit.refused",
      target: TARGET,
      summary: `Refused a stale edit: it started from version ${expectedVersion}, but version ${found.version} by ${found.updatedBy} stands`,
      before: found.spec,
      after: spec,
      revision: null,
    });
  });
}
