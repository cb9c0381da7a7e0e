import { appendAudits, type AuditDraft } from "#db/audit-repository.ts";
import { supersedeFindings } from "#db/drift-repository.ts";
import { saveDecision, saveRevision } from "#db/mesh-repository.ts";
import { writeStored } from "#db/policy-repository.ts";
import type { Actor } from "#domain/audit.ts";
import { MeshError } from "#domain/errors.ts";
import type { KeptSide } from "#domain/publishing.ts";
import type { SurveyedMesh } from "#zookeeper/survey-mesh.ts";
import { locked, type Step } from "./edit.ts";
import { planTakeOver, type TakeOverPlan } from "./plan-take-over.ts";
import {
  aheadOfBoth,
  highestAhead,
  isOthersMesh,
  readDatabaseSide,
  readPublished,
  type DatabaseSide,
  type SurveyDeps,
} from "./survey-mesh.ts";

/** What a person chose, on which comparison. */
export interface TakeOverRequest {
  readonly keep: KeptSide;
  readonly expected: {
    readonly meshIncarnation: string;
    readonly meshRevision: number;
    readonly databaseRevision: number;
  };
}

/** Tens of thousands of objects may change at once; meanwhile no edit is saved. */
const TIMEOUT_MS = 60_000;

/**
 * Ends a halt: makes the database what publishing has to make of the mesh, in one revision above all of both sides, and
 * lets the publisher write over the other database's policy.
 * @returns that revision.
 * @throws MeshError MESH_MOVED when either side changed since the comparison or there is nothing to choose,
 * ZOOKEEPER_DOWN, DATABASE_DOWN.
 */
export async function takeOver(
  deps: SurveyDeps,
  request: TakeOverRequest,
  actor: Actor,
): Promise<{ revision: number }> {
  const published = await readPublished(deps);
  const result = await locked(
    deps,
    actor,
    async (step) => {
      const side = await readDatabaseSide(step.tx);
      refuseMoved(published, side, request);
      const plan = planTakeOver(published, side, { keep: request.keep, actor, at: new Date(step.atMs) });
      await carryOut(step, plan, { published, keep: request.keep, actor });
      return { revision: plan.revision };
    },
    { timeoutMs: TIMEOUT_MS },
  );
  deps.onEdit?.(result.revision);
  deps.onDecision?.();
  return result;
}

function refuseMoved(published: SurveyedMesh, side: DatabaseSide, { keep, expected }: TakeOverRequest): void {
  const { mesh } = side;
  const sides = [
    ["The mesh", published.incarnation === expected.meshIncarnation && published.revision === expected.meshRevision],
    ["The database", mesh.revision === expected.databaseRevision],
  ] as const;
  const moved = sides.find(([, isSame]) => !isSame);
  if (moved !== undefined) throw new MeshError("MESH_MOVED", { detail: `${moved[0]} changed.` });
  // A healthy mesh has no two sides: choosing the mesh would take back edits that are on their way.
  if (isOthersMesh(published, side)) return;
  if (highestAhead(published, side) === 0)
    throw new MeshError("MESH_MOVED", { detail: "There is nothing to choose: the mesh is this database's." });
  if (keep === "mesh")
    throw new MeshError("MESH_MOVED", { detail: "ZooKeeper does not hold what the gateways have: it cannot be kept." });
}

async function carryOut(
  { tx, mesh, atMs }: Step,
  plan: TakeOverPlan,
  choice: { readonly published: SurveyedMesh; readonly keep: KeptSide; readonly actor: Actor },
): Promise<void> {
  const { published, keep, actor } = choice;
  const at = new Date(atMs);
  const { revision, rows, changes, leftOut } = plan;
  await writeStored(tx, rows);
  await saveRevision(tx, revision, at);
  const isOther = published.incarnation !== "" && published.incarnation !== mesh.incarnation;
  await saveDecision(tx, {
    gatewaysAhead: null,
    ...(isOther && { supersedes: published.incarnation, supersedesRevision: published.revision }),
  });
  await supersedeFindings(tx, "all", at);
  const removed = changes.filter(({ after }) => after === null).length;
  const counts = { changed: changes.length - removed, removed, leftOut: leftOut.map(({ key }) => key) };
  const kept = keep === "database" ? "the database over what the mesh had" : "what the mesh had over the database";
  const entry = { atMs, actor, revision };
  const drafts: AuditDraft[] = [
    {
      ...entry,
      action: "mesh.take-over",
      target: "policy",
      summary: `Kept ${kept}: ${counts.changed} set, ${removed} removed, ${leftOut.length} left out`,
      before: {
        mesh: { incarnation: published.incarnation, revision: published.revision },
        database: { incarnation: mesh.incarnation, revision: mesh.revision },
        gateways: aheadOfBoth(published, mesh),
      },
      after: { keep, ...counts },
    },
    ...changes.map((change) => ({
      ...entry,
      action: change.action,
      target: change.key,
      summary: `${change.after === null ? "Removed" : "Set"} ${change.key}, keeping the ${keep}'s side`,
      before: change.before,
      after: change.after,
    })),
  ];
  await appendAudits(tx, drafts);
}
