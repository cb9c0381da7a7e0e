import type { StoredPolicy } from "#db/policy-repository.ts";
import type { Actor, AuditAction } from "#domain/audit.ts";
import { canonicalJson } from "#domain/canonical-json.ts";
import type { PolicyKind } from "#domain/policy.ts";
import { parsePolicyValue } from "#domain/policy-value.ts";
import type { KeptSide } from "#domain/publishing.ts";
import { ageOf } from "#domain/snapshot.ts";
import { documentHash } from "#zookeeper/codec.ts";
import { splitKey } from "#zookeeper/paths.ts";
import type { SurveyedMesh } from "#zookeeper/survey-mesh.ts";
import { USUAL_ACTIONS } from "./put-value.ts";
import { highestAhead, type DatabaseSide } from "./survey-mesh.ts";

/** An object that changes on either side, for the log. */
export interface TakenOver {
  readonly key: string;
  readonly action: AuditAction;
  /** What the losing side had; null for nothing. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What choosing a side writes into the database. */
export interface TakeOverPlan {
  readonly revision: number;
  readonly rows: readonly StoredPolicy[];
  readonly changes: readonly TakenOver[];
  /** Objects of the mesh that cannot be kept, with why. */
  readonly leftOut: readonly { readonly key: string; readonly problem: string }[];
}

export interface TakeOverChoice {
  readonly keep: KeptSide;
  readonly actor: Actor;
  readonly at: Date;
}

/** One object on both sides. */
interface Sides {
  readonly key: string;
  readonly kind: PolicyKind;
  readonly id: string;
  readonly row: StoredPolicy | undefined;
  readonly document: SurveyedMesh["documents"][number] | undefined;
  /** Why its node cannot be read; empty when it can, or there is none. */
  readonly unreadable: string;
  /**
   * Revision of the latest change of it that may have been published by this database: by the head's journal, or the
   * highest that gateways hold, who are not asked of what; 0 when there is none.
   */
  readonly journalled: number;
}

/**
 * What the database has to hold so that publishing it gives the side that is kept. Every object that changes, on either
 * side, gets a revision above all of both sides: no gateway sees one of an object go back.
 */
export function planTakeOver(published: SurveyedMesh, side: DatabaseSide, choice: TakeOverChoice): TakeOverPlan {
  const highest = published.documents.reduce((max, { revision }) => Math.max(max, revision), published.revision);
  const ahead = highestAhead(published, side);
  const revision = Math.max(side.mesh.revision, highest, ahead) + 1;
  const rows: StoredPolicy[] = [];
  const changes: TakenOver[] = [];
  const leftOut: { key: string; problem: string }[] = [];
  for (const sides of sidesOf(published, side, ahead)) {
    const kept = choice.keep === "database" ? asInDatabase(sides) : asInMesh(sides);
    if (kept.problem !== "") leftOut.push({ key: sides.key, problem: kept.problem });
    const row = rowFor(sides, kept, revision, choice);
    if (row !== null) rows.push(row);
    const change = changeOf(sides, kept.spec);
    if (change !== null) changes.push(change);
  }
  return { revision, rows, changes, leftOut };
}

function sidesOf(published: SurveyedMesh, side: DatabaseSide, ahead: number): Sides[] {
  const documents = new Map(published.documents.map((document) => [document.key, document]));
  const unreadable = new Map(published.unreadable.map(({ key, problem }) => [key, problem]));
  // Of another database, nothing has to be known to go on.
  const isOurs = published.incarnation === side.mesh.incarnation;
  const journal = new Map(isOurs ? published.journal.map(([revision, , key]) => [key, revision]) : []);
  const keys = new Set([...documents.keys(), ...unreadable.keys(), ...side.objects.keys(), ...journal.keys()]);
  return [...keys].flatMap((key) => {
    const parts = splitKey(key);
    if (parts === null) return [];
    return [
      {
        key,
        ...parts,
        row: side.objects.get(key),
        document: documents.get(key),
        unreadable: unreadable.get(key) ?? "",
        journalled: Math.max(ahead, journal.get(key) ?? 0),
      },
    ];
  });
}

/** What is to be of the object, and why that is not what the side that is kept has of it. */
interface Kept {
  readonly spec: object | null;
  /** Where that side says when it was made: among its own objects, so that precedence stays as it is there. */
  readonly created: number | null;
  readonly problem: string;
}

function asInDatabase({ row }: Sides): Kept {
  return { ...contentOf(row), problem: "" };
}

/** Its spec in the mesh, if this version can read it; else what the database has. */
function asInMesh({ kind, id, row, document, unreadable }: Sides): Kept {
  if (unreadable !== "") return { ...contentOf(row), problem: unreadable };
  if (document === undefined || document.spec === null) return { spec: null, created: null, problem: "" };
  const value = parsePolicyValue(kind, id, document, document.spec);
  return value.ok
    ? { spec: value.value.published.spec, created: ageOf(document), problem: "" }
    : { ...contentOf(row), problem: value.problem };
}

function contentOf(row: StoredPolicy | undefined): Omit<Kept, "problem"> {
  if (row === undefined || row.spec === null) return { spec: null, created: null };
  return { spec: row.spec, created: row.created ?? row.revision };
}

/** The object's new row; null when the old one will do. */
function rowFor(
  sides: Sides,
  { spec, created }: Kept,
  revision: number,
  { actor, at }: TakeOverChoice,
): StoredPolicy | null {
  const { kind, id, row, document, journalled } = sides;
  const isSame = isSameSpec(spec, row?.spec) && isInMesh(sides, spec);
  const known = row?.revision ?? 0;
  // Also a removal whose node was deleted since: the database must know of it, or publishing halts again.
  const isBehind = journalled > known || ((document?.revision ?? 0) > known && (row !== undefined || spec !== null));
  const isAsOld = contentOf(row).created === created;
  if (isSame && isAsOld && !isBehind) return null;
  const isEdited = row === undefined || !isSameSpec(spec, row.spec);
  return {
    kind,
    id,
    version: (row?.version ?? 0) + (isEdited ? 1 : 0),
    revision,
    created,
    spec,
    hash: documentHash(created === null ? { spec } : { created, spec }),
    at: isEdited ? at : row.at,
    by: isEdited ? actor.name : row.by,
  };
}

/** For the log: what becomes another one, in the database or else in the mesh; null when neither does. */
function changeOf(sides: Sides, spec: object | null): TakenOver | null {
  const { key, kind, row, document } = sides;
  const isEdited = !isSameSpec(spec, row?.spec);
  if (!isEdited && isInMesh(sides, spec)) return null;
  const before = (isEdited ? row?.spec : document?.spec) ?? null;
  const usual = USUAL_ACTIONS[kind];
  const action = spec === null ? usual.remove : before === null ? usual.create : usual.update;
  return { key, action, before, after: spec };
}

function isInMesh({ document, unreadable }: Sides, spec: object | null): boolean {
  return unreadable === "" && isSameSpec(spec, document?.spec);
}

function isSameSpec(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}
