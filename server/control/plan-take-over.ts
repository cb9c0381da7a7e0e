import type { StoredPolicy } from "#db/policy-repository.ts";
import type { Actor, AuditAction } from "#domain/audit.ts";
import { canonicalJson } from "#domain/canonical-json.ts";
import type { PolicyKind } from "#domain/policy.ts";
import { parsePolicyValue } from "#domain/policy-value.ts";
import type { KeptSide } from "#domain/publishing.ts";
import { specHash } from "#zookeeper/codec.ts";
import { splitKey } from "#zookeeper/paths.ts";
import type { SurveyedMesh } from "#zookeeper/survey-mesh.ts";
import { USUAL_ACTIONS } from "./put-value.ts";
import type { DatabaseSide } from "./survey-mesh.ts";

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
  /** Revision of the latest change of it that this database published, by the head's journal; 0 when that names none. */
  readonly journalled: number;
}

/**
 * What the database has to hold so that publishing it gives the side that is kept. Every object that changes, on either
 * side, gets a revision above all of both sides: no gateway sees one of an object go back.
 */
export function planTakeOver(published: SurveyedMesh, side: DatabaseSide, choice: TakeOverChoice): TakeOverPlan {
  const highest = published.documents.reduce((max, { revision }) => Math.max(max, revision), published.revision);
  const revision = Math.max(side.mesh.revision, highest) + 1;
  const rows: StoredPolicy[] = [];
  const changes: TakenOver[] = [];
  const leftOut: { key: string; problem: string }[] = [];
  for (const sides of sidesOf(published, side)) {
    const { spec, problem } = choice.keep === "database" ? asInDatabase(sides) : asInMesh(sides);
    if (problem !== "") leftOut.push({ key: sides.key, problem });
    const row = rowFor(sides, spec, revision, choice);
    if (row !== null) rows.push(row);
    const change = changeOf(sides, spec);
    if (change !== null) changes.push(change);
  }
  return { revision, rows, changes, leftOut };
}

function sidesOf(published: SurveyedMesh, side: DatabaseSide): Sides[] {
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
        journalled: journal.get(key) ?? 0,
      },
    ];
  });
}

/** What is to be of the object, and why that is not what the side that is kept has of it. */
interface Kept {
  readonly spec: object | null;
  readonly problem: string;
}

function asInDatabase({ row }: Sides): Kept {
  return { spec: row?.spec ?? null, problem: "" };
}

/** Its spec in the mesh, if this version can read it; else what the database has. */
function asInMesh({ kind, id, row, document, unreadable }: Sides): Kept {
  if (unreadable !== "") return { spec: row?.spec ?? null, problem: unreadable };
  const spec = document?.spec ?? null;
  if (spec === null) return { spec: null, problem: "" };
  const value = parsePolicyValue(kind, id, 1, spec);
  return value.ok
    ? { spec: value.value.published.spec, problem: "" }
    : { spec: row?.spec ?? null, problem: value.problem };
}

/** The object's new row; null when the old one will do. */
function rowFor(
  sides: Sides,
  spec: object | null,
  revision: number,
  { actor, at }: TakeOverChoice,
): StoredPolicy | null {
  const { kind, id, row, document, journalled } = sides;
  const isSame = isSameSpec(spec, row?.spec) && isInMesh(sides, spec);
  const known = row?.revision ?? 0;
  // Also a removal whose node was deleted since: the database must know of it, or publishing halts again.
  const isBehind = journalled > known || ((document?.revision ?? 0) > known && (row !== undefined || spec !== null));
  if (isSame && !isBehind) return null;
  const isEdited = row === undefined || !isSameSpec(spec, row.spec);
  return {
    kind,
    id,
    version: (row?.version ?? 0) + (isEdited ? 1 : 0),
    revision,
    spec,
    hash: specHash(spec),
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
