import type { StoredPolicy } from "#db/policy-repository.ts";
import type { Actor, AuditAction } from "#domain/audit.ts";
import { canonicalJson } from "#domain/canonical-json.ts";
import type { KeptSide } from "#domain/publishing.ts";
import { specHash } from "#zookeeper/codec.ts";
import { splitKey } from "#zookeeper/paths.ts";
import type { PublishedPolicy } from "#zookeeper/policy-publisher.ts";
import { parseValue } from "#zookeeper/policy-values.ts";
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

/**
 * What the database has to hold so that publishing it gives the side that is kept. Every object that changes, on either
 * side, gets a revision above all of both sides: no gateway sees one of an object go back.
 */
export function planTakeOver(published: PublishedPolicy, side: DatabaseSide, choice: TakeOverChoice): TakeOverPlan {
  const documents = new Map(published.documents.map((document) => [document.key, document]));
  const unreadable = new Map(published.unreadable.map(({ key, problem }) => [key, problem]));
  const revision =
    Math.max(side.mesh.revision, published.revision, ...published.documents.map((at) => at.revision)) + 1;
  const rows: StoredPolicy[] = [];
  const changes: TakenOver[] = [];
  const leftOut: { key: string; problem: string }[] = [];
  for (const key of new Set([...documents.keys(), ...unreadable.keys(), ...side.objects.keys()])) {
    const parts = splitKey(key);
    if (parts === null) continue;
    const row = side.objects.get(key);
    const document = documents.get(key);
    const mesh = document?.spec ?? null;
    const database = row?.spec ?? null;
    const wanted = choice.keep === "database" ? { spec: database, problem: "" } : keptOf(key, mesh, database);
    const problem = unreadable.get(key) ?? wanted.problem;
    if (choice.keep === "mesh" && problem !== "") leftOut.push({ key, problem });
    const isNew = canonicalJson(wanted.spec) !== canonicalJson(database);
    const isOther = unreadable.has(key) || canonicalJson(wanted.spec) !== canonicalJson(mesh);
    const isBehind = (document?.revision ?? 0) > (row?.revision ?? 0) && (row !== undefined || wanted.spec !== null);
    if (!isNew && !isOther && !isBehind) continue;
    const version = (row?.version ?? 0) + (isNew || row === undefined ? 1 : 0);
    const by = isNew || row === undefined ? { at: choice.at, by: choice.actor.name } : { at: row.at, by: row.by };
    rows.push({ ...parts, version, revision, spec: wanted.spec, hash: specHash(wanted.spec), ...by });
    if (isNew || isOther) {
      const before = isNew ? database : mesh;
      const usual = USUAL_ACTIONS[parts.kind];
      const action = wanted.spec === null ? usual.remove : before === null ? usual.create : usual.update;
      changes.push({ key, action, before, after: wanted.spec });
    }
  }
  return { revision, rows, changes, leftOut };
}

/** What is kept of the mesh's object: its spec as this version reads it, else what the database has of it. */
function keptOf(
  key: string,
  mesh: unknown,
  database: object | null,
): { readonly spec: object | null; readonly problem: string } {
  if (mesh === null) return { spec: null, problem: "" };
  const value = parseValue(key, 1, mesh);
  return value.ok ? { spec: value.value.published.spec, problem: "" } : { spec: database, problem: value.problem };
}
