import { appendAudits, type AuditDraft } from "#db/audit-repository.ts";
import { findFindings, setFindingStates } from "#db/drift-repository.ts";
import { saveDecision } from "#db/mesh-repository.ts";
import type { Actor } from "#domain/audit.ts";
import type { DecidedFindings, DriftDecision, DriftFinding } from "#domain/drift.ts";
import { MeshError } from "#domain/errors.ts";
import { adoptFound } from "./adopt-found.ts";
import { edit, locked, type ControlDeps, type Edit, type Step } from "./edit.ts";

/** A finding as the person who decides about it saw it. */
export interface SeenFinding {
  readonly id: string;
  readonly foundHash: string;
}

/** A person's decision about findings. */
export interface DriftChoices {
  /** Each once. */
  readonly findings: readonly SeenFinding[];
  readonly decision: DriftDecision;
}

/** Hundreds of findings are decided in one transaction, ms. */
const TIMEOUT_MS = 30_000;

/**
 * Decides about one node that was found changed. `restore` and `ignore` bind the publisher while the node stays as it was
 * found; `adopt` makes what was found an edit of the person's.
 * @returns the revision of that edit; null for the other two.
 * @throws MeshError NOT_FOUND, DRIFT_CHANGED when it is over or was found otherwise since, NOT_ADOPTABLE, what an edit of
 * the object may be refused for, DATABASE_DOWN.
 */
export async function decideDrift(
  deps: ControlDeps,
  { id, foundHash, decision }: SeenFinding & { readonly decision: DriftDecision },
  actor: Actor,
): Promise<{ revision: number | null }> {
  const { revision } = await decideFindings(deps, { findings: [{ id, foundHash }], decision }, actor, refuseMoved);
  return { revision };
}

/**
 * The same about several, in one transaction; what is adopted is one edit, and adopted as a whole or not at all. Those that
 * are over, or were found otherwise since, are left as they are and named.
 * @throws MeshError DRIFT_CHANGED when that is all of them, NOT_ADOPTABLE naming the object, what an edit of the objects may
 * be refused for, DATABASE_DOWN.
 */
export async function decideDrifts(deps: ControlDeps, choices: DriftChoices, actor: Actor): Promise<DecidedFindings> {
  return decideFindings(deps, choices, actor, (moved, stands) => {
    if (stands.length === 0) refuseMoved(moved);
  });
}

/** A finding that is no longer what the person decided about: why, for people. */
interface Moved {
  readonly key: string;
  readonly code: "NOT_FOUND" | "DRIFT_CHANGED";
  readonly detail: string;
}

/** Throws where what moved keeps the rest from being decided. */
type Judge = (moved: readonly Moved[], stands: readonly DriftFinding[]) => void;

function refuseMoved([first]: readonly Moved[]): void {
  if (first !== undefined) throw new MeshError(first.code, { detail: first.detail });
}

async function decideFindings(
  deps: ControlDeps,
  { findings, decision }: DriftChoices,
  actor: Actor,
  judge: Judge,
): Promise<DecidedFindings> {
  const sort = async (tx: Step["tx"]): Promise<Sorted> => {
    const found = await findFindings(
      tx,
      findings.map(({ id }) => id),
    );
    const judged = findings.map((seen) => standing(seen, found.get(seen.id)));
    const stands = judged.filter((one) => "id" in one);
    const moved = judged.filter((one) => "code" in one);
    judge(moved, stands);
    return { stands, moved: moved.map(({ key }) => key) };
  };
  const limits = { timeoutMs: TIMEOUT_MS };
  if (decision === "adopt") return edit(deps, actor, async (step) => adopt(step, await sort(step.tx)), limits);
  const made = await locked(deps, actor, async (step) => mark(step, await sort(step.tx), decision, actor), limits);
  deps.onDecision?.();
  return made;
}

interface Sorted {
  readonly stands: readonly DriftFinding[];
  readonly moved: readonly string[];
}

async function adopt(step: Edit, { stands, moved }: Sorted): Promise<DecidedFindings> {
  const { tx, actor, atMs, revision } = step;
  for (const finding of stands) await adoptFound(step, finding);
  await setFindingStates(tx, idsOf(stands), {
    state: "adopted",
    decidedBy: actor.name,
    resolvedAt: new Date(atMs),
  });
  await saveDecision(tx);
  await appendAudits(
    tx,
    stands.map((finding) => entryOf(finding, "adopt", actor, atMs)),
  );
  return { decided: stands.length, moved, revision };
}

async function mark(
  { tx, atMs }: Step,
  { stands, moved }: Sorted,
  decision: "restore" | "ignore",
  actor: Actor,
): Promise<DecidedFindings> {
  const state = decision === "restore" ? "restoring" : "ignored";
  // Asked twice: what is decided already is no second decision.
  const fresh = stands.filter((finding) => finding.state !== state);
  if (fresh.length > 0) {
    await setFindingStates(tx, idsOf(fresh), { state, decidedBy: actor.name, resolvedAt: null });
    await saveDecision(tx);
    await appendAudits(
      tx,
      fresh.map((finding) => entryOf(finding, decision, actor, atMs)),
    );
  }
  return { decided: stands.length, moved, revision: null };
}

const idsOf = (findings: readonly DriftFinding[]): string[] => findings.map(({ id }) => id);

/** The finding, if it still is what the person decided about. */
function standing({ id, foundHash }: SeenFinding, finding: DriftFinding | undefined): DriftFinding | Moved {
  if (finding === undefined) return { key: id, code: "NOT_FOUND", detail: "There is no such finding." };
  const isStanding = finding.state === "open" || finding.state === "restoring" || finding.state === "ignored";
  if (isStanding && finding.foundHash === foundHash) return finding;
  const detail = isStanding ? "It was found otherwise." : `It is ${finding.state} already.`;
  return { key: finding.key, code: "DRIFT_CHANGED", detail };
}

const SUMMARIES: Readonly<Record<DriftDecision, (key: string) => string>> = {
  restore: (key) => `Has ${key} put back to what was published`,
  adopt: (key) => `Adopted ${key} as it was found in ZooKeeper`,
  ignore: (key) => `Leaves ${key} in ZooKeeper as it was found`,
};

function entryOf(finding: DriftFinding, decision: DriftDecision, actor: Actor, atMs: number): AuditDraft {
  const { id, key, foundHash, found, published, state } = finding;
  return {
    atMs,
    actor,
    action: `drift.${decision}`,
    target: key,
    summary: SUMMARIES[decision](key),
    before: { finding: id, foundHash, found, state },
    after: { published },
    revision: null,
  };
}
