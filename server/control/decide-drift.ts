import { appendAudit } from "#db/audit-repository.ts";
import type { Tx } from "#db/client.ts";
import { findFinding, setFindingState } from "#db/drift-repository.ts";
import { saveDecision } from "#db/mesh-repository.ts";
import type { Actor } from "#domain/audit.ts";
import type { DriftDecision, DriftFinding } from "#domain/drift.ts";
import { MeshError } from "#domain/errors.ts";
import { adoptFound } from "./adopt-found.ts";
import { edit, locked, type ControlDeps } from "./edit.ts";

/** A person's decision about one finding, as the person saw it. */
export interface DriftChoice {
  readonly id: string;
  readonly foundHash: string;
  readonly decision: DriftDecision;
}

/**
 * Decides about a node that was found changed. `restore` and `ignore` bind the publisher while the node stays as it was
 * found; `adopt` makes what was found an edit of the person's.
 * @returns the revision of that edit; null for the other two.
 * @throws MeshError NOT_FOUND, DRIFT_CHANGED when it is over or was found otherwise since, NOT_ADOPTABLE, what an edit of
 * the object may be refused for, DATABASE_DOWN.
 */
export async function decideDrift(
  deps: ControlDeps,
  choice: DriftChoice,
  actor: Actor,
): Promise<{ revision: number | null }> {
  const { decision } = choice;
  if (decision === "adopt") return adopt(deps, choice, actor);
  const state = decision === "restore" ? "restoring" : "ignored";
  await locked(deps, actor, async ({ tx, atMs }) => {
    const finding = await standing(tx, choice);
    // Asked twice: what is decided already is no second decision.
    if (finding.state === state) return { revision: null };
    await setFindingState(tx, finding.id, { state, decidedBy: actor.name, resolvedAt: null });
    await saveDecision(tx);
    const summary =
      decision === "restore"
        ? `Has ${finding.key} put back to what was published`
        : `Leaves ${finding.key} in ZooKeeper as it was found`;
    await audit(tx, { finding, action: `drift.${decision}`, summary, actor, atMs });
    return { revision: null };
  });
  deps.onDecision?.();
  return { revision: null };
}

async function adopt(deps: ControlDeps, choice: DriftChoice, actor: Actor): Promise<{ revision: number }> {
  return edit(deps, actor, async (step) => {
    const finding = await standing(step.tx, choice);
    await adoptFound(step, finding);
    await setFindingState(step.tx, finding.id, {
      state: "adopted",
      decidedBy: actor.name,
      resolvedAt: new Date(step.atMs),
    });
    await saveDecision(step.tx);
    const summary = `Adopted ${finding.key} as it was found in ZooKeeper`;
    await audit(step.tx, { finding, action: "drift.adopt", summary, actor, atMs: step.atMs });
    return { revision: step.revision };
  });
}

/** The finding, if it still is what the person decided about. */
async function standing(tx: Tx, { id, foundHash }: DriftChoice): Promise<DriftFinding> {
  const finding = await findFinding(tx, id);
  if (finding === null) throw new MeshError("NOT_FOUND", { detail: "There is no such finding." });
  const isStanding = finding.state === "open" || finding.state === "restoring" || finding.state === "ignored";
  if (isStanding && finding.foundHash === foundHash) return finding;
  const detail = isStanding ? "It was found otherwise." : `It is ${finding.state} already.`;
  throw new MeshError("DRIFT_CHANGED", { detail });
}

async function audit(
  tx: Tx,
  entry: {
    readonly finding: DriftFinding;
    readonly action: `drift.${DriftDecision}`;
    readonly summary: string;
    readonly actor: Actor;
    readonly atMs: number;
  },
): Promise<void> {
  const { finding, ...rest } = entry;
  const { id, foundHash, found, published } = finding;
  await appendAudit(tx, {
    ...rest,
    target: finding.key,
    before: { finding: id, foundHash, found, state: finding.state },
    after: { published },
    revision: null,
  });
}
